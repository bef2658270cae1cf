"""Taking an article's text out of the catalog's rows for good; its database then takes it out of its files."""

from __future__ import annotations

import time

from sqlalchemy import Connection, delete, select, update

from rag.adapters import schema as t
from rag.adapters.spoken import drop_said


def purge_one(connection: Connection, article_id: str) -> bool:
    """Leave the id and the tombstone alone; False where there is no such article.

    Its passages keep their rows (offsets, no words) until both indexes have dropped their keys.
    """
    if connection.execute(select(t.articles.c.id).where(t.articles.c.id == article_id)).first() is None:
        return False
    kept = {"id", "revision", "recorded_at", "title", "authors", "story"}
    emptied = {column.name: None for column in t.articles.columns if column.nullable and column.name not in kept}
    values = emptied | {"title": "", "authors": [], "story": article_id, "live": False, "indexed": False}
    connection.execute(
        update(t.articles).where(t.articles.c.id == article_id).values(**values, purge_due=True, changed_at=time.time())
    )
    drop_said(connection, article_id)
    for table in (t.authors, t.revisions, t.bands):
        connection.execute(delete(table).where(table.c.article_id == article_id))
    return True
