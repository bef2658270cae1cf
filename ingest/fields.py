"""A record of named fields made an article: the mapping of field names, leniently matched.

| ours           | names that are read, in this order                                                       |
|----------------|------------------------------------------------------------------------------------------|
| `title`        | title, headline                                                                          |
| `body`         | body, text, content, articleBody, body_text, maintext                                    |
| `outlet`       | outlet, source, publisher, publication, site_name                                        |
| `authors`      | authors, author, byline, creator: a list, or names split at commas, semicolons and "and" |
| `published_at` | published_at, published, date, publish_date, datePublished, pubDate, date_publish        |
| `updated_at`   | updated_at, updated, modified, dateModified, date_modify                                 |
| `url`          | url, link, canonical_url, source_url, article_source_link                                |
| `language`     | language, lang, inLanguage                                                               |
| `section`      | section, category, articleSection, topic                                                 |
| `rights`       | rights, license, licence, copyright                                                      |
| `embargoed_until` | embargoed_until, embargoed, embargo                                                   |
| `expires_at`   | expires_at, expires, expiry, expiry_date, expiration_date                                |

A `subtitle`, `standfirst` or `dek` that is a sentence, and that the body does not have, is the body's first paragraph.
Case, hyphens and underscores do not count. Fields under other names are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from ingest.dates import parse_date
from rag.domain import Article
from rag.errors import ArticleError
from rag.languages import language_code

# A shorter text without a title is a caption or a stub, and its first sentence all there is.
MIN_UNTITLED_CHARS = 400

NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "body": ("body", "text", "content", "articleBody", "body_text", "maintext"),
    "outlet": ("outlet", "source", "publisher", "publication", "site_name"),
    "authors": ("authors", "author", "byline", "creator"),
    "published_at": ("published_at", "published", "date", "publish_date", "datePublished", "pubDate", "date_publish"),
    "updated_at": ("updated_at", "updated", "modified", "dateModified", "date_modify"),
    "url": ("url", "link", "canonical_url", "source_url", "article_source_link"),
    "language": ("language", "lang", "inLanguage"),
    "section": ("section", "category", "articleSection", "topic"),
    "rights": ("rights", "license", "licence", "copyright"),
    "embargoed_until": ("embargoed_until", "embargoed", "embargo"),
    "expires_at": ("expires_at", "expires", "expiry", "expiry_date", "expiration_date"),
}
_STANDFIRST_NAMES = frozenset({"subtitle", "standfirst", "dek"})
_STANDFIRST_ENDS = (".", "!", "?", "”")
_STANDFIRST_COMPARED_CHARS = 60
# "Not so fast." says nothing to a reader who looks for facts.
_LEAST_STANDFIRST_CHARS = 30
_MAX_FIELD_CHARS = 2000
_SHOWN_NAMES, _SHOWN_NAME_CHARS = 6, 30
_NO_LIMIT_YEARS = 9
_BYLINE = re.compile(r"^\s*by\s+", re.IGNORECASE)
_AUTHOR_SPLIT = re.compile(r"\s*(?:[;,]|\band\b|&)\s*")


def plain_name(name: str) -> str:
    """A field's name without what does not count: case, hyphens, underscores and blanks."""
    return re.sub(r"[-_\s]", "", name).casefold()


_OURS = {plain_name(name): (ours, order) for ours, names in NAMES.items() for order, name in enumerate(names)}


def names_field(name: str) -> str | None:
    """Which of our fields a name stands for, if any."""
    ours = _OURS.get(plain_name(name))
    return ours[0] if ours else None


def article_from_fields(fields: Mapping[str, object], *, article_id: str = "") -> Article:
    """The article that the fields describe, not cleaned yet.

    Raises:
        ArticleError: `title` or `body` is missing, or a field is not of its form; the text names the field. A long
            body may lack a title, which is empty then: cleaning takes the first sentence.
    """
    found: dict[str, tuple[int, str, object]] = {}
    for name, value in fields.items():
        ours = _OURS.get(plain_name(name))
        if ours is None or value is None or value == "":
            continue
        if ours[0] not in found or ours[1] < found[ours[0]][0]:
            found[ours[0]] = (ours[1], name, value)
    if "title" not in found and len(_text(found, "body") or "") < MIN_UNTITLED_CHARS:
        raise _missing("title", "no_title", fields)
    if "body" not in found:
        raise _missing("body", "no_body", fields)
    return Article(
        id=article_id,
        title=_text(found, "title") or "",
        body=_with_standfirst(_text(found, "body") or "", fields),
        url=_url(found),
        outlet=_text(found, "outlet"),
        authors=_authors(found),
        published_at=_date(found, "published_at"),
        updated_at=_date(found, "updated_at"),
        language=_language(found),
        section=_text(found, "section"),
        rights=_text(found, "rights"),
        embargoed_until=_date(found, "embargoed_until"),
        expires_at=_expiry(found),
    )


