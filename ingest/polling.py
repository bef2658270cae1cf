"""One poll of one feed: what is new in it or says something new is read, the rest is left alone.

What was read is stored first and noted as seen afterwards, a few entries at a time: a poll that is broken off goes on
where it stopped. An article that left the feed stays; one that was withdrawn is kept away by its tombstone.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from ingest.cleaning import article_id
from ingest.clocks import read_back, written_down
from ingest.fetching import Fetched, Fetcher
from ingest.pipeline import ingest
from ingest.scheduling import next_page_try, next_poll, next_try, next_visit
from ingest.sources.compressed import looks_compressed
from ingest.sources.downloads import not_fetched, read_page, readable
from ingest.sources.following import MAX_DEPTH, MAX_SITEMAPS, too_far, too_many
from ingest.sources.linked import MAX_PAGE_BYTES
from ingest.sources.readers import read_stream, reader_of
from ingest.sources.record import Elsewhere, Found, Linked, Read, Record, Skipped
from ingest.turns import Clock
from rag.domain import Article
from rag.errors import ArticleError, FetchError, FetchStatusError, OnRecordError, SourceError
from rag.library import Library
from rag.settings import Settings
from rag.subscribing import PollResult, SeenEntry, Subscription

log = logging.getLogger(__name__)

_LEASE = timedelta(minutes=15)
_LOT = 32
_MOST_VISITS = 200
_REASONS = 20
_FORGET_AFTER = timedelta(days=90)
_HEAD_BYTES = 8192
_NO_FEEDS = frozenset({"HTML", "plain text", "Markdown", "binary", "WARC", "XML of other kinds"})
_Entry = Found | Linked


class _LeaseLostError(Exception):
    """The feed was removed, or taken by another poller, while this one polled it."""


@dataclass(slots=True)
class _Poll:
    """One poll as it goes."""

    feed: Subscription
    now: datetime
    links: int = 0
    keys: list[str] = field(default_factory=list)
    sitemaps: list[SeenEntry] = field(default_factory=list)
    result: PollResult = field(default_factory=PollResult)

    def add(self, **counts: int) -> None:
        sums = {name: getattr(self.result, name) + count for name, count in counts.items()}
        self.result = replace(self.result, **sums)

    def skip(self, skipped: Sequence[Skipped]) -> None:
        said = (*self.result.reasons, *(f"{each.where}: {each.reason}" for each in skipped))
        self.result = replace(self.result, skipped=self.result.skipped + len(skipped), reasons=said[:_REASONS])


@dataclass(frozen=True, slots=True)
class _Had:
    """What came of asking for a page: a record, or nothing where it has not changed; and the entry as it is from now on."""

    record: Record | None
    entry: SeenEntry


class Poller:
    """Polls feeds into a library; `holder` is how its leases name it."""

    def __init__(self, library: Library, fetcher: Fetcher, settings: Settings, *, clock: Clock, holder: str) -> None:
        self._library, self._fetcher, self._settings = library, fetcher, settings
        self._subscriptions = library.subscriptions
        self._clock, self._holder = clock, holder

    async def poll(self, feed_id: str) -> Subscription | None:
        """The subscription after its poll, however that went; None where it is gone or somebody else polls it."""
        now = self._clock.now()
        feed = await asyncio.to_thread(
            self._subscriptions.claim, feed_id, holder=self._holder, now=now, until=now + _LEASE
        )
        if feed is None:
            return None
        try:
            polled = await self._polled(feed)
            if not await asyncio.to_thread(self._subscriptions.settle, polled, holder=self._holder):
                return None
            # With its interval and its next time as they stand there.
            return await asyncio.to_thread(self._subscriptions.get, feed_id)
        except _LeaseLostError:
            log.info("poll given up", extra={"feed_id": feed_id})
            return None
        finally:
            await asyncio.shield(asyncio.to_thread(self._subscriptions.release, feed_id, holder=self._holder))

    async def _polled(self, feed: Subscription) -> Subscription:
        started = self._clock.now()
        retry_after_s = None
        try:
            polled = await self._read(feed, started)
        except OnRecordError as error:
            said = str(error)
            retry_after_s = error.retry_after_s if isinstance(error, FetchStatusError) else None
        except _LeaseLostError:
            raise
        except Exception as error:  # a feed that meets a fault of ours must not stop the other feeds
            log.exception("poll failed that should not have", extra={"feed_id": feed.id})
            said = f"something failed that should not have ({type(error).__name__}); the log says what"
        else:
            log.info("feed polled", extra={"feed_id": feed.id, "new": polled.result.new if polled.result else 0})
            return replace(polled, next_at=next_poll(self._clock.now(), every_s=feed.every_s))
        failures = feed.failures + 1
        log.warning("poll failed", extra={"feed_id": feed.id, "failures": failures})
        next_at = next_try(
            self._clock.now(),
            every_s=feed.every_s,
            failures=failures,
            longest_s=self._settings.watch.max_backoff_s,
            retry_after_s=retry_after_s,
        )
        return replace(feed, attempted_at=started, next_at=next_at, error=said, failures=failures)

    async def _read(self, feed: Subscription, started: datetime) -> Subscription:
        poll = _Poll(feed, started)
        page = await self._fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
        if page.not_modified:
            poll.result = PollResult(modified=False)
        else:
            await self._document(poll, page, feed.url, 0)
            await asyncio.to_thread(self._subscriptions.record, feed.id, poll.sitemaps, now=poll.now)
            await asyncio.to_thread(
                self._subscriptions.touch, feed.id, poll.keys, now=poll.now, forget_before=poll.now - _FORGET_AFTER
            )
        await self._visit(poll)
        left = poll.links > self._settings.fetch.max_linked_pages
        # Where links are left, or sitemaps of an index may change without it, the next poll asks for all of it again.
        asks_again = left or bool(poll.sitemaps)
        return replace(
            feed,
            attempted_at=started,
            succeeded_at=started,
            result=poll.result,
            error=None,
            failures=0,
            etag=None if asks_again else page.etag,
            last_modified=None if asks_again else page.last_modified,
        )

    # --- what the feed says ------------------------------------------------------------------------------------

    async def _document(self, poll: _Poll, page: Fetched, where: str, depth: int) -> None:
        reads = await asyncio.to_thread(_reads, page, where)
        entries = [read for read in reads if isinstance(read, Found | Linked)]
        poll.skip([read for read in reads if isinstance(read, Skipped)])
        links = poll.links
        for start in range(0, len(entries), _LOT):
            await self._take(poll, entries[start : start + _LOT])
        most = self._settings.fetch.max_linked_pages
        if poll.links > most >= links:
            poll.skip([too_many(poll.links, most)])
        for number, read in enumerate(read for read in reads if isinstance(read, Elsewhere)):
            if depth >= MAX_DEPTH or number >= MAX_SITEMAPS:
                poll.skip([Skipped(read.url, too_far(depth))])
            else:
                await self._sitemap(poll, read, depth + 1)

    async def _sitemap(self, poll: _Poll, named: Elsewhere, depth: int) -> None:
        """A sitemap of an index: read where the index says that it changed, or where it does not say."""
        key, said = f"sitemap {named.url}"[:2000], named.changed or ""
        poll.keys.append(key)
        known = (await asyncio.to_thread(self._subscriptions.entries, poll.feed.id, [key])).get(key)
        entry = known or SeenEntry(key, "", poll.now)
        if known is not None and said and known.fingerprint == said:
            poll.sitemaps.append(known)
            return
        try:
            page = await self._fetcher.fetch(named.url, etag=entry.etag, last_modified=entry.last_modified)
            if not page.not_modified:
                await self._document(poll, page, named.url, depth)
        except FetchError as error:
            poll.skip([not_fetched(named.url, error)])
            return
        except SourceError as error:
            poll.skip([Skipped(named.url, str(error))])
            return
        left = poll.links > self._settings.fetch.max_linked_pages
        entry = replace(entry, fingerprint=said, etag=page.etag, last_modified=page.last_modified)
        poll.sitemaps.append(SeenEntry(key, "", entry.first_at) if left else entry)

    async def _take(self, poll: _Poll, entries: Sequence[_Entry]) -> None:
        """Store those that are new or say something new, and note them as seen."""
        keyed: dict[str, _Entry] = {}
        for entry in entries:
            try:
                keyed[article_id(_said(entry))] = entry
            except ArticleError as error:
                poll.skip([Skipped(entry.where, str(error))])
        poll.keys.extend(keyed)
        known = await asyncio.to_thread(self._subscriptions.entries, poll.feed.id, list(keyed))
        found: list[Record] = []
        seen: list[SeenEntry] = []
        links: list[tuple[Linked, SeenEntry]] = []
        for key, entry in keyed.items():
            before, said = known.get(key), _fingerprint(_said(entry))
            if before is not None and before.fingerprint == said:
                poll.add(seen=1)
                continue
            now = SeenEntry(key, said, before.first_at if before else poll.now)
            if isinstance(entry, Found):
                found.append(entry)
                seen.append(now)
            else:
                poll.links += 1
                if poll.links <= self._settings.fetch.max_linked_pages:
                    links.append((entry, replace(now, said=written_down(replace(entry.said, body="")))))
        pages = await asyncio.gather(*(self._page(poll, linked, entry) for linked, entry in links))
        await self._store(poll, [*found, *(had.record for had in pages)], [*seen, *(had.entry for had in pages)])

    # --- what the pages say ------------------------------------------------------------------------------------

    async def _visit(self, poll: _Poll) -> None:
        """Look again at pages whose time has come, whether or not the feed has changed."""
        most = _MOST_VISITS
        while most > 0:
            due = await asyncio.to_thread(
                self._subscriptions.to_visit, poll.feed.id, now=poll.now, limit=min(most, _LOT)
            )
            if not due:
                return
            most -= len(due)
            linked = [(read_back(entry.said), entry) for entry in due if entry.said is not None]
            pages = await asyncio.gather(*(self._page(poll, Linked(a.url or "", a), entry) for a, entry in linked))
            await self._store(poll, [had.record for had in pages], [had.entry for had in pages], in_feed=False)

    async def _page(self, poll: _Poll, linked: Linked, entry: SeenEntry) -> _Had:
        retry_after_s = None
        try:
            page = await self._fetcher.fetch(
                linked.url, etag=entry.etag, last_modified=entry.last_modified, most_bytes=MAX_PAGE_BYTES
            )
            record = None if page.not_modified else await read_page(linked, page)
        except FetchError as error:
            record = not_fetched(linked.url, error)
            retry_after_s = error.retry_after_s if isinstance(error, FetchStatusError) else None
        now = self._clock.now()
        if isinstance(record, Skipped):
            failures = entry.failures + 1
            visit_at = next_page_try(now, failures=failures, retry_after_s=retry_after_s)
            return _Had(record, replace(entry, visit_at=visit_at, failures=failures))
        visit_at = next_visit(now, first_at=entry.first_at, days=self._settings.watch.revisit_days)
        entry = replace(entry, visited_at=now, visit_at=visit_at, failures=0)
        return _Had(record, replace(entry, etag=page.etag, last_modified=page.last_modified))

    async def _store(
        self, poll: _Poll, records: Sequence[Record | None], seen: Sequence[SeenEntry], *, in_feed: bool = True
    ) -> None:
        there = [record for record in records if record is not None]
        if there:
            report = await ingest(there, self._library, self._settings.ingest)
            poll.add(
                new=report.new,
                updated=report.updated,
                unchanged=report.unchanged,
                near_copies=report.near_copies,
                withdrawn=report.withdrawn,
            )
            poll.skip(report.skipped)
        if seen:
            await asyncio.to_thread(self._subscriptions.record, poll.feed.id, seen, now=poll.now)
        until = self._clock.now() + _LEASE
        if not await asyncio.to_thread(self._subscriptions.extend, poll.feed.id, holder=self._holder, until=until):
            raise _LeaseLostError


def _reads(page: Fetched, where: str) -> list[Read]:
    data = readable(page)
    head = data[:_HEAD_BYTES].lstrip()
    if head and not looks_compressed(head) and (kind := reader_of(head).name) in _NO_FEEDS:
        # A site's error page, read as text, would become an article.
        raise SourceError(f"{where} is no feed or sitemap ({kind}); name the address of its feed")
    return list(read_stream(io.BytesIO(data), where=where))


def _said(entry: _Entry) -> Article:
    return entry.article if isinstance(entry, Found) else entry.said


def _fingerprint(said: Article) -> str:
    return sha256(repr(astuple(said)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
