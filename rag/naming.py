"""What a question names of what the library knows, and the parts that follow from it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rag.domain import Part, Period, Span, Understanding
from rag.known import KnownNames
from rag.mentions import Mention, outlets_in, people_in, sections_in
from rag.parting import parts_of
from rag.periods import Dated, periods_in

# "only from The Verge", "published exclusively in June": the words for a limit, a few words off.
_ONLY_BEFORE = re.compile(r"\b(?:only|exclusively|solely|nothing but)\b(?:\W+\w+){0,4}\W*$", re.IGNORECASE)
_ONLY_AFTER = re.compile(r"^\W*(?:only|alone|exclusively)\b", re.IGNORECASE)
_THE = re.compile(r"^the\s+", re.IGNORECASE)
# What is neither an article, an article's kind, nor what joins one to its source.
_OWN_WORDS = re.compile(
    r"\b(?!(?:the|an?|this|that|its|latest|articles?|reports?|stor(?:y|ies)|pieces?|reviews?|coverage|analysis|posts?|columns?"
    r"|editorials?|from|by|in|of|on|published|s)\b)\w+",
    re.IGNORECASE,
)


# "The Lantern's report on the silo": whatever it is on.
_REPORT = re.compile(
    r"^\s*(?:the\s+)?(?:['’]s\s+)?(?:\w+\s+)?"
    r"(?:articles?|reports?|stor(?:y|ies)|pieces?|reviews?|coverage|analysis|columns?|editorials?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """See `rag.domain.Query`."""

    parts: tuple[Part, ...]
    outlets: tuple[str, ...]
    sections: tuple[str, ...]
    people: tuple[str, ...]
    period: Period | None
    limits: tuple[Understanding, ...]
    # As the question writes them: its sources, and its words for when they appeared.
    sources: tuple[str, ...] = ()
    times: tuple[str, ...] = ()

    def is_source(self, words: str) -> bool:
        """Whether these words are one of the sources, or what it published: "the Verge", "the article from Wired"."""
        plain = (_THE.sub("", source) for source in self.sources)
        return any(
            source in words and (not _OWN_WORDS.search(rest := words.replace(source, " ", 1)) or _REPORT.match(rest))
            for source in plain
        )

    def without_sources(self, text: str) -> str:
        """The text without its sources and times, which tell where and when it stands and not what."""
        for words in (*self.sources, *self.times):
            text = text.replace(words, " ")
        return " ".join(text.split())


def read_names(
    text: str, known: KnownNames, base: datetime, *, language: str | None, ignored: Collection[Understanding]
) -> Named:
    """What the text names; times are counted from `base`, and what is `ignored` is left unread."""
    outlets = [] if "outlets" in ignored else outlets_in(text, known)
    sections = [] if "sections" in ignored else sections_in(text, known)
    # A word of an outlet's name is nobody's surname.
    people = [
        each
        for each in ([] if "people" in ignored else people_in(text, known))
        if not any(other.span.holds(each.span) and other.span != each.span for other in outlets)
    ]
    dated = [] if "period" in ignored else periods_in(text, base, language=language)
    parts = parts_of(text, outlets, sections, people, dated, whole="parts" in ignored)
    periods = {each.period for each in dated}
    limits: list[Understanding] = []
    spans: tuple[tuple[Understanding, Sequence[Mention | Dated]], ...] = (
        ("outlets", outlets),
        ("sections", sections),
        ("period", dated),
    )
    for name, found in spans:
        if any(_is_limit(each.span, text) for each in found):
            limits.append(name)
    return Named(
        parts=tuple(replace(part, text=spelt(part.text, part.people)) for part in parts),
        outlets=_all(outlets),
        sections=_all(sections),
        people=_all(people),
        period=periods.pop() if len(periods) == 1 else None,
        limits=tuple(limits),
        sources=tuple(each.span.of(text) for each in outlets),
        times=tuple(each.span.of(text) for each in dated if each.published or each.relative),
    )


def _all(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for mention in mentions for name in mention.names))


def _is_limit(span: Span, text: str) -> bool:
    return bool(_ONLY_BEFORE.search(text[: span.start]) or _ONLY_AFTER.match(text[span.end :]))


def spelt(text: str, people: Sequence[str]) -> str:
    """The text with the surnames that it spells otherwise, or names by a role alone, as the articles have them."""
    plain = text.casefold()
    return " ".join([text, *(name for name in people if name.split()[-1].casefold() not in plain)])
