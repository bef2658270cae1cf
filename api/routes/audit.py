"""GET /v1/audit: who changed what."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.dependencies import ServiceDep

router = APIRouter(tags=["audit"])


class ChangeOut(BaseModel):
    """A change that was made or refused."""

    id: int
    at: datetime
    who: str = Field(description="a key's id, `command line`, or `anyone` where no key is needed")
    name: str = Field(description="the key's")
    address: str
    action: str = Field(description="the route, or the command")
    targets: list[str] = Field(description="ids of articles, feeds or keys")
    done: bool
    detail: str = Field(description="the status of the reply, and counts")


class ChangeList(BaseModel):
    """A page, newest first; hand `next` back as `before` for the following one."""

    changes: list[ChangeOut]
    next: int | None


@router.get("/v1/audit", summary="List who changed what")
async def list_changes(
    service: ServiceDep,
    before: Annotated[int | None, Query(ge=1, le=2**53, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ChangeList:
    """Writes of articles, feeds and keys, newest first. No text of an article is in it."""
    found = await asyncio.to_thread(lambda: service.library.audit.before(before, limit=limit))
    changes = [ChangeOut.model_validate(asdict(change)) for change in found]
    return ChangeList(changes=changes, next=changes[-1].id if len(changes) == limit else None)
