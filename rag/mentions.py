"""Where a question names outlets, sections and people that the library knows. Pure.

An outlet counts where the question means it as a source ("as The Verge reported", "the BBC article on"), and not where
it is what the news is about ("Fortune", the magazine, against a fortune). A section counts beside a word for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.domain import Span
from rag.known import LONGEST_NAME, KnownNames
from rag.speech.vocabulary import TITLES
from rag.terms import WORD, is_stopword

_QUOTES = "'\"‘’“”«»„"
_REPORT = (
    r"(?:articles?|reports?|reporting|stor(?:y|ies)|pieces?|coverage|analys[ie]s|reviews?|interviews?|headlines?|posts?|blog"
    r"|columns?|editorials?|features?|publications?|newspaper|paper|magazine|website|site|journalists?|reporters?|texts?"
    r"|dispatch(?:es)?|accounts?|sources?)"
)
_REPORTS = (
    r"(?:report(?:s|ed)?|publish(?:es|ed)?|writ(?:es|ten)|wrote|writes?|says?|said|stat(?:es?|ed)|claim(?:s|ed)?|suggest(?:s|ed)?"
    r"|mention(?:s|ed)?|describ(?:es?|ed)|discuss(?:es|ed)?|indicat(?:es?|ed)|cover(?:s|ed)?|not(?:es?|ed)|quot(?:es?|ed)"
    r"|highlight(?:s|ed)?|attribut(?:es?|ed)|portray(?:s|ed)?|argu(?:es?|ed)|credit(?:s|ed)?|confirm(?:s|ed)?|reveal(?:s|ed)?"
    r"|detail(?:s|ed)?|list(?:s|ed)?|predict(?:s|ed)?|announc(?:es?|ed)|explain(?:s|ed)?|tell|told|tells|imply|implie[sd])"
)
_AFTER = re.compile(
    rf"^(?:['’]s?)?\s*(?:\([^)]*\)\s*)?(?:\w+\s+){{0,3}}?(?:{_REPORT}|{_REPORTS})\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?:\b(?:according to|citing|quoting|by|from|in|on|via|per|{_REPORT[3:-1]}))\s*(?:both\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
# "A, B and C" are sources together.
_JOINED = re.compile(
    r"^[\s,&]*(?:and|or|as well as|both|also|then|the|two articles? from|articles? from|by|from|in|&|\s|,)*$", re.I
)
_SECTION_AFTER = re.compile(
    r"^['’]?s?\s+(?:section|pages?|desk|news|coverage|articles?|stories|reports?|category)\b", re.I
)
_SECTION_BEFORE = re.compile(r"\b(?:section|category|desk)\s*[:=]?\s*$", re.IGNORECASE)

# A role that more people have, as the vice presidents of many firms, tells nobody.
_MOST_HOLDERS = 2
_CUT = re.compile(r"[.?!;]\s|[,\n]")
_LAST_WORD = re.compile(r"(\w[\w.'’-]*)\s+$")
_NEXT_WORD = re.compile(r"\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at `span` of the question, as the catalog spells it: several where they share what is written."""

    span: Span
    names: tuple[str, ...]


def outlets_in(text: str, known: KnownNames) -> list[Mention]:
    """The outlets that are named, in order: those whose name is no ordinary word, and those meant as a source."""
    named = [Mention(span, names) for span, names in _named(text, known.outlets) if _is_cased(span, text)]
    sure = [_is_distinct(mention.span.of(text)) or is_source(mention.span, text) for mention in named]
    # "A, B and C reported", "by A, B and C": what is joined to a source is one, too.
    for order in (range(1, len(named)), range(len(named) - 2, -1, -1)):
        for n in order:
            other = n - 1 if order.step > 0 else n + 1
            first, last = sorted((named[n].span, named[other].span))
            sure[n] = sure[n] or (sure[other] and bool(_JOINED.match(text[first.end : last.start].strip(_QUOTES))))
    return [mention for mention, is_sure in zip(named, sure, strict=True) if is_sure]


def is_source(span: Span, text: str) -> bool:
    """Whether what stands there is meant as where something was reported, rather than as what the news is about."""
    before, after = text[: span.start].rstrip(_QUOTES), text[span.end :]
    inside = after[:1] in _QUOTES and after != "" and len(before) < span.start
    return inside or bool(_AFTER.match(after) or _BEFORE.search(before))


def _is_distinct(written: str) -> bool:
    """Whether a name cannot be an ordinary word: several words, an acronym, a capital or a dot within."""
    words = WORD.findall(written)
    return len(words) > 1 or any(c.isupper() for c in written[1:])


def sections_in(text: str, known: KnownNames) -> list[Mention]:
    """The sections that are named as such."""
    return [
        Mention(span, names)
        for span, names in _named(text, known.sections)
        if _SECTION_AFTER.match(text[span.end :]) or _SECTION_BEFORE.search(text[: span.start])
    ]


def people_in(text: str, known: KnownNames) -> list[Mention]:
    """The people whom the catalog has words of: by name, by surname, or by role."""
    found = [Mention(span, names) for span, names in _named(text, known.people) if _is_person(span, text)]
    taken = [mention.span for mention in found]
    for span, names in _named(text, known.holders):
        if len(names) <= _MOST_HOLDERS and not any(span.overlaps(other) for other in taken):
            found.append(Mention(span, names))
    return sorted(found, key=lambda mention: mention.span)


def _named(text: str, lookup: Callable[[Sequence[str]], tuple[str, ...]]) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Spans whose words are a name, the longest first at each place; none overlaps another."""
    words = list(WORD.finditer(text))
    # How many words can stand in one name from each word on.
    reach = [1] * len(words)
    for at in range(len(words) - 2, -1, -1):
        if not _is_cut(text, words[at], words[at + 1]):
            reach[at] = min(reach[at + 1] + 1, LONGEST_NAME)
    written = [word.group() for word in words]
    at = 0
    while at < len(words):
        for length in range(reach[at], 0, -1):
            if names := lookup(written[at : at + length]):
                yield Span(words[at].start(), words[at + length - 1].end()), names
                at += length
                break
        else:
            at += 1


def _is_cut(text: str, word: re.Match[str], following: re.Match[str]) -> bool:
    """Whether no name goes on from one word to the next."""
    return bool(_CUT.search(text[word.end() : following.start()])) or word.group().endswith(("'s", "’s"))


def _is_cased(span: Span, text: str) -> bool:
    """Whether it is written as a name; in a question without any capitals, everything may be one."""
    return any(word[:1].isupper() or not word.isascii() for word in span.of(text).split()) or text.islower()


def _is_person(span: Span, text: str) -> bool:
    """Whether the words can be a person's: a bare surname not within a longer name, nor an ordinary word at the start."""
    written = span.of(text)
    if not _is_cased(span, text) or is_stopword(written):
        return False
    if len(written.split()) > 1:
        return True
    before, after = _LAST_WORD.search(text[: span.start]), _NEXT_WORD.match(text[span.end :])
    if before is not None and before[1][:1].isupper():
        first = not text[: before.start(1)].strip()
        return first or before[1].casefold() in TITLES
    return not (after and after[1][:1].isupper() and not written.endswith(("'s", "’s")))
