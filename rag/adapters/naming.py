"""The names that the catalog holds, and when articles were published: what a question is understood by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, true

from rag.adapters import schema as t
from rag.adapters.rows import chunks, shown_at
from rag.known import Names, host_of

# Of more than that, those who speak most.
_MOST_PEOPLE = 200_000


def known_names(connection: Connection, at: datetime) -> Names:
    """The outlets, sections and speakers of articles that may be shown, and when the newest of them was published."""
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
    people: dict[str, int] = {}
    roles: dict[str, list[str]] = {}
    for name, role, count in connection.execute(_speakers(shown)):
        people[name] = people.get(name, 0) + count
        if role:
            roles.setdefault(role, []).append(name)
    return Names(
        outlets={outlet: host_of(url) for outlet, url in outlets},
        sections=tuple(sections.scalars()),
        people=people,
        roles=roles,
        newest=_moment(newest),
        stand_until=_moment(_next_change(connection, at)),
    )


def _speakers(shown: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Each speaker's name and role with the number of statements, those of the most first."""
    each = func.json_each(t.revisions.c.statements).table_valued("value")
    name = func.json_extract(each.c.value, "$[2]")
    role = func.json_extract(each.c.value, "$[3]")
    current = (t.revisions.c.article_id == t.articles.c.id) & (t.revisions.c.revision == t.articles.c.revision)
    return (
        select(name, role, func.count())
        .select_from(t.articles.join(t.revisions, current).join(each, true()))
        .where(name.is_not(None), *shown)
        .group_by(name, role)
        .order_by(func.count().desc(), name)
        .limit(_MOST_PEOPLE)
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
