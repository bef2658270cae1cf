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
    paragraphs = [words for line in span.of(article.body).split("\n") if (words := line.split())]
    if len(paragraphs) == 1 and len(paragraphs[0]) <= 2 * _EDGE_WORDS:
        fragment = _encoded(paragraphs[0])
    else:
        # A browser looks for each end within one paragraph.
        fragment = f"{_encoded(paragraphs[0][:_EDGE_WORDS])},{_encoded(paragraphs[-1][-_EDGE_WORDS:])}"
    return f"{article.url.partition('#')[0]}#:~:text={fragment}"


def reader_link(article: Article, span: Span | None = None) -> str:
    """Our own page, open at the article, with the span of its revision highlighted."""
    address = f"/articles/{quote(article.id, safe='')}"
    if span is None:
        return address
    return f"{address}?{urlencode({'revision': article.revision, 'start': span.start, 'end': span.end})}"


def _encoded(words: list[str]) -> str:
    # "-" has a meaning of its own in a text fragment, so that quote()'s leaving it alone will not do.
    return re.sub("-", "%2D", quote(" ".join(words), safe=""))
