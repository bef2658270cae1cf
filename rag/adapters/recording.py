"""How documents are written to the catalog, within a transaction of the catalog's."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from rag.adapters import schema as t
from rag.adapters.packing import flat, pack_statement
from rag.adapters.queries import holds
from rag.adapters.rows import article_of, article_values, folded, window_of
from rag.adapters.spoken import write_said
from rag.domain import Article, Document, Statement
from rag.ports import Recorded
from rag.rights import Rights


class Recording:
    """Documents of one transaction. Rows of new things are written together by `finish`, a statement a table.

    A statement for each article's authors, speakers and buckets took longer than all else of the catalog.
    """

    def __init__(self, connection: Connection, rights: Rights) -> None:
        self._connection, self._rights = connection, rights
        # In the order in which they may be written: what is referred to comes first.
        self._rows: dict[Table, list[dict[str, Any]]] = {
            table: [] for table in (t.articles, t.authors, t.revisions, t.passages, t.bands)
        }
        self._said: list[tuple[Article, Sequence[Statement]]] = []
        self._changed: list[str] = []

    def record(self, document: Document, row: Any, *, restore: bool) -> Recorded:
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
        values |= asdict(self._rights.window(article, recorded_at=recorded_at))
        self._write_article(article, values, row)
        same_header = row is not None and article_of(row, body="").header == article.header
        if not same_body:
            self._write_revision(document, revision, row, same_header=same_header)
        else:
            _write_statements(self._connection, document, revision)
            if not same_header:
                mine = t.passages.c.article_id == article.id
                self._connection.execute(update(t.passages).where(mine).values(embedded=False))
        self._said.append((article, document.statements))
        outcome = "new" if row is None else "updated"
        near_copy = not same_body and story != article.id
        return Recorded(article.id, outcome, revision, near_copy, len(document.passages))

    def finish(self) -> None:
        for table, rows in self._rows.items():
            if rows:
                self._connection.execute(insert(table), rows)
        write_said(self._connection, self._said, changed=self._changed)

    def _write_article(self, article: Article, values: dict[str, Any], row: Any) -> None:
        if row is None:
            self._rows[t.articles].append({"id": article.id, **values})
        else:
            self._changed.append(article.id)
            self._connection.execute(update(t.articles).where(t.articles.c.id == article.id).values(**values))
            self._connection.execute(delete(t.authors).where(t.authors.c.article_id == article.id))
        names = {name for author in article.authors if (name := folded(author))}
        self._rows[t.authors] += [{"article_id": article.id, "name_folded": name} for name in names]

    def _write_revision(self, document: Document, revision: int, row: Any, *, same_header: bool) -> None:
        article = document.article
        self._rows[t.revisions].append(
            {
                "article_id": article.id,
                "revision": revision,
                "title": article.title,
                "body": article.body,
                "sentences": flat(document.sentences),
                "statements": [pack_statement(statement) for statement in document.statements],
                "recorded_at": time.time(),
            }
        )
        # Passages keep their vectors only where the header that they are embedded with stays the same.
        kept = _kept_passages(self._connection, document, revision, row) if same_header else set()
        self._rows[t.passages] += [
            {"revision": revision, "ordinal": n, "start": span.start, "end": span.end, "article_id": article.id}
            for n, span in enumerate(document.passages)
            if n not in kept
        ]
        if row is not None:
            self._connection.execute(delete(t.bands).where(t.bands.c.article_id == article.id))
        self._rows[t.bands] += [{"band": band, "article_id": article.id} for band in set(document.bands)]


def _write_statements(connection: Connection, document: Document, revision: int) -> None:
    """The same body under another date or headline: who is meant, and when it was said, may have changed with it."""
    mine = (t.revisions.c.article_id == document.article.id) & (t.revisions.c.revision == revision)
    packed = [pack_statement(statement) for statement in document.statements]
    connection.execute(update(t.revisions).where(mine).values(statements=packed))


def _kept_passages(connection: Connection, document: Document, revision: int, before: Any) -> set[int]:
    """Which of the passages stood, word for word, in the revision before: each keeps its key, and with it its vector."""
    article = document.article
    if before.body is None:
        return set()
    old = select(t.passages.c.key, t.passages.c.start, t.passages.c.end).where(
        t.passages.c.article_id == article.id, t.passages.c.revision == before.revision, t.passages.c.embedded
    )
    keys: dict[str, list[int]] = {}
    for row in connection.execute(old):
        keys.setdefault(before.body[row.start : row.end], []).append(row.key)
    moved: dict[int, dict[str, Any]] = {}
    for n, span in enumerate(document.passages):
        if same := keys.get(span.of(article.body)):
            place = {"revision": revision, "ordinal": n, "start": span.start, "end": span.end}
            moved[n] = place | {"which": same.pop(0)}
    if moved:
        columns: dict[str, Any] = {name: bindparam(name) for name in ("revision", "ordinal", "start", "end")}
        connection.execute(
            update(t.passages).where(t.passages.c.key == bindparam("which")).values(columns), list(moved.values())
        )
    return set(moved)


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
