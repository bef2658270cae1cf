"""/v1/feeds: the feeds and sitemaps that the server polls."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.access.door import touched
from api.dependencies import ServiceDep
from api.intervals import read_interval
from api.problems import Problem
from ingest.watching import subscribe
from rag.errors import NotFoundError
from rag.subscribing import Subscription

router = APIRouter(prefix="/v1/feeds", tags=["feeds"])

FeedId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._~-]+$")]
_NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "No such subscription"}}


_Every = Annotated[int, BeforeValidator(partial(read_interval, such_as="15m"), json_schema_input_type=str | int)]


class FeedIn(BaseModel):
    """A feed to subscribe to."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"url": "https://harbour-post.example/feed", "every": "15m"}]}
    )

    url: str = Field(min_length=1, max_length=8000, description="RSS, Atom, a news sitemap or an index of sitemaps")
    every: _Every | None = Field(
        None, description="between two polls: 15m, 2h, 1d, or seconds; 15m, or as it was, where it is not given"
    )


class PollOut(BaseModel):
    """What a poll did, in articles; `seen` are entries that said nothing new, `reasons` the first that were skipped."""

    modified: bool
    new: int
    updated: int
    unchanged: int
    near_copies: int
    withdrawn: int
    seen: int
    skipped: int
    reasons: list[str]


class FeedOut(BaseModel):
    """A subscription. `error` is why the last poll failed, `result` what the last that went well did."""

    id: str
    url: str
    every_s: int
    next_at: datetime
    attempted_at: datetime | None
    succeeded_at: datetime | None
    result: PollOut | None
    error: str | None
    failures: int = Field(description="polls that failed in a row")


class FeedList(BaseModel):
    """All subscriptions, in order of address."""

    feeds: list[FeedOut]


def feed_out(feed: Subscription) -> FeedOut:
    return FeedOut.model_validate(asdict(feed))


@router.get("", summary="List subscriptions")
async def list_feeds(service: ServiceDep) -> FeedList:
    """Each with how its last poll went and when the next is."""
    found = await asyncio.to_thread(service.library.subscriptions.all)
    return FeedList(feeds=[feed_out(feed) for feed in found])


@router.get("/{feed_id}", responses=_NOT_FOUND, summary="Read a subscription")
async def get_feed(feed_id: FeedId, service: ServiceDep) -> FeedOut:
    found = await asyncio.to_thread(service.library.subscriptions.get, feed_id)
    if found is None:
        raise _unknown(feed_id)
    return feed_out(found)


@router.post(
    "",
    responses={201: {"model": FeedOut, "description": "It is new"}},
    summary="Subscribe to a feed, change how often it is polled, or have it polled now",
)
async def post_feed(body: FeedIn, service: ServiceDep, request: Request, response: Response) -> FeedOut:
    """It is polled at once, and then in its interval. Only what is on the public internet is fetched (422 else)."""
    feed, new = await subscribe(service.library, service.settings, body.url, every_s=body.every)
    touched(request, feed.id)
    if service.watcher is not None:
        service.watcher.wake()
    response.status_code = 201 if new else 200
    return feed_out(feed)


@router.delete("/{feed_id}", status_code=204, responses=_NOT_FOUND, summary="End a subscription")
async def delete_feed(feed_id: FeedId, service: ServiceDep) -> None:
    """It is not polled again. Its articles stay; `DELETE /v1/articles/{id}` withdraws one."""
    if not await asyncio.to_thread(service.library.subscriptions.remove, feed_id):
        raise _unknown(feed_id)


def _unknown(feed_id: str) -> NotFoundError:
    return NotFoundError(f"no subscription {feed_id!r}; GET /v1/feeds lists them")