def _with_standfirst(body: str, fields: Mapping[str, object]) -> str:
    """The body under the first sentence of its own that the record gives apart from it."""
    folded = " ".join(body.split())
    for name, value in fields.items():
        if plain_name(name) not in _STANDFIRST_NAMES or not isinstance(value, str) or len(value) > _MAX_FIELD_CHARS:
            continue
        standfirst = " ".join(value.split())
        sentence = len(standfirst) >= _LEAST_STANDFIRST_CHARS and standfirst.endswith(_STANDFIRST_ENDS)
        if sentence and folded and standfirst[:_STANDFIRST_COMPARED_CHARS] not in folded:
            return f"{standfirst}\n\n{body}"
    return body


def _missing(name: str, kind: str, fields: Mapping[str, object]) -> ArticleError:
    """Says which names are read, and which of the record's are not."""
    unread = [f"{each[:_SHOWN_NAME_CHARS]!a}" for each in fields if names_field(each) is None][:_SHOWN_NAMES]
    there = f"; not read: {', '.join(unread)}" if unread else ""
    return ArticleError(f"{name} is missing (names read: {', '.join(NAMES[name])}){there}", field=name, kind=kind)


_Found = Mapping[str, tuple[int, str, object]]


def _text(found: _Found, ours: str) -> str | None:
    if ours not in found:
        return None
    _, name, value = found[ours]
    if isinstance(value, Mapping) and isinstance(value.get("name"), str):  # schema.org: {"@type": "Organization", ...}
        value = value["name"]
    if not isinstance(value, str):
        raise ArticleError(f"{name} is {_kind(value)}; it should be text", field=name)
    if ours != "body" and len(value) > _MAX_FIELD_CHARS:
        raise ArticleError(f"{name} has {len(value):,} characters; at most {_MAX_FIELD_CHARS:,}", field=name)
    return value


def _url(found: _Found) -> str | None:
    url = _text(found, "url")
    if url is not None and not re.match(r"https?://[^\s/]+", url.strip(), re.IGNORECASE):
        raise ArticleError(f"url={url[:80]!r} is not an http or https address", field=found["url"][1])
    return url.strip() if url else None


def _language(found: _Found) -> str | None:
    return language_code(_text(found, "language"))


def _authors(found: _Found) -> tuple[str, ...]:
    if "authors" not in found:
        return ()
    _, name, value = found["authors"]
    names: list[str] = []
    for item in value if isinstance(value, list | tuple) else [value]:
        if item is None:
            continue
        author = item.get("name") if isinstance(item, Mapping) else item
        if not isinstance(author, str):
            verb = "holds" if isinstance(value, list | tuple) else "is"
            raise ArticleError(f"{name} {verb} {_kind(author)}; it should be a name or a list of names", field=name)
        # Names in a list are whole: "Smith, John" stays one. One string may hold several.
        names.extend(
            [author]
            if isinstance(value, list | tuple)
            else _AUTHOR_SPLIT.split(_BYLINE.sub("", " ".join(author.split())))
        )
    return tuple(dict.fromkeys(" ".join(n.split()) for n in names if n.strip()))[:50]


def _date(found: _Found, ours: str) -> datetime | None:
    if ours not in found:
        return None
    _, name, value = found[ours]
    return parse_date(value, field=name)


def _expiry(found: _Found) -> datetime | None:
    """Sources write "never" as a year far ahead, which is no limit."""
    if "expires_at" in found and re.match(r"\s*[2-9]\d{3}-", str(found["expires_at"][2])):
        year = int(str(found["expires_at"][2]).strip()[:4])
        if year > datetime.now(UTC).year + _NO_LIMIT_YEARS:
            return None
    return _date(found, "expires_at")


def _kind(value: object) -> str:
    if value is None:
        return "null"
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), type(value).__name__)
