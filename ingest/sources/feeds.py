"""RSS and Atom: the full content where an entry has it, else the teaser and the page that it links to."""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

from ingest.dates import parse_date
from ingest.fields import article_from_fields
from ingest.sources.markup import text_of_html
from ingest.sources.record import Found, Linked, Read, Skipped
from ingest.sources.whole import whole
from rag.errors import ArticleError

# A summary of this length is an article; teasers are a paragraph.
_TEASER_CHARS = 900
_BRIEF_CHARS = 300
# How a text ends that goes on elsewhere.
_CUT = re.compile(r"(?:…|\.\.\.|\[\s*(?:…|\.\.\.|&hellip;)\s*\])[\s»”\"']*(?:\w+[\s»]*){0,4}$")
_IN_UTC = re.compile(r"(?:Z|GMT|UTC?|[+-]00:?00)\s*$")


def read_feed(stream: BinaryIO, *, where: str) -> Iterator[Read]:
    """One for each entry, `where#n`: `Linked` where it has no more than a teaser and the address of its page."""
    data = whole(stream, where=where, advice="no feed is that large; split it")
    if isinstance(data, Skipped):
        yield data
        return
    if b"<!ENTITY" in data:
        # A few of them can be made to fill the memory; no feed needs its own.
        yield Skipped(where, "it declares XML entities, which is not safe to read")
        return
    import feedparser

    try:
        feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=True)
    except Exception as error:  # it mends what is broken with parsers of its own, which may fail in their own ways
        yield Skipped(where, f"the feed cannot be read: {type(error).__name__}: {error!s:.100}")
        return
    broken = f" ({feed.get('bozo_exception')!s:.120})" if feed.get("bozo") else ""
    if not feed.entries:
        yield Skipped(where, f"a feed without entries{broken}", "malformed" if broken else "empty")
    for number, entry in enumerate(feed.entries, 1):
        try:
            yield _entry(entry, _fields(entry, feed.feed), f"{where}#{number}")
        except ArticleError as error:
            yield Skipped.because(f"{where}#{number}", error)


def _entry(entry: Mapping[str, Any], fields: dict[str, object], where: str) -> Read:
    if "url" not in fields or _is_full(entry):
        return Found(where, article_from_fields(fields))
    said = article_from_fields({"title": "-", "body": "-"} | fields)
    return Linked(where, replace(said, title=str(fields.get("title", "")), body=str(fields.get("body", ""))))


def _is_full(entry: Mapping[str, Any]) -> bool:
    """Whether the entry has its article. Some feeds write it as the summary, and some their teaser as the content.

    Where there is no summary, feedparser gives the content for it.
    """
    *contents, summary = _texts(entry)
    text = max([*contents, summary], key=len)
    if not text or _CUT.search(text[-200:]):
        return False
    return len(text) > len(summary) or len(text) >= (_BRIEF_CHARS if contents else _TEASER_CHARS)


def _fields(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> dict[str, object]:
    source = entry.get("source")
    outlet = (source.get("title") if isinstance(source, Mapping) else None) or feed.get("title")
    tags = [tag.get("term") for tag in entry.get("tags") or () if isinstance(tag, Mapping)]
    kept = {
        "title": _plain(entry.get("title")),
        "body": max(_texts(entry), key=len),
        "outlet": _plain(outlet),
        "authors": _authors(entry) or _authors(feed),
        "published_at": _moment(entry, "published") or _moment(entry, "created") or _moment(entry, "updated"),
        "updated_at": _moment(entry, "updated"),
        "url": _link(entry),
        "language": entry.get("language") or _content_language(entry) or feed.get("language"),
        "section": _plain(next((tag for tag in tags if tag), None)),
        "rights": _plain(entry.get("rights") or feed.get("rights")),
    }
    return {name: value for name, value in kept.items() if value}


def _texts(entry: Mapping[str, Any]) -> list[str]:
    """Each of its contents, then its summary."""
    contents = [each for each in entry.get("content") or () if isinstance(each, Mapping)]
    return [text_of_html(str(each.get("value") or "")) for each in [*contents, {"value": entry.get("summary")}]]


def _authors(holder: Mapping[str, Any]) -> object:
    authors = holder.get("authors")
    names = [a.get("name") for a in authors if isinstance(a, Mapping)] if isinstance(authors, list) else []
    named = [name for name in names if isinstance(name, str) and name.strip()]
    # One name may be a byline that holds several.
    return named[0] if len(named) == 1 else named


def _moment(entry: Mapping[str, Any], name: str) -> str | None:
    """The date as written, where that can be read; else by feedparser, which knows more forms, and takes all for UTC."""
    if not isinstance(entry, dict):
        return None
    # dict.get: a FeedParserDict answers for "updated" with "published", and warns.
    written = dict.get(entry, name)
    if not isinstance(written, str):
        return None
    try:
        parse_date(written, field=name)
    except ArticleError:
        return _by_feedparser(written, dict.get(entry, f"{name}_parsed")) or written
    return written


def _by_feedparser(written: str, parsed: Any) -> str | None:
    # Without a clock time it fills in what is missing, or reads a number as a year.
    if parsed is None or ":" not in written:
        return None
    try:
        moment = datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    # A zone that it does not know it takes for UTC, and leaves the hour as it stands: the outlet's clock is nearer.
    unmoved = f"{moment:%H:%M}" in written and not _IN_UTC.search(written)
    return (moment.replace(tzinfo=None) if unmoved else moment).isoformat()


def _link(entry: Mapping[str, Any]) -> str | None:
    links = [entry.get("feedburner_origlink"), entry.get("link"), entry.get("id")]
    return next((link for link in links if isinstance(link, str) and link.startswith(("http://", "https://"))), None)


def _content_language(entry: Mapping[str, Any]) -> str | None:
    details = [*(entry.get("content") or ()), entry.get("title_detail")]
    return next((d.get("language") for d in details if isinstance(d, Mapping) and d.get("language")), None)


def _plain(value: object) -> str | None:
    return " ".join(text_of_html(value).split()) if isinstance(value, str) else None
