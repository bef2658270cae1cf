"""The catalog on SQLAlchemy (an SQLite file, or PostgreSQL): the record of every article.

What is committed here is acknowledged; the indexes follow and can always be rebuilt from it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from rag.adapters import schema as t
from rag.adapters.audit import SqlAudit
from rag.adapters.databases import PostgresDatabase, database_of
from rag.adapters.feedback import SqlFeedback
from rag.adapters.keys import SqlKeys
from rag.adapters.listing import article_page
from rag.adapters.naming import known_names, published_moments
from rag.adapters.packing import spans_of, speakers_within, unpack_statement
from rag.adapters.postgres_lexical import PostgresLexical
from rag.adapters.purging import purge_one
from rag.adapters.queries import PASSAGES, PASSAGES_WITH_ARTICLES, SENTENCES, counts, holds, known_rows
from rag.adapters.recording import Recording, apply_rights
from rag.adapters.rows import (
    article_of,
    article_values,
    chunks,
    passage_of,
    shown_at,
    window_of,
)
from rag.adapters.sharing import ChangeLog, PostgresShared, make_tables
from rag.adapters.spoken import SqlSpoken, drop_said
from rag.adapters.subscriptions import SqlSubscriptions
from rag.domain import Article, Document, Filters, Passage
from rag.errors import StorageError
from rag.ports import ArticlePage, ArticleSpans, IndexEntry, Names, Recorded, Revision, StoredPassage
from rag.rights import Rights


class SqlCatalog:
    """The `Catalog` port on a SQLite file, or on the PostgreSQL database of an address."""

    def __init__(self, where: Path | str, rights: Rights | None = None) -> None:
        self._rights = rights or Rights()
        self._database = database_of(where)
        self._changes = ChangeLog()
        with self.transaction() as connection:
            if isinstance(self._database, PostgresDatabase):
                make_tables(connection)
            t.METADATA.create_all(connection)

    def hold(self, wait_s: float, *, shared: bool = False) -> None:
        """Own the database until `close`, alone or with those who share it. Raises LibraryLockedError where it is another's."""
        with self._translated():
            self._database.hold(wait_s, shared=shared)

    @contextmanager
    def opening(self, wait_s: float) -> Iterator[None]:
        """While a library is opened, no other process opens it. Raises LibraryLockedError."""
        if not isinstance(self._database, PostgresDatabase):
            yield
            return
        with self._translated():
            self._database.opening.take(wait_s)
        try:
            yield
        finally:
            self._database.opening.give_back()

    @contextmanager
    def alone(self, wait_s: float) -> Iterator[None]:
        """While it is being opened: others who share it are waited for. Raises LibraryLockedError."""
        self.hold(wait_s)
        yield
        self.hold(wait_s, shared=True)

    def shared(self) -> PostgresShared:
        """What the processes share that work on this database, which has to be PostgreSQL's."""
        assert isinstance(self._database, PostgresDatabase)
        return PostgresShared(self.transaction, self._changes, self._database.writing, self._database.polling)

    def vectors_since(self, number: int) -> tuple[int, list[int] | None]:
        """See `ChangeLog`."""
        with self.transaction() as connection:
            return self._changes.vectors_since(connection, number)

    def subscriptions(self) -> SqlSubscriptions:
        """The feeds that are polled, in the same database."""
        return SqlSubscriptions(self.transaction)

    def feedback(self) -> SqlFeedback:
        """What readers said of answers, in the same database."""
        return SqlFeedback(self.transaction)

    def keys(self) -> SqlKeys:
        """Who may do what, in the same database."""
        return SqlKeys(self.transaction)

    def audit(self) -> SqlAudit:
        """Who changed what, in the same database."""
        return SqlAudit(self.transaction)

    def spoken(self) -> SqlSpoken:
        """Who said what in the articles, in the same database."""
        return SqlSpoken(self.transaction)

    def lexical(self) -> PostgresLexical:
        """A lexical index in the same database, which has to be PostgreSQL's."""
        return PostgresLexical(self.transaction)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self._translated(), self._database.engine.begin() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeoutError as error:
            raise StorageError("the catalog cannot be read or written: all connections to it are in use") from error
        except OperationalError as error:
            raise StorageError("the catalog cannot be read or written", cause=error.orig) from error
        except DBAPIError as error:
            raise StorageError("the catalog is damaged or was made by another version", cause=error.orig) from error

    # --- writing -----------------------------------------------------------------------------------------------

    def record(self, documents: Sequence[Document], *, restore: bool = False) -> list[Recorded]:
        """See the port. With `restore`, a withdrawn article comes back; else its outcome is `withdrawn`."""
        with self.transaction() as connection:
            known = known_rows(connection, [document.article.id for document in documents])
            recording = Recording(connection, self._rights)
            outcomes: dict[str, Recorded] = {}
            for document in documents:
                article_id = document.article.id
                if article_id in outcomes:
                    raise StorageError(
                        f"article {article_id} stands twice in one batch; the caller must keep them apart"
                    )
                outcomes[article_id] = recording.record(document, known.get(article_id), restore=restore)
            recording.finish()
            replaced = [each.article_id for each in outcomes.values() if each.outcome == "updated"]
            self._changes.articles(connection, replaced, replaced=True)
            return list(outcomes.values())

    def unchanged(self, articles: Sequence[Article]) -> dict[str, Recorded]:
        """See the port."""
        with self.transaction() as connection:
            known = known_rows(connection, [article.id for article in articles])
        found: dict[str, Recorded] = {}
        for article in articles:
            row = known.get(article.id)
            if row is None:
                continue
            if not row.live:
                found[article.id] = Recorded(article.id, "withdrawn", row.revision)
            elif row.indexed and row.body == article.body and holds(row, article_values(article)):
                found[article.id] = Recorded(article.id, "unchanged", row.revision)
        return found

    def withdraw(self, article_id: str) -> bool:
        with self.transaction() as connection:
            changed = connection.execute(
                update(t.articles)
                .where(t.articles.c.id == article_id, t.articles.c.live)
                .values(live=False, indexed=False, changed_at=time.time())
            )
            drop_said(connection, article_id)
            self._changes.articles(connection, [article_id], replaced=True)
            return changed.rowcount == 1

    def purge(self, article_id: str) -> bool:
        with self.transaction() as connection:
            self._changes.articles(connection, [article_id], replaced=True)
            return purge_one(connection, article_id)

    def purges_due(self) -> bool:
        with self.transaction() as connection:
            return (
                connection.execute(select(t.articles.c.id).where(t.articles.c.purge_due).limit(1)).first() is not None
            )

    def scrub(self) -> None:
        """Write the files anew without what was deleted; then no purge is due."""
        with self._translated():
            self._database.scrub()
        with self.transaction() as connection:
            connection.execute(update(t.articles).where(t.articles.c.purge_due).values(purge_due=False))

    def apply_rights(self) -> int:
        with self.transaction() as connection:
            return apply_rights(connection, self._rights)

    # --- what the indexes should hold --------------------------------------------------------------------------

    def unindexed(self, *, limit: int) -> list[str]:
        query = select(t.articles.c.id).where(~t.articles.c.indexed).order_by(t.articles.c.changed_at, t.articles.c.id)
        with self.transaction() as connection:
            return list(connection.execute(query.limit(limit)).scalars())

    def index_entries(self, article_ids: Sequence[str]) -> list[IndexEntry]:
        entries: list[IndexEntry] = []
        with self.transaction() as connection:
            for ids in chunks(article_ids):
                said = {row.id: row.statements for row in connection.execute(SENTENCES.where(t.articles.c.id.in_(ids)))}
                query = PASSAGES_WITH_ARTICLES.where(t.articles.c.id.in_(ids)).order_by(t.passages.c.key)
                seen: dict[str, Article] = {}
                for row in connection.execute(query):
                    article = seen.get(row.id) or seen.setdefault(row.id, article_of(row))
                    passage = passage_of(row)
                    speakers = speakers_within(passage.span, said[row.id])
                    entries.append(
                        IndexEntry(
                            passage, article, passage.span.of(article.body), speakers, window_of(row), row.embedded
                        )
                    )
        return entries

    def stale_keys(self, article_ids: Sequence[str]) -> list[int]:
        keys: list[int] = []
        with self.transaction() as connection:
            for ids in chunks(article_ids):
                query = (
                    select(t.passages.c.key)
                    .join(t.articles, t.articles.c.id == t.passages.c.article_id)
                    .where(
                        t.articles.c.id.in_(ids),
                        (t.passages.c.revision != t.articles.c.revision) | ~t.articles.c.live,
                    )
                )
                keys.extend(connection.execute(query).scalars())
        return keys

    def mark_indexed(self, article_ids: Sequence[str]) -> None:
        with self.transaction() as connection:
            for ids in chunks(article_ids):
                connection.execute(update(t.articles).where(t.articles.c.id.in_(ids)).values(indexed=True))
                superseded = (
                    select(t.passages.c.key)
                    .join(t.articles, t.articles.c.id == t.passages.c.article_id)
                    .where(
                        t.articles.c.id.in_(ids),
                        (t.passages.c.revision != t.articles.c.revision) | t.articles.c.purge_due,
                    )
                )
                connection.execute(delete(t.passages).where(t.passages.c.key.in_(superseded)))
                live = select(t.articles.c.live).where(t.articles.c.id == t.passages.c.article_id).scalar_subquery()
                connection.execute(update(t.passages).where(t.passages.c.article_id.in_(ids)).values(embedded=live))
            self._changes.articles(connection, article_ids, replaced=False)

    def mark_all_unindexed(self) -> None:
        with self.transaction() as connection:
            connection.execute(update(t.articles).values(indexed=False))
            connection.execute(update(t.passages).values(embedded=False))

    def live_keys(self) -> Iterator[int]:
        query = (
            select(t.passages.c.key)
            .join(t.articles, t.articles.c.id == t.passages.c.article_id)
            .where(t.articles.c.live, t.passages.c.revision == t.articles.c.revision)
        )
        with self.transaction() as connection:
            yield from connection.execute(query).scalars()

    def live_ids(self) -> list[str]:
        with self.transaction() as connection:
            return list(connection.execute(select(t.articles.c.id).where(t.articles.c.live)).scalars())

    # --- reading -----------------------------------------------------------------------------------------------

    def passages(self, keys: Sequence[int], *, at: datetime | None = None) -> dict[int, StoredPassage]:
        found: dict[int, StoredPassage] = {}
        articles: dict[str, Article] = {}
        with self.transaction() as connection:
            for some in chunks(keys):
                query = PASSAGES_WITH_ARTICLES.where(t.passages.c.key.in_(some), *shown_at(at))
                for row in connection.execute(query):
                    article = articles.get(row.id) or articles.setdefault(row.id, article_of(row))
                    found[row.key] = StoredPassage(passage_of(row), article, row.story)
        return found

    def spans(self, article_ids: Sequence[str], *, at: datetime | None = None) -> dict[str, ArticleSpans]:
        cut: dict[str, Any] = {}
        passages: dict[str, list[Passage]] = {}
        with self.transaction() as connection:
            for ids in chunks(article_ids):
                for row in connection.execute(SENTENCES.where(t.articles.c.id.in_(ids), *shown_at(at))):
                    cut[row.id] = row
                for row in connection.execute(PASSAGES.where(t.articles.c.id.in_(ids)).order_by(t.passages.c.ordinal)):
                    passages.setdefault(row.id, []).append(passage_of(row))
        return {
            article_id: ArticleSpans(
                row.revision,
                spans_of(row.sentences),
                tuple(passages.get(article_id, ())),
                tuple(map(unpack_statement, row.statements)),
            )
            for article_id, row in cut.items()
        }

    def article(self, article_id: str, *, revision: int | None = None, at: datetime | None = None) -> Article | None:
        wanted = t.articles.c.revision if revision is None else revision
        query = (
            select(t.articles, t.revisions.c.body, t.revisions.c.revision.label("shown"))
            .join(t.revisions, (t.revisions.c.article_id == t.articles.c.id) & (t.revisions.c.revision == wanted))
            .where(t.articles.c.id == article_id, t.articles.c.live, *shown_at(at))
        )
        with self.transaction() as connection:
            row = connection.execute(query).first()
        return None if row is None else article_of(row, revision=row.shown)

    def revisions(self, article_id: str, *, at: datetime | None = None) -> list[Revision]:
        query = (
            select(t.revisions)
            .join(t.articles, t.articles.c.id == t.revisions.c.article_id)
            .where(t.articles.c.id == article_id, t.articles.c.live, *shown_at(at))
            .order_by(t.revisions.c.revision)
        )
        with self.transaction() as connection:
            rows = connection.execute(query).all()
        return [Revision(r.revision, datetime.fromtimestamp(r.recorded_at, UTC), r.title, r.body) for r in rows]

    def articles(
        self, *, filters: Filters, limit: int, after: str | None = None, at: datetime | None = None
    ) -> ArticlePage:
        with self.transaction() as connection:
            return article_page(connection, filters, limit=limit, after=after, at=at)

    def story_outlets(
        self, stories: Sequence[str], *, at: datetime | None = None
    ) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = {}
        with self.transaction() as connection:
            for some in chunks(stories):
                query = (
                    select(t.articles.c.story, t.articles.c.id, t.articles.c.outlet)
                    .where(t.articles.c.story.in_(some), t.articles.c.live, *shown_at(at))
                    .order_by(t.articles.c.published_epoch.nulls_first(), t.articles.c.id)
                )
                for row in connection.execute(query):
                    found.setdefault(row.story, []).append((row.id, row.outlet or ""))
        return {story: tuple(members) for story, members in found.items()}

    def band_matches(self, bands: Sequence[int], *, limit: int) -> list[str]:
        query = (
            select(t.bands.c.article_id)
            .join(t.articles, t.articles.c.id == t.bands.c.article_id)
            .where(t.bands.c.band.in_(bands), t.articles.c.live)
            .group_by(t.bands.c.article_id)
            .order_by(func.count().desc(), t.bands.c.article_id)
            .limit(limit)
        )
        with self.transaction() as connection:
            return list(connection.execute(query).scalars())

    def story_of(self, article_id: str) -> str | None:
        with self.transaction() as connection:
            return connection.execute(select(t.articles.c.story).where(t.articles.c.id == article_id)).scalar()

    def counts(self) -> dict[str, int]:
        """`articles`, `withdrawn`, `unindexed` and `passages` (live ones)."""
        with self.transaction() as connection:
            return counts(connection)

    def names(self, *, at: datetime) -> Names:
        with self.transaction() as connection:
            return known_names(connection, at)

    def published(self, keys: Sequence[int]) -> dict[int, datetime]:
        with self.transaction() as connection:
            return published_moments(connection, keys)

    def note(self, name: str, value: str | None = None) -> str | None:
        with self.transaction() as connection:
            if value is not None:
                connection.execute(delete(t.notes).where(t.notes.c.name == name))
                connection.execute(insert(t.notes).values(name=name, value=value))
            return connection.execute(select(t.notes.c.value).where(t.notes.c.name == name)).scalar()

    def check(self) -> str:
        """ "ok", or what the database finds damaged."""
        with self.transaction() as connection:
            return self._database.check(connection)

    def close(self) -> None:
        self._database.close()
