"""The `Shared` port on PostgreSQL: advisory locks, a log of changes, and buckets of requests.

The tables are no part of the catalog: they can be emptied at any time, and a copy of a library leaves them out.
"""

from __future__ import annotations

import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from rag.adapters.database_locks import ServerLock
from rag.adapters.feedback import GIVEN
from rag.errors import LibraryLockedError, StorageError
from rag.feedback import Given
from rag.sharing import Changed

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

# One row a changed article and step: `replaced` when a correction or a withdrawal is recorded, else when both indexes hold it.
# Buckets are worth nothing after a crash, and what is not logged is not waited for.
_TABLES = """
CREATE TABLE IF NOT EXISTS changes (
    number bigserial PRIMARY KEY, article text NOT NULL, replaced boolean NOT NULL, writer text NOT NULL);
CREATE TABLE IF NOT EXISTS key_changes (number bigserial PRIMARY KEY);
CREATE UNLOGGED TABLE IF NOT EXISTS buckets (name text PRIMARY KEY, full_at double precision NOT NULL);
CREATE UNLOGGED TABLE IF NOT EXISTS answers (name text PRIMARY KEY, sealed bytea NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS answers_at ON answers (at);
"""
_MAKE, _LOG = (int.from_bytes(name, "big") for name in (b"onr-make", b"onr-log "))
# Whoever has missed more derives anew what it derived from the catalog.
_REMEMBERED = 100_000
_ARTICLES = text("SELECT coalesce(max(number), 0) FROM changes")
_KEYS = text("SELECT coalesce(max(number), 0) FROM key_changes")
_SINCE = text(
    "SELECT number, article, replaced, writer = :me AS mine FROM changes WHERE number > :number ORDER BY number"
)
_VECTORS = text("""
SELECT DISTINCT passages.key FROM changes JOIN passages ON passages.article_id = changes.article
WHERE changes.number > :number AND changes.number <= :newest AND NOT changes.replaced AND changes.writer <> :me
""")
# Full when its moment has come, and one is gone for each interval that it lies ahead; clocks are the database's alone.
_TAKE = text("""
INSERT INTO buckets AS b (name, full_at) VALUES (:name, extract(epoch FROM clock_timestamp()) + :interval)
ON CONFLICT (name) DO UPDATE
SET full_at = greatest(b.full_at, extract(epoch FROM clock_timestamp())) + :interval
WHERE b.full_at + :interval <= extract(epoch FROM clock_timestamp()) + 60.000001
RETURNING full_at
""")
_WAIT = text("SELECT full_at + :interval - 60 - extract(epoch FROM clock_timestamp()) FROM buckets WHERE name = :name")
_FORGET = text("DELETE FROM buckets WHERE full_at < extract(epoch FROM clock_timestamp())")
_FORGET_EVERY = 5_000
# A question is written down only where somebody says something of its answer: until then it stands here sealed by the answer's
# id, which is random, and which is not here.
_KEEP = text("INSERT INTO answers (name, sealed) VALUES (:name, :sealed) ON CONFLICT DO NOTHING")
_KEPT = text("SELECT sealed FROM answers WHERE name = :name")
_LET_GO = text("DELETE FROM answers WHERE at < now() - interval '1 hour'")

Transaction = Callable[[], AbstractContextManager[Connection]]


def make_tables(connection: Connection) -> None:
    """Also held until the transaction ends: tables that two processes make at the same time are an error of one of them."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MAKE})
    connection.exec_driver_sql(_TABLES)


class ChangeLog:
    """Written within the transactions that change something, so that it is true whenever it is read."""

    def __init__(self) -> None:
        # One library's in one process: what it changed itself it knows.
        self.writer = uuid4().hex

    def articles(self, connection: Connection, article_ids: Sequence[str], *, replaced: bool) -> None:
        if connection.dialect.name != "postgresql" or not article_ids:
            return
        _in_order(connection)
        rows = [{"article": each, "replaced": replaced, "writer": self.writer} for each in article_ids]
        connection.execute(
            text("INSERT INTO changes (article, replaced, writer) VALUES (:article, :replaced, :writer)"), rows
        )
        connection.execute(
            text("DELETE FROM changes WHERE number <= (SELECT max(number) FROM changes) - :kept"), {"kept": _REMEMBERED}
        )

    def vectors_since(self, connection: Connection, number: int) -> tuple[int, list[int] | None]:
        """The newest number, and the passages whose vectors others wrote since; None where it is not known any more."""
        newest, forgotten = _reach(connection, number)
        if forgotten:
            return newest, None
        asked = {"number": number, "newest": newest, "me": self.writer}
        return newest, list(connection.execute(_VECTORS, asked).scalars())


def key_changed(connection: Connection) -> None:
    """To be called in the transaction that makes or revokes a key."""
    if connection.dialect.name == "postgresql":
        _in_order(connection)
        connection.execute(text("INSERT INTO key_changes DEFAULT VALUES"))
        connection.execute(text("DELETE FROM key_changes WHERE number < (SELECT max(number) FROM key_changes)"))


def _in_order(connection: Connection) -> None:
    """Numbers are seen in the order in which they are given: who takes one commits before the next is taken."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOG})


