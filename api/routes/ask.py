"""POST /v1/ask: an answer at once, or claim by claim as it is verified."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sse_starlette import ServerSentEvent

from api.dependencies import ServiceDep, while_connected
from api.errors import problem_of
from api.schemas import AskRequest, AskResponse
from api.streaming import begun, streamed
from api.wire.native import answer_out, citation_out, claim_out, passage_out, query_out
from rag.answering import Event, EvidenceFound
from rag.errors import OnRecordError
from rag.making import ClaimMade

router = APIRouter(tags=["ask"])

_STREAM_DOC: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/event-stream": {
                "example": (
                    "event: evidence\ndata: {...}\n\n"
                    'event: claim\ndata: {"text": "...", "citations": [1], "cited": [...]}\n\n'
                    'event: answer\ndata: {"id": "...", "answered": true, ...}\n\n'
                ),
            }
        }
    }
}


@router.post("/v1/ask", response_model=AskResponse, responses=_STREAM_DOC, summary="Ask the articles")
async def ask(body: AskRequest, service: ServiceDep, request: Request) -> Response:
    """The answer, each statement with the exact words that it rests on; or an abstention with its reason.

    With `stream`, server-sent events: `evidence` (what was found), `claim` (a verified sentence with its citations),
    `answer` (the whole object), or `error` (a problem); a comment line every ten seconds keeps the connection open.
    """
    if not body.stream:
        answer = await while_connected(request, service.answerer.ask(body.request()))
        return JSONResponse(_json(answer_out(answer, with_evidence="evidence" in body.include)))
    return streamed(
        await begun(request, service.answerer.stream(body.request())), lambda events: _server_sent(events, body)
    )


async def _server_sent(
    answering: AsyncGenerator[Event, None], body: AskRequest
) -> AsyncGenerator[ServerSentEvent, None]:
    # Closed when the client goes away, which stops a chat model's call.
    async with aclosing(answering) as events:
        try:
            async for event in events:
                yield _message(event, body)
        except OnRecordError as error:
            yield ServerSentEvent(event="error", data=_text(problem_of(error, "/v1/ask")))


def _message(event: Event, body: AskRequest) -> ServerSentEvent:
    if isinstance(event, EvidenceFound):
        found = {"query": _json(query_out(event.query)), "results": [_json(passage_out(p)) for p in event.passages]}
        return ServerSentEvent(event="evidence", data=json.dumps(found, ensure_ascii=False))
    if isinstance(event, ClaimMade):
        claim = _json(claim_out(event.claim)) | {"cited": [_json(citation_out(c)) for c in event.citations]}
        return ServerSentEvent(event="claim", data=json.dumps(claim, ensure_ascii=False))
    return ServerSentEvent(event="answer", data=_text(answer_out(event, with_evidence="evidence" in body.include)))


def _json(model: BaseModel) -> dict[str, object]:
    fields: dict[str, object] = model.model_dump(mode="json")
    return fields


def _text(model: BaseModel) -> str:
    return model.model_dump_json()
