"""Names that a question misspells: surnames that no article has, and that are a letter off one who speaks there. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from rag.domain import Span
from rag.known import KnownNames
from rag.languages import is_asking
from rag.persons import folded
from rag.terms import WORD, is_stopword

# Short names are a letter off many others.
_FEWEST_LETTERS = 6
_OWNED = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Respelt:
    """A question with its names as the library spells them, and those that were changed."""

    text: str
    names: tuple[str, ...] = ()


def doubtful(question: str) -> tuple[str, ...]:
    """The words that may be a misspelt surname, as written, each once; whether the library has them is to be asked."""
    found = (_OWNED.sub("", match.group()) for match in WORD.finditer(question))
    return tuple(
        dict.fromkeys(
            word
            for word in found
            if word[:1].isupper()
            and len(folded(word)) >= _FEWEST_LETTERS
            and not (is_stopword(word) or is_asking(word, "en"))
        )
    )


def respelt(question: str, unknown: Collection[str], known: KnownNames) -> Respelt:
    """`unknown` are words of `doubtful` that no article has. One is changed where only one surname is meant.

    Where a first name stands before it, somebody of that name must be known.
    """
    places: list[tuple[Span, str]] = []
    before = ""
    for match in WORD.finditer(question):
        word = _OWNED.sub("", match.group())
        if word in unknown and (surname := _meant(word, before, known)):
            places.append((Span(match.start(), match.start() + len(word)), surname))
        before = word
    text = question
    for span, surname in reversed(places):
        text = text[: span.start] + surname + text[span.end :]
    return Respelt(text, tuple(dict.fromkeys(surname for _, surname in places)))


def _meant(word: str, before: str, known: KnownNames) -> str:
    """The one surname a letter off; "" where there is none, or several."""
    written = folded(word)
    near = {name for name in known.surnames(written[0]) if is_one_off(written, folded(name))}
    if before[:1].isupper() and not (is_stopword(before) or is_asking(before, "en")):
        near = {name for name in near if known.people([before, name])}
    return near.pop() if len(near) == 1 else ""


def is_one_off(one: str, other: str) -> bool:
    """Whether two words are a letter apart: one more, one less, another one, or two neighbours the other way round."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others = one[same:], other[same:]
    swapped = rest[:2] == others[1::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]
