"""Markup made plain text: what a reader would see of it, paragraphs apart.

For fragments that hold only the article (a feed's content, NITF, ninjs' `body_xhtml`); a whole page, with its menus, is
`ingest.sources.html`'s.
"""

from __future__ import annotations

import re
from typing import Any

from ingest.sources.unseen import drop_unseen, may_hide

_BLOCKS = frozenset(
    "p div section article blockquote pre ul ol li dl dt dd table tr h1 h2 h3 h4 h5 h6 hr header hl1 hl2 block".split()
)
_NOT_READ = frozenset(
    "script style head template noscript iframe object svg figure media audio video form button nav aside".split()
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MAX_DEPTH = 300


def text_of_html(html: str) -> str:
    """The text of a fragment of HTML or XHTML; what is no markup comes back as it was."""
    if "<" not in html and "&" not in html:
        return html
    from lxml import etree
    from lxml import html as lxml_html

    try:
        # Surrogates and NUL are what lxml refuses; cleaning would take them out later anyway.
        readable = re.sub(r"[\x00\ud800-\udfff]", "", _XML_DECLARATION.sub("", html))
        element = lxml_html.fragment_fromstring(readable, create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        return re.sub(r"<[^<>]*>", " ", html)
    if may_hide(readable):
        drop_unseen(element)
    return text_of_element(element)


def text_of_element(element: Any) -> str:
    """The text of an element of lxml or ElementTree, namespaces aside; an empty line between blocks."""
    parts: list[str] = []
    _collect(element, parts, 0)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def local_name(element: Any) -> str:
    """The tag without its namespace, in lower case; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _collect(element: Any, parts: list[str], depth: int) -> None:
    name = local_name(element)
    if name and name not in _NOT_READ and depth < _MAX_DEPTH:
        edge = "\n\n" if name in _BLOCKS else "\n" if name == "br" else ""
        parts.append(edge)
        parts.append(_folded(element.text))
        for child in element:
            _collect(child, parts, depth + 1)
        parts.append(edge)
    if depth:
        parts.append(_folded(element.tail))


def _folded(text: str | None) -> str:
    # A line break in the source of markup is a blank; only blocks and <br> break lines.
    return re.sub(r"\s+", " ", text) if text else ""
