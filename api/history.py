"""Revisions, and citations read again, as they go over HTTP. Offsets are code points of a body, half-open."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import ArticleRef


class CitationQuery(BaseModel):
    """Where a citation points."""

    model_config = ConfigDict(extra="forbid")

    revision: int = Field(ge=1, le=2**31 - 1)
    start: int = Field(ge=0, le=2**31 - 1)
    end: int = Field(ge=1, le=2**31 - 1)


class SpanOut(BaseModel):
    """Code points `[start, end)` of a body."""

    start: int
    end: int


class ChangeOut(BaseModel):
    """What stood at `old` in the earlier body became what stands at `new` in the later one."""

    old: SpanOut
    new: SpanOut
    removed: str | None = Field(description="the words at `old`; None where the whole text may not be shown")
    added: str | None = Field(description="the words at `new`; None where the whole text may not be shown")


class RevisionOut(BaseModel):
    """A body as it stood from `recorded_at` on; `changes` are from the revision before."""

    revision: int
    recorded_at: datetime
    title: str
    current: bool
    changes: list[ChangeOut]


class RevisionList(BaseModel):
    """The revisions of an article that are kept, the first one first."""

    id: str
    revisions: list[RevisionOut]


class SupersededOut(BaseModel):
    """What has become of a revision: `by` replaced it at `at`, and `current` is the one that stands now."""

    by: int
    at: datetime
    current: int
    changes: list[ChangeOut] = Field(description="from the cited revision to the current one")
    stands: SpanOut | None = Field(description="the cited words in the current body; None where they are gone")
    reader: str = Field(description="our own reader at the words where they stand, else at the article")


class CitedOut(BaseModel):
    """A citation, read again: `quote` is `body[start:end]` of the revision that was cited."""

    article: ArticleRef
    start: int
    end: int
    quote: str
    before: str
    after: str
    superseded: SupersededOut | None
