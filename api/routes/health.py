"""Is it alive, is it ready, do the stores agree."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.exceptions import HTTPException
from fastapi.responses import Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from api.articles import LibraryOut
from api.dependencies import ServiceDep

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Is the process alive")
async def healthz() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/readyz", summary="Can it answer")
async def readyz(service: ServiceDep) -> dict[str, object]:
    """Ready when the catalog and both indexes answer; 503 with the reason where they do not."""
    counts = await service.library.counts()
    indexed = {await service.library.passage_count(), await service.library.vector_count()}
    # Where several processes write, some article is being indexed by one of them at many a moment.
    if service.library.shared is None and counts["unindexed"] and indexed != {counts["passages"]}:
        raise HTTPException(503, f"{counts['unindexed']} articles wait to be indexed")
    return {"status": "ready", **counts}


@router.get("/metrics", summary="What is counted, for Prometheus", response_class=Response)
async def metrics(service: ServiceDep) -> Response:
    """Requests, steps, answers and why not, dropped claims, tokens, the library's size, the process."""
    return Response(service.metrics.written(await service.library.counts()), media_type=CONTENT_TYPE_PLAIN_0_0_4)


@router.get("/v1/library", summary="Do the stores agree")
async def library(service: ServiceDep) -> LibraryOut:
    """Compares catalog, lexical and vector index key by key; what `onrecord doctor` shows."""
    health = await service.library.health()
    return LibraryOut(
        sound=health.sound, faults=list(health.faults), counts=health.counts, embedding=service.settings.embedding
    )