def _reach(connection: Connection, number: int) -> tuple[int, bool]:
    """The newest number, and whether changes after `number` are forgotten."""
    query = text("SELECT coalesce(max(number), 0), coalesce(min(number), 0) FROM changes")
    newest, oldest = connection.execute(query).one()
    return newest, number > newest or (newest > 0 and number < oldest - 1)


def _sealed_by(answer_id: str) -> tuple[str, Fernet]:
    """What an answer is found by, and what opens it: neither tells the other."""
    from cryptography.fernet import Fernet

    found_by, opened_by = (sha256(f"{use} {answer_id}".encode()) for use in ("found by", "opened by"))
    return found_by.hexdigest(), Fernet(urlsafe_b64encode(opened_by.digest()))


class PostgresShared:
    """The `Shared` port; `writing` and `polling` are locks of the database's."""

    def __init__(self, transaction: Transaction, changes: ChangeLog, writing: ServerLock, polling: ServerLock) -> None:
        self._transaction, self._changes = transaction, changes
        self._writing, self._polling = writing, polling
        self._polls = threading.Lock()
        self._taken = 0

    def begin_writing(self) -> None:
        try:
            self._writing.wait()
        except DBAPIError as error:
            self._writing.give_back()
            raise StorageError("the catalog cannot be written now", cause=error.orig) from error

    def still_writing(self) -> None:
        if not self._writing.held:
            raise StorageError("the connection to the catalog broke while it was written")

    def end_writing(self) -> None:
        self._writing.pass_on()

    def changed(self) -> int:
        with self._transaction() as connection:
            return int(connection.execute(_ARTICLES).scalar_one())

    def changes_since(self, number: int) -> Changed:
        with self._transaction() as connection:
            newest, forgotten = _reach(connection, number)
            if forgotten:
                return Changed(newest, whole=True)
            rows = connection.execute(_SINCE, {"number": number, "me": self._changes.writer}).all()
        others = [row for row in rows if not row.mine]
        return Changed(
            max((row.number for row in rows), default=newest),
            tuple(dict.fromkeys(row.article for row in others if not row.replaced)),
            any(row.replaced for row in others),
        )

    def keys_changed(self) -> int:
        with self._transaction() as connection:
            return int(connection.execute(_KEYS).scalar_one())

    def take(self, name: str, *, per_minute: int) -> float:
        asked: dict[str, Any] = {"name": name, "interval": 60 / per_minute}
        with self._transaction() as connection:
            taken = connection.execute(_TAKE, asked).first() is not None
            wait_s = 0.0 if taken else float(connection.execute(_WAIT, asked).scalar() or 0.0)
            self._taken += 1
            if self._taken % _FORGET_EVERY == 0:
                connection.execute(_FORGET)
        return 0.0 if taken else max(wait_s, 0.001)

    def keep_answer(self, given: Given) -> None:
        name, seal = _sealed_by(given.answer_id)
        with self._transaction() as connection:
            connection.execute(_LET_GO)
            connection.execute(_KEEP, {"name": name, "sealed": seal.encrypt(GIVEN.dump_json(given))})

    def answer_given(self, answer_id: str) -> Given | None:
        name, seal = _sealed_by(answer_id)
        with self._transaction() as connection:
            sealed = connection.execute(_KEPT, {"name": name}).scalar()
        return None if sealed is None else GIVEN.validate_json(seal.decrypt(bytes(sealed)))

    def may_poll(self) -> bool:
        with self._polls:
            if self._polling.held:
                return True
            try:
                self._polling.take(0)
            except LibraryLockedError:
                return False
            except DBAPIError as error:
                raise StorageError("the catalog cannot be read or written", cause=error.orig) from error
            return True

    def stop_polling(self) -> None:
        with self._polls:
            self._polling.give_back()
