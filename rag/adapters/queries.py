"""The catalog's queries that more than one of its methods runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from rag.adapters import schema as t
from rag.adapters.rows import chunks

SENTENCES = (
    select(t.articles.c.id, t.revisions.c.revision, t.revisions.c.sentences, t.revisions.c.statements)
    .join(
        t.revisions, (t.revisions.c.article_id == t.articles.c.id) & (t.revisions.c.revision == t.articles.c.revision)
    )
    .where(t.articles.c.live)
)

PASSAGES = (
    select(t.articles.c.id, t.passages)
    .join(t.passages, (t.passages.c.article_id == t.articles.c.id) & (t.passages.c.revision == t.articles.c.revision))
    .where(t.articles.c.live)
)

PASSAGES_WITH_ARTICLES = (
    select(
        t.articles,
        t.revisions.c.body,
        t.passages.c.key,
        t.passages.c.ordinal,
        t.passages.c.start,
        t.passages.c.end,
        t.passages.c.embedded,
    )
    .join(t.passages, (t.passages.c.article_id == t.articles.c.id) & (t.passages.c.revision == t.articles.c.revision))
    .join(
        t.revisions, (t.revisions.c.article_id == t.articles.c.id) & (t.revisions.c.revision == t.articles.c.revision)
    )
    .where(t.articles.c.live)
)


def known_rows(connection: Connection, article_ids: Sequence[str]) -> dict[str, Any]:
    """The articles' rows with their current bodies, by id; withdrawn ones too, and purged ones, whose body is None."""
    current = (t.revisions.c.article_id == t.articles.c.id) & (t.revisions.c.revision == t.articles.c.revision)
    known: dict[str, Any] = {}
    for ids in chunks(article_ids):
        query = select(t.articles, t.revisions.c.body).outerjoin(t.revisions, current).where(t.articles.c.id.in_(ids))
        known.update((row.id, row) for row in connection.execute(query))
    return known


def holds(row: Any, values: dict[str, Any]) -> bool:
    return all(row._mapping[name] == value for name, value in values.items())


def counts(connection: Connection) -> dict[str, int]:
    """`articles`, `withdrawn`, `unindexed` and `passages` (live ones)."""
    states = connection.execute(select(t.articles.c.live, func.count()).group_by(t.articles.c.live)).all()
    by_state = {row[0]: row[1] for row in states}
    unindexed = connection.execute(
        select(func.count()).select_from(t.articles).where(~t.articles.c.indexed)
    ).scalar_one()
    passages = connection.execute(
        select(func.count())
        .select_from(t.passages)
        .join(t.articles, t.articles.c.id == t.passages.c.article_id)
        .where(t.articles.c.live, t.passages.c.revision == t.articles.c.revision)
    ).scalar_one()
    return {
        "articles": by_state.get(True, 0),
        "withdrawn": by_state.get(False, 0),
        "unindexed": unindexed,
        "passages": passages,
    }
