"""Subscriptions in the catalog's database. Moments are seconds since 1970, so that they compare in any database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from rag.adapters.rows import chunks
from rag.adapters.schema import METADATA
from rag.domain import Article
from rag.subscribing import PollResult, SeenEntry, Subscription

feeds = Table(
    "feeds",
    METADATA,
    Column("id", String, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("every_s", Integer, nullable=False),
    Column("next_at", Float, nullable=False, index=True),
    Column("attempted_at", Float),
    Column("succeeded_at", Float),
    Column("result", JSON),
    Column("error", Text),
    Column("failures", Integer, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    # Who polls it, and until when that holds without a word from them.
    Column("leased_by", String),
    Column("leased_until", Float),
)

feed_entries = Table(
    "feed_entries",
    METADATA,
    Column("feed_id", String, ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("first_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("said", JSON),
    Column("visited_at", Float),
    Column("visit_at", Float),
    Column("failures", Integer, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
)
Index("feed_entries_to_visit", feed_entries.c.feed_id, feed_entries.c.visit_at)

Transaction = Callable[[], AbstractContextManager[Connection]]
_MOMENTS = ("published_at", "updated_at")


class SqlSubscriptions:
    """The `Subscriptions` port, in transactions of the catalog's."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, url: str, *, every_s: int, now: datetime) -> tuple[Subscription, bool]:
        feed_id = sha256(url.encode()).hexdigest()[:16]
        with self._transaction() as connection:
            changed = connection.execute(
                update(feeds).where(feeds.c.id == feed_id).values(every_s=every_s, next_at=now.timestamp())
            )
            if not changed.rowcount:
                connection.execute(
                    insert(feeds).values(id=feed_id, url=url, every_s=every_s, next_at=now.timestamp(), failures=0)
                )
            row = connection.execute(select(feeds).where(feeds.c.id == feed_id)).one()
        return _subscription(row), not changed.rowcount

    def remove(self, feed_id: str) -> bool:
        with self._transaction() as connection:
            connection.execute(delete(feed_entries).where(feed_entries.c.feed_id == feed_id))
            return connection.execute(delete(feeds).where(feeds.c.id == feed_id)).rowcount == 1

    def get(self, feed_id: str) -> Subscription | None:
        with self._transaction() as connection:
            row = connection.execute(select(feeds).where(feeds.c.id == feed_id)).first()
        return None if row is None else _subscription(row)

    def all(self) -> list[Subscription]:
        with self._transaction() as connection:
            return [_subscription(row) for row in connection.execute(select(feeds).order_by(feeds.c.url))]

    def due(self, now: datetime) -> list[str]:
        query = select(feeds.c.id).where(feeds.c.next_at <= now.timestamp(), _free(now))
        with self._transaction() as connection:
            return list(connection.execute(query.order_by(feeds.c.next_at, feeds.c.id)).scalars())

    def next_due(self) -> datetime | None:
        lease_ends = func.coalesce(feeds.c.leased_until, feeds.c.next_at)
        when = case((feeds.c.next_at > lease_ends, feeds.c.next_at), else_=lease_ends)
        with self._transaction() as connection:
            return _moment(connection.execute(select(func.min(when))).scalar())

    def claim(self, feed_id: str, *, holder: str, now: datetime, until: datetime) -> Subscription | None:
        with self._transaction() as connection:
            claimed = connection.execute(
                update(feeds)
                .where(feeds.c.id == feed_id, _free(now))
                .values(leased_by=holder, leased_until=until.timestamp())
            )
            if not claimed.rowcount:
                return None
            return _subscription(connection.execute(select(feeds).where(feeds.c.id == feed_id)).one())

    def extend(self, feed_id: str, *, holder: str, until: datetime) -> bool:
        held = update(feeds).where(feeds.c.id == feed_id, feeds.c.leased_by == holder)
        with self._transaction() as connection:
            return connection.execute(held.values(leased_until=until.timestamp())).rowcount == 1

    def settle(self, polled: Subscription, *, holder: str) -> bool:
        attempted = _seconds(polled.attempted_at)
        # Who asks for a poll while one runs has its beginning behind them: theirs is still to come.
        next_at = case((feeds.c.next_at > attempted, feeds.c.next_at), else_=polled.next_at.timestamp())
        with self._transaction() as connection:
            settled = connection.execute(
                update(feeds)
                .where(feeds.c.id == polled.id, feeds.c.leased_by == holder)
                .values(
                    next_at=next_at,
                    attempted_at=attempted,
                    succeeded_at=_seconds(polled.succeeded_at),
                    result=asdict(polled.result) if polled.result else None,
                    error=polled.error,
                    failures=polled.failures,
                    etag=polled.etag,
                    last_modified=polled.last_modified,
                    leased_by=None,
                    leased_until=None,
                )
            )
            return settled.rowcount == 1

    def release(self, feed_id: str, *, holder: str) -> None:
        held = update(feeds).where(feeds.c.id == feed_id, feeds.c.leased_by == holder)
        with self._transaction() as connection:
            connection.execute(held.values(leased_by=None, leased_until=None))

    def release_all(self) -> None:
        with self._transaction() as connection:
            held = update(feeds).where(feeds.c.leased_by.is_not(None))
            connection.execute(held.values(leased_by=None, leased_until=None))

    def entries(self, feed_id: str, keys: Sequence[str]) -> dict[str, SeenEntry]:
        found: dict[str, SeenEntry] = {}
        with self._transaction() as connection:
            for some in chunks(keys):
                query = select(feed_entries).where(feed_entries.c.feed_id == feed_id, feed_entries.c.key.in_(some))
                found.update((row.key, _entry(row)) for row in connection.execute(query))
        return found

    def to_visit(self, feed_id: str, *, now: datetime, limit: int) -> list[SeenEntry]:
        query = (
            select(feed_entries)
            .where(feed_entries.c.feed_id == feed_id, feed_entries.c.visit_at <= now.timestamp())
            .order_by(feed_entries.c.visit_at, feed_entries.c.key)
            .limit(limit)
        )
        with self._transaction() as connection:
            return [_entry(row) for row in connection.execute(query)]

    def record(self, feed_id: str, entries: Sequence[SeenEntry], *, now: datetime) -> None:
        rows = [_row(feed_id, entry, now) for entry in {entry.key: entry for entry in entries}.values()]
        with self._transaction() as connection:
            if connection.execute(select(feeds.c.id).where(feeds.c.id == feed_id)).first() is None:
                return
            for some in chunks(rows):
                keys = [row["key"] for row in some]
                connection.execute(
                    delete(feed_entries).where(feed_entries.c.feed_id == feed_id, feed_entries.c.key.in_(keys))
                )
                connection.execute(insert(feed_entries), list(some))

    def touch(self, feed_id: str, keys: Sequence[str], *, now: datetime, forget_before: datetime) -> None:
        of_feed = feed_entries.c.feed_id == feed_id
        with self._transaction() as connection:
            for some in chunks(keys):
                seen = update(feed_entries).where(of_feed, feed_entries.c.key.in_(some))
                connection.execute(seen.values(seen_at=now.timestamp()))
            connection.execute(delete(feed_entries).where(of_feed, feed_entries.c.seen_at < forget_before.timestamp()))


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(feeds.c.leased_until.is_(None), feeds.c.leased_until <= now.timestamp())


