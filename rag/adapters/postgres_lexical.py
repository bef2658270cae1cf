"""The lexical index on PostgreSQL: a passage's terms as a `tsvector` under GIN, in the database of the catalog.

Our own analysis makes the terms, as for tantivy; PostgreSQL finds and ranks them (postgres_ranking).
Changes are collected until `commit`, and go in as one transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import Connection
from sqlalchemy import text as sql

from rag.adapters.analysis import Analysis, languages_held
from rag.adapters.postgres_ranking import EVERY, conditions, counts, quoted, ranked, rarest, rarity, vector
from rag.adapters.rows import folded, microseconds
from rag.domain import Filters
from rag.languages import STEMMERS, language_code
from rag.ports import Hit, IndexEntry, Keys
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
CREATE INDEX IF NOT EXISTS lexical_limited ON lexical (shown_from, shown_until)
    WHERE shown_from IS NOT NULL OR shown_until IS NOT NULL;
CREATE TABLE IF NOT EXISTS lexical_counts (term text PRIMARY KEY, passages bigint NOT NULL);
"""
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
_LOT = 2_000


class PostgresLexical:
    """The `LexicalIndex` port within the transactions of a catalog on PostgreSQL."""

    finding_us = 1.0

    def __init__(self, transaction: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction
        self._analysis = Analysis()
        self._lock = threading.Lock()
        self._removed: set[int] = set()
        self._added: dict[int, IndexEntry] = {}
        with self._transaction() as connection:
            # Where they are there, nothing is locked for them.
            if connection.execute(sql("SELECT to_regclass('lexical_limited')")).scalar() is None:
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
            "terms": vector(header, body),
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
            held = counts(connection, terms)
            weights = {term: rarity(held[EVERY], held[term]) for term in terms if held.get(term)}
            rare = rarest(held, list(weights))
            hits = ranked(connection, weights, rare, limit, filters, at)
            if len(hits) < limit and len(rare) < len(weights):
                hits = ranked(connection, weights, list(weights), limit, filters, at)
        return hits

    def matching(self, filters: Filters, *, among: Sequence[int] | None = None, at: datetime | None = None) -> Keys:
        where, values = conditions(filters, at)
        if among is not None:
            where.append("key = ANY(CAST(:among AS bigint[]))")
            values["among"] = list(among)
        return np.asarray(self._keys(where, values), dtype=np.int64)

    def holding(self, text: str, *, limit: int) -> list[int] | None:
        with self._transaction() as connection:
            languages = _languages(connection)
        every = [
            "(" + " | ".join(quoted(term) for term in terms) + ")"
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
        where, values = conditions(filters or Filters(), None)
        with self._transaction() as connection:
            every = self._count(connection, where, values) if where else counts(connection, [])[EVERY]
            if at is None:
                return every
            # Few have a limit. Those that may not be shown are taken off: a count with that condition reads every row.
            shown, now = conditions(Filters(), at)
            limited = f"(shown_from IS NOT NULL OR shown_until IS NOT NULL) AND NOT ({' AND '.join(shown)})"
            return every - self._count(connection, [*where, limited], {**values, **now})

    def _count(self, connection: Connection, where: Sequence[str], values: Mapping[str, Any]) -> int:
        query = sql(f"SELECT count(*) FROM lexical WHERE {' AND '.join(where)}")  # noqa: S608 (names of our own)
        return int(connection.execute(query, values).scalar_one())

    def document_frequencies(self, words: Sequence[str]) -> list[int]:
        with self._transaction() as connection:
            languages = _languages(connection)
            of_each = [[self._analysis.counted(word, code) for code in languages] for word in words]
            held = counts(connection, [term for each in of_each for terms in each for term in terms])
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


def _lots(values: Iterable[T]) -> Iterator[list[T]]:
    each = iter(values)
    while some := list(islice(each, _LOT)):
        yield some
