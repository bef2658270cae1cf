"""Take from a name what does not belong to it, by how the rest of the body writes it.

Pure.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rag.domain import Span
from rag.speech import vocabulary as words
from rag.speech.names import Mention
from rag.speech.runs import is_given_name
from rag.speech.tokens import Unit

_OPENERS = frozenset(
    "certainly apparently clearly finally recently ironically notably similarly initially reportedly likely early surely"
    " obviously unfortunately fortunately sadly interestingly curiously eventually evidently presumably supposedly allegedly"
    " officially currently previously formerly originally ultimately simply actually probably possibly perhaps maybe either"
    " neither".split()
)


def without_openers(mentions: Sequence[Mention], body_units: Sequence[Unit]) -> Iterator[Mention]:
    """The mentions without a first word that only the start of a sentence gives its capital: "Echoing Ada Thorne".

    The name with such a word stands at starts alone. The word ends as a participle does, is an adverb or a verb of
    speech, or stands in small letters elsewhere, while the name without it does, too.
    """
    inside = {m.parts for m in mentions if m.start > 0}
    tails = {parts[n:] for parts in inside for n in range(len(parts))}
    tails |= {mention.parts for mention in mentions}
    small: set[str] | None = None
    for mention in mentions:
        first = mention.parts[0].lower()
        suspect = mention.start == 0 and not mention.title and len(mention.parts) > 1 and not is_given_name(first)
        if suspect and mention.parts not in inside:
            if small is None:
                small = {token.text for unit in body_units for token in unit.tokens if token.kind == "w"}
            if (
                first.endswith("ing")
                or first in _OPENERS
                or first in words.SPEECH
                or (first in small and (mention.parts[1:] in tails or is_given_name(mention.parts[1].lower())))
            ):
                start = body_units[mention.unit].tokens[1].start
                yield replace(mention, start=1, span=Span(start, mention.span.end), parts=mention.parts[1:])
                continue
        yield mention


def without_shared_lead(mentions: Iterable[Mention], body_units: Sequence[Unit]) -> Iterator[Mention]:
    """The mentions without words before a common first name, where the body has the name without them, too.

    "The queen of Harbour Pop Ida Holm" is Ida Holm, and "Maria Ida Holm" stays.
    """
    found = list(mentions)
    names = {mention.parts for mention in found if len(mention.parts) > 1}
    for mention in found:
        parts = mention.parts
        lead = 0
        if len(parts) > 2 and not mention.title and not is_given_name(parts[0].lower()):
            lead = next(
                (n for n in range(1, len(parts) - 1) if parts[n:] in names and is_given_name(parts[n].lower())), 0
            )
        if not lead:
            yield mention
            continue
        tokens = body_units[mention.unit].tokens
        start = next(at for at in range(mention.start + lead, mention.end) if tokens[at].text == parts[lead])
        yield replace(mention, start=start, span=Span(tokens[start].start, mention.span.end), parts=parts[lead:])


def without_lead(mention: Mention, names: Container[tuple[str, ...]]) -> Mention:
    """A name of a headline as the body has it: "Star Ida Holm reflects" is Ida Holm."""
    lead = next((n for n in range(1, len(mention.parts) - 1) if mention.parts[n:] in names), 0)
    return replace(mention, parts=mention.parts[lead:]) if lead and mention.parts not in names else mention


def two_in_one(mention: Mention, alone: Mapping[str, int]) -> bool:
    """Whether a headline joins two with a hyphen, "Ida Reed-Tom Holm: a timeline"; `alone` are names that stand alone."""
    halves = [half.lower() for part in mention.parts if "-" in part for half in part.split("-")]
    return any(half in alone for half in halves) and all(half in alone or is_given_name(half) for half in halves)


def _lowered(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.lower() for part in parts)


def tails(mentions: Iterable[Mention]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """For each name of several words, lowered, that a fuller one ends with and that stands only after it, the fuller one."""
    met: set[tuple[str, ...]] = set()
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for parts in dict.fromkeys(mention.parts for mention in mentions):
        for n in range(1, len(parts) - 1):
            tail = _lowered(parts[n:])
            if tail not in met:
                found.setdefault(tail, parts)
        met.add(_lowered(parts))
    return found
