"""Where articles of different origins give different figures, days or names for what is asked. Pure.

Strict: two sentences disagree only where they hold the same words of the question, on the same names, give one value each of
the kind asked for, and neither gives the other's. Two figures for two months, or of two units, are two things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rag.corrections import Corrections
from rag.domain import Evidence, Kind, Query, Reading, Span
from rag.facts import Name, names
from rag.holding import Held
from rag.matching import best_of, same_name
from rag.quantities import MONTHS, Number, dates, day_words, meant_days, numbers
from rag.terms import WORD, is_stopword, stem

_MET = 0.45
_ALIKE = 0.6
# Of the question's words that are no names, so much stands in each of the two sentences.
_ENOUGH = 0.6
# Further apart than this they tell of two events, or of two times.
_MOST_DAYS = 92
_FIGURES = frozenset({Kind.HOW_MANY, Kind.HOW_MUCH, Kind.HOW_LONG})
# A question without "how many" asks for a figure by one of these.
_MEASURES = frozenset(
    map(
        stem,
        "toll cost price rate budget bill fine score turnout percentage share casualties figure number amount sum total count"
        " estimate size length height speed salary debt deficit inflation unemployment majority".split(),
    )
)
_MONEY = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "%": "percent"}
_MONEY_BEFORE = re.compile(r"[$€£¥]\s?$")
_PERCENT = re.compile(r"\s?(?:%|per ?cent\b|percent\b)", re.IGNORECASE)
# After these a number is a day, an age, a place in an order or a name: no figure.
_NO_FIGURE = re.compile(
    r"\b(?:aged?|chapter|article|section|page|number|no\.|flight|route|line|phase|covid)[\s-]$", re.IGNORECASE
)
_CLOCK = re.compile(r"[.:]\d\d\b|\s?[ap]\.?\s?m\b", re.IGNORECASE)
_SAID_ON = re.compile(
    r"\b(?:said|says|told|tells|announced|reported|added|confirmed|wrote|warned|estimated|put|quoted)\b"
    r"[^,.;“”\"]{0,40}?\b(?:on|late|early) (?:late |early )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b",
)
_MOST_RIVALS = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts: the stems of the words after it, or a currency or per cent."""

    number: Number
    unit: frozenset[str]

    def is_of(self, other: Figure) -> bool:
        return bool(self.unit & other.unit)

    def agrees(self, other: Figure) -> bool:
        mine, theirs = self.number, other.number
        if mine.agrees(theirs.readings) or theirs.agrees(mine.readings):
            return True
        return any(_rounded(a, b) for a in mine.readings for b in theirs.readings)


@dataclass(frozen=True)
class Told:
    """A sentence of the evidence, and what it tells of what is asked."""

    reading: Reading
    sentence: int
    own: tuple[float, ...]
    around: tuple[float, ...]

    @property
    def span(self) -> Span:
        return self.reading.sentences[self.sentence]

    @cached_property
    def text(self) -> str:
        return self.span.of(self.reading.article.body)

    @property
    def origin(self) -> str:
        return self.reading.story or self.reading.article.id

    @property
    def published(self) -> date | None:
        moment = self.reading.article.published_at
        return moment.date() if moment else None

    @property
    def age(self) -> float:
        """Smaller is newer; without a date, oldest."""
        moment = self.reading.article.published_at
        return -moment.timestamp() if moment else float("inf")

    @cached_property
    def figures(self) -> list[Figure]:
        return figures(self.text)

    @cached_property
    def days(self) -> frozenset[date]:
        """What its one date or weekday can mean, not the day on which somebody said it; none where it names several."""
        text = _SAID_ON.sub(" ", self.text)
        named = dates(text, year=self.published.year if self.published else None)
        years = set(re.findall(r"\b(?:19|20)\d\d\b", text)) - {str(day.year) for day in named}
        if years or len(set(named)) > 1 or (not named and len(day_words(text)) != 1):
            return frozenset()
        return frozenset(named or (meant_days(text, self.published) if self.published else ()))

    @cached_property
    def months(self) -> frozenset[str]:
        """The months and years that it names in so many words: of what time its figures are."""
        text = _SAID_ON.sub(" ", self.text)
        years = re.findall(r"\b(?:19|20)\d\d\b", text)
        return frozenset([word.key for word in day_words(text) if word.key in MONTHS] + years)


