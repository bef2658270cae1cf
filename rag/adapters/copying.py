"""A catalog's tables into another's, whichever databases they are on: in order, in lots, and again from where it stood."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Connection, Integer, Table, delete, func, insert, select, tuple_, update

from rag.adapters import schema as t
from rag.adapters.catalog import SqlCatalog
from rag.errors import InputError

_LOT = 1_000
# In the target's notes until all is there: what is copied, as it was; and how far each table is.
COPYING = "copying"
_DONE = "copied:"


def begin(source: SqlCatalog, target: SqlCatalog) -> None:
    """Mark the target as being copied to, where it is not from an earlier start.

    Raises InputError where the target holds a library, or the copy of another or of an earlier state.
    """
    now = _state(source)
    before = target.note(COPYING)
    if before is None:
        if any(target.counts()[name] for name in ("articles", "withdrawn")):
            raise InputError("the library to copy to holds articles already; name a new one")
        target.note(COPYING, now)
    elif before != now:
        raise InputError(
            "the library to copy to holds the begun copy of another library, or of this one before it changed; name a new one"
        )


def copy_tables(source: SqlCatalog, target: SqlCatalog, told: Callable[[str, int], None]) -> None:
    """Every row, by tables; `told` hears each table's name and how many more of its rows are there.

    No article counts as indexed afterwards; a passage whose vector was right keeps that mark.
    """
    for table in t.METADATA.sorted_tables:
        if table is t.notes:
            continue
        while copied := _copy_lot(source, target, table):
            told(table.name, copied)
    with source.transaction() as reading, target.transaction() as writing:
        kept = {row.name for row in writing.execute(select(t.notes.c.name))}
        for row in reading.execute(select(t.notes)).mappings():
            if row["name"] not in kept:
                writing.execute(insert(t.notes), [dict(row)])
        writing.execute(update(t.articles).values(indexed=False))
        if writing.dialect.name == "postgresql":
            _count_on(writing)


def finish(target: SqlCatalog) -> None:
    with target.transaction() as connection:
        connection.execute(delete(t.notes).where(t.notes.c.name.startswith(_DONE) | (t.notes.c.name == COPYING)))


def _copy_lot(source: SqlCatalog, target: SqlCatalog, table: Table) -> int:
    """The next rows by the primary key, in the order of the source's database; how many there were."""
    key = list(table.primary_key.columns)
    note = f"{_DONE}{table.name}"
    last = json.loads(target.note(note) or "null")
    query = select(table).order_by(*key).limit(_LOT)
    if last is not None:
        query = query.where(tuple_(*key) > tuple_(*last))
    with source.transaction() as reading:
        rows: list[dict[str, Any]] = [dict(row) for row in reading.execute(query).mappings()]
    if rows:
        with target.transaction() as writing:
            writing.execute(insert(table), rows)
            writing.execute(delete(t.notes).where(t.notes.c.name == note))
            writing.execute(insert(t.notes).values(name=note, value=json.dumps([rows[-1][each.name] for each in key])))
    return len(rows)


def _state(source: SqlCatalog) -> str:
    """Changes whenever an article does."""
    with source.transaction() as connection:
        query = select(func.count(), func.max(t.articles.c.changed_at), func.max(t.articles.c.id))
        return json.dumps(list(connection.execute(query).one()))


def _count_on(connection: Connection) -> None:
    """PostgreSQL's own numbers go on after the highest that was copied."""
    for table in t.METADATA.sorted_tables:
        key: list[Column[Any]] = list(table.primary_key.columns)
        if len(key) == 1 and isinstance(key[0].type, Integer):
            highest = connection.execute(select(func.max(key[0]))).scalar()
            sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, key[0].name))).scalar()
            if highest is not None and sequence is not None:
                connection.execute(select(func.setval(sequence, highest)))
