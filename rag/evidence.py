"""Ranked passages -> what the answerer may read: the passages, and their articles opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rag.corrections import Corrections
from rag.domain import Evidence, Reading, ScoredPassage, Span
from rag.library import Library

# A quotation is read on for so many sentences at most: a whole speech is no evidence for a question.
_MOST_BESIDE = 3


async def open_evidence(passages: Sequence[ScoredPassage], library: Library) -> Evidence:
    """The passages with their articles' sentences, and those with a correction of what they say.

    One that starts or ends within a quotation is read on to the quotation's beginning or end. What was withdrawn or
    revised since the search is left out.
    """
    ids = list(dict.fromkeys(scored.article.id for scored in passages))
    spans = await library.spans(ids) if ids else {}
    readings: dict[str, Reading] = {}
    kept: list[ScoredPassage] = []
    for scored in passages:
        article = scored.article
        cut = spans.get(article.id)
        if cut is None or cut.revision != article.revision:
            continue
        kept.append(scored)
        reading = Reading(
            article, cut.sentences, cut.passages, cut.statements, scored.also_in, scored.story, scored.quote_words
        )
        readings.setdefault(article.id, reading)
    corrections = _corrections(kept, readings)
    return Evidence((*_with_whole_quotations(kept, readings), *corrections), readings)


def _with_whole_quotations(kept: Sequence[ScoredPassage], readings: Mapping[str, Reading]) -> Iterator[ScoredPassage]:
    taken: dict[str, list[Span]] = {}
    for scored in kept:
        taken.setdefault(scored.article.id, []).append(scored.passage.span)
    for scored in kept:
        mine = scored.passage.span
        others = [span for span in taken[scored.article.id] if span != mine]
        whole = _read_on(mine, readings[scored.article.id], others)
        yield scored if whole == mine else replace(scored, passage=replace(scored.passage, span=whole))


def _read_on(span: Span, reading: Reading, others: Sequence[Span]) -> Span:
    """The span with the sentences beside it over which a quotation goes on, save those that others hold."""
    start, end = span.start, span.end
    for statement in reading.statements:
        said = statement.span
        if not statement.quotes or not said.overlaps(span):
            continue
        if said.start < span.start:
            before = [s for s in reading.sentences if s.end <= span.start and s.end > said.start][-_MOST_BESIDE:]
            if before and not any(other.overlaps(Span(before[0].start, span.start)) for other in others):
                start = min(start, before[0].start)
        if said.end > span.end:
            after = [s for s in reading.sentences if s.start >= span.end and s.start < said.end][:_MOST_BESIDE]
            if after and not any(other.overlaps(Span(span.end, after[-1].end)) for other in others):
                end = max(end, after[-1].end)
    return Span(start, end)


def _corrections(kept: Sequence[ScoredPassage], readings: dict[str, Reading]) -> Iterator[ScoredPassage]:
    """The passages with what corrects those that were found, where they were not found themselves."""
    corrections = Corrections(readings.values())
    have = {scored.passage.id for scored in kept}
    for scored in kept:
        reading = readings[scored.article.id]
        for n, span in enumerate(reading.sentences):
            if not scored.passage.span.holds(span) or (note := corrections.superseding(reading, n)) is None:
                continue
            passage = note.reading.passage_at(note.span)
            if passage is not None and passage.id not in have:
                have.add(passage.id)
                by = next(other for other in kept if other.article.id == note.reading.article.id)
                yield replace(by, passage=passage, rank=len(have), channels={})
