"""The fields of the tantivy index, what an entry says in each, and the queries of its filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import tantivy

from rag.adapters.rows import folded, microseconds
from rag.domain import Filters
from rag.languages import language_code
from rag.ports import IndexEntry
from rag.sites import sites_above

KEY, TEXT, PUBLISHED = "key", "text", "published"
# Set only where an article's rights limit when it may be shown.
SHOWN = SHOWN_FROM, SHOWN_UNTIL = "shown_from", "shown_until"
_NAMED = ("outlet", "author", "section", "language", "article", "speaker", "site")


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(KEY, indexed=True, fast=True, stored=False)
    builder.add_text_field(TEXT, stored=False, tokenizer_name="whitespace", index_option="freq")
    for name in (PUBLISHED, *SHOWN):
        builder.add_integer_field(name, indexed=True, fast=True, stored=False)
    for name in _NAMED:
        builder.add_text_field(name, stored=False, tokenizer_name="raw", index_option="basic")
    return builder.build()


@dataclass(frozen=True, slots=True)
class Facets:
    """What filters ask of a passage: its article's moment in microseconds, and its values, `(field, value)`."""

    published: int | None
    values: frozenset[tuple[str, str]]


def facets(entry: IndexEntry) -> Facets:
    article = entry.article
    named: list[tuple[str, str | None]] = [
        ("article", article.id),
        ("outlet", folded(article.outlet)),
        ("section", folded(article.section)),
        ("language", language_code(article.language)),
        *(("author", folded(author)) for author in article.authors),
        *(("speaker", folded(speaker) or "") for speaker in entry.speakers),
        *(("site", site) for site in sites_above(article.url)),
    ]
    published = article.published_at
    return Facets(
        None if published is None else microseconds(published.timestamp()),
        frozenset((name, value) for name, value in named if value is not None),
    )


def wanted(filters: Filters) -> dict[str, list[str]]:
    """By field, the values of which a passage must have one."""
    every = {
        "outlet": _folded(filters.outlets),
        "author": _folded(filters.authors),
        "section": _folded(filters.sections),
        "language": [language_code(tag) or tag for tag in filters.languages],
        "speaker": _folded(filters.speakers),
        "article": list(filters.article_ids),
        "site": list(filters.sites),
    }
    return {name: values for name, values in every.items() if values}


def bounds(filters: Filters) -> tuple[int | None, int | None]:
    """In microseconds, the first moment that a passage may be of, and the first after it that it may not."""
    after, before = filters.published_after, filters.published_before
    return (
        None if after is None else microseconds(after.timestamp()),
        None if before is None else microseconds(before.timestamp()),
    )


def filter_query(made: tantivy.Schema, filters: Filters, shown_at: datetime | None) -> tantivy.Query:
    """Of what satisfies the filters, and may be shown at that moment where one is given."""
    clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
    if shown_at is not None:
        now = microseconds(shown_at.timestamp())
        # An embargo ends at its moment, and an article expires at its own.
        clauses = [
            (tantivy.Occur.MustNot, between(made, SHOWN_FROM, now + 1, None)),
            (tantivy.Occur.MustNot, between(made, SHOWN_UNTIL, None, now + 1)),
        ]
    lower, upper = bounds(filters)
    if lower is not None or upper is not None:
        clauses.append((tantivy.Occur.Must, between(made, PUBLISHED, lower, upper)))
    clauses += [(tantivy.Occur.Must, any_of(made, name, values)) for name, values in wanted(filters).items()]
    if filters.without_sites:
        clauses.append((tantivy.Occur.MustNot, any_of(made, "site", list(filters.without_sites))))
    if not any(occur is tantivy.Occur.Must for occur, _ in clauses):
        clauses.append((tantivy.Occur.Must, tantivy.Query.all_query()))
    return tantivy.Query.boolean_query(clauses)


def between(made: tantivy.Schema, name: str, lower: int | None, upper: int | None) -> tantivy.Query:
    """`lower <= value < upper`; None is open."""
    return tantivy.Query.range_query(
        made, name, tantivy.FieldType.Integer, lower, upper, include_lower=True, include_upper=upper is None
    )


def any_of(made: tantivy.Schema, name: str, values: list[str]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, one(made, name, value)) for value in values])


def one(made: tantivy.Schema, name: str, value: str | int) -> tantivy.Query:
    return tantivy.Query.term_query(made, name, value, index_option="basic")


def _folded(names: tuple[str, ...]) -> list[str]:
    return [folded(name) or "" for name in names]
