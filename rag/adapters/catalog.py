"""The catalog on SQLAlchemy (SQLite with a write-ahead log): the record of every article.

What is committed here is acknowledged; the indexes follow and can always be rebuilt from it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, create_engine, delete, event, func, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from rag.adapters import schema as t
from rag.adapters.packing import flat, pack_statement, spans_of, speakers_within, unpack_statement
from rag.domain import Article, Document, Filters, Passage, Span
from rag.errors import FilterError, InputError, StorageError
from rag.ports import ArticlePage, ArticleSpans, IndexEntry, Recorded, StoredPassage

# SQLite allows 32,766 bound values a statement; well below it, so that a list of ids never meets the limit.
_CHUNK = 900
T = TypeVar("T")


def folded(name: str | None) -> str | None:
    """The form in which names are compared; Unicode's, where SQLite's own lower() knows ASCII alone."""
    return " ".join(name.split()).casefold() if name else None


def chunks(values: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


class SqlCatalog:
    """The `Catalog` port on a SQLite file."""

    def __init__(self, path: Path) -> None:
        self._engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        event.listen(self._engine, "connect", _configure)
        with self._transaction() as connection:
            t.METADATA.create_all(connection)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise StorageError(f"the catalog cannot be read or written: {error.orig}") from error
        except DBAPIError as error:
            raise StorageError(f"the catalog is damaged or was made by another version: {error.orig}") from error

    # --- writing -----------------------------------------------------------------------------------------------

    def record(self, documents: Sequence[Document], *, restore: bool = False) -> list[Recorded]:
        """See the port. With `restore`, a withdrawn article comes back; else its outcome is `withdrawn`."""
        with self._transaction() as connection:
            known = _known(connection, [document.article.id for document in documents])
            outcomes: list[Recorded] = []
            written: dict[str, Recorded] = {}
            for document in documents:
                article_id = document.article.id
                if article_id in written:
                    raise StorageError(
                        f"article {article_id} stands twice in one batch; the caller must keep them apart"
                    )
                row = known.get(article_id)
                outcome = self._record_one(connection, document, row, restore=restore)
                written[article_id] = outcome
                outcomes.append(outcome)
            return outcomes

    def _record_one(self, connection: Connection, document: Document, row: Any, *, restore: bool) -> Recorded:
        article = document.article
        if row is not None and not row.live and not restore:
            return Recorded(article.id, "withdrawn", row.revision)
        same_body = row is not None and row.body == article.body
        revision = 1 if row is None else row.revision if same_body else row.revision + 1
        story = row.story if row is not None and same_body else document.story or article.id
        values = _article_values(article) | {"revision": revision, "story": story, "live": True}
        if row is not None and same_body and _holds(row, values):
            return Recorded(article.id, "unchanged", revision)
        values |= {"indexed": False, "changed_at": time.time()}
        if row is None:
            connection.execute(insert(t.articles).values(id=article.id, **values))
        else:
            connection.execute(update(t.articles).where(t.articles.c.id == article.id).values(**values))
            connection.execute(delete(t.authors).where(t.authors.c.article_id == article.id))
        names = {name for author in article.authors if (name := folded(author))}
        if names:
            connection.execute(insert(t.authors), [{"article_id": article.id, "name_folded": name} for name in names])
        if not same_body:
            self._write_revision(connection, document, revision)
        outcome = "new" if row is None else "updated"
        near_copy = not same_body and story != article.id
        return Recorded(article.id, outcome, revision, near_copy, len(document.passages))

    def _write_revision(self, connection: Connection, document: Document, revision: int) -> None:
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
        if document.passages:
            connection.execute(
                insert(t.passages),
                [
                    {"article_id": article.id, "revision": revision, "ordinal": n, "start": span.start, "end": span.end}
                    for n, span in enumerate(document.passages)
                ],
            )
        connection.execute(delete(t.bands).where(t.bands.c.article_id == article.id))
        if document.bands:
            connection.execute(
                insert(t.bands), [{"band": band, "article_id": article.id} for band in set(document.bands)]
            )

    def unchanged(self, articles: Sequence[Article]) -> dict[str, Recorded]:
        """See the port."""
        with self._transaction() as connection:
            known = _known(connection, [article.id for article in articles])
        found: dict[str, Recorded] = {}
        for article in articles:
            row = known.get(article.id)
            if row is None:
                continue
            if not row.live:
                found[article.id] = Recorded(article.id, "withdrawn", row.revision)
            elif row.indexed and row.body == article.body and _holds(row, _article_values(article)):
                found[article.id] = Recorded(article.id, "unchanged", row.revision)
        return found

    def withdraw(self, article_id: str) -> bool:
        with self._transaction() as connection:
            changed = connection.execute(
                update(t.articles)
                .where(t.articles.c.id == article_id, t.articles.c.live)
                .values(live=False, indexed=False, changed_at=time.time())
            )
            return changed.rowcount == 1

    # --- what the indexes should hold --------------------------------------------------------------------------

    def unindexed(self, *, limit: int) -> list[str]:
        query = select(t.articles.c.id).where(~t.articles.c.indexed).order_by(t.articles.c.changed_at, t.articles.c.id)
        with self._transaction() as connection:
            return list(connection.execute(query.limit(limit)).scalars())

    def index_entries(self, article_ids: Sequence[str]) -> list[IndexEntry]:
        entries: list[IndexEntry] = []
        with self._transaction() as connection:
            for ids in chunks(article_ids):
                said = {
                    row.id: row.statements for row in connection.execute(_SENTENCES.where(t.articles.c.id.in_(ids)))
                }
                query = _PASSAGES_WITH_ARTICLES.where(t.articles.c.id.in_(ids)).order_by(t.passages.c.key)
                seen: dict[str, Article] = {}
                for row in connection.execute(query):
                    article = seen.get(row.id) or seen.setdefault(row.id, _article(row))
                    passage = _passage(row)
                    speakers = speakers_within(passage.span, said[row.id])
                    entries.append(IndexEntry(passage, article, passage.span.of(article.body), speakers))
        return entries

    def stale_keys(self, article_ids: Sequence[str]) -> list[int]:
        keys: list[int] = []
        with self._transaction() as connection:
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
        with self._transaction() as connection:
            for ids in chunks(article_ids):
                connection.execute(update(t.articles).where(t.articles.c.id.in_(ids)).values(indexed=True))
                superseded = (
                    select(t.passages.c.key)
                    .join(t.articles, t.articles.c.id == t.passages.c.article_id)
                    .where(t.articles.c.id.in_(ids), t.passages.c.revision != t.articles.c.revision)
                )
                connection.execute(delete(t.passages).where(t.passages.c.key.in_(superseded)))

    def mark_all_unindexed(self) -> None:
        with self._transaction() as connection:
            connection.execute(update(t.articles).values(indexed=False))

    def live_keys(self) -> Iterator[int]:
        query = (
            select(t.passages.c.key)
            .join(t.articles, t.articles.c.id == t.passages.c.article_id)
            .where(t.articles.c.live, t.passages.c.revision == t.articles.c.revision)
        )
        with self._transaction() as connection:
            yield from connection.execute(query).scalars()

    # --- reading -----------------------------------------------------------------------------------------------

    def passages(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        found: dict[int, StoredPassage] = {}
        articles: dict[str, Article] = {}
        with self._transaction() as connection:
            for some in chunks(keys):
                for row in connection.execute(_PASSAGES_WITH_ARTICLES.where(t.passages.c.key.in_(some))):
                    article = articles.get(row.id) or articles.setdefault(row.id, _article(row))
                    found[row.key] = StoredPassage(_passage(row), article, row.story)
        return found

    def spans(self, article_ids: Sequence[str]) -> dict[str, ArticleSpans]:
        cut: dict[str, Any] = {}
        passages: dict[str, list[Passage]] = {}
        with self._transaction() as connection:
            for ids in chunks(article_ids):
                for row in connection.execute(_SENTENCES.where(t.articles.c.id.in_(ids))):
                    cut[row.id] = row
                for row in connection.execute(_PASSAGES.where(t.articles.c.id.in_(ids)).order_by(t.passages.c.ordinal)):
                    passages.setdefault(row.id, []).append(_passage(row))
        return {
            article_id: ArticleSpans(
                row.revision,
                spans_of(row.sentences),
                tuple(passages.get(article_id, ())),
                tuple(map(unpack_statement, row.statements)),
            )
            for article_id, row in cut.items()
        }

    def article(self, article_id: str, *, revision: int | None = None) -> Article | None:
        """A revision asked for by number may be superseded: compare with the current one's number to know."""
        wanted = t.articles.c.revision if revision is None else revision
        query = (
            select(t.articles, t.revisions.c.body, t.revisions.c.revision.label("shown"))
            .join(t.revisions, (t.revisions.c.article_id == t.articles.c.id) & (t.revisions.c.revision == wanted))
            .where(t.articles.c.id == article_id, t.articles.c.live)
        )
        with self._transaction() as connection:
            row = connection.execute(query).first()
        return None if row is None else _article(row, revision=row.shown)

    def articles(self, *, filters: Filters, limit: int, after: str | None = None) -> ArticlePage:
        conditions = [t.articles.c.live, *_conditions(filters)]
        # A missing date sorts last; the id breaks ties, so that a page can be continued exactly.
        when = func.coalesce(t.articles.c.published_epoch, -1e18)
        query = select(t.articles).where(*conditions)
        if after is not None:
            epoch, article_id = _cursor(after)
            query = query.where((when < epoch) | ((when == epoch) & (t.articles.c.id > article_id)))
        query = query.order_by(when.desc(), t.articles.c.id).limit(limit + 1)
        with self._transaction() as connection:
            total = connection.execute(select(func.count()).select_from(t.articles).where(*conditions)).scalar_one()
            rows = connection.execute(query).all()
        following = None
        if len(rows) > limit:
            last = rows[limit - 1]
            epoch = -1e18 if last.published_epoch is None else last.published_epoch
            following = f"{epoch!r}~{last.id}"
        return ArticlePage(tuple(_article(row, body="") for row in rows[:limit]), total, following)

    def story_outlets(self, stories: Sequence[str]) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = {}
        with self._transaction() as connection:
            for some in chunks(stories):
                query = (
                    select(t.articles.c.story, t.articles.c.id, t.articles.c.outlet)
                    .where(t.articles.c.story.in_(some), t.articles.c.live)
                    .order_by(t.articles.c.published_epoch, t.articles.c.id)
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
        with self._transaction() as connection:
            return list(connection.execute(query).scalars())

    def story_of(self, article_id: str) -> str | None:
        with self._transaction() as connection:
            return connection.execute(select(t.articles.c.story).where(t.articles.c.id == article_id)).scalar()

    def counts(self) -> dict[str, int]:
        """`articles`, `withdrawn`, `unindexed` and `passages` (live ones)."""
        with self._transaction() as connection:
            states = connection.execute(select(t.articles.c.live, func.count()).group_by(t.articles.c.live)).all()
            by_state = {row[0]: row[1] for row in states}
            unindexed = connection.execute(
                select(func.count()).select_from(t.articles).where(~t.articles.c.indexed)
            ).scalar_one()
            passages = connection.execute(
                select(func.count())
                .select_from(t.passages)
                .join(t.articles, t.articles.c.id == t.passages.c.article_id)
                .where(t.articles.c.live, t.passages.c.revision == t.articles.c.revision)
            ).scalar_one()
        return {
            "articles": by_state.get(True, 0),
            "withdrawn": by_state.get(False, 0),
            "unindexed": unindexed,
            "passages": passages,
        }

    def note(self, name: str, value: str | None = None) -> str | None:
        with self._transaction() as connection:
            if value is not None:
                connection.execute(delete(t.notes).where(t.notes.c.name == name))
                connection.execute(insert(t.notes).values(name=name, value=value))
            return connection.execute(select(t.notes.c.value).where(t.notes.c.name == name)).scalar()

    def check(self) -> str:
        """ "ok", or what SQLite's own quick check says is damaged."""
        with self._transaction() as connection:
            return str(connection.exec_driver_sql("PRAGMA quick_check").scalar())

    def close(self) -> None:
        self._engine.dispose()


_SENTENCES = (
    select(t.articles.c.id, t.revisions.c.revision, t.revisions.c.sentences, t.revisions.c.statements)
    .join(
        t.revisions, (t.revisions.c.article_id == t.articles.c.id) & (t.revisions.c.revision == t.articles.c.revision)
    )
    .where(t.articles.c.live)
)

_PASSAGES = (
    select(t.articles.c.id, t.passages)
    .join(t.passages, (t.passages.c.article_id == t.articles.c.id) & (t.passages.c.revision == t.articles.c.revision))
    .where(t.articles.c.live)
)

_PASSAGES_WITH_ARTICLES = (
    select(t.articles, t.revisions.c.body, t.passages.c.key, t.passages.c.ordinal, t.passages.c.start, t.passages.c.end)
    .join(t.passages, (t.passages.c.article_id == t.articles.c.id) & (t.passages.c.revision == t.articles.c.revision))
    .join(
        t.revisions, (t.revisions.c.article_id == t.articles.c.id) & (t.revisions.c.revision == t.articles.c.revision)
    )
    .where(t.articles.c.live)
)


def _known(connection: Connection, article_ids: Sequence[str]) -> dict[str, Any]:
    """The articles' rows with their current bodies, by id; withdrawn ones too."""
    current = (t.revisions.c.article_id == t.articles.c.id) & (t.revisions.c.revision == t.articles.c.revision)
    known: dict[str, Any] = {}
    for ids in chunks(article_ids):
        query = select(t.articles, t.revisions.c.body).join(t.revisions, current).where(t.articles.c.id.in_(ids))
        known.update((row.id, row) for row in connection.execute(query))
    return known


def _holds(row: Any, values: dict[str, Any]) -> bool:
    return all(row._mapping[name] == value for name, value in values.items())


def _configure(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -65536")
    cursor.close()


def _article_values(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "url": article.url,
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
    }


def _article(row: Any, *, revision: int | None = None, body: str | None = None) -> Article:
    return Article(
        id=row.id,
        title=row.title,
        body=row.body if body is None else body,
        url=row.url,
        outlet=row.outlet,
        authors=tuple(row.authors),
        published_at=datetime.fromisoformat(row.published_at) if row.published_at else None,
        updated_at=datetime.fromisoformat(row.updated_at) if row.updated_at else None,
        language=row.language,
        section=row.section,
        rights=row.rights,
        revision=row.revision if revision is None else revision,
    )


def _passage(row: Any) -> Passage:
    return Passage(
        id=f"{row.id}:{row.revision}:{row.ordinal}",
        article_id=row.id,
        revision=row.revision,
        ordinal=row.ordinal,
        span=Span(row.start, row.end),
        key=row.key,
    )


def _cursor(text: str) -> tuple[float, str]:
    epoch, _, article_id = text.partition("~")
    try:
        return float(epoch), article_id
    except ValueError as error:
        raise InputError(f"after={text!r} is not a cursor; take it from `next` of the page before") from error


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    if filters.speakers:
        raise FilterError("articles are not listed by speaker; ask or search with it", field="filters.speakers")
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
        conditions.append(func.lower(t.articles.c.language).in_([name.casefold() for name in filters.languages]))
    if filters.article_ids:
        conditions.append(t.articles.c.id.in_(filters.article_ids))
    if filters.authors:
        written_by = select(t.authors.c.article_id).where(
            t.authors.c.name_folded.in_([folded(name) for name in filters.authors])
        )
        conditions.append(t.articles.c.id.in_(written_by))
    return conditions
