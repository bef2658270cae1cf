"""The lexical index on PostgreSQL: a passage's terms as a `tsvector` under GIN, in the database of the catalog.

Our own analysis makes the terms, as for tantivy; PostgreSQL finds and ranks them. Its `ts_rank` knows how often a term stands in
a passage, and not how rare it is: each term's rank is weighed by its rarity, as in BM25, from counts that are kept beside.
Changes are collected until `commit`, and go in as one transaction.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy import text as sql

from rag.adapters.analysis import Analysis, languages_held
from rag.adapters.rows import folded, microseconds
from rag.domain import Filters
from rag.languages import STEMMERS, language_code
from rag.ports import Hit, IndexEntry
from rag.sites import sites_above
from rag.terms import is_stopword, words

T = TypeVar("T")

_TABLES = """
CREATE TABLE IF NOT EXISTS lexical (
    key bigint PRIMARY KEY, terms tsvector NOT NULL, article text NOT NULL, published bigint,
    shown_from bigint, shown_until bigint, outlet text, section text, language text,
    authors text[] NOT NULL, speakers text[] NOT NULL, sites text[] NOT NULL);
CREATE INDEX IF NOT EXISTS lexical_terms ON lexical USING gin (terms) WITH (fastupdate = off);
CREATE INDEX IF NOT EXISTS lexical_article ON lexical (article);
CREATE INDEX IF NOT EXISTS lexical_published ON lexical (published);
CREATE INDEX IF NOT EXISTS lexical_outlet ON lexical (outlet);
CREATE INDEX IF NOT EXISTS lexical_section ON lexical (section);
CREATE INDEX IF NOT EXISTS lexical_language ON lexical (language);
CREATE INDEX IF NOT EXISTS lexical_authors ON lexical USING gin (authors) WITH (fastupdate = off);
CREATE INDEX IF NOT EXISTS lexical_speakers ON lexical USING gin (speakers) WITH (fastupdate = off);
CREATE INDEX IF NOT EXISTS lexical_sites ON lexical USING gin (sites) WITH (fastupdate = off);
CREATE TABLE IF NOT EXISTS lexical_counts (term text PRIMARY KEY, passages bigint NOT NULL);
"""
# In `lexical_counts`, for the passages themselves: no term is empty.
_ALL = ""
_COUNTED = """
SELECT term, count(*) AS passages FROM lexical, unnest(tsvector_to_array(terms) || ARRAY['']) AS term
WHERE key = ANY(CAST(:keys AS bigint[])) GROUP BY term ORDER BY term
"""
_COUNT_IN = f"""
INSERT INTO lexical_counts {_COUNTED}
ON CONFLICT (term) DO UPDATE SET passages = lexical_counts.passages + excluded.passages
"""
_COUNT_OUT = f"""
UPDATE lexical_counts SET passages = lexical_counts.passages - gone.passages FROM ({_COUNTED}) AS gone
WHERE lexical_counts.term = gone.term
"""  # noqa: S608 (names of our own)
_COLUMNS = (
    "key", "terms", "article", "published", "shown_from", "shown_until", "outlet", "section", "language", "authors",
    "speakers", "sites",
)  # fmt: skip
_INSERT = f"""
INSERT INTO lexical ({", ".join(_COLUMNS)})
VALUES ({", ".join("CAST(:terms AS tsvector)" if name == "terms" else f":{name}" for name in _COLUMNS)})
"""  # noqa: S608 (names of our own)
_DELETE = "DELETE FROM lexical WHERE key = ANY(CAST(:keys AS bigint[]))"
# What a term weighs in the body and in the header, of D, C, B, A.
_BODY, _HEADER = "D", "A"
_WEIGHTS = {_BODY: 1.0, _HEADER: 1.0}
_LOT = 2_000
# The rarest terms find the candidates: passages with the common ones alone are looked for only where those are too few.
_CANDIDATES = 2_000
# Terms whose weights differ by less are ranked together.
_STEP = 0.5


class PostgresLexical:
    """The `LexicalIndex` port within the transactions of a catalog on PostgreSQL."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction
        self._analysis = Analysis()
        self._lock = threading.Lock()
        self._removed: set[int] = set()
        self._added: dict[int, IndexEntry] = {}
        with self._transaction() as connection:
            # Where they are there, nothing is locked for them.
            if connection.execute(sql("SELECT to_regclass('lexical_counts')")).scalar() is None:
                connection.exec_driver_sql(_TABLES)

    # --- changes -----------------------------------------------------------------------------------------------

    def add(self, entries: Sequence[IndexEntry]) -> None:
        with self._lock:
            self._added.update((entry.passage.key, entry) for entry in entries)

    def remove(self, keys: Iterable[int]) -> None:
        with self._lock:
            for key in keys:
                self._removed.add(key)
                self._added.pop(key, None)

    def commit(self) -> None:
        with self._lock:
            removed, added = self._removed, self._added
            # Also where this fails: the next changes start from what was last committed.
            self._removed, self._added = set(), {}
            with self._transaction() as connection:
                for keys in _lots(sorted(removed | set(added))):
                    connection.execute(sql(_COUNT_OUT), {"keys": keys})
                    connection.execute(sql(_DELETE), {"keys": keys})
                self._insert(connection, added.values())

    def _insert(self, connection: Connection, entries: Iterable[IndexEntry]) -> None:
        for some in _lots(entries):
            connection.execute(sql(_INSERT), [self._row(entry) for entry in some])
            connection.execute(sql(_COUNT_IN), {"keys": [entry.passage.key for entry in some]})

    def _row(self, entry: IndexEntry) -> dict[str, Any]:
        article, window = entry.article, entry.window
        language = language_code(article.language)
        header = self._analysis.terms(article.header, language or "en")
        body = self._analysis.terms(entry.text, language or "en")
        return {
            "key": entry.passage.key,
            "terms": _vector(header, body),
            "article": article.id,
            "published": article.published_at and microseconds(article.published_at.timestamp()),
            "shown_from": None if window.shown_from is None else microseconds(window.shown_from),
            "shown_until": None if window.shown_until is None else microseconds(window.shown_until),
            "outlet": folded(article.outlet),
            "section": folded(article.section),
            "language": language,
            "authors": [name for author in article.authors if (name := folded(author))],
            "speakers": [name for speaker in entry.speakers if (name := folded(speaker))],
            "sites": list(sites_above(article.url)),
        }

    def replace(self, entries: Iterable[IndexEntry]) -> None:
        with self._lock, self._transaction() as connection:
            self._removed, self._added = set(), {}
            connection.exec_driver_sql("TRUNCATE lexical, lexical_counts")
            self._insert(connection, entries)

    def clear(self) -> None:
        self.replace([])

    def close(self) -> None:
        """The connections are the catalog's."""

    # --- reading -----------------------------------------------------------------------------------------------

    def search(self, text: str, *, limit: int, filters: Filters, at: datetime | None = None) -> list[Hit]:
        if limit < 1:
            return []
        with self._transaction() as connection:
            terms = self._analysis.asked(text, _languages(connection))
            held = _counts(connection, terms)
            weights = {term: _rarity(held[_ALL], held[term]) for term in terms if held.get(term)}
            rare = _rare(held, list(weights))
            hits = _ranked(connection, weights, rare, limit, filters, at)
            if len(hits) < limit and len(rare) < len(weights):
                hits = _ranked(connection, weights, list(weights), limit, filters, at)
        return hits

    def matching(
        self, filters: Filters, *, limit: int, among: Sequence[int] | None = None, at: datetime | None = None
    ) -> list[int]:
        where, values = _where(filters, at)
        if among is not None:
            where.append("key = ANY(CAST(:among AS bigint[]))")
            values["among"] = list(among)
        return self._keys(where, values | {"most": max(limit, 1)}, "LIMIT :most")

    def holding(self, text: str, *, limit: int) -> list[int] | None:
        with self._transaction() as connection:
            languages = _languages(connection)
        every = [
            "(" + " | ".join(_quoted(term) for term in terms) + ")"
            for word in words(text)
            if not is_stopword(word.text)
            and (terms := {term for code in languages for term in self._analysis.terms(word.text, code)})
        ]
        if not every:
            return None
        found = self._keys(
            ["terms @@ CAST(:asked AS tsquery)"], {"asked": " & ".join(every), "most": limit + 1}, "LIMIT :most"
        )
        return None if len(found) > limit else found

    def count(self, filters: Filters | None = None, *, at: datetime | None = None) -> int:
        where, values = _where(filters or Filters(), at)
        with self._transaction() as connection:
            if not where:
                return _counts(connection, [])[_ALL]
            query = sql(f"SELECT count(*) FROM lexical WHERE {' AND '.join(where)}")  # noqa: S608 (names of our own)
            return int(connection.execute(query, values).scalar_one())

    def document_frequencies(self, words: Sequence[str]) -> list[int]:
        with self._transaction() as connection:
            languages = _languages(connection)
            of_each = [[self._analysis.counted(word, code) for code in languages] for word in words]
            held = _counts(connection, [term for each in of_each for terms in each for term in terms])
        return [max(min((held.get(term, 0) for term in terms), default=0) for terms in each) for each in of_each]

    def keys(self) -> set[int]:
        return set(self._keys([], {}))

    def _keys(self, where: Sequence[str], values: Mapping[str, Any], more: str = "") -> list[int]:
        query = f"SELECT key FROM lexical WHERE {' AND '.join(where) or 'true'} {more}"  # noqa: S608 (names of our own)
        with self._transaction() as connection:
            return [int(key) for key in connection.execute(sql(query), values).scalars()]


