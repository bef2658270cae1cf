"""Whose reports a question names: "a Bloomberg article", "according to the Post". Pure, and English alone.

A question that rests on what an outlet wrote has no answer where nothing of that outlet is there and nothing there
mentions it: what another outlet has on the matter is not what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.domain import Evidence, Query

_NAME = r"(?:[Tt]he )?(?P<{0}>[A-Z][\w.&’'-]*(?: (?:of|and|&|\|) [A-Z][\w.&’'-]*| [A-Z][\w.&’'-]*)*)"
_REPORT = r"(?:articles?|reports?|pieces?|stor(?:y|ies)|analys[ie]s|coverage|newspaper)"
_WRITTEN = r"(?:reported|published|covered|highlighted|discussed|mentioned|described|noted)"
_SOURCE = re.compile(
    rf"\b{_REPORT}(?: published| written)? (?:from|by|in|of) {_NAME.format('whose')}"
    rf"|\b{_NAME.format('before')} {_REPORT}\b"
    rf"|\b(?:according to|{_WRITTEN} (?:by|in)|as per) {_NAME.format('after')}"
    rf"|\banother (?:article )?(?:from|by|in) {_NAME.format('another')}"
)
_AND = re.compile(r" (?:and|&) (?:the )?", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")


def missing_sources(query: Query, evidence: Evidence) -> list[str]:
    """Those named whose outlet the library does not know, and which no article of the evidence mentions."""
    if (query.language or "en") != "en":
        return []
    known = [_plain(outlet) for outlet in query.outlets]
    known += [_plain(reading.article.outlet or "") for reading in evidence.readings.values()]
    missing = []
    for name in _sources(query.text):
        # "The Post and the Herald" are two, unless that is one's name.
        if any(all(_is_one_of(known, each) for each in names) for names in ((name,), _AND.split(name))):
            continue
        articles = (reading.article for reading in evidence.readings.values())
        if not any(name in article.body or name in article.title for article in articles):
            missing.append(name)
    return list(dict.fromkeys(missing))


def _is_one_of(known: list[str], name: str) -> bool:
    plain = _plain(name)
    return any(plain in outlet or (outlet and outlet in plain) for outlet in known)


def _sources(question: str) -> Iterator[str]:
    for match in _SOURCE.finditer(question):
        name = _POSSESSIVE.sub("", next(group for group in match.groups() if group))
        if _plain(name):
            yield name


def _plain(name: str) -> str:
    return re.sub(r"[^\w ]", "", name).casefold().strip()
