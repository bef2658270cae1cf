"""Feedback in the catalog's database, each answer it is about as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, Column, Connection, Float, Integer, String, Table, Text, insert, select

from rag.adapters.schema import METADATA
from rag.feedback import Feedback, Given

GIVEN = TypeAdapter(Given)

feedback = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("given", JSON, nullable=False),
)


class SqlFeedback:
    """The `FeedbackStore` port, in transactions of the catalog's."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction

    def add(self, said: Feedback) -> int:
        row: dict[str, Any] = {
            "verdict": said.verdict,
            "note": said.note,
            "at": said.at.timestamp(),
            "given": GIVEN.dump_python(said.given, mode="json"),
        }
        with self._transaction() as connection:
            key = connection.execute(insert(feedback).values(row)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def after(self, number: int, *, limit: int) -> Sequence[Feedback]:
        wanted = select(feedback).where(feedback.c.id > number).order_by(feedback.c.id).limit(limit)
        with self._transaction() as connection:
            rows = connection.execute(wanted).all()
        return [
            Feedback(
                GIVEN.validate_python(row.given), row.verdict, row.note, datetime.fromtimestamp(row.at, UTC), row.id
            )
            for row in rows
        ]
