"""Keys in the catalog's database, as digests. Moments are seconds since 1970."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, Float, String, Table, Text, insert, select, update

from rag.adapters.schema import METADATA
from rag.adapters.sharing import key_changed
from rag.keys import Key

keys = Table(
    "keys",
    METADATA,
    Column("id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("digest", String, nullable=False),
    # Tokens are checked by signing them again, so this one is kept as it is; a revoked key's tokens end with it.
    Column("token_secret", String, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float),
    Column("revoked_at", Float),
    Column("last_used_at", Float),
)


class SqlKeys:
    """The `KeyStore` port, in transactions of the catalog's."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction

    def all(self) -> Sequence[Key]:
        with self._transaction() as connection:
            rows = connection.execute(select(keys).order_by(keys.c.created_at, keys.c.id)).all()
        return [_key(row) for row in rows]

    def add(self, key: Key) -> None:
        row: dict[str, Any] = {
            "id": key.id,
            "name": key.name,
            "scopes": list(key.scopes),
            "digest": key.digest,
            "token_secret": key.token_secret,
            "created_at": key.created_at.timestamp(),
            "expires_at": None if key.expires_at is None else key.expires_at.timestamp(),
        }
        with self._transaction() as connection:
            connection.execute(insert(keys).values(row))
            key_changed(connection)

    def revoke(self, key_id: str, at: datetime) -> bool:
        standing = update(keys).where(keys.c.id == key_id, keys.c.revoked_at.is_(None))
        with self._transaction() as connection:
            key_changed(connection)
            return connection.execute(standing.values(revoked_at=at.timestamp())).rowcount == 1

    def used(self, when: Mapping[str, datetime]) -> None:
        with self._transaction() as connection:
            for key_id, at in when.items():
                # Another process may have seen it since.
                before = keys.c.last_used_at.is_(None) | (keys.c.last_used_at < at.timestamp())
                connection.execute(update(keys).where(keys.c.id == key_id, before).values(last_used_at=at.timestamp()))


def _key(row: Any) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        scopes=tuple(row.scopes),
        digest=row.digest,
        token_secret=row.token_secret,
        created_at=datetime.fromtimestamp(row.created_at, UTC),
        expires_at=_moment(row.expires_at),
        revoked_at=_moment(row.revoked_at),
        last_used_at=_moment(row.last_used_at),
    )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
