"""What several processes on the same stores share beside them: turns, news of changes, and counts of requests.

A library in a folder is one process's, and has none of this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.feedback import Given


@dataclass(frozen=True, slots=True)
class Changed:
    """What other processes changed since: the articles that came to be found, and whether anything was replaced or taken out.

    `whole`: more than is remembered, so that whatever was derived from the catalog has to be derived anew.
    """

    number: int
    indexed: Sequence[str] = ()
    replaced: bool = False
    whole: bool = False


class Shared(Protocol):
    """Blocking: call on a thread. Raises StorageError where the database does not answer."""

    def begin_writing(self) -> None:
        """Wait for this process's turn at changing articles, which lasts until `end_writing`."""
        ...

    def still_writing(self) -> None:
        """Raises StorageError where the turn was lost with its connection: another process may be writing by now."""
        ...

    def end_writing(self) -> None: ...

    def changed(self) -> int:
        """A number that grows with every change of articles, by whomever, as soon as it is recorded."""
        ...

    def changes_since(self, number: int) -> Changed:
        """What others changed after that number."""
        ...

    def keys_changed(self) -> int:
        """A number that grows with every key that is made or revoked."""
        ...

    def take(self, name: str, *, per_minute: int) -> float:
        """Take one from the bucket of that name, which holds `per_minute` and is filled at that rate.

        0 where there was one; else the seconds until there is.
        """
        ...

    def keep_answer(self, given: Given) -> None:
        """For an hour, so that feedback on it may come to any process; read by nobody who has not its id."""
        ...

    def answer_given(self, answer_id: str) -> Given | None: ...

    def may_poll(self) -> bool:
        """Whether this process polls the feeds, from now until it ends: one of all does. Asked again and again."""
        ...

    def stop_polling(self) -> None: ...
