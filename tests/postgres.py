"""A PostgreSQL server of the tests' own, on a socket in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from rag.adapters.schema import METADATA

_START_S = 60


class PostgresServer:
    """`address` is its database's; `stop` kills it as a power cut would, after which `start` starts it again."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries, self._folder = binaries, folder
        self.address = f"postgresql+psycopg://onrecord@/postgres?host={folder}"
        # PostgreSQL refuses to run as root.
        self._user = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        if self._user is not None:
            for each in (folder, *folder.rglob("*")):
                os.chown(each, self._user.pw_uid, self._user.pw_gid)
        made = ["initdb", "-D", str(folder / "data"), "-U", "onrecord", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        if not (folder / "data").exists():
            self._run(made).wait(_START_S)
        self._process: subprocess.Popen[bytes] | None = None

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        who = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        with (self._folder / "log").open("ab") as log:
            program = str(self._binaries / command[0])
            return subprocess.Popen([program, *command[1:]], stdout=log, stderr=log, cwd=self._folder, **who)  # type: ignore[call-overload,no-any-return]

    def start(self) -> None:
        settings = ["listen_addresses=", "fsync=off", f"unix_socket_directories={self._folder}", "max_connections=90"]
        chosen = [part for setting in settings for part in ("-c", setting)]
        self._process = self._run(["postgres", "-D", str(self._folder / "data"), *chosen])
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self.execute("SELECT 1")
            except OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """SIGQUIT: an immediate shutdown."""
        assert self._process is not None
        self._process.send_signal(3)
        self._process.wait(_START_S)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def execute(self, statement: str) -> None:
        engine = create_engine(self.address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def tables_hold(self, word: str) -> bool:
        """Whether a file of the tables holds these bytes; the write-ahead log is not looked at."""
        return any(word.encode() in file.read_bytes() for file in (self._folder / "data" / "base").rglob("[0-9]*[0-9]"))

    def emptied(self) -> str:
        """The address of its database, with nothing in its tables."""
        self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres' AND pid <> pg_backend_pid()"
        )
        self.execute("DROP TABLE IF EXISTS lexical, lexical_counts, changes, key_changes, buckets, answers")
        with suppress(ProgrammingError):  # until a catalog was opened there is no table
            self.execute(";".join(f'DELETE FROM "{table.name}"' for table in reversed(METADATA.sorted_tables)))
        return self.address


@contextmanager
def postgres_server(kept: Path | None = None) -> Iterator[PostgresServer]:
    """Its data go with it unless a folder is given. Skips the test where PostgreSQL or its driver is not installed."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'onrecord[postgres]'")
    found = shutil.which("initdb")
    binaries = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        pytest.skip("PostgreSQL's server is not installed (Debian: apt-get install postgresql)")
    folder = kept or Path(tempfile.mkdtemp(prefix="onrecord-postgres-"))
    folder.mkdir(exist_ok=True)
    try:
        server = PostgresServer(binaries[-1], folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        if kept is None:
            shutil.rmtree(folder)
