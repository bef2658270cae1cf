"""What an error says over HTTP, in the form of RFC 9457."""

from __future__ import annotations

from pydantic import BaseModel, Field


class FieldProblem(BaseModel, frozen=True):
    """One field that is wrong."""

    field: str = Field(description="where it stands in the request, parts joined by dots")
    problem: str


class Problem(BaseModel):
    """RFC 9457. `type` is about:blank: the status and the detail say it all."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldProblem] | None = Field(None, description="for a request whose fields are wrong, each of them")
