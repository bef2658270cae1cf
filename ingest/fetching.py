"""The only door to the network: one GET, checked at every hop, polite, bounded in time and size.

What may be asked for is decided in `addresses`, and held to where the connection is made, in `connecting`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

import httpcore
import httpx

from ingest.addresses import AddressRules, host_of, shown
from ingest.charsets import charset_of
from ingest.connecting import CheckedTransport, Resolver, resolve
from ingest.robots import ROBOTS_BYTES, Robots
from ingest.turns import Clock, SystemClock, Turns
from ingest.unpacking import ACCEPTED, read_body, unpacked
from rag.errors import FetchRedirectError, FetchStatusError, FetchTimeoutError, UnreachableError
from rag.settings import FetchSettings

log = logging.getLogger(__name__)

AGENT = "onrecord"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RETRIED = frozenset({429, 500, 502, 503, 504})
_FIRST_BACKOFF_S = 1.0
_PIECE_BYTES = 1_000_000
_DOWNLOADS = "ONRECORD_FETCH__MAX_DOWNLOAD_MB"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A reply that was had; `etag` and `last_modified` make the next request for it a conditional one."""

    url: str
    final_url: str
    status: int
    content_type: str
    charset: str | None
    body: bytes
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False

    @property
    def text(self) -> str:
        """The body as text, by its charset; empty where it is none."""
        return self.body.decode(self.charset, errors="replace") if self.charset else ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What holds for every hop of one fetch."""

    headers: Mapping[str, str]
    limit: int
    timeout_s: float
    truncate: bool = False
    obey_robots: bool = True
    into: Path | None = None


@dataclass(frozen=True, slots=True)
class _Reply:
    response: httpx.Response
    body: bytes

    @property
    def location(self) -> str | None:
        found: str | None = self.response.headers.get("location")
        return found if self.response.status_code in _REDIRECTS else None


class Fetcher:
    """Fetches pages and feeds; one for the whole run, since it remembers each host's turns and robots.txt.

    `resolver`, `network` and `clock` are for tests: how names become addresses, how connections are made, what time it is.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolver: Resolver = resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._settings = settings
        self._rules = AddressRules.of(settings)
        self._transport = CheckedTransport(self._rules, resolver=resolver, network=network)
        self._clock = clock or SystemClock()
        self._turns = Turns(interval_s=settings.host_interval_s, at_once=settings.host_connections, clock=self._clock)
        self._robots = Robots(self._robots_txt, agent=AGENT, clock=self._clock)
        self._headers = {"User-Agent": f"{AGENT}/{version('onrecord')}", "Accept-Encoding": ACCEPTED, "Accept": "*/*"}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, most_bytes: int | None = None
    ) -> Fetched:
        """The page, or, where `etag` or `last_modified` still hold, a `Fetched` that is `not_modified` and has no body.

        Raises:
            AddressRefusedError: the URL, a redirect or an address that its host resolves to may not be fetched.
            RobotsRefusedError: robots.txt says no.
            FetchStatusError: not 2xx, nor the 304 that was asked for, after the retries.
            FetchRedirectError, FetchTooLargeError, FetchTimeoutError, UnreachableError: as they say; a page is too
                large above `most_bytes`, where that is less than the setting.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = self._headers | {name: _one_line(value) for name, value in conditions.items() if value}
        limit = int(self._settings.max_body_mb * 1_000_000)
        asked = self._asked(headers, limit if most_bytes is None else min(limit, most_bytes))
        reply = await self._follow(self._rules.checked(url), asked)
        not_modified = reply.response.status_code == httpx.codes.NOT_MODIFIED and bool(etag or last_modified)
        if not not_modified and not reply.response.is_success:
            raise self._status_error(reply)
        fetched = await self._fetched(url, reply, len(reply.body))
        if not not_modified:
            return fetched
        return replace(
            fetched,
            not_modified=True,
            etag=fetched.etag or etag,
            last_modified=fetched.last_modified or last_modified,
        )

    async def download(self, url: str, into: Path) -> Fetched:
        """The page in the file `into`, without a body here; written as it comes, so that an archive may be large.

        Raises: as `fetch` does, and OSError where the file cannot be written.
        """
        limit = int(self._settings.max_download_mb * 1_000_000)
        asked = self._asked(self._headers, limit, timeout_s=self._settings.download_timeout_s, into=into)
        reply = await self._follow(self._rules.checked(url), asked)
        if not reply.response.is_success:
            raise self._status_error(reply)
        size = (await asyncio.to_thread(into.stat)).st_size
        return replace(await self._fetched(url, reply, size), body=b"")

    def _asked(
        self, headers: Mapping[str, str], limit: int, *, timeout_s: float | None = None, into: Path | None = None
    ) -> _Asked:
        timeout_s = self._settings.total_timeout_s if timeout_s is None else timeout_s
        return _Asked(headers, limit, timeout_s, obey_robots=self._settings.obey_robots, into=into)

    async def _fetched(self, url: str, reply: _Reply, size: int) -> Fetched:
        found = reply.response.headers
        status, written_type = reply.response.status_code, found.get("content-type", "")
        log.info("fetched", extra={"host": host_of(reply.response.request.url), "status": status, "bytes": size})
        return Fetched(
            url=url,
            final_url=str(reply.response.request.url),
            status=status,
            content_type=written_type.partition(";")[0].strip().lower(),
            charset=await asyncio.to_thread(charset_of, reply.body, written_type) if reply.body else None,
            body=reply.body,
            etag=found.get("etag"),
            last_modified=found.get("last-modified"),
        )

    async def _robots_txt(self, url: httpx.URL) -> bytes:
        asked = _Asked(self._headers, ROBOTS_BYTES, self._settings.total_timeout_s, truncate=True, obey_robots=False)
        reply = await self._follow(url, asked)
        if not reply.response.is_success:
            raise self._status_error(reply)
        return reply.body

    async def _follow(self, url: httpx.URL, asked: _Asked) -> _Reply:
        """The reply at the end of the redirects; each of them is checked as the first address was."""
        at = url
        # Some sites set a cookie and redirect to the same page; it is kept for this one fetch.
        cookies = httpx.Cookies()
        been: set[tuple[str, str]] = set()
        for _ in range(self._settings.max_redirects + 1):
            if asked.obey_robots and (delay := await self._robots.check(at)) is not None:
                self._turns.slow_down(host_of(at), min(delay, self._settings.max_crawl_delay_s))
            request = self._request(at, asked, cookies)
            seen = (str(at), request.headers.get("cookie", ""))
            if seen in been:
                raise FetchRedirectError(f"{shown(url)}: its redirects go round in a circle")
            been.add(seen)
            reply = await self._persisting(request, asked)
            if reply.location is None:
                return reply
            cookies.extract_cookies(reply.response)
            at = self._rules.checked(reply.location, base=at)
        raise FetchRedirectError(f"{shown(url)}: more than {self._settings.max_redirects} redirects")

    def _request(self, at: httpx.URL, asked: _Asked, cookies: httpx.Cookies) -> httpx.Request:
        limits = self._settings
        timeouts = {"connect": limits.connect_timeout_s, "read": limits.read_timeout_s}
        timeouts |= {"write": limits.read_timeout_s, "pool": limits.total_timeout_s}
        return httpx.Request("GET", at, headers=asked.headers, cookies=cookies, extensions={"timeout": timeouts})

    async def _persisting(self, request: httpx.Request, asked: _Asked) -> _Reply:
        """One hop, tried again where its connection fails or the site says that it is busy or broken."""
        host = host_of(request.url)
        backoff_s = _FIRST_BACKOFF_S
        for left in range(self._settings.retries, -1, -1):
            wait_s = min(backoff_s, self._settings.max_retry_after_s)
            backoff_s *= 2
            try:
                async with self._turns.turn(host):
                    reply = await self._once(request, asked)
            except UnreachableError:
                if not left:
                    raise
            else:
                if reply.response.status_code not in _RETRIED or not left:
                    break
                wanted_s = self._retry_after_s(reply.response)
                if wanted_s is not None and wanted_s > self._settings.max_retry_after_s:
                    break
                wait_s = max(wait_s, wanted_s or 0.0)
            self._turns.hold(host, wait_s)
        return reply

    async def _once(self, request: httpx.Request, asked: _Asked) -> _Reply:
        where = shown(request.url)
        try:
            async with asyncio.timeout(asked.timeout_s):
                response = await self._transport.handle_async_request(request)
                try:
                    if not response.is_success:  # the body of an error or a redirect is not read
                        return _Reply(response, b"")
                    encoding = response.headers.get("content-encoding", "")
                    parts = response.aiter_raw()
                    if asked.into is not None:
                        body = await _written(
                            unpacked(parts, encoding=encoding, limit=asked.limit, where=where, setting=_DOWNLOADS),
                            asked.into,
                        )
                    else:
                        body = await read_body(
                            parts, encoding=encoding, limit=asked.limit, where=where, truncate=asked.truncate
                        )
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise FetchTimeoutError(f"{where}: not the whole reply in {asked.timeout_s:g} s") from error
        return _Reply(response, body)

    def _status_error(self, reply: _Reply) -> FetchStatusError:
        status = reply.response.status_code
        message = (
            f"{shown(reply.response.request.url)}: the site answers {status} {reply.response.reason_phrase}".strip()
        )
        return FetchStatusError(message, status=status, retry_after_s=self._retry_after_s(reply.response))

    def _retry_after_s(self, response: httpx.Response) -> float | None:
        """Seconds, whether the site wrote seconds or a date."""
        written = response.headers.get("retry-after", "").strip()
        if written.isascii() and written.isdigit() and len(written) < 10:
            return float(written)
        try:
            at = parsedate_to_datetime(written)
            return max(0.0, (at - self._clock.now()).total_seconds()) if at.tzinfo else None
        except (TypeError, ValueError):
            return None


async def _written(pieces: AsyncIterator[bytes], into: Path) -> bytes:
    """The head of what was written to the file: enough to tell its charset."""
    head, waiting = b"", bytearray()
    with await asyncio.to_thread(into.open, "wb") as file:
        async for piece in pieces:
            waiting += piece
            if len(waiting) >= _PIECE_BYTES:
                head = head or bytes(waiting)
                await asyncio.to_thread(file.write, waiting)
                waiting = bytearray()
        await asyncio.to_thread(file.write, waiting)
    # A head that is cut in the middle of a character would be taken for another charset.
    return head.rpartition(b"\n")[0] or head if head else bytes(waiting)


def _one_line(value: str) -> str:
    """A validator as a header can carry it: what a site sent us once must not add headers of its own."""
    return "".join(c for c in value if c.isascii() and c.isprintable())[:1000]
