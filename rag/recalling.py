"""An earlier answer's statement, found again, so that it can be said when its words were said. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from rag import wording
from rag.candidates import joined, sentences_of, span_of
from rag.citations import Draft
from rag.domain import Reading, Span, Statement
from rag.terms import words

# Fewer words than that are met by chance.
_FEWEST_WORDS = 3


def find_recalled(answer: str, readings: Iterable[Reading]) -> Draft | None:
    """The statement whose words stand first in the answer, with its day; None where none of the readings has one."""
    told = _plain(answer)
    best: tuple[int, Reading, list[Statement]] | None = None
    for reading in readings:
        for speaker in dict.fromkeys(s.speaker for s in reading.statements):
            for group in joined([s for s in reading.statements if s.speaker == speaker], reading):
                places = [at for s in group if (at := _place(s, reading, told)) >= 0]
                if places and (best is None or min(places) < best[0]):
                    best = (min(places), reading, group)
    if best is None:
        return None
    _, reading, group = best
    first, last = sentences_of(reading, Span(group[0].span.start, group[-1].span.end))
    return wording.dated_words(reading, group, span_of(reading, first, last))


def _place(statement: Statement, reading: Reading, told: str) -> int:
    """Where the answer has the statement's words; -1 where it does not."""
    body = reading.article.body
    found = []
    for span in statement.quotes or (statement.span,):
        said = _plain(span.of(body))
        if len(said.split()) >= _FEWEST_WORDS and (at := f" {told} ".find(f" {said} ")) >= 0:
            found.append(at)
    return min(found, default=-1)


def _plain(text: str) -> str:
    return " ".join(word.text.casefold() for word in words(text))
