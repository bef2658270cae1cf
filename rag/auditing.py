"""The audit log: who changed what, when, from where, and with which outcome. No text of an article and no key stands in it.

It is kept in the catalog, so that it is on the disk when a change is acknowledged, and goes where the catalog goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

# More things changed by one request or command than this are counted in `detail` alone.
MOST_TARGETS = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """A change that somebody made or was refused; `id` counts up from 1 and is 0 until it is kept.

    `who` is a key's id, `command line`, or `anyone` where no key is needed; `targets` are the ids of articles, feeds or keys.
    """

    at: datetime
    who: str
    name: str
    address: str
    action: str
    targets: tuple[str, ...]
    done: bool
    detail: str
    id: int = 0


class AuditLog(Protocol):
    """Only ever added to. Blocking: call on a thread. Raises StorageError."""

    def append(self, change: Change) -> None:
        """It is on the disk when this returns."""
        ...

    def before(self, number: int | None, *, limit: int) -> Sequence[Change]:
        """At most `limit` with a smaller id, or of all, the newest first."""
        ...
