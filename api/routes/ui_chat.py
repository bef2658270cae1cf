"""POST /v1/ui/chat: the Vercel AI SDK's `useChat`, with no server in between."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.dependencies import ServiceDep
from api.errors import told
from api.problems import Problem
from api.streaming import begun, data, streamed
from api.wire.chat_message import ChatMessage
from api.wire.chat_request import asked, model_named
from api.wire.ui_message import HEADERS, Json, UiChatRequest, UiReply
from rag.answering import Event
from rag.domain import Answer
from rag.errors import OnRecordError
from rag.making import ClaimMade

router = APIRouter(tags=["other clients"])

_STREAM_DOC: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The stream; its last line of data is [DONE]",
        "content": {
            "text/event-stream": {
                "example": 'data: {"type": "start", "messageId": "..."}\n\ndata: {"type": "text-delta", ...}\n\n',
            }
        },
    },
    404: {"model": Problem, "description": "No model of that name"},
}


@router.post(
    "/v1/ui/chat", response_class=EventSourceResponse, responses=_STREAM_DOC, summary="Ask as the AI SDK's useChat does"
)
async def ui_chat(body: UiChatRequest, service: ServiceDep, request: Request) -> Response:
    """A UI message stream: the text claim by claim, each source when it is first named, the whole answer as metadata."""
    mode, style = model_named(body.model)
    question, turns = asked([each.message() for each in body.messages], "messages")
    events = await begun(request, service.answerer.stream(body.request(question, turns, mode)))
    message = ChatMessage(style, str(request.base_url))
    reply = UiReply(uuid.uuid4().hex, message)
    return streamed(events, lambda events: _chunks(events, reply, message), HEADERS)


async def _chunks(
    answering: AsyncGenerator[Event, None], reply: UiReply, message: ChatMessage
) -> AsyncGenerator[ServerSentEvent, None]:
    for chunk in reply.opening():
        yield data(chunk)
    try:
        async with aclosing(answering) as events:
            async for event in events:
                for chunk in _of_reply(event, reply, message):
                    yield data(chunk)
    except OnRecordError as error:
        yield data(reply.failed(told(error)))
    yield ServerSentEvent(data="[DONE]")


def _of_reply(event: Event, reply: UiReply, message: ChatMessage) -> list[Json]:
    if isinstance(event, ClaimMade):
        return list(reply.piece(message.claim(event.claim, event.citations)))
    if isinstance(event, Answer):
        return [*reply.piece(message.ending(event)), *reply.closing(event)]
    return []
