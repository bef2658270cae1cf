"""What a page says of itself: JSON-LD `NewsArticle` first, then OpenGraph and other meta, `<time>`, `<h1>`, `<title>`.

Pure. A page says some things in several places, and not all of them well: what cannot be read gives way to the next.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from ingest.dates import parse_date
from ingest.fields import article_from_fields
from ingest.sources.markup import text_of_html
from rag.errors import ArticleError

_ARTICLE_TYPES = re.compile(r"(?:^|/)(?:\w*Article|\w*NewsArticle|Report|BlogPosting|LiveBlogPosting)$")
_MAX_NESTING = 6
_MAX_CHARS = 2000
_Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Whatever the page states; `body` is JSON-LD's, for where the story cannot be found in the markup."""

    title: str | None
    body: str | None
    url: str | None
    outlet: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    updated_at: datetime | None
    language: str | None
    section: str | None
    rights: str | None


def page_facts(page: Any, fetched_from: str | None) -> PageFacts:
    """What the page states of itself; `page` is lxml's root of it."""
    said = _news_article(page)
    meta = _meta(page)

    def first(values: Iterable[object]) -> str | None:
        return next((text for value in values if (text := _line(value))), None)

    def date(values: Iterable[object]) -> datetime | None:
        return next((moment for value in values if (moment := _moment(value)) is not None), None)

    title = first(
        [said.get("headline"), meta.get("og:title"), meta.get("twitter:title"), *_heads(page), said.get("name")]
    )
    language = first([said.get("inLanguage"), page.get("lang"), meta.get("og:locale"), meta.get("content-language")])
    body = said.get("articleBody")
    return PageFacts(
        title=title,
        body=text_of_html(body) if isinstance(body, str) and body.strip() else None,
        url=_address([_id(said.get("url")), _id(said.get("mainEntityOfPage")), *_links(page), meta.get("og:url")],
                     fetched_from),
        outlet=first([_name(said.get("publisher")), meta.get("og:site_name"), meta.get("application-name")]),
        authors=_authors([said.get("author"), meta.get("author"), meta.get("article:author"), meta.get("dc.creator")]),
        published_at=date([said.get("datePublished"), meta.get("article:published_time"), meta.get("datepublished"),
                           meta.get("date"), meta.get("dc.date"), meta.get("parsely-pub-date"), *_times(page),
                           said.get("dateCreated")]),
        updated_at=date([said.get("dateModified"), meta.get("article:modified_time"), meta.get("og:updated_time"),
                         meta.get("datemodified"), meta.get("last-modified")]),
        language=article_from_fields({"title": "-", "body": "-", "language": language}).language,
        section=first([*_each(said.get("articleSection")), meta.get("article:section"), meta.get("section")]),
        rights=first([_id(said.get("license")), said.get("copyrightNotice"), meta.get("copyright"),
                      meta.get("dc.rights")]),
    )  # fmt: skip


def _news_article(page: Any) -> _Object:
    """The JSON-LD object of the article; a `NewsArticle` before any other kind."""
    found: list[_Object] = []
    for script in page.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            try:
                found.extend(_articles(json.loads(_uncommented(script.text or ""), strict=False), 0))
            except (ValueError, RecursionError):
                continue
    found.sort(key=lambda each: "NewsArticle" not in str(each.get("@type")))
    return found[0] if found else {}


def _uncommented(text: str) -> str:
    """Without what some pages put around a script's text, against browsers of thirty years ago."""
    text = text.strip().rstrip(";").rstrip()
    for start in ("//", "<!--", "<![CDATA["):
        text = text.removeprefix(start).lstrip()
    for end in ("]]>", "-->", "//"):
        text = text.removesuffix(end).rstrip()
    return text


def _articles(value: object, depth: int) -> Iterator[_Object]:
    if depth > _MAX_NESTING:
        return
    if isinstance(value, list):
        for item in value:
            yield from _articles(item, depth + 1)
    elif isinstance(value, dict):
        if any(_ARTICLE_TYPES.search(str(kind)) for kind in _each(value.get("@type"))):
            yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(inner := value.get(name), list | dict):
                yield from _articles(inner, depth + 1)


def _meta(page: Any) -> dict[str, str]:
    """Name or property to content, the first of each."""
    found: dict[str, str] = {}
    for each in page.iter("meta"):
        name = each.get("property") or each.get("name") or each.get("itemprop") or each.get("http-equiv")
        if name and (content := (each.get("content") or "").strip()):
            found.setdefault(name.strip().lower(), content)
    return found


def _heads(page: Any) -> Iterator[str]:
    headings = list(page.iter("h1"))
    # Several <h1> are as many menus as headlines.
    if len(headings) == 1:
        yield headings[0].text_content()
    for each in page.iter("title"):
        yield each.text_content()


def _times(page: Any) -> Iterator[str]:
    times = [each for each in page.iter("time") if each.get("datetime")]
    times.sort(key=lambda each: "datePublished" not in (each.get("itemprop") or "") and each.get("pubdate") is None)
    yield from (each.get("datetime") for each in times)


def _links(page: Any) -> Iterator[str]:
    for link in page.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            yield link.get("href")


def _address(stated: Iterable[object], fetched_from: str | None) -> str | None:
    for value in [*stated, fetched_from]:
        if not isinstance(value, str) or not value.strip() or value.strip().startswith("#"):
            continue
        try:
            url = urljoin(fetched_from or "", value.strip())
        except ValueError:
            continue
        if re.match(r"https?://[^\s/]+\S*$", url, re.IGNORECASE) and len(url) <= _MAX_CHARS:
            return url
    return None


def _authors(stated: Iterable[object]) -> tuple[str, ...]:
    for value in stated:
        named = [name for each in _each(value) if (name := _line(_name(each))) and not name.startswith("http")]
        if named:
            by: object = named if len(named) > 1 else named[0]
            return article_from_fields({"title": "-", "body": "-", "authors": by}).authors
    return ()


def _moment(value: object) -> datetime | None:
    try:
        return parse_date(value, field="date") if value else None
    except ArticleError:
        return None


def _each(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(value: object) -> object:
    value = next(iter(value), None) if isinstance(value, list) else value
    name = value.get("name") if isinstance(value, Mapping) else value
    return next(iter(name), None) if isinstance(name, list) else name


def _id(value: object) -> object:
    value = next(iter(value), None) if isinstance(value, list) else value
    return value.get("@id") or value.get("url") if isinstance(value, Mapping) else value


def _line(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return " ".join(text_of_html(value).split())[:_MAX_CHARS] or None
