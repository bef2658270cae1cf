"""Server-sent events of an answer in the making, for the routes that clients of other makers call."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing

from sse_starlette import EventSourceResponse, ServerSentEvent

from rag.answering import Event

_HEARTBEAT_S = 10
# nginx would hold events back until its buffer is full.
_HEADERS = {"x-accel-buffering": "no"}


def streamed(events: AsyncIterator[ServerSentEvent], headers: Mapping[str, str] | None = None) -> EventSourceResponse:
    """The response; a comment line every ten seconds keeps its connection open."""
    return EventSourceResponse(events, ping=_HEARTBEAT_S, headers={**_HEADERS, **(headers or {})})


def data(document: Mapping[str, object]) -> ServerSentEvent:
    return ServerSentEvent(data=json.dumps(document, ensure_ascii=False))


async def in_order(first: Event, rest: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
    """All events; the rest is closed when this is, which stops a chat model's call."""
    async with aclosing(rest):
        yield first
        async for event in rest:
            yield event
