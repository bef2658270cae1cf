"""Ranked passages -> what the answerer may read: the passages, and their articles opened."""

from __future__ import annotations

from collections.abc import Sequence

from rag.domain import Evidence, Reading, ScoredPassage
from rag.library import Library


async def open_evidence(passages: Sequence[ScoredPassage], library: Library) -> Evidence:
    """The passages with their articles' sentences; what was withdrawn or revised since the search is left out."""
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
    return Evidence(tuple(kept), readings)
