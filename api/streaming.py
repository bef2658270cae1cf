"""Server-sent events that end well: also when the server is told to stop while they are under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent

_HEARTBEAT_S = 10
# What a stream may still take when the server stops; uvicorn waits a little longer (GRACE_S) before it cuts what is left.
_LAST_WORDS_S = 8.0
GRACE_S = 10


def event_stream(
    events: AsyncGenerator[ServerSentEvent, None],
    farewell: Callable[[], ServerSentEvent],
    headers: dict[str, str] | None = None,
) -> EventSourceResponse:
    """The events as a response, with a comment line every ten seconds, so that no proxy takes it for dead.

    When the server stops, an answer may be brought to its end; one that takes too long ends with `farewell`.
    """
    stopping = anyio.Event()
    return EventSourceResponse(
        until_stopped(events, stopping, farewell),
        ping=_HEARTBEAT_S,
        headers={"x-accel-buffering": "no", **(headers or {})},
        shutdown_event=stopping,
        shutdown_grace_period=GRACE_S - 1,
    )


async def until_stopped(
    events: AsyncGenerator[ServerSentEvent, None], stopping: anyio.Event, farewell: Callable[[], ServerSentEvent]
) -> AsyncIterator[ServerSentEvent]:
    coming: asyncio.Queue[ServerSentEvent | None] = asyncio.Queue(maxsize=1)

    async def take() -> None:
        # Closed when this is cancelled, which stops a chat model's call.
        async with aclosing(events):
            async for event in events:
                await coming.put(event)
        await coming.put(None)

    async def late() -> None:
        await stopping.wait()
        await asyncio.sleep(_LAST_WORDS_S)

    taking, too_late = asyncio.ensure_future(take()), asyncio.ensure_future(late())
    try:
        while True:
            getting = asyncio.ensure_future(coming.get())
            await asyncio.wait({getting, taking, too_late}, return_when=asyncio.FIRST_COMPLETED)
            if not getting.done() and taking.done():
                taking.result()  # raises what ended it; else its last word is in the queue
            if not getting.done() and too_late.done():
                getting.cancel()
                yield farewell()
                return
            event = await getting
            if event is None:
                return
            yield event
    finally:
        for task in (taking, too_late):
            task.cancel()
        await asyncio.gather(taking, too_late, return_exceptions=True)
