"""How one document is written to the catalog, within a transaction of the catalog's."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from rag.adapters import schema as t
from rag.adapters.packing import flat, pack_statement
from rag.adapters.queries import holds
from rag.adapters.rows import article_of, article_values, folded, window_of
from rag.adapters.spoken import write_said
from rag.domain import Document
from rag.ports import Recorded
from rag.rights import Rights


def record_one(connection: Connection, document: Document, row: Any, rights: Rights, *, restore: bool) -> Recorded:
    """New, a new revision, changed fields, or nothing; `row` is the article as it stands, None where it is new."""
    article = document.article
    if row is not None and not row.live and not restore:
        return Recorded(article.id, "withdrawn", row.revision)
    same_body = row is not None and row.body == article.body
    revision = 1 if row is None else row.revision if same_body else row.revision + 1
    story = row.story if row is not None and same_body else document.story or article.id
    values = article_values(article) | {"revision": revision, "story": story, "live": True}
    if row is not None and same_body and holds(row, values):
        return Recorded(article.id, "unchanged", revision)
    now = time.time()
    recorded_at = row.recorded_at if row is not None else now
    values |= {"indexed": False, "changed_at": now, "recorded_at": recorded_at}
    values |= asdict(rights.window(article, recorded_at=recorded_at))
    if row is None:
        connection.execute(insert(t.articles).values(id=article.id, **values))
    else:
        connection.execute(update(t.articles).where(t.articles.c.id == article.id).values(**values))
        connection.execute(delete(t.authors).where(t.authors.c.article_id == article.id))
    names = {name for author in article.authors if (name := folded(author))}
    if names:
        connection.execute(insert(t.authors), [{"article_id": article.id, "name_folded": name} for name in names])
    same_header = row is not None and article_of(row, body="").header == article.header
    if not same_body:
        _write_revision(connection, document, revision, row if same_header else None)
    else:
        _write_statements(connection, document, revision)
        if not same_header:
            mine = t.passages.c.article_id == article.id
            connection.execute(update(t.passages).where(mine).values(embedded=False))
    write_said(connection, article, document.statements)
    outcome = "new" if row is None else "updated"
    near_copy = not same_body and story != article.id
    return Recorded(article.id, outcome, revision, near_copy, len(document.passages))


def _write_revision(connection: Connection, document: Document, revision: int, before: Any) -> None:
    """`before` is the article as it stood, where the header that its passages are embedded with stays the same."""
    article = document.article
    connection.execute(
        insert(t.revisions).values(
            article_id=article.id,
            revision=revision,
            title=article.title,
            body=article.body,
            sentences=flat(document.sentences),
            statements=[pack_statement(statement) for statement in document.statements],
            recorded_at=time.time(),
        )
    )
    _write_passages(connection, document, revision, before)
    connection.execute(delete(t.bands).where(t.bands.c.article_id == article.id))
    if document.bands:
        connection.execute(insert(t.bands), [{"band": band, "article_id": article.id} for band in set(document.bands)])


def _write_statements(connection: Connection, document: Document, revision: int) -> None:
    """The same body under another date or headline: who is meant, and when it was said, may have changed with it."""
    mine = (t.revisions.c.article_id == document.article.id) & (t.revisions.c.revision == revision)
    packed = [pack_statement(statement) for statement in document.statements]
    connection.execute(update(t.revisions).where(mine).values(statements=packed))


def _write_passages(connection: Connection, document: Document, revision: int, before: Any) -> None:
    """A passage whose words stood in the revision before keeps its key, and with it its vector."""
    article = document.article
    kept: dict[str, list[int]] = {}
    if before is not None and before.body is not None:
        old = select(t.passages.c.key, t.passages.c.start, t.passages.c.end).where(
            t.passages.c.article_id == article.id, t.passages.c.revision == before.revision, t.passages.c.embedded
        )
        for row in connection.execute(old):
            kept.setdefault(before.body[row.start : row.end], []).append(row.key)
    new, moved = [], []
    for n, span in enumerate(document.passages):
        place = {"revision": revision, "ordinal": n, "start": span.start, "end": span.end}
        if keys := kept.get(span.of(article.body)):
            moved.append(place | {"which": keys.pop(0)})
        else:
            new.append(place | {"article_id": article.id})
    if new:
        connection.execute(insert(t.passages), new)
    if moved:
        columns: dict[str, Any] = {name: bindparam(name) for name in ("revision", "ordinal", "start", "end")}
        connection.execute(update(t.passages).where(t.passages.c.key == bindparam("which")).values(columns), moved)


def apply_rights(connection: Connection, rights: Rights) -> int:
    """Set anew when each article may be shown; those for which it changed wait to be indexed, and are counted."""
    changed = []
    for row in connection.execute(select(t.articles).where(t.articles.c.live)).all():
        window = rights.window(article_of(row, body=""), recorded_at=row.recorded_at)
        if window != window_of(row):
            changed.append({"which": row.id} | asdict(window))
    if changed:
        statement = update(t.articles).where(t.articles.c.id == bindparam("which"))
        statement = statement.values(
            shown_from=bindparam("shown_from"),
            shown_until=bindparam("shown_until"),
            indexed=False,
            changed_at=time.time(),
        )
        connection.execute(statement, changed)
    return len(changed)
