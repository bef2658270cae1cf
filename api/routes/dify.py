"""POST /v1/dify/retrieval: the library as Dify's external knowledge."""

from __future__ import annotations

from fastapi import APIRouter, Request

from api.dependencies import ServiceDep
from api.wire.dify import RetrievalRequest, RetrievalResponse, records

router = APIRouter(tags=["other clients"])


@router.post("/v1/dify/retrieval", summary="Find passages as Dify does")
async def retrieval(body: RetrievalRequest, service: ServiceDep, request: Request) -> RetrievalResponse:
    """Passages for Dify, whose external knowledge API is given the address `.../v1/dify`."""
    query = await service.answerer.understand(body.request())
    found = await service.answerer.search(query, k=body.retrieval_setting.top_k)
    return records(found.passages, body.retrieval_setting, str(request.base_url))
