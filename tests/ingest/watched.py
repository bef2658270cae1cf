"""What the tests of watching share: pages, feeds, and a library that watches a site on loopback by a clock that does not wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.watching import Watcher
from rag.composition import open_library
from rag.domain import Filters
from rag.library import Library
from rag.settings import FetchSettings, Settings, WatchSettings
from rag.subscribing import PollResult, Subscription
from tests.ingest.site import Asked, Depending, Hours, Page, Site, fetcher, running
from tests.running import run

FEED = "/feed"
HOUR = 3600.0
DAY = 24 * HOUR


def story(what: str) -> str:
    return (
        f"The {what} was opened on Monday, the harbour office said in a statement to the council. “We have waited for the"
        f" {what} for nine years,” said Ada Thorne, the mayor. The works had begun in the spring of last year."
    )


def page(what: str, *, etag: str | None = None) -> Depending:
    """A page that answers 304 to who has it."""
    text = f"<!doctype html><title>{what}</title><article><h1>{what}</h1><p>{story(what)}</p></article>"

    def answer(asked: Asked) -> Page:
        if etag is not None and asked.headers.get("if-none-match") == etag:
            return Page(status=304, headers={"ETag": etag})
        return Page(text.encode(), headers={"ETag": etag} if etag else {})

    return Depending(answer)


def item(title: str, link: str = "", *, text: str = "", date: str = "") -> str:
    parts = [f"<title>{title}</title>", link and f"<link>{link}</link>", date and f"<pubDate>{date}</pubDate>"]
    return f"<item>{''.join(parts)}<description>{text}</description></item>"


def feed(*items: str, etag: str | None = None) -> Depending:
    body = f"<rss version='2.0'><channel><title>The Bell</title>{''.join(items)}</channel></rss>".encode()

    def answer(asked: Asked) -> Page:
        if etag is not None and asked.headers.get("if-none-match") == etag:
            return Page(status=304)
        return Page(body, headers={"ETag": etag} if etag else {})

    return Depending(answer)


@dataclass(slots=True)
class Newsroom:
    """A site, a library, and a watcher between them."""

    site: Site
    clock: Hours
    library: Library
    settings: Settings
    watcher: Watcher

    async def subscribe(self, path: str = FEED, every_s: int = 900) -> Subscription:
        url = self.site.url(path)
        return (await asyncio.to_thread(self.library.subscriptions.put, url, every_s=every_s, now=self.clock.now()))[0]

    async def round(self, *, after_s: float = 0.0) -> list[Subscription]:
        self.clock.at_s += after_s
        return await self.watcher.round()

    async def poll(self, *, after_s: float = 0.0) -> Subscription:
        """The one feed, polled."""
        (polled,) = await self.round(after_s=after_s)
        return polled

    async def result(self, *, after_s: float = 0.0) -> PollResult:
        polled = await self.poll(after_s=after_s)
        assert polled.error is None, polled.error
        assert polled.result is not None
        return polled.result

    async def titles(self) -> list[str]:
        found = await self.library.articles(filters=Filters(), limit=500)
        return sorted(article.title for article in found.articles)

    async def body(self, title: str) -> str:
        return (await self.library.article(await self.id(title))).body

    async def id(self, title: str) -> str:
        found = await self.library.articles(filters=Filters(), limit=500)
        return next(article.id for article in found.articles if article.title == title)

    def asked(self, path: str) -> int:
        return self.site.paths().count(path)


@asynccontextmanager
async def opened(folder: Path, **limits: Any) -> AsyncIterator[Newsroom]:
    clock = Hours()
    watch = {name: limits.pop(name) for name in list(limits) if name in WatchSettings.model_fields}
    async with running(Site()) as site:
        fetch = FetchSettings(allowed_hosts=(site.host,), **limits)
        settings = Settings(library=folder, lock_wait_s=0, fetch=fetch, watch=WatchSettings(**watch))
        async with open_library(settings, command="a test") as library, fetcher(site, clock, **limits) as one:
            yield Newsroom(site, clock, library, settings, Watcher(library, one, settings, clock=clock))


def watched(folder: Path, work: Callable[[Newsroom], Awaitable[None]], **limits: Any) -> None:
    async def whole() -> None:
        async with opened(folder, **limits) as newsroom:
            await work(newsroom)

    run(whole())


async def silent(writer: asyncio.StreamWriter) -> None:
    """Answers nothing for as long as anybody waits."""
    await writer.drain()
    await asyncio.sleep(30)
