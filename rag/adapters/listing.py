"""The list of articles, a page at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from rag.adapters import schema as t
from rag.adapters.rows import article_of, conditions_of, cursor_of, shown_at
from rag.domain import Filters
from rag.ports import ArticlePage

# A missing date sorts last.
_UNDATED = -1e18


def article_page(
    connection: Connection, filters: Filters, *, limit: int, after: str | None, at: datetime | None
) -> ArticlePage:
    """Newest first; the id breaks ties, so that a page can be continued exactly. Raises InputError, FilterError."""
    conditions = [t.articles.c.live, *shown_at(at), *conditions_of(filters)]
    when = func.coalesce(t.articles.c.published_epoch, _UNDATED)
    query = select(t.articles).where(*conditions)
    if after is not None:
        epoch, article_id = cursor_of(after)
        query = query.where((when < epoch) | ((when == epoch) & (t.articles.c.id > article_id)))
    query = query.order_by(when.desc(), t.articles.c.id).limit(limit + 1)
    total = connection.execute(select(func.count()).select_from(t.articles).where(*conditions)).scalar_one()
    rows = connection.execute(query).all()
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        epoch = _UNDATED if last.published_epoch is None else last.published_epoch
        following = f"{epoch!r}~{last.id}"
    return ArticlePage(tuple(article_of(row, body="") for row in rows[:limit]), total, following)
