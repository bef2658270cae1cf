"""Advisory locks of a PostgreSQL database: who owns it, and whose turn it is.

Each stands on a connection of its own. The server frees it with that connection, however its process ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from rag.errors import LibraryLockedError

# Numbers within one database, from eight letters. Owned: by one process alone, or by several that share all stores.
OWNED = int.from_bytes(b"onrecord", "big")
# Whoever opens the library makes tables, places indexes and writes notes: one at a time.
OPENING = int.from_bytes(b"onr-open", "big")
# Articles are recorded and indexed by one at a time, and feeds are polled by one.
WRITING = int.from_bytes(b"onr-writ", "big")
POLLING = int.from_bytes(b"onr-poll", "big")

_PAUSE_S = 0.1
# Another's turn at writing lasts as long as embedding a batch; taking a purged text out of the tables, minutes.
_LONGEST_TURN_MS = 600_000
_HOLDER = text(
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted"
    " AND pid <> pg_backend_pid() AND classid = :high AND objid = :low AND datname = current_database() LIMIT 1"
)


class ServerLock:
    """One lock, held by this process from `take` or `wait` to `give_back`, or until the connection breaks."""

    def __init__(self, engine: Engine, key: int) -> None:
        self._engine, self._key = engine, key
        self._connection: Connection | None = None

    def take(self, wait_s: float, *, shared: bool = False) -> None:
        """Raises LibraryLockedError, naming a holder, where it is not free within `wait_s` seconds."""
        self.give_back()
        attempt = func.pg_try_advisory_lock_shared if shared else func.pg_try_advisory_lock
        self._connection = connection = self._engine.connect()
        try:
            _until(lambda: bool(connection.execute(select(attempt(self._key))).scalar()), wait_s)
        except TimeoutError:
            holder = connection.execute(_HOLDER.bindparams(high=self._key >> 32, low=self._key & 0xFFFFFFFF)).scalar()
            self.give_back()
            who = f"`{holder}`" if holder else "another process"
            raise LibraryLockedError(
                f"the catalog {self._engine.url.render_as_string(hide_password=True)} is in use by {who}; stop it, or ask"
                " it over HTTP"
            ) from None
        except BaseException:
            self.give_back()
            raise

    def wait(self) -> None:
        """Take it in the order of asking. The connection is kept for the next turn."""
        if not self.held:
            self._connection = self._engine.connect()
            self._connection.exec_driver_sql(f"SET lock_timeout = {_LONGEST_TURN_MS}")
        assert self._connection is not None
        self._connection.execute(select(func.pg_advisory_lock(self._key)))

    def pass_on(self) -> None:
        """After `wait`. Where the connection broke, the server has freed it."""
        try:
            if self._connection is not None:
                self._connection.execute(select(func.pg_advisory_unlock(self._key)))
        except SQLAlchemyError:
            self.give_back()

    @property
    def held(self) -> bool:
        """Whether its connection stands, and what was taken is held still: the server may have gone since."""
        try:
            if self._connection is not None:
                self._connection.exec_driver_sql("SELECT 1")
        except SQLAlchemyError:
            self.give_back()  # else the next statement would go through a new connection, which holds nothing
        return self._connection is not None

    def give_back(self) -> None:
        if self._connection is not None:
            # Told, and not only heard of by the end of the connection: then the lock is free when this returns.
            with suppress(SQLAlchemyError):
                self._connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def lock_engine(url: URL, options: dict[str, Any]) -> Engine:
    """For connections that hold locks: each is made for one, and has no transaction that could grow old."""
    return create_engine(url, connect_args=options, poolclass=NullPool, isolation_level="AUTOCOMMIT")


class OwnerLock:
    """Who works on a database: one process alone, or several that keep all stores on servers.

    Where all connections broke, whoever makes a new one takes the lock again first: meanwhile another may have come.
    """

    def __init__(self, engine: Engine) -> None:
        self._lock = ServerLock(engine, OWNED)
        self._turn = threading.Lock()
        self._wanted = self._shared = False

    def take(self, wait_s: float, *, shared: bool = False) -> None:
        """In place of what is held. Raises LibraryLockedError, naming the owner; nothing is held then."""
        with self._turn:
            self._wanted, self._shared = True, shared
            self._lock.take(wait_s, shared=shared)

    def renew(self) -> None:
        """Where it was taken and its connection broke, take it again. Raises LibraryLockedError."""
        with self._turn:
            if self._wanted and not self._lock.held:
                self._lock.take(0, shared=self._shared)

    def give_back(self) -> None:
        with self._turn:
            self._wanted = False
            self._lock.give_back()


def _until(done: Callable[[], bool], wait_s: float) -> None:
    """Raises TimeoutError."""
    deadline = time.monotonic() + wait_s
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(_PAUSE_S)
