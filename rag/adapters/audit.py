"""The audit log in the catalog's database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from sqlalchemy import JSON, Boolean, Column, Connection, Float, Integer, String, Table, Text, insert, select

from rag.adapters.schema import METADATA
from rag.auditing import Change

audit = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("who", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", String, nullable=False),
    Column("action", String, nullable=False),
    Column("targets", JSON, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
    # No id is given twice, also not after the newest was deleted by hand: a gap shows.
    sqlite_autoincrement=True,
)


class SqlAudit:
    """The `AuditLog` port, in transactions of the catalog's."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction

    def append(self, change: Change) -> None:
        with self._transaction() as connection:
            connection.execute(
                insert(audit).values(
                    at=change.at.timestamp(),
                    who=change.who,
                    name=change.name,
                    address=change.address,
                    action=change.action,
                    targets=list(change.targets),
                    done=change.done,
                    detail=change.detail,
                )
            )

    def before(self, number: int | None, *, limit: int) -> Sequence[Change]:
        wanted = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if number is not None:
            wanted = wanted.where(audit.c.id < number)
        with self._transaction() as connection:
            rows = connection.execute(wanted).all()
        return [
            Change(
                at=datetime.fromtimestamp(row.at, UTC),
                who=row.who,
                name=row.name,
                address=row.address,
                action=row.action,
                targets=tuple(row.targets),
                done=row.done,
                detail=row.detail,
                id=row.id,
            )
            for row in rows
        ]
