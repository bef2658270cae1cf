"""What a site's robots.txt lets us read, by RFC 9309: kept for a day, read with `protego`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx
from protego import Protego

from ingest.addresses import host_of, port_of, shown
from ingest.turns import Clock
from rag.errors import FetchRedirectError, FetchStatusError, RobotsRefusedError

# RFC 9309, 2.5: at least 500 KiB are read; the rest is left.
ROBOTS_BYTES = 500 * 1024
_KEPT_S = 24 * 3600.0
# A robots.txt that could not be read closes the site, but not for long.
_KEPT_AFTER_FAILURE_S = 300.0
_MAX_SITES = 10_000


@dataclass(slots=True)
class _Site:
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    until: float = float("-inf")
    rules: Protego | None = None
    failed: str | None = None


class Robots:
    """Reads each site's robots.txt once, by `get`, which returns its body or raises a FetchError."""

    def __init__(self, get: Callable[[httpx.URL], Awaitable[bytes]], *, agent: str, clock: Clock) -> None:
        self._get = get
        self._agent = agent
        self._clock = clock
        self._sites: dict[str, _Site] = {}

    async def check(self, url: httpx.URL) -> float | None:
        """The Crawl-delay that the site asks for, in seconds.

        Raises:
            RobotsRefusedError: the page is not for us, or the site cannot say at present.
            FetchError: the site cannot be reached.
        """
        robots = url.copy_with(path="/robots.txt", query=None)
        site = self._site(f"{url.scheme}://{host_of(url)}:{port_of(url)}")
        async with site.reading:
            if self._clock.monotonic() >= site.until:
                await self._read(site, robots)
        if site.failed is not None:
            raise RobotsRefusedError(f"{shown(url)}: {site.failed}, so that nothing is fetched from there for now")
        if site.rules is None:
            return None
        if not site.rules.can_fetch(str(url), self._agent):
            raise RobotsRefusedError(f"{shown(url)}: the site's robots.txt does not let {self._agent} read it")
        delay = site.rules.crawl_delay(self._agent)
        return float(delay) if delay else None

    async def _read(self, site: _Site, robots: httpx.URL) -> None:
        kept_s = _KEPT_S
        rules, failed = None, None
        try:
            body = await self._get(robots)
            if len(body) == ROBOTS_BYTES:  # its last line may be cut: "/" is not what "/private" meant
                body = body.rpartition(b"\n")[0]
            rules = Protego.parse(body.decode("utf-8-sig", errors="replace"))
        except FetchStatusError as error:
            # RFC 9309, 2.3.1.3 and 2.3.1.4: none there means everything is open; a failing server, nothing.
            if error.status == 429 or error.status >= 500:
                failed, kept_s = f"its robots.txt answers {error.status}", _KEPT_AFTER_FAILURE_S
        except FetchRedirectError:
            pass  # 2.3.1.2: as if there were none
        site.rules, site.failed = rules, failed
        site.until = self._clock.monotonic() + kept_s

    def _site(self, origin: str) -> _Site:
        if origin not in self._sites:
            if len(self._sites) >= _MAX_SITES:
                now = self._clock.monotonic()
                self._sites = {name: s for name, s in self._sites.items() if s.until > now or s.reading.locked()}
            self._sites[origin] = _Site()
        return self._sites[origin]
