"""OpenAI's own routes, so that chat clients ask us unchanged: /v1/chat/completions, /v1/responses, /v1/models."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sse_starlette import ServerSentEvent

from api.dependencies import ServiceDep, while_connected
from api.errors import problem_of, told
from api.streaming import begun, data, streamed
from api.wire.chat_completions import Completion, Json
from api.wire.chat_message import ChatMessage, written
from api.wire.chat_request import MODELS, ChatCompletionRequest, ResponsesRequest, asked, messages_of, model_named
from api.wire.openai_error import error_out
from api.wire.responses import Reply
from rag.answering import Event
from rag.domain import Answer
from rag.errors import InputError, OnRecordError
from rag.making import ClaimMade

_NO_MODEL: dict[int | str, dict[str, Any]] = {404: {"description": "No model of that name"}}
_STREAMED: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}, **_NO_MODEL}
router = APIRouter(tags=["OpenAI-compatible"])

# Models are named and never made anew; clients want a date all the same: that of the first release, 23 November 2026.
_RELEASED = 1_795_392_000


@router.post("/v1/chat/completions", responses=_STREAMED, summary="Ask as OpenAI's chat clients do")
async def chat_completions(body: ChatCompletionRequest, service: ServiceDep, request: Request) -> Response:
    """A chat completion whose citations are `annotations`, Perplexity's `citations` and `search_results`, and `[1]` in the text.

    The model's name says how: `onrecord`, `onrecord-extractive` (the articles' own words), `onrecord-links` (links and a
    list of sources in the text, for clients that show no annotations), `onrecord-sources` (Open WebUI's `sources` in their
    place). Offsets are code points of `content`.
    """
    mode, style = model_named(body.model)
    question, turns = asked(body.messages, "messages")
    wanted = body.request(question, turns, mode)
    base = str(request.base_url)
    framed = bool(service.settings.server.frame_ancestors)
    completion = Completion(uuid.uuid4().hex, body.model, int(time.time()), framed=framed)
    if not body.stream:
        answer = await while_connected(request, service.answerer.ask(wanted))
        return JSONResponse(completion.whole(answer, written(answer, style, base)))
    events = await begun(request, service.answerer.stream(wanted))
    with_usage = bool(body.stream_options and body.stream_options.include_usage)
    message = ChatMessage(style, base)

    def chunks(events: AsyncGenerator[Event, None]) -> AsyncGenerator[ServerSentEvent, None]:
        return _chunks(events, completion, message, with_usage=with_usage)

    return streamed(events, chunks)


@router.post("/v1/responses", responses=_STREAMED, summary="Ask as clients of OpenAI's Responses API do")
async def responses(body: ResponsesRequest, service: ServiceDep, request: Request) -> Response:
    """A response of one message, whose citations are its text's `annotations`; streamed as OpenAI's events."""
    mode, style = model_named(body.model)
    if body.previous_response_id:
        raise InputError("nothing is kept here: send the conversation in `input`", field="previous_response_id")
    question, turns = asked(messages_of(body.input), "input")
    wanted = body.request(question, turns, mode)
    message = ChatMessage(style, str(request.base_url))
    reply = Reply(uuid.uuid4().hex, body.model, int(time.time()), message)
    if not body.stream:
        answer = await while_connected(request, service.answerer.ask(wanted))
        reply.message = written(answer, style, message.base)
        return JSONResponse(reply.whole(answer))
    events = await begun(request, service.answerer.stream(wanted))
    return streamed(events, lambda events: _reply_events(events, reply))


@router.get("/v1/models", summary="The models' names")
async def models() -> Json:
    """One model behind each name: they differ in how it answers and shows its sources."""
    return {"object": "list", "data": [_model(name) for name in MODELS]}


@router.get("/v1/models/{name}", responses=_NO_MODEL, summary="One model's name")
async def model(name: str) -> Json:
    """The model, where there is one of that name."""
    model_named(name)
    return _model(name)


def _model(name: str) -> Json:
    return {"id": name, "object": "model", "created": _RELEASED, "owned_by": "onrecord"}


async def _chunks(
    answering: AsyncGenerator[Event, None], completion: Completion, message: ChatMessage, *, with_usage: bool
) -> AsyncGenerator[ServerSentEvent, None]:
    yield data(completion.opening(message))
    try:
        async with aclosing(answering) as events:
            async for event in events:
                if isinstance(event, ClaimMade):
                    piece = message.claim(event.claim, event.citations)
                    yield data(completion.piece(piece, message))
                elif isinstance(event, Answer):
                    if (piece := message.ending(event)).text:
                        yield data(completion.piece(piece, message))
                    for chunk in completion.closing(event, message):
                        yield data(chunk)
                    if with_usage:
                        yield data(completion.used(event, message))
    except OnRecordError as error:
        yield data(error_out(problem_of(error, "/v1/chat/completions")))
    yield ServerSentEvent(data="[DONE]")


async def _reply_events(answering: AsyncGenerator[Event, None], reply: Reply) -> AsyncGenerator[ServerSentEvent, None]:
    for made in reply.opening():
        yield _named(made)
    try:
        async with aclosing(answering) as events:
            async for event in events:
                for made in _of_reply(event, reply):
                    yield _named(made)
    except OnRecordError as error:
        yield _named(reply.failed(told(error)))


def _of_reply(event: Event, reply: Reply) -> list[Json]:
    if isinstance(event, ClaimMade):
        return list(reply.piece(reply.message.claim(event.claim, event.citations)))
    if isinstance(event, Answer):
        piece = reply.message.ending(event)
        return [*(reply.piece(piece) if piece.text else ()), *reply.closing(event)]
    return []


def _named(event: Json) -> ServerSentEvent:
    return data(event, str(event["type"]))
