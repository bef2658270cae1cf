"""What kind of markup the head of a file begins: the name of its root, past prolog, comments and document type. Pure."""

from __future__ import annotations

import re

_BEFORE_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!doctype(?:[^>\[]|\[[^\]]*\])*>\s*)*",
    re.DOTALL | re.IGNORECASE,
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_DOCTYPE_HTML = re.compile(rb"<!doctype\s+html", re.IGNORECASE)
_HTML_TAGS = frozenset(
    b"html head body article main section div p meta title link script h1 h2 span table a figure header".split()
)


def root_name(head: bytes) -> bytes:
    """The name of the first element in lower case, without its prefix; empty where the head is no markup."""
    start = _BEFORE_ROOT.match(head)
    root = _ROOT.match(head, start.end() if start else 0)
    return root[1].lower() if root else b""


def looks_like_html(head: bytes) -> bool:
    return _DOCTYPE_HTML.search(head[:1024]) is not None or root_name(head) in _HTML_TAGS


def looks_like_feed(head: bytes) -> bool:
    return root_name(head) in (b"rss", b"feed", b"rdf")


def looks_like_sitemap(head: bytes) -> bool:
    return root_name(head) in (b"urlset", b"sitemapindex")


def looks_like_newsml(head: bytes) -> bool:
    return root_name(head) in (b"newsmessage", b"newsitem")


def looks_like_xml(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml")
