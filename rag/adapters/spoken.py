"""The index of who said what, in the catalog's database: written with each article, read by speaker and day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, delete, exists, func, insert, or_, select

from rag.adapters import schema as t
from rag.adapters.packing import spans_of, unpack_statement
from rag.adapters.rows import article_of, chunks, folded, shown_at
from rag.domain import Article, Speaker, Statement
from rag.persons import speaker_words
from rag.spoken import Coverage, Naming, Place, Stood, Wanted, kind_of

# A listing binds it four times, and PostgreSQL takes 65,535 values a statement.
_MOST_KEYS = 15_000
_UNDATED = 1e18


def write_said(
    connection: Connection, said: Sequence[tuple[Article, Sequence[Statement]]], *, changed: Sequence[str]
) -> None:
    """Put the articles' statements down, in place of those that the `changed` ones had."""
    before = _taken_out(connection, changed)
    keys = _speaker_keys(connection, [each.speaker for _, statements in said for each in statements if each.speaker])
    rows = [
        _row(article, number, statement, keys)
        for article, statements in said
        for number, statement in enumerate(statements)
    ]
    if rows:
        connection.execute(insert(t.said), rows)
    _drop_unheard(connection, before)


def _row(article: Article, number: int, statement: Statement, keys: dict[tuple[str, str], int]) -> dict[str, Any]:
    said_on = statement.said_on or (article.published_at.date() if article.published_at else None)
    return {
        "article_id": article.id,
        "number": number,
        "speaker": keys[_named(statement.speaker)] if statement.speaker else None,
        "day": said_on.toordinal() if said_on else 0,
        "kind": kind_of(statement),
        "start": statement.span.start,
        "words": _fingerprint(article.body, statement),
    }


def drop_said(connection: Connection, article_id: str) -> None:
    """Take an article's statements out, and the names of those who are heard nowhere else."""
    _drop_unheard(connection, _taken_out(connection, [article_id]))


def _taken_out(connection: Connection, article_ids: Sequence[str]) -> list[int]:
    """The keys of those who spoke in the statements that are now gone."""
    before: set[int] = set()
    for ids in chunks(article_ids):
        theirs = t.said.c.article_id.in_(ids)
        query = select(t.said.c.speaker).where(theirs, t.said.c.speaker.is_not(None)).distinct()
        before.update(int(key) for key in connection.execute(query).scalars() if key is not None)
        connection.execute(delete(t.said).where(theirs))
    return sorted(before)


def _drop_unheard(connection: Connection, speakers: Sequence[int]) -> None:
    for keys in chunks(speakers):
        heard = set(connection.execute(select(t.said.c.speaker).where(t.said.c.speaker.in_(keys)).distinct()).scalars())
        gone = [key for key in keys if key not in heard]
        if gone:
            connection.execute(delete(t.speaker_words).where(t.speaker_words.c.speaker.in_(gone)))
            connection.execute(delete(t.speakers).where(t.speakers.c.key.in_(gone)))


def _named(speaker: Speaker) -> tuple[str, str]:
    return speaker.name, speaker.role or ""


def _speaker_keys(connection: Connection, speakers: Sequence[Speaker]) -> dict[tuple[str, str], int]:
    """The key of each name with its role; those that are new are put down, with the words that they are found by."""
    wanted = list(dict.fromkeys(map(_named, speakers)))
    known = _known_keys(connection, wanted)
    new = [named for named in wanted if named not in known]
    if not new:
        return known
    connection.execute(insert(t.speakers), [{"name": name, "role": role} for name, role in new])
    made = _known_keys(connection, new)
    words = [
        {"word": word, "speaker": key}
        for (name, role), key in made.items()
        for word in sorted(speaker_words(name, role))
    ]
    if words:
        connection.execute(insert(t.speaker_words), words)
    return known | made


