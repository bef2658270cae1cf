"""A site on loopback, a clock that does not wait, and networks that say what they were asked to connect to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpcore

from ingest.fetching import Fetcher
from rag.settings import FetchSettings


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the site received it; names of headers in small letters."""

    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """What the site answers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Depending:
    """A page that depends on the request."""

    page: Callable[[Asked], Page]


Writes = Callable[[asyncio.StreamWriter], Awaitable[None]]
Answer = Page | Writes
Answers = Answer | Sequence[Answer] | Depending


class Site:
    """Pages by path; a list is answered in turn, its last for ever; what is not there is a 404."""

    def __init__(self) -> None:
        self.pages: dict[str, Answers] = {}
        self.asked: list[Asked] = []
        self.connections = 0
        self.port = 0
        self.at_once = 0
        self.most_at_once = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def paths(self, *, robots: bool = False) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.asked if robots or asked.path != "/robots.txt"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._answer(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        asked = Asked(head[0].split(" ")[1], headers)
        self.asked.append(asked)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            answer = self._page(asked)
            if not isinstance(answer, Page):
                await answer(writer)
                return False
            writer.write(written(answer))
            await writer.drain()
            return True
        finally:
            self.at_once -= 1

    def _page(self, asked: Asked) -> Answer:
        answers = self.pages.get(asked.path, Page(b"not here", 404))
        if isinstance(answers, Sequence):
            so_far = sum(earlier.path == asked.path for earlier in self.asked)
            return answers[min(so_far, len(answers)) - 1]
        return answers.page(asked) if isinstance(answers, Depending) else answers


def written(page: Page) -> bytes:
    headers = {"Content-Type": "text/html", "Content-Length": str(len(page.body))} | dict(page.headers)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {page.status} Said\r\n{lines}\r\n".encode("latin-1") + page.body


def redirect(to: str, status: int = 302, **headers: str) -> Page:
    return Page(status=status, headers={"Location": to} | {n.replace("_", "-"): v for n, v in headers.items()})


@asynccontextmanager
async def running(site: Site) -> AsyncIterator[Site]:
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


class Hours:
    """A clock whose sleeps are over at once, and noted."""

    def __init__(self) -> None:
        self.at_s = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.at_s

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.at_s)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at_s += seconds
        await asyncio.sleep(0)


class Names:
    """A resolver that answers from a table, each time the next of the answers; and notes what it was asked."""

    def __init__(self, table: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._table = table
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        answers = self._table.get(host, ())
        self.asked.append(host)
        if not answers:
            raise OSError("no such host")
        return answers[min(self.asked.count(host), len(answers)) - 1]


class Wire(httpcore.AsyncNetworkBackend):
    """Notes every address that a connection is made to, and connects to loopback alone; others refuse, or are played."""

    def __init__(self, plays: bytes | None = None) -> None:
        self.connected: list[tuple[str, int]] = []
        self.sent = bytearray()
        self.names_in_tls: list[str | None] = []
        self._plays = plays
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.connected.append((host, port))
        if host.startswith("127."):
            return await self._real.connect_tcp(host, port, timeout, local_address, socket_options)
        if self._plays is None:
            raise httpcore.ConnectError("no connection is made in tests")
        return _Played(self, self._plays)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Played(httpcore.AsyncNetworkStream):
    def __init__(self, wire: Wire, reply: bytes) -> None:
        self._wire = wire
        self._reply = reply

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        part, self._reply = self._reply[:max_bytes], self._reply[max_bytes:]
        return part

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        self._wire.sent += buffer

    async def aclose(self) -> None:
        pass

    async def start_tls(
        self,
        ssl_context: Any,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        self._wire.names_in_tls.append(server_hostname)
        return self

    def get_extra_info(self, info: str) -> Any:
        return None


def fetcher(site: Site, clock: Hours | None = None, **settings: Any) -> Fetcher:
    """One that may fetch from the site, and waits by no clock on the wall."""
    return Fetcher(FetchSettings(allowed_hosts=(site.host,), **settings), clock=clock or Hours())
