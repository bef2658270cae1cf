"""Whose words a claim repeats, and whether it says so.

Pure. Somebody's statement is not asserted: a claim that repeats one names who said it, or is given its speaker. A claim that
gives one person's words to another, or what somebody denied as so, is no claim of its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.citations import Draft, Pointer
from rag.domain import Speaker, Statement
from rag.matching import same_name
from rag.speech import vocabulary
from rag.statements import statements
from rag.terms import fold, is_stopword, stems, words

# A claim repeats a statement where this much of its words stands there, and hardly any stands beside it alone.
_REPEATED, _BESIDE = 0.5, 0.25
_ATTRIBUTES = re.compile(
    rf"\b(?:according to|in the words of|in (?:his|her|their|its) (?:view|opinion|words)|{'|'.join(sorted(vocabulary.SPEECH))}"
    rf"|{'|'.join(sorted(vocabulary.STANCE))}|called|calls|views?|opinion)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not|no|never|nobody|none|without|den(?:y|ies|ied|ying)|refus\w+|declin\w+|reject\w+|disput\w+|rebut\w+|refut\w+"
    r"|\w+n['’]t)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…]*\s*$")


@dataclass(frozen=True, slots=True)
class Repeated:
    """A statement that a claim repeats."""

    statement: Statement
    speaker: Speaker


def repeated(text: str, pointers: Sequence[Pointer]) -> list[Repeated]:
    """The statements that a claim repeats; none where what it cites says the same in the article's own name."""
    own = stems(text)
    found: list[Repeated] = []
    for pointer in pointers:
        within = list(_repeated_in(own, pointer))
        if not within and len(own & stems(pointer.span.of(pointer.reading.article.body))) >= _REPEATED * len(own):
            return []
        found += within
    return found


def _repeated_in(own: set[str], pointer: Pointer) -> Iterator[Repeated]:
    body = pointer.reading.article.body
    for statement in pointer.reading.statements:
        if statement.speaker is None or not statement.span.overlaps(pointer.span):
            continue
        start, end = max(statement.span.start, pointer.span.start), min(statement.span.end, pointer.span.end)
        inside = stems(body[start:end])
        outside = stems(f"{body[pointer.span.start : start]} {body[end : pointer.span.end]}")
        named = stems(f"{statement.speaker.name} {statement.speaker.role or ''}")
        if len(own & inside) >= _REPEATED * len(own) and len((own & outside) - inside - named) <= _BESIDE * len(own):
            yield Repeated(statement, statement.speaker)


def attributed(draft: Draft) -> Draft:
    """The draft, with the speaker added where it repeats somebody's statement as if it were so."""
    said = [each for each in repeated(draft.text, draft.pointers) if not each.statement.denied]
    if not said or _ATTRIBUTES.search(draft.text) or _is_quoted(draft.text):
        return draft
    speakers = list(dict.fromkeys(each.speaker.name for each in said))
    ending = _END.search(draft.text)
    at = ending.start() if ending else len(draft.text)
    return replace(draft, text=f"{draft.text[:at]}, according to {' and '.join(speakers)}{draft.text[at:] or '.'}")


def _is_quoted(text: str) -> bool:
    """`Peskov: “...”`."""
    return bool(re.match(r"[^“\"]{2,120}:\s*[“\"]", text))


def misattribution(draft: Draft) -> str | None:
    """Why the draft is no claim of what it cites: somebody else said it, or it was denied."""
    said = repeated(draft.text, draft.pointers)
    if not said:
        return None
    if all(each.statement.denied for each in said) and not _DENIES.search(draft.text):
        return f"{said[0].speaker.name} denied or declined to say it"
    for statement in statements(draft.text, ()):
        speaker = statement.speaker
        if speaker is None or not any(part[:1].isupper() for part in speaker.name.split()):
            continue
        if not any(_is_same(speaker, each.speaker) for each in said):
            return f"{said[0].speaker.name} said it, and not {speaker.name}"
    return None


def _is_same(one: Speaker, other: Speaker) -> bool:
    """Whether two may be one: one surname and no two first names, or a name or a role in common."""
    mine, theirs = _parts(one.name), _parts(other.name)
    if len(mine) > 1 and len(theirs) > 1 and same_name(mine[-1], theirs[-1]):
        return mine[0][0] == theirs[0][0] if 1 in (len(mine[0]), len(theirs[0])) else same_name(mine[0], theirs[0])
    if len(mine) > 1 and len(theirs) > 1 and not (one.role or other.role):
        return False
    known = {*theirs, *_parts(other.role or "", titles=True)}
    return any(same_name(word, another) for word in (*mine, *_parts(one.role or "", titles=True)) for another in known)


def _parts(name: str, *, titles: bool = False) -> list[str]:
    """The stems of a name's words, titles left out unless they are what is asked for."""
    left_out = vocabulary.HONORIFICS.keys() if titles else vocabulary.HONORIFICS.keys() | vocabulary.TITLES
    kept = [word.stem for word in words(name) if fold(word.text) not in left_out and not is_stopword(word.text)]
    return kept or [word.stem for word in words(name)]
