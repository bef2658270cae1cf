"""The port to the subscriptions: which feeds are polled, when, and what was seen in them.

Every call here blocks, and is one transaction; moments have a zone, except in what an entry `said`, where a source may give
none. At most one poller holds a feed at a time, by a lease that ends by itself where the poller has died.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rag.domain import Article


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one poll did, in articles; `seen` counts entries that say what they said before, and so were not read again.

    `modified` is False where the site answered that nothing has changed. `reasons` has the first of what was skipped.
    """

    modified: bool = True
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    near_copies: int = 0
    withdrawn: int = 0
    seen: int = 0
    skipped: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed or a sitemap that is polled every `every_s` seconds, and how its last poll went.

    `error` says why the last poll failed, and is None where it went well; `failures` counts those in a row. `result` is
    the last successful poll's.
    """

    id: str
    url: str
    every_s: int
    next_at: datetime
    attempted_at: datetime | None = None
    succeeded_at: datetime | None = None
    result: PollResult | None = None
    error: str | None = None
    failures: int = 0
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """What a feed said of one article when it was last read.

    `fingerprint` is of all that the feed says of it. Where its text stands on a page, `said` is what the feed says of it,
    without a body; `visited_at` is when the page was last read, `visit_at` when it is to be looked at again (None: never),
    `failures` how often in a row it could not be had, and `etag` and `last_modified` ask whether it has changed.
    """

    key: str
    fingerprint: str
    first_at: datetime
    said: Article | None = None
    visited_at: datetime | None = None
    visit_at: datetime | None = None
    failures: int = 0
    etag: str | None = None
    last_modified: str | None = None


class Subscriptions(Protocol):
    """Feeds and what was seen in them. Raises StorageError."""

    def put(self, url: str, *, every_s: int, now: datetime) -> tuple[Subscription, bool]:
        """The subscription, due now, and whether it is new; one that exists has its interval changed."""
        ...

    def remove(self, feed_id: str) -> bool:
        """Whether it was there. Its articles stay."""
        ...

    def get(self, feed_id: str) -> Subscription | None: ...

    def all(self) -> list[Subscription]:
        """In order of URL."""
        ...

    def due(self, now: datetime) -> list[str]:
        """Ids of those whose time has come and that nobody holds, the longest due first."""
        ...

    def next_due(self) -> datetime | None:
        """When the next becomes due, or its lease ends; None where there are no subscriptions."""
        ...

    def claim(self, feed_id: str, *, holder: str, now: datetime, until: datetime) -> Subscription | None:
        """Hold it until then; None where it is gone or another holds it."""
        ...

    def extend(self, feed_id: str, *, holder: str, until: datetime) -> bool:
        """False where the lease is lost: the feed was removed, or the lease had ended and another took it."""
        ...

    def settle(self, polled: Subscription, *, holder: str) -> bool:
        """Write down how the poll went, and let go; False where the lease is lost.

        The interval, and a time to poll that was asked for meanwhile, stay as they stand there.
        """
        ...

    def release(self, feed_id: str, *, holder: str) -> None:
        """Let go without a word: the poll was broken off."""
        ...

    def release_all(self) -> None:
        """Let go of every feed, whoever holds it: those who did are known to have died."""
        ...

    def entries(self, feed_id: str, keys: Sequence[str]) -> dict[str, SeenEntry]:
        """Those among `keys` that were seen before."""
        ...

    def to_visit(self, feed_id: str, *, now: datetime, limit: int) -> list[SeenEntry]:
        """Entries whose page is to be looked at again, the longest due first."""
        ...

    def record(self, feed_id: str, entries: Sequence[SeenEntry], *, now: datetime) -> None:
        """Write them down in place of what was known of them, as standing in the feed at `now`; not if it is removed."""
        ...

    def touch(self, feed_id: str, keys: Sequence[str], *, now: datetime, forget_before: datetime) -> None:
        """These stand in the feed at `now`; entries that have not stood there since `forget_before` are forgotten."""
        ...
