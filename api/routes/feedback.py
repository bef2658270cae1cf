"""POST /v1/feedback: what a reader says of an answer. GET lists it, for evaluations."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.dependencies import ServiceDep
from api.problems import Problem
from api.schemas import Strict, Text
from api.wire.native import filters_out
from rag.errors import NotFoundError
from rag.feedback import Feedback, Given, Pointed, Verdict

router = APIRouter(prefix="/v1/feedback", tags=["feedback"])
_NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "No such answer any more"}}


class FeedbackIn(Strict):
    """A word on an answer that this server gave since it was started, one of the last thousand."""

    answer_id: Text = Field(min_length=1, max_length=100, description="`id` of the answer")
    verdict: Verdict = Field(
        description="right; wrong, also where there was no answer and should have been; nothing_there: no article answers it"
    )
    note: Text = Field("", max_length=2000)


class FeedbackKept(BaseModel):
    """It is on the disk."""

    id: int


class PointedOut(BaseModel):
    """Where the answer pointed: read it again at /v1/articles/{article_id}/citation."""

    article_id: str
    revision: int
    start: int
    end: int


class FeedbackOut(BaseModel):
    """What was asked, as /v1/ask takes it, whether it was answered, where the answer pointed, and what was said of it."""

    id: int
    answer_id: str
    at: datetime
    verdict: Verdict
    note: str
    request: dict[str, Any]
    answered: bool
    pointed: list[PointedOut]


class FeedbackList(BaseModel):
    """A page, oldest first; hand `next` back as `after` for the following one."""

    feedback: list[FeedbackOut]
    next: int | None


@router.post("", status_code=201, responses=_NOT_FOUND, summary="Say what an answer was worth")
async def post_feedback(body: FeedbackIn, service: ServiceDep) -> FeedbackKept:
    """Kept with the question and with where the answer pointed; nothing of the articles is kept with it."""
    recent = service.answerer.recent
    given = await service.answerer.given(body.answer_id)
    if given is None:
        raise NotFoundError(
            f"no answer {body.answer_id!r} among the last {recent.capacity:,} of this server since its start: send the `id` of"
            " an answer while it is fresh"
        )
    said = Feedback(given, body.verdict, body.note, datetime.now(UTC))
    return FeedbackKept(id=await asyncio.to_thread(service.library.feedback.add, said))


@router.get("", summary="List what was said of answers")
async def list_feedback(
    service: ServiceDep,
    after: Annotated[int, Query(ge=0, description="`next` of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> FeedbackList:
    """Everything that was said, oldest first."""
    found = await asyncio.to_thread(lambda: service.library.feedback.after(after, limit=limit))
    return FeedbackList(feedback=list(map(_out, found)), next=found[-1].id if len(found) == limit else None)


def _out(said: Feedback) -> FeedbackOut:
    return FeedbackOut(
        id=said.id,
        answer_id=said.given.answer_id,
        at=said.at,
        verdict=said.verdict,
        note=said.note,
        request=_request(said.given),
        answered=said.given.answered,
        pointed=list(map(_pointed, said.given.pointed)),
    )


def _request(given: Given) -> dict[str, Any]:
    request: dict[str, Any] = {"question": given.question}
    if given.conversation:
        request["conversation"] = [{"role": turn.role, "content": turn.content} for turn in given.conversation]
    if filters := filters_out(given.filters):
        request["filters"] = filters
    if given.as_of:
        request["as_of"] = given.as_of
    return request


def _pointed(at: Pointed) -> PointedOut:
    return PointedOut(article_id=at.article_id, revision=at.revision, start=at.start, end=at.end)
