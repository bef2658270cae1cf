"""The text of an article as it will be stored: every later offset counts this text's code points.

Pure. Paragraphs stay apart (an empty line between them); nothing is rewritten: damaged characters are put right
(mending.py), what cannot be seen is taken out, lines that were taken apart are put together again (lines.py), and lines
that are no story are left out of a body (boilerplate.py).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from ingest.boilerplate import without_boilerplate
from ingest.fields import MIN_UNTITLED_CHARS
from ingest.lines import reset_lines
from ingest.mending import mend
from rag.domain import Article
from rag.errors import ArticleError
from rag.inert import visible
from rag.sentences import sentence_spans
from rag.speech.runs import given_gender

_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_LONE_SURROGATES = re.compile(r"[\ud800-\udfff]")
# What is one blank already is not matched: that is nearly every one, and each match costs.
_BLANKS = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_EDGE_BLANKS = re.compile(r" \n ?|\n ")
_BREAKS = re.compile(r"\n{3,}")
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|mc_cid|mc_eid|ref|cmpid|at_\w+|ns_\w+|smid)$", re.IGNORECASE)

MIN_BODY_WORDS = 5
_MOST_TITLE_CHARS = 120
# A text that was escaped or damaged more often than this is hostile, and stays as it is after so many repairs.
_MOST_REPAIRS = 10
# " | Harbour Courier" after a headline of some words is the name of the page or of its column, also where it was cut short.
_OUTLET_SUFFIX = re.compile(
    r"(?<=\w|[.?!'\"’”)])(?<! \|) \| (?:[A-Z0-9][\w.&'’-]*|\w+\.[a-z]{2,8})"
    r"(?: (?:[A-Z0-9][\w.&'’-]*|of|the|and|&)){0,3}(?: ?(?:\.\.\.|…))?$"
)
_FEWEST_HEADLINE_WORDS = 3


def clean_text(text: str) -> str:
    """Damage mended, line breaks as newlines, white space folded, the invisible removed, characters composed (NFC)."""
    text = _LONE_SURROGATES.sub("\ufffd", text)
    # Mending comes first: the control characters of mojibake are half of its letters.
    text = _visible(mend(text))
    for _ in range(_MOST_REPAIRS):
        if (mended := mend(text)) == text:
            break
        text = _visible(mended)
    return text


def _visible(text: str) -> str:
    text = unicodedata.normalize("NFC", visible(_LINE_BREAKS.sub("\n", text)))
    text = _EDGE_BLANKS.sub("\n", _BLANKS.sub(" ", text))
    return (_BREAKS.sub("\n\n", text) if "\n\n\n" in text else text).strip()


def clean_line(text: str | None) -> str | None:
    """A title or a name on one line; None where nothing is left."""
    return " ".join(clean_text(text).split()) or None if text else None


def _story(text: str) -> str:
    """What is story in a clean text, its lines as they were meant."""
    for _ in range(_MOST_REPAIRS):
        # A line that was put right, or lost its neighbour, may be one that goes.
        before, text = text, without_boilerplate(reset_lines(text))
        if text == before:
            break
    return text


def _headline(title: str | None, outlet: str | None) -> str | None:
    """A clean title without the name of its outlet at the end."""
    while title:
        own = len(title) - len(f" | {outlet}")
        if outlet and own > 0 and title[own:].casefold() == f" | {outlet}".casefold():
            shorter = title[:own].rstrip()
        else:
            shorter = _without_page(title)
        if shorter in ("", title):
            break
        title = shorter
    return title


def _without_page(title: str) -> str:
    """The headline without the page's name after it; the name of somebody, whose column it may be, stays."""
    found = _OUTLET_SUFFIX.search(title)
    if found is None or len(title[: found.start()].split()) < _FEWEST_HEADLINE_WORDS:
        return title
    name = found.group().strip(" |").split()
    return title if len(name) == 2 and given_gender(name[0].lower()) else title[: found.start()]


def canonical_url(url: str) -> str:
    """The address without fragment, tracking parameters and default port, host in lower case."""
    try:
        parts = urlsplit(url.strip().encode().decode())
    except ValueError as error:  # UnicodeError is one
        raise ArticleError(f"url={url[:80]!a} is not an address: {error}", field="url") from error
    try:
        port = parts.port
    except ValueError as error:
        raise ArticleError(f"url={url[:80]!a} has a port that is not a number up to 65535", field="url") from error
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(parts.scheme.lower())
    netloc = host if port in (None, default) else f"{host}:{port}"
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)])
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~")
    return urlunsplit((parts.scheme.lower(), netloc, path or "/", query, ""))


def article_id(article: Article) -> str:
    """Made from what the article is, so that ingesting it again finds it: canonical URL, else outlet, title and date.

    http and https, and a trailing slash, do not make two articles of one.
    """
    if article.url:
        parts = urlsplit(canonical_url(article.url))
        identity = f"{parts.netloc}{parts.path.rstrip('/')}?{parts.query}"
    else:
        day = article.published_at.date().isoformat() if article.published_at else ""
        identity = "\x1f".join([(article.outlet or "").casefold(), article.title.casefold(), day])
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def untitled(article: Article) -> bool:
    """Whether the source gives no title."""
    return clean_line(article.title) is None


def _first_sentence(body: str) -> str:
    """A title for a body whose source gives none: its first sentence on one line, cut after a word, with an ellipsis.

    Raises ArticleError where the body is short.
    """
    if len(body) < MIN_UNTITLED_CHARS:
        raise ArticleError("title is empty", field="title", kind="no_title")
    sentence = " ".join(sentence_spans(body, "en")[0].of(body).split())
    if len(sentence) <= _MOST_TITLE_CHARS:
        return sentence
    cut = sentence[: _MOST_TITLE_CHARS + 1]
    return (cut[: cut.rfind(" ")] if " " in cut else cut[:_MOST_TITLE_CHARS]).rstrip(" ,;:—–-") + "…"


def clean_article(article: Article, *, max_chars: int) -> Article:
    """The article as it will be stored, with its id.

    Raises:
        ArticleError: no body, a body that is too short or too long to be an article, no title to a short body.
    """
    text = clean_text(article.body)
    if not text:
        raise ArticleError("body is empty", field="body", kind="no_body")
    if not (body := _story(text)):
        raise ArticleError(
            "body holds no story, only lines such as newsletter boxes, links and cookie notes",
            field="body",
            kind="boilerplate",
        )
    if len(body) > max_chars:
        raise ArticleError(
            f"body has {len(body):,} characters; at most {max_chars:,} (ONRECORD_INGEST__MAX_ARTICLE_CHARS)",
            field="body",
            kind="too_large",
        )
    # Scripts that do not space their words have few "words"; their characters count instead.
    if (words := len(body.split())) < MIN_BODY_WORDS and len(body) < 40:
        raise ArticleError(
            f"body has {words} words; an article has at least {MIN_BODY_WORDS}", field="body", kind="too_short"
        )
    outlet = clean_line(article.outlet)
    cleaned = replace(
        article,
        title=_headline(clean_line(article.title), outlet) or _first_sentence(body),
        body=body,
        url=canonical_url(article.url) if article.url else None,
        outlet=outlet,
        authors=tuple(name for author in article.authors if (name := clean_line(author))),
        language=clean_line(article.language),
        section=clean_line(article.section),
        rights=clean_line(article.rights),
    )
    return cleaned if cleaned.id else replace(cleaned, id=article_id(cleaned))