def _languages(connection: Connection) -> Sequence[str]:
    """Those that the passages are in. Asked each time, in a fraction of a millisecond: others may have written some."""
    query = "SELECT code FROM unnest(CAST(:codes AS text[])) AS code WHERE EXISTS (SELECT FROM lexical WHERE language = code)"
    held = set(connection.execute(sql(query), {"codes": list(STEMMERS)}).scalars())
    return languages_held([code for code in STEMMERS if code in held])


def _ranked(
    connection: Connection,
    weights: Mapping[str, float],
    found_by: Sequence[str],
    limit: int,
    filters: Filters,
    at: datetime | None,
) -> list[Hit]:
    """Passages with a term of `found_by`, ranked by all the terms that have a weight."""
    if not found_by:
        return []
    where, values = _where(filters, at)
    alike: dict[float, list[str]] = {}
    for term, weight in weights.items():
        alike.setdefault(round(weight / _STEP) * _STEP, []).append(_quoted(term))
    scored = []
    for number, (weight, terms) in enumerate(alike.items()):
        # Of several terms `ts_rank` is the mean of the ranks of each.
        scored.append(
            f"{weight * len(terms)} * ts_rank(CAST(:weights AS float4[]), terms, CAST(:of{number} AS tsquery))"
        )
        values[f"of{number}"] = " | ".join(terms)
    values |= {
        "asked": " | ".join(map(_quoted, found_by)),
        "weights": [_WEIGHTS.get(letter, 0.0) for letter in "DCBA"],
        "most": limit,
    }
    where = ["terms @@ CAST(:asked AS tsquery)", *where]
    query = f"""
        SELECT key, {" + ".join(scored)} AS score FROM lexical WHERE {" AND ".join(where)}
        ORDER BY score DESC, key LIMIT :most
    """  # noqa: S608 (numbers and names of our own)
    return [Hit(int(row.key), float(row.score)) for row in connection.execute(sql(query), values)]