def _subscription(row: Any) -> Subscription:
    result = PollResult(**{**row.result, "reasons": tuple(row.result["reasons"])}) if row.result else None
    next_at = _moment(row.next_at)
    assert next_at is not None
    return Subscription(
        id=row.id,
        url=row.url,
        every_s=row.every_s,
        next_at=next_at,
        attempted_at=_moment(row.attempted_at),
        succeeded_at=_moment(row.succeeded_at),
        result=result,
        error=row.error,
        failures=row.failures,
        etag=row.etag,
        last_modified=row.last_modified,
    )


def _row(feed_id: str, entry: SeenEntry, now: datetime) -> dict[str, Any]:
    said = None
    if entry.said is not None:
        said = {name: value for name, value in asdict(entry.said).items() if value and name not in ("id", "body")}
        said |= {name: said[name].isoformat() for name in _MOMENTS if name in said}
    return {
        "feed_id": feed_id,
        "key": entry.key,
        "fingerprint": entry.fingerprint,
        "first_at": entry.first_at.timestamp(),
        "seen_at": now.timestamp(),
        "said": said,
        "visited_at": _seconds(entry.visited_at),
        "visit_at": _seconds(entry.visit_at),
        "failures": entry.failures,
        "etag": entry.etag,
        "last_modified": entry.last_modified,
    }


def _entry(row: Any) -> SeenEntry:
    first_at = _moment(row.first_at)
    assert first_at is not None
    said = None
    if row.said is not None:
        given = {"title": "", **row.said, "authors": tuple(row.said.get("authors", ()))}
        given |= {name: datetime.fromisoformat(given[name]) for name in _MOMENTS if name in given}
        said = Article(id="", body="", **given)
    return SeenEntry(
        key=row.key,
        fingerprint=row.fingerprint,
        first_at=first_at,
        said=said,
        visited_at=_moment(row.visited_at),
        visit_at=_moment(row.visit_at),
        failures=row.failures,
        etag=row.etag,
        last_modified=row.last_modified,
    )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
