"""Addresses that open an article at the cited words. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode, urlsplit

from rag.domain import Article, Span

_EDGE_WORDS = 5


def link_to(article: Article, span: Span) -> str:
    """The publisher's page at the quoted words (a text fragment); our own reader where the article has no address."""
    if not article.url or urlsplit(article.url).scheme not in ("http", "https"):
        return reader_link(article, span)
    words = span.of(article.body).split("\n")[0].split()
    if len(words) <= 2 * _EDGE_WORDS:
        fragment = _encoded(words)
    else:
        # A fragment that names both ends must find its start before its end; the last paragraph's words are the end's.
        fragment = f"{_encoded(words[:_EDGE_WORDS])},{_encoded(span.of(article.body).split()[-_EDGE_WORDS:])}"
    return f"{article.url.partition('#')[0]}#:~:text={fragment}"


def reader_link(article: Article, span: Span | None = None) -> str:
    """Our own page, open at the article, with the span highlighted."""
    fields: dict[str, str | int] = {"article": article.id}
    if span is not None:
        fields |= {"start": span.start, "end": span.end}
    return f"/?{urlencode(fields)}"


def _encoded(words: list[str]) -> str:
    # "-" has a meaning of its own in a text fragment, so that quote()'s leaving it alone will not do.
    return re.sub("-", "%2D", quote(" ".join(words), safe=""))
