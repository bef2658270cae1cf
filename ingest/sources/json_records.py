"""What one JSON value holds: an article, a ninjs item, or an array of them under a name that exports use. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest.fields import article_from_fields, names_field
from ingest.sources.ninjs import looks_like_ninjs, ninjs_record
from ingest.sources.record import Found, Record, Skipped
from rag.errors import ArticleError

WRAPPERS = ("articles", "items", "docs", "data")
_NESTED = 3


def json_records(value: object, *, where: str, depth: int = 0) -> Iterator[Record]:
    """One record for an object; one for each item of an array or of an object's array, as `where#n`, n from 1."""
    items = value if isinstance(value, list) else _wrapped(value) if isinstance(value, Mapping) else None
    if items is not None and depth < _NESTED:
        for number, item in enumerate(items, 1):
            yield from json_records(item, where=f"{where}#{number}", depth=depth + 1)
    elif isinstance(value, Mapping):
        yield _record(value, where)
    else:
        yield Skipped(where, "JSON, but not an object with title, body, ...")


def _wrapped(value: Mapping[str, object]) -> list[object] | None:
    if any(names_field(name) == "body" for name in value):
        return None
    return next((array for name in WRAPPERS if isinstance(array := value.get(name), list)), None)


def _record(fields: Mapping[str, object], where: str) -> Record:
    if looks_like_ninjs(fields):
        return ninjs_record(fields, where=where)
    try:
        return Found(where, article_from_fields(fields))
    except ArticleError as error:
        return Skipped.because(where, error)
