"""HTML: a page as it was published; the story by trafilatura, the rest by `ingest.sources.html_facts`."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.sources.html_facts import page_facts
from ingest.sources.record import Found, Record, Skipped
from ingest.sources.unseen import drop_unseen, may_hide
from rag.domain import Article
from rag.errors import ArticleError

# A page without a story is skipped with our own words; theirs would be a second line on the terminal.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_MAX_PAGE_BYTES = 8_000_000
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""")


def read_html(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    """One record: the page."""
    data = stream.read(_MAX_PAGE_BYTES + 1)
    if len(data) > _MAX_PAGE_BYTES:
        yield Skipped(where, f"larger than {_MAX_PAGE_BYTES // 1_000_000} MB: not one page", "too_large")
        return
    yield html_record(data, where=where)


def html_record(data: bytes, *, where: str, url: str | None = None, charset: str | None = None) -> Record:
    """The page as a record. `url` is where it was fetched, for a page that does not say its address; `charset` what
    the server said, which wins over the page's own word."""
    try:
        return Found(where, _article(decoded(data, charset), url))
    except ArticleError as error:
        return Skipped.because(where, error)


def decoded(data: bytes, charset: str | None = None) -> str:
    """The page's text: by its byte order mark, the server's word, the page's, then UTF-8 or Windows-1252."""
    said = [match[1].decode("ascii") for sign in (_META_CHARSET, _XML_ENCODING) if (match := sign.search(data[:4096]))]
    for encoding in ["utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else charset, *said, "utf-8"]:
        try:
            # The web's "latin-1" has always meant Windows-1252.
            name = "cp1252" if (encoding or "").lower() in ("iso-8859-1", "latin-1", "latin1", "us-ascii") else encoding
            text = data.decode(name) if name else None
        except (UnicodeError, LookupError, ValueError):
            continue
        if isinstance(text, str):
            return text
    # A cut or a few damaged bytes do not make UTF-8 another encoding.
    text = data.decode("utf-8", "replace")
    return text if text.count("\ufffd") * 200 < len(text) else data.decode("cp1252", "replace")


def _article(text: str, url: str | None) -> Article:
    from lxml import etree
    from lxml import html as lxml_html

    # lxml refuses a text that states an encoding, and what XML has no characters for.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
    try:
        page = lxml_html.document_fromstring(text)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ArticleError(f"not HTML that can be read: {error}", kind="malformed") from error
    if may_hide(text) and drop_unseen(page):
        text = lxml_html.tostring(page, encoding="unicode")
    facts = page_facts(page, url)
    if not facts.title:
        raise ArticleError("no headline: neither JSON-LD, og:title, <h1> nor <title>", field="title", kind="no_title")
    body = _story(text) or facts.body
    if not body:
        raise ArticleError("no article text in the page", field="body", kind="no_body")
    return Article(
        id="",
        title=facts.title,
        body=_without_headline(body, facts.title),
        url=facts.url,
        outlet=facts.outlet,
        authors=facts.authors,
        published_at=facts.published_at,
        updated_at=facts.updated_at,
        language=facts.language,
        section=facts.section,
        rights=facts.rights,
    )


def _story(text: str) -> str | None:
    import trafilatura

    try:
        found: Any = trafilatura.extract(
            text, include_comments=False, include_tables=False, include_formatting=False, favor_precision=False
        )
    except Exception as error:  # it walks what the web made of HTML: one page's surprise must not end the run
        raise ArticleError(
            f"the page cannot be read: {type(error).__name__}: {error!s:.100}", kind="malformed"
        ) from error
    # It writes a paragraph a line; ours stand apart.
    return "\n\n".join(line for line in found.split("\n") if line.strip()) if isinstance(found, str) else None


def _without_headline(body: str, title: str) -> str:
    first, _, rest = body.partition("\n")
    return rest.lstrip() if rest.strip() and first.split() == title.split() else body
