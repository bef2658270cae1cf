"""Who did what to whom, as far as the order of words around a shared verb tells: claims that have it the other way round.

Pure; no parser. A claim is compared with each clause of its sources that has its verb. It says something else where the two
sides are exchanged, where one of the two is negated, where the direction is the opposite, or where figures have changed places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

from rag.acts import BREAK, REFUSING, Act, acts, clauses, is_party, key, phrase
from rag.opposites import NEGATIONS, OPPOSITE
from rag.quantities import numbers
from rag.terms import WORD, is_stopword

Kind = Literal["roles", "order", "figures", "direction", "negation"]

_PIVOT = re.compile(r"\b(?P<pivot>before|after|than)\b", re.IGNORECASE)

_COMPARED = re.compile(r"\b(?P<how>\w{2,}er|more|less|fewer|better|worse)\b(?:\s+\w+){0,3}\s*$", re.IGNORECASE)

_FROM_TO = re.compile(
    r"\bfrom\s+(?P<a>(?:[^\s,;:.]+\s+){1,3}?)to\s+(?P<b>[^\s,;:.]+(?:\s+[^\s,;:.]+){0,2})|\bto\s+(?P<d>(?:[^\s,;:.]+\s+){1,3}?)"
    r"from\s+(?P<c>[^\s,;:.]+(?:\s+[^\s,;:.]+){0,2})"
)

_SHARED_BY_CLAUSES = 0.5

_SHARED_BY_DENIALS = 0.75

_MORE_OPPOSITES = (
    "raised lowered|raised cut|backed opposed|guilty acquitted|hired fired|convicted acquitted|eased tightened"
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a claim has otherwise than its sources: `what` are its words."""

    kind: Kind
    what: str


def exchanges(text: str, cited: Sequence[str]) -> tuple[Exchange, ...]:
    """What the claim has otherwise than every cited sentence; none where one of them has it the same way."""
    source = "\n".join(cited)
    return (
        *_exchanged_roles(acts(text), acts(source)),
        *_exchanged_order(text, source),
        *_exchanged_figures(text, source),
        *_opposite_direction(text, source),
    )


def _exchanged_roles(mine: Sequence[Act], theirs: Sequence[Act]) -> Iterator[Exchange]:
    for act in mine:
        same = [other for other in theirs if other.verb == act.verb]
        if not same:
            continue
        turned = [other for other in same if _is_turned(act, other)]
        if turned and not any(
            act.agent & other.agent or act.patient & other.patient for other in same if other not in turned
        ):
            yield Exchange("roles", act.word)
        near = [other for other in same if len(act.content & other.content) >= _SHARED_BY_DENIALS * len(act.content)]
        if near and act.content and not act.hangs and all(_denies(act, other) for other in near):
            yield Exchange("negation", act.word)


def _denies(one: Act, other: Act) -> bool:
    return one.negated != other.negated and not other.hangs


def _is_turned(one: Act, other: Act) -> bool:
    """Whether who acts in the one is acted on in the other, on both sides, or on the only one that a plain passive gives."""
    forth, back = one.agent & other.patient, one.patient & other.agent
    if forth and back:
        return not one.agent & other.agent
    if one.agent & other.agent or one.patient & other.patient or not (one.sure and other.sure):
        return False
    return bool((back and not one.agent) or (forth and not other.agent))


def _opposites() -> dict[str, frozenset[str]]:
    """By key: "increased" is against "decreased" as "increase" is against "decrease"."""
    found: dict[str, set[str]] = {}
    for word, others in OPPOSITE.items():
        found.setdefault(key(word), set()).update(map(key, others))
    for pair in _MORE_OPPOSITES.split("|"):
        one, other = map(key, pair.split())
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


_AGAINST = _opposites()


def _exchanged_order(text: str, source: str) -> Iterator[Exchange]:
    """ "A before B", "more A than B", "from A to B" with A and B the other way round."""
    theirs = list(_pairs(source))
    for pivot, first, second in _pairs(text):
        same = [(a, b) for other, a, b in theirs if other == pivot]
        if any(first & a and second & b for a, b in same):
            continue
        if any(first & b and second & a for a, b in same):
            yield Exchange("order", pivot)


def _pairs(text: str) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    for sentence in re.split(r"[;\n]|\.(?!\d)", text):
        for match in _PIVOT.finditer(sentence):
            lead, rest = sentence[: match.start()], sentence[match.end() :]
            pivot = match["pivot"].lower()
            if pivot == "than":
                compared = _COMPARED.search(lead)
                if compared is None:
                    continue
                pivot, lead = f"{compared['how'].lower()} than", lead[: compared.start()]
            before, after = _parties(BREAK.split(lead)[-1]), phrase(WORD.findall(BREAK.split(rest)[0]))
            yield pivot, before - after, after - before
        for match in _FROM_TO.finditer(sentence):
            yield "from", _parties(match["a"] or match["c"]), _parties(match["b"] or match["d"])


def _parties(text: str) -> frozenset[str]:
    return frozenset(key(m.group()) for m in WORD.finditer(text) if is_party(m.group()))


def _exchanged_figures(text: str, source: str) -> Iterator[Exchange]:
    """Two figures, each of which counts there what the other counts here."""
    mine, theirs = list(_counted(text)), list(_counted(source))
    for (number, words, unit), (other, _, counted) in permutations(mine, 2):
        if number & other or unit & counted:
            continue
        there = [
            (bool(value & number), bool(value & other), bool(what & unit), bool(what & counted))
            for value, _, what in theirs
        ]
        turned = any(n and c for n, _, _, c in there) and any(o and u for _, o, u, _ in there)
        if turned and not any((n and u) or (o and c) for n, o, u, c in there):
            yield Exchange("figures", words)
            return


def _counted(text: str) -> Iterator[tuple[frozenset[float], str, frozenset[str]]]:
    for number in numbers(text):
        if number.strict:
            clause = BREAK.split(text[number.end : number.end + 60], maxsplit=1)[0]
            yield number.readings, number.text, phrase([m.group() for m in WORD.finditer(clause)][:3])


def _opposite_direction(text: str, source: str) -> Iterator[Exchange]:
    """A word of the claim whose opposite stands in a like clause of the source, where the word itself stands nowhere."""
    said = [clause.words for clause in clauses(source)]
    there = [frozenset(map(key, clause)) for clause in said]
    everywhere = frozenset(word for keys in there for word in keys)
    for clause in (each.words for each in clauses(text)):
        own = frozenset(key(w) for w in clause if not is_stopword(w) and key(w) not in _AGAINST)
        for word in clause:
            against = _AGAINST.get(key(word), frozenset())
            if not against or not own or key(word) in everywhere:
                continue
            if any(
                against & keys
                and _negates(clause) == _negates(other)
                and len(own & keys) >= _SHARED_BY_CLAUSES * len(own)
                for other, keys in zip(said, there, strict=True)
            ):
                yield Exchange("direction", word)


def _negates(clause: Sequence[str]) -> bool:
    return any(word.casefold() in NEGATIONS or word.casefold() in REFUSING for word in clause)
