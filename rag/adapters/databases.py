"""What each of the catalog's databases does in its own way: how it is reached, emptied of deleted text, and checked."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from rag.adapters.database_locks import OPENING, POLLING, WRITING, OwnerLock, ServerLock, lock_engine
from rag.adapters.schema import METADATA
from rag.errors import SettingsError, StorageError

_TRIES = 5


class Database(Protocol):
    """Where the catalog's tables stand."""

    engine: Engine

    def hold(self, wait_s: float, *, shared: bool = False) -> None:
        """Own it until `close`, alone or with others that share it. Raises LibraryLockedError after `wait_s` seconds."""
        ...

    def scrub(self) -> None:
        """Take what was deleted out of its files. Raises StorageError."""
        ...

    def check(self, connection: Connection) -> str:
        """ "ok", or what is damaged."""
        ...

    def close(self) -> None: ...


def database_of(where: Path | str) -> Database:
    """A file's path, or PostgreSQL's address. Raises SettingsError where its driver is not installed."""
    return SqliteFile(where) if isinstance(where, Path) else PostgresDatabase(where)


def sqlite_url(path: Path) -> URL:
    """A file's address, also where its name has what means something else in an address: "?", "%"."""
    return URL.create("sqlite", database=str(path))


class SqliteFile:
    """A file with a write-ahead log. Who owns the library's folder owns it.

    SQLite leaves what is deleted where it stood until the place is used again. `secure_delete` overwrites it, and writing
    the file anew drops what moving rows about had left behind.
    """

    def __init__(self, path: Path) -> None:
        self.engine = create_engine(sqlite_url(path), connect_args={"timeout": 30})
        event.listen(self.engine, "connect", _configure)

    def hold(self, wait_s: float, *, shared: bool = False) -> None:
        """The lock on the folder is enough."""

    def scrub(self) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            for _ in range(_TRIES):
                if connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0:
                    return
        # A reader keeps the log in use.
        raise StorageError("the catalog's log is in use and cannot be emptied; the next start does it")

    def check(self, connection: Connection) -> str:
        return str(connection.exec_driver_sql("PRAGMA quick_check").scalar())

    def close(self) -> None:
        self.engine.dispose()


def _configure(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute("PRAGMA cache_size = -65536")
    cursor.close()


class PostgresDatabase:
    """A database of a PostgreSQL server.

    A server that is gone is an error within seconds, one that hangs after the limits below; when it is back, the next
    transaction goes through.
    """

    def __init__(self, address: str) -> None:
        url = make_url(address).set(drivername="postgresql+psycopg")
        # What is waited for at most: seconds for a connection, milliseconds for a lock, a statement, an answer.
        options = {
            "connect_timeout": 10,
            "options": "-c lock_timeout=30000 -c statement_timeout=3600000 -c idle_in_transaction_session_timeout=600000"
            # So that the server too finds out where this machine is gone, and frees the lock.
            " -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
            "keepalives_idle": 30,
            "tcp_user_timeout": 60_000,
            "application_name": f"onrecord on {platform.node()}, process {os.getpid()}",
        }
        try:
            # A thread of the service holds one connection at a time.
            self.engine = create_engine(url, connect_args=options, pool_pre_ping=True, pool_size=8, max_overflow=56)
        except ModuleNotFoundError as error:
            raise SettingsError(
                "ONRECORD_CATALOG names a PostgreSQL server, whose driver is not installed: pip install"
                " 'onrecord[postgres]'"
            ) from error
        event.listen(self.engine, "connect", _without_nul)
        locks = lock_engine(url, options)
        self._owner = OwnerLock(locks)
        self.opening, self.writing, self.polling = (ServerLock(locks, key) for key in (OPENING, WRITING, POLLING))
        event.listen(self.engine, "connect", lambda *_: self._owner.renew())

    def hold(self, wait_s: float, *, shared: bool = False) -> None:
        self._owner.take(wait_s, shared=shared)

    def scrub(self) -> None:
        """Every table is written anew. The server's write-ahead log, its archive and its replicas keep what they have."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in METADATA.sorted_tables:
                connection.exec_driver_sql(f'VACUUM (FULL) "{table.name}"')

    def check(self, connection: Connection) -> str:
        """Every row is read; a server made with checksums, PostgreSQL 18's default, then knows a damaged page."""
        for table in METADATA.sorted_tables:
            try:
                connection.execute(select(func.count()).select_from(table)).scalar_one()
            except DBAPIError as error:
                return f"{table.name} cannot be read: {error.orig}"
        return "ok"

    def close(self) -> None:
        for lock in (self._owner, self.opening, self.writing, self.polling):
            lock.give_back()
        self.engine.dispose()


def _without_nul(connection: Any, _record: Any) -> None:
    """PostgreSQL's text holds no NUL. Articles have none; in a filter's name, say, it stands for what is not there."""
    from psycopg.types.string import StrDumperUnknown

    class Text(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd"))

    connection.adapters.register_dumper(str, Text)
