"""Rows of the catalog as values, and filters as conditions on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, func, or_, select

from rag.adapters import schema as t
from rag.domain import Article, Filters, Passage, Span
from rag.errors import InputError
from rag.languages import language_code
from rag.rights import Window
from rag.sites import site_of

# SQLite allows 32,766 bound values a statement; well below it, so that a list of ids never meets the limit.
_CHUNK = 900
T = TypeVar("T")


def folded(name: str | None) -> str | None:
    """The form in which names are compared; Unicode's, where SQLite's own lower() knows ASCII alone."""
    return " ".join(name.split()).casefold() if name else None


def microseconds(epoch: float) -> int:
    """A moment as the lexical indexes compare it."""
    return round(epoch * 1_000_000)


def chunks(values: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def article_values(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "url": article.url,
        "site": site_of(article.url),
        "outlet": article.outlet,
        "outlet_folded": folded(article.outlet),
        "authors": list(article.authors),
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "published_epoch": article.published_at.timestamp() if article.published_at else None,
        "updated_at": article.updated_at.isoformat() if article.updated_at else None,
        "language": article.language,
        "section": article.section,
        "section_folded": folded(article.section),
        "rights": article.rights,
        "embargoed_until": article.embargoed_until.isoformat() if article.embargoed_until else None,
        "expires_at": article.expires_at.isoformat() if article.expires_at else None,
    }


def article_of(row: Any, *, revision: int | None = None, body: str | None = None) -> Article:
    return Article(
        id=row.id,
        title=row.title,
        body=row.body if body is None else body,
        url=row.url,
        outlet=row.outlet,
        authors=tuple(row.authors),
        published_at=_moment(row.published_at),
        updated_at=_moment(row.updated_at),
        language=row.language,
        section=row.section,
        rights=row.rights,
        embargoed_until=_moment(row.embargoed_until),
        expires_at=_moment(row.expires_at),
        revision=row.revision if revision is None else revision,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def window_of(row: Any) -> Window:
    return Window(row.shown_from, row.shown_until)


def passage_of(row: Any) -> Passage:
    return Passage(
        id=f"{row.id}:{row.revision}:{row.ordinal}",
        article_id=row.id,
        revision=row.revision,
        ordinal=row.ordinal,
        span=Span(row.start, row.end),
        key=row.key,
    )


def cursor_of(text: str) -> tuple[float, str]:
    epoch, _, article_id = text.partition("~")
    try:
        return float(epoch), article_id
    except ValueError as error:
        raise InputError(f"after={text!r} is not a cursor; take it from `next` of the page before") from error


def shown_at(at: datetime | None, articles: FromClause = t.articles) -> list[ColumnElement[bool]]:
    """What holds of articles that may be shown at the moment; nothing where none is given."""
    if at is None:
        return []
    begins, ends, moment = articles.c.shown_from, articles.c.shown_until, at.timestamp()
    return [begins.is_(None) | (begins <= moment), ends.is_(None) | (ends > moment)]


def conditions_of(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.published_after is not None:
        conditions.append(t.articles.c.published_epoch >= filters.published_after.timestamp())
    if filters.published_before is not None:
        conditions.append(t.articles.c.published_epoch < filters.published_before.timestamp())
    if filters.outlets:
        conditions.append(t.articles.c.outlet_folded.in_([folded(name) for name in filters.outlets]))
    if filters.sections:
        conditions.append(t.articles.c.section_folded.in_([folded(name) for name in filters.sections]))
    if filters.languages:
        wanted = [language_code(tag) or tag for tag in filters.languages]
        conditions.append(func.lower(t.articles.c.language).in_(wanted))
    if filters.article_ids:
        conditions.append(t.articles.c.id.in_(filters.article_ids))
    if filters.authors:
        written_by = select(t.authors.c.article_id).where(
            t.authors.c.name_folded.in_([folded(name) for name in filters.authors])
        )
        conditions.append(t.articles.c.id.in_(written_by))
    if filters.speakers:
        heard = select(t.said.c.article_id).join(t.speakers, t.speakers.c.key == t.said.c.speaker)
        conditions.append(t.articles.c.id.in_(heard.where(t.speakers.c.name.in_(filters.speakers))))
    if filters.sites:
        conditions.append(_of_one_of(filters.sites))
    if filters.without_sites:
        conditions.append(t.articles.c.site.is_(None) | ~_of_one_of(filters.without_sites))
    return conditions


def _of_one_of(sites: Sequence[str]) -> ColumnElement[bool]:
    column = t.articles.c.site
    return or_(
        *(condition for site in sites for condition in (column == site, column.endswith(f".{site}", autoescape=True)))
    )