def _counts(connection: Connection, terms: Sequence[str]) -> dict[str, int]:
    """In how many passages each stands that stands in one; under "", how many there are."""
    query = sql("SELECT term, passages FROM lexical_counts WHERE term = ANY(CAST(:terms AS text[])) AND passages > 0")
    rows = connection.execute(query, {"terms": [*terms, _ALL]})
    return {_ALL: 0} | {row.term: int(row.passages) for row in rows}


def _rare(held: Mapping[str, int], terms: Sequence[str]) -> list[str]:
    """The rarest, as many as together stand in no more passages than can be ranked quickly; one at least."""
    rare: list[str] = []
    passages = 0
    for term in sorted(terms, key=lambda term: held[term]):
        passages += held[term]
        if rare and passages > _CANDIDATES:
            break
        rare.append(term)
    return rare


def _rarity(passages: int, holding: int) -> float:
    """BM25's weight of a term that so many of the passages hold."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def _vector(header: Sequence[str], body: Sequence[str]) -> str:
    """A `tsvector` as it is written: each term with its places, those of the header apart."""
    places: dict[str, list[str]] = {}
    for letter, terms, first in ((_HEADER, header, 1), (_BODY, body, len(header) + 1)):
        for place, term in enumerate(terms, first):
            places.setdefault(term, []).append(f"{min(place, 16_383)}{letter}")
    return " ".join(f"{_quoted(term)}:{','.join(at)}" for term, at in places.items())


def _quoted(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _where(filters: Filters, at: datetime | None) -> tuple[list[str], dict[str, Any]]:
    """Conditions that hold together, and their values."""
    where: list[str] = []
    values: dict[str, Any] = {}

    def hold(condition: str, name: str, value: Any) -> None:
        where.append(condition)
        values[name] = value

    if at is not None:
        # An embargo ends at its moment, and an article expires at its own.
        hold("(shown_from IS NULL OR shown_from <= :now)", "now", microseconds(at.timestamp()))
        where.append("(shown_until IS NULL OR shown_until > :now)")
    if filters.published_after is not None:
        hold("published >= :after", "after", microseconds(filters.published_after.timestamp()))
    if filters.published_before is not None:
        hold("published < :before", "before", microseconds(filters.published_before.timestamp()))
    one_of: tuple[tuple[str, Iterable[str]], ...] = (
        ("outlet", map(_plain, filters.outlets)),
        ("section", map(_plain, filters.sections)),
        ("language", (language_code(tag) or tag for tag in filters.languages)),
        ("article", filters.article_ids),
    )
    any_of = (
        ("authors", map(_plain, filters.authors)),
        ("speakers", map(_plain, filters.speakers)),
        ("sites", filters.sites),
    )
    for name, given in one_of:
        if wanted := list(given):
            hold(f"{name} = ANY(CAST(:{name} AS text[]))", name, wanted)
    for name, given in any_of:
        if wanted := list(given):
            hold(f"{name} && CAST(:{name} AS text[])", name, wanted)
    if filters.without_sites:
        hold("NOT sites && CAST(:without AS text[])", "without", list(filters.without_sites))
    return where, values


def _lots(values: Iterable[T]) -> Iterator[list[T]]:
    each = iter(values)
    while some := list(islice(each, _LOT)):
        yield some


def _plain(name: str) -> str:
    return folded(name) or ""
