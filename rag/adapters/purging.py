"""Taking an article's text out of the catalog for good: out of its rows, then out of its file and its log.

SQLite leaves what is deleted where it stood until the place is used again. `secure_delete` overwrites it, and writing the
file anew drops what moving rows about had left behind.
"""

from __future__ import annotations

import time

from sqlalchemy import Connection, Engine, delete, select, update

from rag.adapters import schema as t
from rag.adapters.spoken import drop_said
from rag.errors import StorageError

_TRIES = 5


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


def rewrite(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")


def empty_log(engine: Engine) -> None:
    """Raises StorageError where a reader keeps the log in use for so long that it cannot be emptied."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(_TRIES):
            if connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0:
                return
    raise StorageError("the catalog's log is in use and cannot be emptied; the next start does it")
