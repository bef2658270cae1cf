"""Evidence made of whole articles, without a store."""

from __future__ import annotations

from rag.domain import Article, Evidence, Passage, Query, Reading, ScoredPassage
from tests.newsroom import document


def evidence_of(*articles: Article) -> Evidence:
    """Every passage of the articles, in order, as if they had been found."""
    readings: dict[str, Reading] = {}
    scored: list[ScoredPassage] = []
    for given in articles:
        made = document(given)
        article = made.article
        passages = tuple(
            Passage(f"{article.id}:1:{n}", article.id, 1, n, span, key=n + 1) for n, span in enumerate(made.passages)
        )
        readings[article.id] = Reading(article, made.sentences, passages, made.statements)
        scored += [ScoredPassage(passage, article, 1.0, len(scored) + 1, {}) for passage in passages]
    return Evidence(tuple(scored), readings)


def asked(text: str, **fields: object) -> Query:
    return Query(text, text, topic=text, **fields)  # type: ignore[arg-type]
