"""One process owns a library at a time: a lock on its folder, beside a note that names the owner.

Embedded Chroma breaks readers in other processes when the folder is written, so that readers take the lock too.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import LibraryLockedError, StorageError


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds the library; `url` is where a server answers, for commands started beside it.

    `secret` lets them in there: who may read the note, and so the library's folder, may do everything.
    """

    pid: int
    command: str
    url: str | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Running:
    """Where a server answers, and what lets its own machine's commands in."""

    url: str
    secret: str | None = field(repr=False)


class Ownership:
    """Held from `take` to `release`; the kernel frees the lock when the process dies, however it dies.

    The two may be called on different threads, and `release` while `take` still waits: then it takes nothing.
    """

    def __init__(self, folder: Path, *, command: str, url: str | None, secret: str | None = None) -> None:
        self._folder, self._note = folder, folder / "owner.json"
        self._owner = Owner(os.getpid(), command, url, secret)
        # Not per thread: it is taken on a worker's thread and given back on the event loop's.
        self._lock = FileLock(folder / "lock", thread_local=False)
        self._turn = threading.Lock()
        self._held = self._over = False

    def take(self, *, wait_s: float) -> None:
        """Raises LibraryLockedError, naming the owner, where the lock is not free within `wait_s` seconds."""
        try:
            self._lock.acquire(timeout=wait_s)
        except Timeout as error:
            owner = read_owner(self._folder)
            who = f"`{owner.command}` (process {owner.pid})" if owner else "another process"
            raise LibraryLockedError(
                f"the library {self._folder} is in use by {who}; stop it, or ask it over HTTP"
            ) from error
        with self._turn:
            if self._over:
                self._lock.release()
                return
            try:
                self._write_note()
            except OSError as error:
                self._lock.release()
                raise StorageError(f"the library {self._folder} cannot be written: {error.strerror}") from error
            self._held = True

    def _write_note(self) -> None:
        # What a killed owner left is not written over: it may be readable to others.
        self._note.unlink(missing_ok=True)
        with open(self._note, "x", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as note:
            json.dump(asdict(self._owner), note)

    def release(self) -> None:
        with self._turn:
            self._over = True
            if self._held:
                self._held = False
                self._note.unlink(missing_ok=True)
                self._lock.release()


def read_owner(folder: Path) -> Owner | None:
    """What the note says; None where there is none. A note can outlive a killed owner: the lock is what counts."""
    try:
        fields = json.loads((folder / "owner.json").read_text(encoding="utf-8"))
        return Owner(int(fields["pid"]), str(fields["command"]), fields.get("url"), fields.get("secret"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def running_server(folder: Path) -> Running | None:
    """The server that holds this library now, else None."""
    owner = read_owner(folder)
    if owner is None or owner.url is None:
        return None
    probe = FileLock(folder / "lock", thread_local=False)
    try:
        probe.acquire(timeout=0)
    except Timeout:
        return Running(owner.url, owner.secret)
    probe.release()
    return None


def this_command() -> str:
    """The command line, by its program's name; its arguments may be a question and stay out."""
    return " ".join([Path(sys.argv[0]).name or "python", *sys.argv[1:2]])
