"""The names that the catalog holds, and when articles were published: what a question is understood by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from rag.adapters import schema as t
from rag.adapters.rows import chunks, shown_at
from rag.ports import Names


def known_names(connection: Connection, at: datetime) -> Names:
    """The outlets and sections of articles that may be shown, and when the newest of them was published."""
    shown = [t.articles.c.live, *shown_at(at)]
    outlets = connection.execute(
        select(t.articles.c.outlet, func.min(t.articles.c.url))
        .where(t.articles.c.outlet.is_not(None), *shown)
        .group_by(t.articles.c.outlet)
    ).all()
    sections = connection.execute(
        select(t.articles.c.section).where(t.articles.c.section.is_not(None), *shown).distinct()
    )
    newest = connection.execute(select(func.max(t.articles.c.published_epoch)).where(*shown)).scalar()
    return Names(
        outlets={row[0]: row[1] for row in outlets},
        sections=tuple(sections.scalars()),
        newest=_moment(newest),
        stand_until=_moment(_next_change(connection, at)),
    )


def _next_change(connection: Connection, at: datetime) -> float | None:
    """When next an embargo ends or an article expires; None where none will."""
    moments = []
    for column in (t.articles.c.shown_from, t.articles.c.shown_until):
        query = select(func.min(column)).where(t.articles.c.live, column > at.timestamp())
        moments.append(connection.execute(query).scalar())
    return min((moment for moment in moments if moment is not None), default=None)


def _moment(epoch: float | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)


def published_moments(connection: Connection, keys: Sequence[int]) -> dict[int, datetime]:
    """When each passage's article was published; one without a date is not there."""
    found: dict[int, datetime] = {}
    for some in chunks(keys):
        query = (
            select(t.passages.c.key, t.articles.c.published_epoch)
            .join(t.articles, t.articles.c.id == t.passages.c.article_id)
            .where(t.passages.c.key.in_(some), t.articles.c.published_epoch.is_not(None))
        )
        found.update((row.key, datetime.fromtimestamp(row.published_epoch, UTC)) for row in connection.execute(query))
    return found