class Disagreement:
    """The evidence of one question, looked through for other values of what a sentence tells."""

    def __init__(self, query: Query, evidence: Evidence, corrections: Corrections, held: Held) -> None:
        self._query, self._held = query, held
        self._asked = frozenset(term.stem for term in held.matcher.terms)
        self._named = [n for n, term in enumerate(held.matcher.terms) if term.name]
        self._others = [n for n, term in enumerate(held.matcher.terms) if not term.name]
        self._told = {
            (reading.article.id, n): self._tell(reading, n)
            for scored in evidence.passages
            for reading in (evidence.readings[scored.article.id],)
            for n, span in enumerate(reading.sentences)
            if scored.passage.span.holds(span)
            and corrections.note_at(reading, n) is None
            and corrections.superseding(reading, n) is None
        }

    def rivals(self, reading: Reading, sentence: int) -> list[Told]:
        """The sentences of other origins that say otherwise, one an origin, newest first; at most two."""
        told = self._told.get((reading.article.id, sentence))
        if told is None or not self._answers(told):
            return []
        found: dict[str, Told] = {}
        for other in sorted(self._told.values(), key=lambda each: (each.age, -sum(each.own))):
            if other.origin not in found and other.origin != told.origin and self._disagree(told, other):
                found[other.origin] = other
        return list(found.values())[:_MOST_RIVALS]

    def _tell(self, reading: Reading, n: int) -> Told:
        own = self._held.by(reading, n)
        before = self._held.by(reading, max(n - 1, 0))
        return Told(reading, n, own, best_of(own, before, self._held.lead(reading)))

    def _answers(self, told: Told) -> bool:
        """Whether it holds most of what is asked, and the names: itself, or near it where it has no names of its own."""
        met = sum(told.own[n] >= _MET for n in self._others)
        if not met or met < _ENOUGH * len(self._others) or not all(told.around[n] >= _MET for n in self._named):
            return False
        return all(told.own[n] >= _MET for n in self._named) or not self._added_names(told)

    def _disagree(self, one: Told, other: Told) -> bool:
        return (
            self._answers(other)
            and _of_one_time(one, other)
            and self._same_words(one, other)
            and self._values_differ(one, other)
        )

    def _same_words(self, one: Told, other: Told) -> bool:
        mine = {n for n in self._others if one.own[n] >= _MET}
        theirs = {n for n in self._others if other.own[n] >= _MET}
        return len(mine & theirs) >= _ALIKE * len(mine | theirs)

    def _values_differ(self, one: Told, other: Told) -> bool:
        kind = self._query.kind
        if kind is Kind.WHEN:
            return bool(one.days and other.days) and not one.days & other.days
        if kind is Kind.WHO:
            return self._names_differ(one, other)
        asks = kind in _FIGURES or (kind is Kind.OTHER and self._asked & _MEASURES)
        return bool(asks) and self._figures_differ(one, other)

    def _figures_differ(self, one: Told, other: Told) -> bool:
        if one.months and other.months and not one.months & other.months:
            return False
        mine, theirs = self._asked_for(one), self._asked_for(other)
        pairs = [(a, b) for a in mine for b in theirs if a.is_of(b)]
        if not pairs and self._query.kind is not Kind.HOW_LONG and len(mine) == len(theirs) == 1:
            bare = not mine[0].unit or not theirs[0].unit
            pairs = [(mine[0], theirs[0])] if bare else []
        return bool(pairs) and not any(a.agrees(b) for a in mine for b in theirs)

    def _asked_for(self, told: Told) -> list[Figure]:
        """The figures that count what the question asks for, where there are such; else all."""
        counted = [figure for figure in told.figures if figure.unit & self._asked]
        return counted or told.figures

    def _names_differ(self, one: Told, other: Told) -> bool:
        mine, theirs = self._people(one), self._people(other)
        return len(mine) == len(theirs) == 1 and not same_name(stem(mine[0]), stem(theirs[0]))

    def _people(self, told: Told) -> list[str]:
        """The surnames that a sentence adds to the question's, whoever says it left out."""
        said_by = {
            stem(part)
            for s in told.reading.statements
            if s.speaker is not None and s.span.overlaps(told.span)
            for part in s.speaker.name.split()
        }
        found = (name for name in self._added_names(told) if stem(name.parts[-1]) not in said_by)
        lasts = (n.parts[-1] for n in found if not _AT_A_PLACE.search(told.text[max(0, n.start - 12) : n.start]))
        return list(dict.fromkeys(lasts))

    def _added_names(self, told: Told) -> list[Name]:
        return [name for name in names(told.text) if stem(name.parts[-1]) not in self._asked]


