"""/mcp: the tools for agents, over MCP's streamable HTTP. Each request stands alone; no session is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.callers import CALLER
from api.client import inside

if TYPE_CHECKING:
    import httpx
    from mcp.server import MCPServer

_TIMEOUT_S = 300.0


class McpEndpoint:
    """An ASGI application. The SDK is imported when the first agent comes: it takes half as long as all else to load."""

    def __init__(self, service: ASGIApp, *, host: str, url: str) -> None:
        self._service, self._host, self._url = service, host, url
        self._wanted = asyncio.Event()
        self._served: asyncio.Future[ASGIApp] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._served is not None, "the endpoint is not running"
        self._wanted.set()
        served = await asyncio.shield(self._served)
        await served(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """It answers for as long as the context lasts."""
        self._served = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(self._serve(self._served))
        try:
            yield
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving

    async def _serve(self, served: asyncio.Future[ASGIApp]) -> None:
        await self._wanted.wait()
        try:
            make = await asyncio.to_thread(_tools)
            async with inside(self._service, CALLER.get, timeout_s=_TIMEOUT_S) as client:
                server = make(client, self._url)
                # On loopback the SDK checks Host and Origin; elsewhere a proxy has said who may ask.
                app = server.streamable_http_app(stateless_http=True, json_response=True, host=self._host)
                async with server.session_manager.run():
                    served.set_result(app)
                    await asyncio.Event().wait()
        except Exception as error:
            if served.done():
                raise
            served.set_exception(error)


def install(app: FastAPI, endpoint: McpEndpoint) -> None:
    app.router.routes.append(Route("/mcp", endpoint=endpoint, include_in_schema=False))


def _tools() -> Callable[[httpx.AsyncClient, str], MCPServer]:
    from api.tools import tool_server

    return tool_server
