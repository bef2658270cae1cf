"""IPTC ninjs 1.x and 2.x: one news item as a JSON object. Pure.

1.x writes `body_text`, `headline`, `versioncreated`; 2.x `bodies`, `headlines`, `versionCreated`. Case and underscores
do not count, so that one mapping reads both. What is withheld or cancelled stays out; what is under embargo is stored,
and shown from its moment on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest.fields import article_from_fields, plain_name
from ingest.sources.markup import text_of_html
from ingest.sources.record import Found, Record, Skipped
from rag.errors import ArticleError

_SIGNS = frozenset({
    "bodytext", "bodyxhtml", "bodies", "headlines", "versioncreated", "firstcreated", "contentcreated", "usageterms",
    "rightsinfo", "pubstatus", "representationtype", "copyrightholder", "copyrightnotice", "embargoed",
})  # fmt: skip
_KEPT_BACK = {"withheld", "canceled", "cancelled"}
_Item = Mapping[str, object]


def looks_like_ninjs(fields: Mapping[str, object]) -> bool:
    """Two of the names that only ninjs has, or its address of the item with one."""
    names = {plain_name(name) for name in fields}
    return len(names & _SIGNS) >= (1 if "uri" in names else 2)


def ninjs_record(fields: Mapping[str, object], *, where: str) -> Record:
    """The item as a record. Its `uri` is its address only where it is one (`http`), not a `urn:`."""
    item: _Item = {plain_name(name): value for name, value in fields.items()}
    try:
        if reason := kept_back(item.get("pubstatus")):
            return Skipped(where, reason, "not_published")
        return Found(where, article_from_fields(_fields(item)))
    except ArticleError as error:
        return Skipped.because(where, error)


def kept_back(status: object) -> str | None:
    """Why an item may not be published at all, if so."""
    if isinstance(status, str) and (word := status.rpartition(":")[2].casefold()) in _KEPT_BACK:
        return f"its publisher's status is {word}"
    return None


def _fields(item: _Item) -> dict[str, object]:
    kept = {
        "title": _first(item, "headline", "headlines", "title", "titles"),
        "body": _body(item),
        "authors": _byline(item),
        "outlet": _named(item.get("infosources") or item.get("infosource")) or _named(item.get("source")),
        "published_at": item.get("firstcreated") or item.get("contentcreated") or item.get("versioncreated"),
        "updated_at": item.get("versioncreated"),
        "url": _address(item),
        "language": item.get("language"),
        "section": _named(item.get("subject") or item.get("subjects")),
        "rights": "; ".join(dict.fromkeys(_rights(item))) or None,
        "embargoed_until": item.get("embargoed"),
        "expires_at": item.get("expires"),
    }
    return {name: value for name, value in kept.items() if value}


def _first(item: _Item, *names: str) -> str | None:
    return next((text for name in names for text in _values(item.get(name))), None)


def _values(value: object) -> Iterator[str]:
    """The texts of a plain value, or of 2.x's list of `{role, value}`, the main role first."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        entries = [entry for entry in value if isinstance(entry, Mapping) and isinstance(entry.get("value"), str)]
        entries.sort(key=lambda entry: "main" not in str(entry.get("role", "")))
        for entry in entries:
            yield str(entry["value"])


def _body(item: _Item) -> str | None:
    if isinstance(text := item.get("bodytext"), str) and text.strip():
        return text
    for name in item:
        if name.startswith("body") and name.endswith(("xhtml", "html")) and isinstance(html := item[name], str):
            return text_of_html(html)
    bodies = item.get("bodies")
    entries = [e for e in bodies if isinstance(e, Mapping)] if isinstance(bodies, list) else []
    entries.sort(key=lambda entry: "html" in _content_type(entry))
    for entry in entries:
        if isinstance(value := entry.get("value"), str) and value.strip():
            return text_of_html(value) if "html" in _content_type(entry) else value
    return None


def _content_type(entry: Mapping[object, object]) -> str:
    return str(entry.get("contentType") or entry.get("contenttype") or "").casefold()


def _byline(item: _Item) -> object:
    by = _first(item, "byline", "bylines", "by")
    if by:
        return by
    people = item.get("authors") or item.get("creators")
    return [p for p in people if isinstance(p, str | Mapping)] if isinstance(people, list) else people


def _named(value: object) -> str | None:
    value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, Mapping):
        value = value.get("name")
    return value if isinstance(value, str) else None


def _address(item: _Item) -> str | None:
    for name in ("url", "canonicalurl", "link", "uri"):
        if isinstance(value := item.get(name), str) and value.startswith(("http://", "https://")):
            return value
    return None


def _rights(item: _Item) -> Iterator[str]:
    for name in ("usageterms", "copyrightnotice"):
        yield from _values(item.get(name))
    if not item.get("copyrightnotice") and isinstance(holder := item.get("copyrightholder"), str):
        yield f"© {holder}"
    info = item.get("rightsinfo")
    for entry in info if isinstance(info, list) else [info]:
        if isinstance(entry, Mapping):
            yield from (v for k, v in entry.items() if plain_name(str(k)) != "langid" and isinstance(v, str))
        elif isinstance(entry, str):
            yield entry
