"""Server-sent events that end well: also when the server is told to stop while they are under way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import TypeVar

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from api.dependencies import while_connected
from api.errors import StoppingError

T = TypeVar("T")

_HEARTBEAT_S = 10
# nginx would hold events back until its buffer is full.
_HEADERS = {"x-accel-buffering": "no"}
# What a stream may still take when the server stops; uvicorn waits a little longer (GRACE_S) before it cuts what is left.
_LAST_WORDS_S = 8.0
GRACE_S = 10


def streamed(
    events: AsyncGenerator[T, None],
    written: Callable[[AsyncGenerator[T, None]], AsyncGenerator[ServerSentEvent, None]],
    headers: Mapping[str, str] | None = None,
) -> EventSourceResponse:
    """The events, as `written` puts them, with a comment line every ten seconds, so that no proxy takes it for dead.

    When the server stops, an answer may be brought to its end; one that takes too long ends for `written` with a
    StoppingError, which it puts as it puts every other.
    """
    stopping = anyio.Event()
    return EventSourceResponse(
        written(until_stopped(events, stopping)),
        ping=_HEARTBEAT_S,
        headers={**_HEADERS, **(headers or {})},
        shutdown_event=stopping,
        shutdown_grace_period=GRACE_S - 1,
    )


async def until_stopped(events: AsyncGenerator[T, None], stopping: anyio.Event) -> AsyncGenerator[T, None]:
    """The events. Raises StoppingError some seconds after `stopping` is set; the events are closed then."""
    coming: asyncio.Queue[T] = asyncio.Queue(maxsize=1)

    async def take() -> None:
        # Closed when this is cancelled, which stops a chat model's call.
        async with aclosing(events):
            async for event in events:
                await coming.put(event)

    async def late() -> None:
        await stopping.wait()
        await asyncio.sleep(_LAST_WORDS_S)

    taking, too_late = asyncio.ensure_future(take()), asyncio.ensure_future(late())
    try:
        while not (taking.done() and coming.empty()):
            getting = asyncio.ensure_future(coming.get())
            await asyncio.wait({getting, taking, too_late}, return_when=asyncio.FIRST_COMPLETED)
            if getting.done():
                yield getting.result()
                continue
            getting.cancel()
            if too_late.done():
                raise StoppingError
        taking.result()  # raises what ended it
    finally:
        for task in (taking, too_late):
            task.cancel()
        await asyncio.gather(taking, too_late, return_exceptions=True)


async def begun(request: Request, events: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """The events, the first of which has come: so that a wrong question still gets its own status.

    Raises what the first raises, and ClientDisconnect where the client does not wait for it.
    """

    async def first() -> T:
        return await anext(events)

    try:
        return in_order(await while_connected(request, first()), events)
    except BaseException:
        await events.aclose()
        raise


async def in_order(first: T, rest: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """All events; the rest is closed when this is, which stops a chat model's call."""
    async with aclosing(rest):
        yield first
        async for event in rest:
            yield event


def data(document: Mapping[str, object], name: str | None = None) -> ServerSentEvent:
    """The document as the data of one event, which has a name where one is given."""
    return ServerSentEvent(event=name, data=json.dumps(document, ensure_ascii=False))
