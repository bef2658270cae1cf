"""POST /v1/dify/retrieval: the library as Dify's external knowledge."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from api.dependencies import ServiceDep
from api.wire.dify import DifyError, RetrievalRequest, RetrievalResponse, records

router = APIRouter(tags=["other clients"])

_ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": DifyError, "description": text, "content": {"application/json": {}}}
    for code, text in {
        400: "The body is not JSON",
        401: "A key is needed, or this one lets nobody in",
        403: "The key lacks the scope",
        413: "The body is too large",
        422: "Something in the request is wrong",
        429: "Too many requests",
        503: "A store refuses",
        504: "It took too long",
    }.items()
}


@router.post("/v1/dify/retrieval", responses=_ERRORS, summary="Find passages as Dify does")
async def retrieval(body: RetrievalRequest, service: ServiceDep, request: Request) -> RetrievalResponse:
    """Passages for Dify, whose external knowledge API is given the address `.../v1/dify`."""
    query = await service.answerer.understand(body.request())
    found = await service.answerer.search(query, k=body.retrieval_setting.top_k)
    return records(found.passages, body.retrieval_setting, str(request.base_url))
