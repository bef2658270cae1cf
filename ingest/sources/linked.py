"""An article whose source gives its headline and its page gives its text: the two put together. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from ingest.sources.html import html_record
from ingest.sources.record import Found, Linked, Record, Skipped
from ingest.sources.unread import looks_binary
from ingest.sources.xml_kind import looks_like_html
from rag.domain import Article

# Where a page's text ends its reader reads no further; larger pages are not articles.
MAX_PAGE_BYTES = 8_000_000
_HTML = ("text/html", "application/xhtml+xml")
# Names under which a site serves the same pages.
_FORMS = re.compile(r"^(?:(?:www|amp|m|mobile)\.)+")


def page_record(linked: Linked, data: bytes, *, url: str, content_type: str, charset: str | None) -> Record:
    """The page at `url`, the end of the redirects, as a record. What the source says of the article wins over the page.

    Its modification date alone is the later of the two, since a page is corrected without a word in the feed; and the
    language is the page's own, since feeds state one for all.
    """
    if not data.strip():
        return Skipped(linked.url, "its page is empty", "empty")
    if looks_binary(data[:1024]) or not (content_type in _HTML or looks_like_html(data[:8192])):
        return Skipped(linked.url, f"its page is not HTML (content-type: {content_type[:60] or 'none'})")
    record = html_record(data, where=linked.url, url=url, charset=charset)
    return replace(record, article=_joined(linked.said, record.article, url)) if isinstance(record, Found) else record


def _joined(said: Article, page: Article, url: str) -> Article:
    changed = [moment for moment in (said.updated_at, page.updated_at) if moment is not None]
    return replace(
        page,
        title=said.title or page.title,
        outlet=said.outlet or page.outlet,
        authors=said.authors or page.authors,
        published_at=said.published_at or page.published_at,
        updated_at=max(changed, default=None),
        language=page.language or said.language,
        section=said.section or page.section,
        rights=said.rights or page.rights,
        # A page must not take another site's article's place by naming its address as its own.
        url=page.url if page.url and _site(page.url) == _site(url) else url,
    )


def _site(url: str) -> str:
    try:
        return _FORMS.sub("", (urlsplit(url).hostname or "").lower())
    except ValueError:
        return ""


def without_page(linked: Linked) -> Record:
    """The record where the page may not be fetched: the teaser, where there is one."""
    if linked.said.body and linked.said.title:
        return Found(linked.where, linked.said)
    reason = "only a link; ONRECORD_FETCH__FOLLOW_FILES=true fetches the pages that a file links to"
    return Skipped(f"{linked.where} ({linked.url[:200]})", reason)
