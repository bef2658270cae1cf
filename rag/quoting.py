"""Keep a claim and its citation within the most words that an article's rights allow. Pure.

The claim is compared with the body: what it has in common with it, in runs of words, is quoted, marks or no marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag.domain import Span
from rag.rights import within_limit, word_spans

# Shorter runs stand in any two texts.
_RUN = 3
_CLOSERS = {"“": "”", "«": "»", "„": "“", '"': '"'}


@dataclass(frozen=True, slots=True)
class Quoted:
    """A claim's text and the span that it cites, both cut to what is allowed."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Copied:
    """A word of the claim that stands in the body as part of a run; `place` is where it ends there."""

    word: Span
    start: int
    end: int


def quoted_within(text: str, body: str, span: Span, words: int) -> Quoted:
    """At most `words` words of `span`, begun where the claim begins to quote it, and a claim that quotes no others."""
    copied = list(_copied(text, body, span))
    first = next((each.start for each in copied if span.start <= each.start < span.end), span.start)
    while first > span.start and body[first - 1] in _CLOSERS:
        first -= 1
    lead = len(word_spans(body[span.start : first]))
    fits = lead + sum(first <= each.start for each in copied) <= words
    window = within_limit(body, span, words, start=span.start if fits else first)
    for kept, each in enumerate(copied):
        if kept == words or not (window.start <= each.start and each.end <= window.end):
            return Quoted(_cut(text, each.word.start), window)
    return Quoted(text, window)


def _copied(text: str, body: str, span: Span) -> Iterator[_Copied]:
    own, theirs = word_spans(text), word_spans(body)
    ours, stored = ([each.of(whole).casefold() for each in spans] for whole, spans in ((text, own), (body, theirs)))
    places: dict[tuple[str, ...], list[int]] = {}
    for n in range(len(stored) - _RUN + 1):
        places.setdefault(tuple(stored[n : n + _RUN]), []).append(n)
    n = 0
    while n < len(ours):
        best, length = 0, 0
        # Where a run stands in several places, the cited one is meant.
        found = places.get(tuple(ours[n : n + _RUN]), [])
        for place in sorted(found, key=lambda place: not span.holds(theirs[place])):
            run = 0
            while n + run < len(ours) and place + run < len(stored) and ours[n + run] == stored[place + run]:
                run += 1
            if run > length:
                best, length = place, run
        for k in range(length):
            yield _Copied(own[n + k], theirs[best + k].start, theirs[best + k].end)
        n += max(length, 1)


def _cut(text: str, end: int) -> str:
    """The text up to `end`, its last quotation closed."""
    kept = text[:end].rstrip(' \n,;:–—…(“«„"')
    opened = ""
    for mark in kept:
        if opened and mark == _CLOSERS[opened]:
            opened = ""
        elif not opened and mark in _CLOSERS:
            opened = mark
    return f"{kept}{_CLOSERS.get(opened, '')} …" if kept else ""
