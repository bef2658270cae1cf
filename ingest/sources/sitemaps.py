"""Sitemaps: the pages that a site names, with what a news sitemap says of them, and the sitemaps that an index names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from ingest.fields import article_from_fields
from ingest.sources.markup import local_name
from ingest.sources.record import Elsewhere, Linked, Read, Skipped
from ingest.sources.xml_items import read_items
from rag.errors import ArticleError


def read_sitemap(stream: BinaryIO, *, where: str) -> Iterator[Read]:
    """A `Linked` for each page, an `Elsewhere` for each sitemap of an index, `where#n`."""
    return read_items(
        stream,
        _entry,
        where=where,
        # An image or a video of the page has a loc of its own, but no entry.
        names=("url", "sitemap"),
        called="entries",
        none="a sitemap without entries",
        advice="a sitemap has at most 50 MB",
    )


def _entry(element: Any, where: str) -> Read:
    url = _text(element, "loc")
    if not url or not url.lower().startswith(("http://", "https://")):
        return Skipped(where, f"loc={(url or '')[:80]!r} is not an http or https address")
    changed = _text(element, "lastmod")
    if local_name(element) == "sitemap":
        return Elsewhere(where, url, changed)
    news = next((each for each in element if local_name(each) == "news"), None)
    publication = next((each for each in news if local_name(each) == "publication"), None) if news is not None else None
    said = {
        "title": _text(news, "title"),
        "outlet": _text(publication, "name"),
        "language": _text(publication, "language") or _text(news, "language"),
        "published_at": _text(news, "publication_date"),
        "updated_at": changed,
        "url": url,
    }
    try:
        article = article_from_fields({"title": "-", "body": "-"} | {name: text for name, text in said.items() if text})
    except ArticleError as error:
        return Skipped.because(f"{where} ({url[:200]})", error)
    return Linked(where, replace(article, title=said["title"] or "", body=""))


def _text(holder: Any, name: str) -> str | None:
    if holder is None:
        return None
    found = next((each for each in holder if local_name(each) == name), None)
    return " ".join("".join(found.itertext()).split()) or None if found is not None else None
