"""Feeds polled as they become due, a few at a time, until it is cancelled. One that fails or is slow holds up no other."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

from ingest.addresses import AddressRules
from ingest.fetching import Fetcher
from ingest.polling import Poller
from ingest.turns import Clock, SystemClock
from rag.errors import LibraryError
from rag.library import Library
from rag.settings import Settings
from rag.subscribing import Subscription

log = logging.getLogger(__name__)

# Another process may have written a subscription, and nobody tells us.
_LONGEST_WAIT_S = 60.0
_SHORTEST_WAIT_S = 0.2
# Between two looks at whether another process polls no more, and at what it was told meanwhile.
_TURN_WAIT_S = 5.0

Heard = Callable[[Subscription], None]


class Watcher:
    """Polls a library's subscriptions; `heard` is told of each poll that has ended."""

    def __init__(
        self,
        library: Library,
        fetcher: Fetcher,
        settings: Settings,
        *,
        clock: Clock | None = None,
        heard: Heard = lambda polled: None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._subscriptions, self._shared = library.subscriptions, library.shared
        self._polls, self._longest_s = False, _LONGEST_WAIT_S if library.shared is None else _TURN_WAIT_S
        self._at_once = settings.watch.feeds_at_once
        self._heard = heard
        self._woken = asyncio.Event()
        holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._poller = Poller(library, fetcher, settings, clock=self._clock, holder=holder)

    def wake(self) -> None:
        """A subscription was added or changed: look at once whether it is due."""
        self._woken.set()

    async def round(self) -> list[Subscription]:
        """Poll all that are due now, once each; how each went, in the order in which they ended."""
        slots = asyncio.Semaphore(self._at_once)
        ended: list[Subscription] = []

        async def one(feed_id: str) -> None:
            async with slots:
                if (polled := await self._poll(feed_id)) is not None:
                    ended.append(polled)

        if not await self.has_turn():
            return []
        due = await asyncio.to_thread(self._subscriptions.due, self._clock.now())
        await asyncio.gather(*map(one, due))
        return ended

    async def has_turn(self) -> bool:
        """Whether this process polls the feeds: of those that share the library one does, and the next when it has ended.

        Raises StorageError.
        """
        if self._shared is None:
            return True
        before, self._polls = self._polls, await asyncio.to_thread(self._shared.may_poll)
        if self._polls and not before:
            # Whoever polled before has stopped or was killed: what it held is free.
            await asyncio.to_thread(self._subscriptions.release_all)
            log.info("this process polls the feeds from now on")
        return self._polls

    async def run(self) -> None:
        """Poll each as it becomes due, for ever. When cancelled, the polls that run are broken off and can go on later."""
        polls: dict[str, asyncio.Task[Subscription | None]] = {}
        log.info("watching feeds")
        try:
            while True:
                self._woken.clear()
                wait_s = await self._start_due(polls)
                await self._wait(polls, wait_s)
                polls = {feed_id: poll for feed_id, poll in polls.items() if not poll.done()}
        finally:
            for poll in polls.values():
                poll.cancel()
            await asyncio.gather(*polls.values(), return_exceptions=True)
            if self._shared is not None:
                await asyncio.shield(asyncio.to_thread(self._shared.stop_polling))

    async def _start_due(self, polls: dict[str, asyncio.Task[Subscription | None]]) -> float:
        """Begin what is due, as far as there is room; how long to wait for what is not, in seconds."""
        try:
            if not await self.has_turn():
                return self._longest_s
            due = await asyncio.to_thread(self._subscriptions.due, self._clock.now())
            for feed_id in due:
                if feed_id not in polls and len(polls) < self._at_once:
                    polls[feed_id] = asyncio.create_task(self._poll(feed_id))
            next_at = await asyncio.to_thread(self._subscriptions.next_due)
        except LibraryError as error:
            log.error("subscriptions cannot be read", extra={"error": str(error)})
            return self._longest_s
        if next_at is None or len(polls) >= self._at_once:
            return self._longest_s
        wait_s = (next_at - self._clock.now()).total_seconds()
        return min(max(wait_s, _SHORTEST_WAIT_S), self._longest_s)

    async def _wait(self, polls: dict[str, asyncio.Task[Subscription | None]], wait_s: float) -> None:
        """Until a poll ends, somebody calls `wake`, or the time is over."""
        woken = asyncio.create_task(self._woken.wait())
        try:
            await asyncio.wait({woken, *polls.values()}, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()

    async def _poll(self, feed_id: str) -> Subscription | None:
        try:
            polled = await self._poller.poll(feed_id)
        except LibraryError as error:
            # How it went could not be written down: it stays due, and its lease ends by itself.
            log.error("poll not recorded", extra={"feed_id": feed_id, "error": str(error)})
            return None
        if polled is not None:
            self._heard(polled)
        return polled


async def subscribe(
    library: Library, settings: Settings, url: str, *, every_s: int | None = None
) -> tuple[Subscription, bool]:
    """The subscription to the feed, due now, and whether it is new; else its interval is changed, where one is given.

    Raises:
        AddressRefusedError: not an address that may be fetched, as far as it can be told before it is looked up.
    """
    checked = str(AddressRules.of(settings.fetch).checked(url))
    if every_s is None:
        known = (feed.every_s for feed in await asyncio.to_thread(library.subscriptions.all) if feed.url == checked)
        every_s = next(known, settings.watch.every_s)
    return await asyncio.to_thread(library.subscriptions.put, checked, every_s=every_s, now=datetime.now(UTC))


@asynccontextmanager
async def watching(library: Library, settings: Settings) -> AsyncIterator[Watcher]:
    """A watcher that runs beside whatever is done in the context, and is stopped at its end."""
    async with Fetcher(settings.fetch) as fetcher:
        watcher = Watcher(library, fetcher, settings)
        task = asyncio.create_task(_run(watcher))
        try:
            yield watcher
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _run(watcher: Watcher) -> None:
    try:
        await watcher.run()
    except Exception:  # nobody waits for this task: without a word, the feeds would just go quiet
        log.exception("watching feeds stopped")
