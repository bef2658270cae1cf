"""POST /v1/search: passages, without an answer."""

from __future__ import annotations

from fastapi import APIRouter

from api.dependencies import ServiceDep
from api.schemas import DegradedOut, SearchRequest, SearchResponse
from api.wire.native import passage_out, query_out

router = APIRouter(tags=["search"])


@router.post("/v1/search", summary="Find passages")
async def search(body: SearchRequest, service: ServiceDep) -> SearchResponse:
    """At most `k` passages, best first, all within the filters; a story that several outlets carried stands once."""
    query = await service.answerer.understand(body.request())
    found = await service.answerer.search(query, k=body.k)
    service.metrics.took(found.timings_ms)
    return SearchResponse(
        query=query_out(query),
        results=[passage_out(p) for p in found.passages],
        degraded=DegradedOut(reason=found.degraded) if found.degraded else None,
        timings_ms=found.timings_ms,
    )
