"""Sentences and statements that may answer, and how two of them compare. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from operator import attrgetter

from rag.domain import Reading, Span, Statement
from rag.terms import words

_START, _END = attrgetter("start"), attrgetter("end")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, or a speaker's statement, that may answer.

    `credits` are those of the sentence and what stands around it, `credits_alone` its own; `signals` as rag/choosing.py has
    them, of a sentence.
    """

    reading: Reading
    first: int
    last: int
    credits: tuple[float, ...]
    coverage: float
    own: float
    score: float
    statements: tuple[Statement, ...] = ()
    credits_alone: tuple[float, ...] = ()
    signals: tuple[float, ...] = ()

    @property
    def span(self) -> Span:
        return Span(self.reading.sentences[self.first].start, self.reading.sentences[self.last].end)

    @property
    def said_at(self) -> datetime | None:
        """Noon of the day on which it was said, else when the article was published."""
        day = self.statements[0].said_on if self.statements else None
        return datetime.combine(day, time(12), UTC) if day else self.reading.article.published_at

    @property
    def published(self) -> float:
        day = self.reading.article.published_at
        return day.timestamp() if day else 0.0


def joined(said: Sequence[Statement], reading: Reading) -> list[list[Statement]]:
    """One speaker's statements, those that follow one another in a paragraph put together."""
    groups: list[list[Statement]] = []
    body = reading.article.body
    for statement in sorted(said, key=lambda s: s.span):
        if groups:
            gap = body[groups[-1][-1].span.end : statement.span.start]
            same = "\n" not in gap and len(gap) < 80 and bool(statement.quotes) == bool(groups[-1][-1].quotes)
            if same and statement.denied == groups[-1][-1].denied:
                groups[-1].append(statement)
                continue
        groups.append([statement])
    return groups


def sentences_of(reading: Reading, span: Span) -> tuple[int, int]:
    """The first and the last sentence that the span touches; the first of all where it touches none."""
    first = bisect_right(reading.sentences, span.start, key=_END)
    last = bisect_left(reading.sentences, span.end, key=_START) - 1
    return (first, last) if first <= last else (0, 0)


def span_of(reading: Reading, first: int, last: int) -> Span:
    return Span(reading.sentences[first].start, reading.sentences[last].end)


def text_of(reading: Reading, first: int, last: int) -> str:
    return span_of(reading, first, last).of(reading.article.body) if first <= last else ""


def repeats(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates overlap or have most of their words in common."""
    if one.reading.article.id == other.reading.article.id and one.span.overlaps(other.span):
        return True
    mine, theirs = (_stems_in(each.span.of(each.reading.article.body)) for each in (one, other))
    return len(mine & theirs) >= 0.6 * min(len(mine), len(theirs))


# Each candidate is compared with every one that was chosen before it.
@lru_cache(maxsize=1024)
def _stems_in(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text))