def _known_keys(connection: Connection, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    asked, found = set(wanted), {}
    for names in chunks(list(dict.fromkeys(name for name, _ in wanted))):
        query = select(t.speakers.c.name, t.speakers.c.role, t.speakers.c.key).where(t.speakers.c.name.in_(names))
        found.update({(row.name, row.role): int(row.key) for row in connection.execute(query)})
    return {named: key for named, key in found.items() if named in asked}


def _fingerprint(body: str, statement: Statement) -> int:
    """The words that were said, without case, marks and spaces, as a number of 63 bits."""
    spans = statement.quotes or (statement.span,)
    letters = "".join(letter for span in spans for letter in span.of(body).casefold() if letter.isalnum())
    return int.from_bytes(hashlib.blake2b(letters.encode(), digest_size=8).digest(), "big") >> 1


class SqlSpoken:
    """The `SpokenIndex` port."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction

    def namings(self, *groups: Collection[str], at: datetime | None = None) -> list[Naming]:
        if not all(groups):
            return []
        count = func.count()
        query = (
            select(t.speakers.c.key, t.speakers.c.name, t.speakers.c.role, count.label("count"))
            .join(t.said, t.said.c.speaker == t.speakers.c.key)
            .join(t.articles, t.articles.c.id == t.said.c.article_id)
            .where(t.articles.c.live, *shown_at(at))
            .group_by(t.speakers.c.key)
        )
        with self._transaction() as connection:
            for group in groups:
                with_one = select(t.speaker_words.c.speaker).where(_is_of(group, connection.dialect.name))
                query = query.where(t.speakers.c.key.in_(with_one))
            return [Naming(row.name, row.role or None, row[3], row.key) for row in connection.execute(query)]

    def coverage(self, speakers: Sequence[int], *, at: datetime | None = None) -> Coverage:
        here = [t.said.c.speaker.in_(speakers[:_MOST_KEYS]), t.articles.c.live, *shown_at(at)]
        joined = t.said.join(t.articles, t.articles.c.id == t.said.c.article_id)
        days = func.nullif(t.said.c.day, 0)
        counted = select(func.count(t.said.c.words.distinct()), func.min(days), func.max(days))
        outlets = select(t.articles.c.outlet).where(*here, t.articles.c.outlet.is_not(None))
        outlets = outlets.select_from(joined).group_by(t.articles.c.outlet).order_by(func.count().desc())
        with self._transaction() as connection:
            statements, first, last = connection.execute(counted.select_from(joined).where(*here)).one()
            names = tuple(str(name) for name in connection.execute(outlets).scalars())
        return Coverage(statements, names, _day(first), _day(last))

    def stood(
        self, wanted: Wanted, *, limit: int, after: Place | None = None, at: datetime | None = None
    ) -> list[Stood]:
        query = _listing(wanted, at)
        newest = not wanted.oldest_first
        day, key = t.said.c.day, t.said.c.key
        if after is not None:
            further = day < after.day if newest else day > after.day
            query = query.where(further | ((day == after.day) & (key > after.key)))
        query = query.order_by(day.desc() if newest else day, key).limit(limit)
        with self._transaction() as connection:
            rows = connection.execute(query).all()
            return _opened(connection, rows)

    def articles_of(self, passages: Sequence[int]) -> list[str]:
        found: dict[str, None] = {}
        with self._transaction() as connection:
            for keys in chunks(passages):
                query = select(t.passages.c.article_id).where(t.passages.c.key.in_(keys)).distinct()
                found.update(dict.fromkeys(connection.execute(query).scalars()))
        return list(found)


def _is_of(group: Collection[str], dialect: str) -> ColumnElement[bool]:
    """Whether a word is one of the group, of which those that end in "*" are beginnings."""
    whole = [word for word in group if not word.endswith("*")]
    return or_(
        t.speaker_words.c.word.in_(whole), *(_begins(word[:-1], dialect) for word in group if word.endswith("*"))
    )


def _begins(begun: str, dialect: str) -> ColumnElement[bool]:
    if dialect == "sqlite":
        # A range, which the index serves, in the order of code points; none comes after the last of them.
        return t.speaker_words.c.word.between(begun, f"{begun}\U0010ffff")
    return t.speaker_words.c.word.startswith(begun, autoescape=True)


def _listing(wanted: Wanted, at: datetime | None) -> Select[Any]:
    """The statements that are wanted and that no copy of the story had before."""
    earlier, theirs = t.articles.alias(), t.said.alias()
    epoch, before = (func.coalesce(each.c.published_epoch, _UNDATED) for each in (t.articles, earlier))
    precedes = or_(
        before < epoch,
        and_(before == epoch, earlier.c.id < t.articles.c.id),
        and_(earlier.c.id == t.articles.c.id, theirs.c.key < t.said.c.key),
    )
    repeated = (
        exists()
        .select_from(theirs.join(earlier, earlier.c.id == theirs.c.article_id))
        .where(theirs.c.words == t.said.c.words, earlier.c.story == t.articles.c.story, precedes)
        .where(*_conditions(wanted, at, earlier, theirs))
    )
    return (
        select(t.said, t.articles.c.story)
        .join(t.articles, t.articles.c.id == t.said.c.article_id)
        .where(*_conditions(wanted, at, t.articles, t.said), ~repeated)
    )


def _conditions(
    wanted: Wanted, at: datetime | None, articles: FromClause, said: FromClause
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [articles.c.live, *shown_at(at, articles)]
    if wanted.speakers is not None:
        conditions.append(said.c.speaker.in_(wanted.speakers[:_MOST_KEYS]))
    if wanted.after is not None:
        conditions.append(said.c.day >= wanted.after.toordinal())
    if wanted.before is not None:
        conditions += [said.c.day < wanted.before.toordinal(), said.c.day > 0]
    if wanted.outlets:
        conditions.append(articles.c.outlet_folded.in_([folded(name) for name in wanted.outlets]))
    if wanted.kinds:
        conditions.append(said.c.kind.in_(wanted.kinds))
    if wanted.articles is not None:
        conditions.append(articles.c.id.in_(wanted.articles[:_MOST_KEYS]))
    return conditions


def _opened(connection: Connection, rows: Sequence[Any]) -> list[Stood]:
    ids = list(dict.fromkeys(row.article_id for row in rows))
    articles: dict[str, Any] = {}
    passages: dict[str, list[Any]] = {}
    current = (t.revisions.c.article_id == t.articles.c.id) & (t.revisions.c.revision == t.articles.c.revision)
    opened = select(t.articles, t.revisions.c.body, t.revisions.c.sentences, t.revisions.c.statements)
    for some in chunks(ids):
        for row in connection.execute(opened.join(t.revisions, current).where(t.articles.c.id.in_(some))):
            articles[row.id] = (row, article_of(row), spans_of(row.sentences))
        for row in connection.execute(select(t.passages).where(t.passages.c.article_id.in_(some))):
            passages.setdefault(row.article_id, []).append(row)
    found = []
    for row in rows:
        stored, article, sentences = articles[row.article_id]
        statement = unpack_statement(stored.statements[row.number])
        holding = _passage_id(stored, passages.get(row.article_id, ()), statement)
        place = Place(row.day, row.key)
        found.append(Stood(place, row.number, statement, article, sentences, holding, row.story))
    return found


def _passage_id(article: Any, passages: Sequence[Any], statement: Statement) -> str:
    """The first passage that holds the statement, else the one that holds its start."""
    own = sorted((row for row in passages if row.revision == article.revision), key=lambda row: row.ordinal)
    span = statement.span
    whole = next((row for row in own if row.start <= span.start and span.end <= row.end), None)
    holding = whole or next((row for row in own if row.start <= span.start < row.end), None)
    return f"{article.id}:{article.revision}:{holding.ordinal}" if holding else ""


def _day(ordinal: int | None) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None
