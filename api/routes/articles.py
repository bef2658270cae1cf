"""/v1/articles: the articles themselves, in and out."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response
from fastapi.exceptions import HTTPException

from api.access.door import touched
from api.articles import ArticleList, ArticleOut, ArticleQuery, IngestOut, PutOutcome
from api.dependencies import ServiceDep
from api.history import CitationQuery, CitedOut, RevisionList
from api.problems import Problem
from api.wire.native import article_listed, article_out, ingest_out
from api.wire.revisions import cited_out, revisions_out
from ingest.fields import article_from_fields
from ingest.pipeline import ingest, put_articles
from ingest.rehearsal import rehearse
from ingest.sources.record import Found, Record, Skipped
from ingest.splitting import clean
from rag.domain import Span
from rag.errors import ArticleError
from rag.questions import check_range

router = APIRouter(prefix="/v1/articles", tags=["articles"])

_MAX_ARTICLES = 1000
ArticleId = Annotated[str, Path(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._~-]+$")]
_NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "No such article, or it is withdrawn"}
}
_EXAMPLE = {
    "title": "Harbour bridge closed for repairs",
    "body": "The bridge was closed on Monday. “We will reopen it within a week,” said Anna Holm, the city engineer.",
    "outlet": "The Harbour Post (sample)",
    "published_at": "2025-08-04T09:00:00+02:00",
    "url": "https://harbour-post.example/bridge",
}
Fields = Annotated[
    dict[str, Any], Body(examples=[_EXAMPLE], description="title, body and the other fields of an article")
]


@router.get("", summary="List articles")
async def list_articles(service: ServiceDep, wanted: Annotated[ArticleQuery, Query()]) -> ArticleList:
    """A page of articles, newest first, without their bodies."""
    filters = check_range(wanted.filters())
    page = await service.library.articles(filters=filters, limit=wanted.limit, after=wanted.after)
    return ArticleList(
        articles=[article_listed(article) for article in page.articles], total=page.total, next=page.next
    )


@router.get("/{article_id}", responses=_NOT_FOUND, summary="Read an article")
async def get_article(
    article_id: ArticleId, service: ServiceDep, revision: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> ArticleOut:
    """The article as it stands; with `revision`, as it stood."""
    article = await service.library.article(article_id, revision=revision)
    return article_out(article, full_text=service.library.rights.shows_full_text(article.outlet))


@router.get("/{article_id}/revisions", responses=_NOT_FOUND, summary="List an article's revisions")
async def get_revisions(article_id: ArticleId, service: ServiceDep) -> RevisionList:
    """Every revision that is kept, with what it changed of the one before it, as spans of both bodies."""
    article = await service.library.article(article_id)
    stood = await service.library.revisions(article_id)
    return await asyncio.to_thread(revisions_out, article, stood, service.library.rights)


@router.get("/{article_id}/citation", responses=_NOT_FOUND, summary="Read a citation again")
async def get_citation(
    article_id: ArticleId, service: ServiceDep, cited: Annotated[CitationQuery, Query()]
) -> CitedOut:
    """The words that a stored citation points at, and whether they still stand.

    Hand in the `revision`, `start` and `end` that the citation came with. Where that revision is superseded, `superseded`
    says by which and since when, what changed since, and where the cited words stand now, if they do.
    """
    article = await service.library.article(article_id)
    stood = await service.library.revisions(article_id)
    span = Span(cited.start, max(cited.start, cited.end))
    return await asyncio.to_thread(cited_out, article, stood, cited.revision, span, service.library.rights)


@router.put(
    "/{article_id}",
    responses={
        201: {"model": PutOutcome, "description": "It is new"},
        409: {"model": Problem, "description": "It is withdrawn"},
    },
    summary="Store or correct an article",
)
async def put_article(
    article_id: ArticleId,
    fields: Fields,
    service: ServiceDep,
    response: Response,
    restore: Annotated[bool, Query(description="bring a withdrawn article back")] = False,
) -> PutOutcome:
    """Store an article under an id of your own; a changed body is a new revision, in every answer from now on."""
    article = article_from_fields(fields, article_id=article_id)
    (recorded,) = await put_articles(
        [clean(article, service.settings.ingest)], service.library, service.settings.ingest, restore=restore
    )
    if recorded.outcome == "withdrawn":
        raise HTTPException(409, f"article {article_id!r} is withdrawn; PUT it with ?restore=true to bring it back")
    response.status_code = 201 if recorded.outcome == "new" else 200
    return PutOutcome(id=recorded.article_id, outcome=recorded.outcome, revision=recorded.revision)


@router.delete("/{article_id}", status_code=204, responses=_NOT_FOUND, summary="Withdraw an article")
async def withdraw_article(
    article_id: ArticleId,
    service: ServiceDep,
    purge: Annotated[bool, Query(description="also take its text, in all revisions, off the disk")] = False,
) -> None:
    """Take it down: gone from every answer as soon as this returns, and it does not come back by itself.

    With `purge`, which also takes an article that is withdrawn already, only the id stays.
    """
    if purge:
        await service.library.purge(article_id)
    else:
        await service.library.withdraw(article_id)


@router.post("", summary="Store articles")
async def post_articles(
    body: Annotated[dict[str, Any] | list[Any], Body(examples=[_EXAMPLE, [_EXAMPLE]])],
    service: ServiceDep,
    request: Request,
    dry_run: Annotated[bool, Query(description="say what would happen, and store nothing")] = False,
) -> IngestOut:
    """One article or a list; their ids are made from what they are. What cannot be stored is listed in `skipped`.

    Raises 422 where not one of them could be read.
    """
    items = body if isinstance(body, list) else [body]
    if not 1 <= len(items) <= _MAX_ARTICLES:
        raise ArticleError(f"{len(items)} articles at once; send 1 to {_MAX_ARTICLES}")
    records = [_record(n, item) for n, item in enumerate(items)]
    report = await (rehearse if dry_run else ingest)(records, service.library, service.settings.ingest)
    touched(request, *report.changed, detail=report.told())
    if report.read == 0:
        raise ArticleError(report.why_skipped())
    return ingest_out(report)


def _record(number: int, item: object) -> Record:
    where = f"[{number}]"
    if not isinstance(item, dict):
        return Skipped(where, "not an object with title, body, ...")
    try:
        return Found(where, article_from_fields(item))
    except ArticleError as error:
        return Skipped.because(where, error)
