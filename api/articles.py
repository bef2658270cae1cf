"""What goes over HTTP about the stored articles: one, a list, what an ingest did, and whether the stores agree."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.schemas import Moment, Names, Strict, Text
from rag.domain import Filters


class ArticleQuery(Strict):
    """Which articles to list, and from where on."""

    limit: int = Field(50, ge=1, le=500)
    after: Text | None = Field(None, max_length=300, description="`next` of the page before")
    outlet: Names = []
    author: Names = []
    section: Names = []
    speaker: Names = []
    published_after: Moment | None = None
    published_before: Moment | None = None

    def filters(self) -> Filters:
        return Filters(
            published_after=self.published_after,
            published_before=self.published_before,
            outlets=tuple(self.outlet),
            authors=tuple(self.author),
            sections=tuple(self.section),
            speakers=tuple(self.speaker),
        )


class ArticleOut(BaseModel):
    """An article as stored; every offset counts code points of `body`."""

    id: str
    title: str
    body: str | None = Field(description="None where the outlet's policy does not let the whole text be shown")
    url: str | None
    outlet: str | None
    authors: list[str]
    published_at: datetime | None
    updated_at: datetime | None
    language: str | None
    section: str | None
    rights: str | None
    embargoed_until: datetime | None
    expires_at: datetime | None
    revision: int


class ArticleListed(BaseModel):
    """An article in the list, without its body."""

    id: str
    title: str
    url: str | None
    outlet: str | None
    authors: list[str]
    published_at: datetime | None
    updated_at: datetime | None
    section: str | None
    language: str | None
    revision: int


class ArticleList(BaseModel):
    """A page of articles, newest first; hand `next` back as `after` for the following page."""

    articles: list[ArticleListed]
    total: int
    next: str | None


class PutOutcome(BaseModel):
    """What became of one article."""

    id: str
    outcome: Literal["new", "updated", "unchanged", "withdrawn"]
    revision: int


class SkippedOut(BaseModel):
    """A record that was left out, and why."""

    where: str
    reason: str
    kind: str


class IngestOut(BaseModel):
    """What one run did, in articles; with `dry_run`, what it would do. `rate` is in articles a second."""

    new: int
    updated: int
    unchanged: int
    near_copies: int
    withdrawn: int
    untitled: int
    skipped: list[SkippedOut]
    skipped_by: dict[str, int]
    passages: int
    seconds: float
    rate: float
    dry_run: bool


class LibraryOut(BaseModel):
    """Whether the stores agree."""

    sound: bool
    faults: list[str]
    counts: dict[str, int]
    embedding: str
