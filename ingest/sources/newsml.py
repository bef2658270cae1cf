"""NewsML-G2: the text items of a `newsMessage`, or one `newsItem`, with NITF or XHTML inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.fields import article_from_fields
from ingest.sources.markup import local_name, text_of_element, text_of_html
from ingest.sources.ninjs import kept_back
from ingest.sources.record import Found, Record, Skipped
from ingest.sources.xml_items import read_items
from rag.errors import ArticleError


def read_newsml(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    """A record for each item, `where#n`."""
    return read_items(
        stream,
        _record,
        where=where,
        names=("newsitem",),
        called="items",
        none="a NewsML-G2 message without a newsItem",
        advice="split the message into one file an item",
    )


def _record(item: Any, where: str) -> Record:
    status = _element(item, "itemmeta", "pubstatus")
    try:
        reason = kept_back((status.get("qcode") or status.get("uri")) if status is not None else None)
        return Skipped(where, reason, "not_published") if reason else Found(where, article_from_fields(_fields(item)))
    except ArticleError as error:
        return Skipped.because(where, error)


def _fields(item: Any) -> dict[str, object]:
    bylines = [text for each in _elements(item, "contentmeta", "by") if (text := _flat(each))]
    creators = [name for each in _elements(item, "contentmeta", "creator") if (name := _name(each))]
    language = _element(item, "contentmeta", "language")
    content = _element(item, "contentset", "inlinexml")
    published = _text(item, "itemmeta", "firstcreated") or _text(item, "contentmeta", "contentcreated")
    kept = {
        "title": _text(item, "contentmeta", "headline") or _nitf_headline(content) or _text(item, "itemmeta", "title"),
        "body": _body(item, content),
        "outlet": _name(_element(item, "contentmeta", "infosource")) or _name(_element(item, "itemmeta", "provider")),
        "authors": bylines[0] if bylines else creators,
        "published_at": published or _text(item, "itemmeta", "versioncreated"),
        "updated_at": _text(item, "contentmeta", "contentmodified") or _text(item, "itemmeta", "versioncreated"),
        "url": _address(item),
        "language": language.get("tag") if language is not None else _lang(content) or _lang(item),
        "section": _name(_element(item, "contentmeta", "subject")),
        "rights": "; ".join(dict.fromkeys(_rights(item))),
        "embargoed_until": _text(item, "itemmeta", "embargoed"),
        "expires_at": _valid_to(item),
    }
    return {name: value for name, value in kept.items() if value}


def _body(item: Any, content: Any) -> str:
    if content is not None:
        bodies = [e for e in content.iter() if local_name(e) in ("body.content", "body")]
        bodies.sort(key=lambda e: local_name(e) != "body.content")
        return text_of_element(bodies[0] if bodies else content)
    data = _element(item, "contentset", "inlinedata")
    if data is None:
        return ""
    text = "".join(data.itertext())
    return text_of_html(text) if "html" in (data.get("contenttype") or "") else text


def _nitf_headline(content: Any) -> str | None:
    if content is None:
        return None
    return next((_flat(e) for e in content.iter() if local_name(e) == "hl1"), None)


def _elements(item: Any, group: str, name: str) -> Iterator[Any]:
    for holder in item:
        if local_name(holder) == group:
            yield from (each for each in holder if local_name(each) == name)


def _element(item: Any, group: str, name: str) -> Any:
    return next(_elements(item, group, name), None)


def _text(item: Any, group: str, name: str) -> str | None:
    return next((text for each in _elements(item, group, name) if (text := _flat(each))), None)


def _flat(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _name(element: Any) -> str | None:
    """The name of a party or a subject: its `name` inside, else the literal that stands for it."""
    if element is None:
        return None
    names = [_flat(each) for each in element if local_name(each) == "name"]
    return next((name for name in names if name), None) or element.get("literal")


def _lang(element: Any) -> str | None:
    return element.get("{http://www.w3.org/XML/1998/namespace}lang") if element is not None else None


def _address(item: Any) -> str | None:
    links = [
        each.get("href") for each in item.iter() if local_name(each) == "link" and "canonical" in str(each.get("rel"))
    ]
    stated = [*links, item.get("guid")]
    return next((url for url in stated if url and url.startswith(("http://", "https://"))), None)


def _valid_to(item: Any) -> str | None:
    """When the rights to the item end, where one statement of rights holds for all of it."""
    stated = [each for each in item if local_name(each) == "rightsinfo"]
    return stated[0].get("validto") if len(stated) == 1 else None


def _rights(item: Any) -> Iterator[str]:
    notices = list(_elements(item, "rightsinfo", "copyrightnotice"))
    for each in [*_elements(item, "rightsinfo", "usageterms"), *notices]:
        if text := _flat(each) or each.get("href"):
            yield text
    holder = _name(_element(item, "rightsinfo", "copyrightholder"))
    if holder and not notices:
        yield f"© {holder}"