def _of_one_time(one: Told, other: Told) -> bool:
    return not one.published or not other.published or abs((one.published - other.published).days) <= _MOST_DAYS


_AT_A_PLACE = re.compile(r"\b(?:in|at|near|from|to|off|of|between|into|across|outside|around|on) (?:the )?$")


def figures(text: str) -> list[Figure]:
    """The numbers that count or measure something; no days, years, clock times or ages."""
    calendar = {(word.start, word.end) for word in day_words(text)}
    return [
        Figure(number, _unit(text, number))
        for number in numbers(text)
        if number.strict and not _is_of_the_calendar(text, number, calendar)
    ]


def _is_of_the_calendar(text: str, number: Number, calendar: set[tuple[int, int]]) -> bool:
    if _NO_FIGURE.search(text[: number.start]) or _CLOCK.match(text, number.end):
        return True
    if re.fullmatch(r"(?:1[5-9]|20)\d\d", number.text) and not _MONEY_BEFORE.search(text[: number.start]):
        return True
    if re.search(r"\d(?:st|nd|rd|th)$", number.text):
        return True
    near = (text[max(0, number.start - 1) : number.start], text[number.end : number.end + 1])
    return (
        any(start in (number.end + 1, number.end + 4) or end == number.start - 1 for start, end in calendar)
        and " " in near
    )


def _unit(text: str, number: Number) -> frozenset[str]:
    if before := _MONEY_BEFORE.search(text[: number.start]):
        return frozenset({_MONEY[before.group().strip()]})
    if _PERCENT.match(text, number.end):
        return frozenset({"percent"})
    found: list[str] = []
    clause = re.split(r"[,.;:()“”\"—–]", text[number.end : number.end + 60], maxsplit=1)[0]
    for match in list(WORD.finditer(clause))[:3]:
        if match.group().casefold() in _ENDS_UNIT:
            break
        if not is_stopword(match.group()):
            found.append(stem(match.group()))
    return frozenset(found)


_ENDS_UNIT = frozenset(
    "and or but in on at for from to by with as who which that when while after before over since until".split()
)


def _rounded(one: float, other: float) -> bool:
    """Whether one is the other, rounded to the digits that it has: 8 and 8.4 million, 27,000 and 26,840."""
    low, high = sorted((abs(one), abs(other)))
    if low < 20 and float(low).is_integer() and float(high).is_integer():
        return False
    return any(_digits(a) <= _FEW_DIGITS and _to_digits(b, _digits(a)) == a for a, b in ((one, other), (other, one)))


_FEW_DIGITS = 2


def _digits(value: float) -> int:
    """Significant digits: 27,000 has two."""
    plain = f"{value:.6f}".rstrip("0").rstrip(".").replace(".", "").lstrip("0")
    return len(plain.rstrip("0")) or 1


def _to_digits(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")
