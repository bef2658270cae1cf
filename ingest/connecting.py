"""The connection itself: made to the address that was checked, while Host and SNI stay the name.

A name is resolved once for each connection, here, and nowhere else; there is no proxy, no cookie and no credential.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Protocol

import httpcore
import httpx

from ingest.addresses import AddressRules, is_address, shown
from rag.errors import FetchTimeoutError, UnreachableError

# Idle connections are kept this long, for the next page of the same host.
_KEEP_S = 5.0
_MAX_CONNECTIONS = 100


class Resolver(Protocol):
    """The addresses of a name, best first. Raises OSError where there are none."""

    async def __call__(self, host: str, port: int) -> Sequence[str]: ...


async def resolve(host: str, port: int) -> Sequence[str]:
    """As the machine resolves names: /etc/hosts, then DNS."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to vetted addresses only; `network` makes the connections and is never handed a name."""

    def __init__(self, rules: AddressRules, resolver: Resolver, network: httpcore.AsyncNetworkBackend) -> None:
        self._rules = rules
        self._resolver = resolver
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The first of the host's addresses that answers. Raises AddressRefusedError, UnreachableError."""
        try:
            async with asyncio.timeout(timeout):
                addresses = self._rules.vetted(host, port, await self._addresses(host, port))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host} could not be looked up in {timeout:g} s") from error
        failed: Exception | None = None
        for address in addresses:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or UnreachableError(f"{host} has no address")

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        if is_address(host):
            return [host]
        try:
            return await self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise UnreachableError(f"{host} could not be looked up: {error}") from error

    async def connect_unix_socket(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        raise NotImplementedError("a socket of this machine is not fetched from")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@cache
def _tls() -> ssl.SSLContext:
    """Made once, since reading the certificates takes a while. SSL_CERT_FILE may name an intranet's own authority."""
    return httpx.create_ssl_context()


class CheckedTransport(httpx.AsyncBaseTransport):
    """One request, one response; never a redirect. Raises our errors in place of httpcore's."""

    def __init__(
        self,
        rules: AddressRules,
        *,
        resolver: Resolver = resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls(),
            network_backend=CheckedBackend(rules, resolver, network or httpcore.AnyIOBackend()),
            max_connections=_MAX_CONNECTIONS,
            keepalive_expiry=_KEEP_S,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=b"",
            extensions=request.extensions,
        )
        with _our_errors(request.url):
            answer = await self._pool.handle_async_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer, request.url), request=request)

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, url: httpx.URL) -> None:
        self._answer = answer
        self._url = url

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _our_errors(self._url):
            async for part in self._answer.aiter_stream():
                yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


@contextmanager
def _our_errors(url: httpx.URL) -> Iterator[None]:
    try:
        yield
    except httpcore.ConnectTimeout as error:
        raise UnreachableError(f"{shown(url)}: no connection in time") from error
    except httpcore.TimeoutException as error:
        raise FetchTimeoutError(f"{shown(url)}: no reply in time") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise UnreachableError(f"{shown(url)}: {error or 'the connection broke off'}") from error
