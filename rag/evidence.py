"""Ranked passages -> what the answerer may read: the passages, and their articles opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.corrections import Corrections
from rag.domain import Evidence, Reading, ScoredPassage
from rag.library import Library


async def open_evidence(passages: Sequence[ScoredPassage], library: Library) -> Evidence:
    """The passages with their articles' sentences, and those with a correction of what they say.

    What was withdrawn or revised since the search is left out.
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
    return Evidence((*kept, *_corrections(kept, readings)), readings)


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
