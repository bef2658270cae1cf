"""Is it alive, is it ready, do the stores agree."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.exceptions import HTTPException

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
    passages = await service.library.passage_count()
    if counts["passages"] != passages and counts["unindexed"]:
        raise HTTPException(503, f"{counts['unindexed']} articles wait to be indexed")
    return {"status": "ready", **counts}


@router.get("/v1/library", summary="Do the stores agree")
async def library(service: ServiceDep) -> LibraryOut:
    """Compares catalog, lexical and vector index key by key; what `onrecord doctor` shows."""
    health = await service.library.health()
    return LibraryOut(
        sound=health.sound, faults=list(health.faults), counts=health.counts, embedding=service.settings.embedding
    )
