"""What is asked of PostgreSQL's lexical tables: passages ranked by their terms, how rare a term is, what filters let through.

`ts_rank` knows how often a term stands in a passage, and not how rare it is: each term's rank is weighed by its rarity, as in
BM25, from counts that are kept beside.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from rag.adapters.rows import folded, microseconds
from rag.domain import Filters
from rag.languages import language_code
from rag.ports import Hit

# In `lexical_counts`, for the passages themselves: no term is empty.
EVERY = ""
# What a term weighs in the body and in the header, of D, C, B, A.
_BODY, _HEADER = "D", "A"
_WEIGHTS = {_BODY: 1.0, _HEADER: 1.0}
# The rarest terms find the candidates: passages with the common ones alone are looked for only where those are too few.
_CANDIDATES = 2_000
# Terms whose weights differ by less are ranked together.
_STEP = 0.5


def ranked(
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
    where, values = conditions(filters, at)
    alike: dict[float, list[str]] = {}
    for term, weight in weights.items():
        alike.setdefault(round(weight / _STEP) * _STEP, []).append(quoted(term))
    scored = []
    for number, (weight, terms) in enumerate(alike.items()):
        # Of several terms `ts_rank` is the mean of the ranks of each.
        scored.append(
            f"{weight * len(terms)} * ts_rank(CAST(:weights AS float4[]), terms, CAST(:of{number} AS tsquery))"
        )
        values[f"of{number}"] = " | ".join(terms)
    values |= {
        "asked": " | ".join(map(quoted, found_by)),
        "weights": [_WEIGHTS.get(letter, 0.0) for letter in "DCBA"],
        "most": limit,
    }
    where = ["terms @@ CAST(:asked AS tsquery)", *where]
    query = f"""
        SELECT key, {" + ".join(scored)} AS score FROM lexical WHERE {" AND ".join(where)}
        ORDER BY score DESC, key LIMIT :most
    """  # noqa: S608 (numbers and names of our own)
    return [Hit(int(row.key), float(row.score)) for row in connection.execute(sql(query), values)]


def counts(connection: Connection, terms: Sequence[str]) -> dict[str, int]:
    """In how many passages each stands that stands in one; under "", how many there are."""
    query = sql("SELECT term, passages FROM lexical_counts WHERE term = ANY(CAST(:terms AS text[])) AND passages > 0")
    rows = connection.execute(query, {"terms": [*terms, EVERY]})
    return {EVERY: 0} | {row.term: int(row.passages) for row in rows}


def rarest(held: Mapping[str, int], terms: Sequence[str]) -> list[str]:
    """The rarest, as many as together stand in no more passages than can be ranked quickly; one at least."""
    rare: list[str] = []
    passages = 0
    for term in sorted(terms, key=lambda term: held[term]):
        passages += held[term]
        if rare and passages > _CANDIDATES:
            break
        rare.append(term)
    return rare


def rarity(passages: int, holding: int) -> float:
    """BM25's weight of a term that so many of the passages hold."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def vector(header: Sequence[str], body: Sequence[str]) -> str:
    """A `tsvector` as it is written: each term with its places, those of the header apart."""
    places: dict[str, list[str]] = {}
    for letter, terms, first in ((_HEADER, header, 1), (_BODY, body, len(header) + 1)):
        for place, term in enumerate(terms, first):
            places.setdefault(term, []).append(f"{min(place, 16_383)}{letter}")
    return " ".join(f"{quoted(term)}:{','.join(at)}" for term, at in places.items())


def quoted(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def conditions(filters: Filters, at: datetime | None) -> tuple[list[str], dict[str, Any]]:
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


def _plain(name: str) -> str:
    return folded(name) or ""
