"""What routes are handed: the objects that the application was started with."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from api.access.callers import IN_SCOPE, Caller
from api.access.policy import Access
from api.telemetry.metrics import Metrics
from ingest.watching import Watcher
from rag.answering import Answerer
from rag.library import Library
from rag.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that a route may use."""

    settings: Settings
    library: Library
    answerer: Answerer
    access: Access
    metrics: Metrics
    watcher: Watcher | None = None
    # Held by the one run at a time that loads files or addresses.
    loading: asyncio.Lock = field(default_factory=asyncio.Lock)


def _caller(request: Request) -> Caller:
    """Whoever the door let in. No route without one: what the table does not know was not let in."""
    caller: Caller | None = request.scope.get(IN_SCOPE)
    if caller is None:
        raise RuntimeError(f"{request.method} {request.url.path} was not let in by anybody")
    return caller


CallerDep = Annotated[Caller, Depends(_caller)]


def _service(request: Request, _: CallerDep) -> Service:
    return cast(Service, request.app.state.service)


ServiceDep = Annotated[Service, Depends(_service)]


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is stopped when the client goes away. Raises ClientDisconnect then."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
