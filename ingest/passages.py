"""Sentences gathered into passages. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rag.domain import Span
from rag.terms import word_count


def passage_spans(body: str, sentences: Sequence[Span], *, max_words: int) -> tuple[Span, ...]:
    """Spans of whole sentences, each at most `max_words` words; each begins with the last sentence of the one before.

    A single sentence that is longer than `max_words` is a passage of its own; the overlap is left out where it and the
    next sentence would not fit together.
    """
    lengths = [word_count(span.of(body)) for span in sentences]
    spans: list[Span] = []
    first = 0
    while first < len(sentences):
        after, total = first + 1, lengths[first]
        while after < len(sentences) and total + lengths[after] <= max_words:
            total += lengths[after]
            after += 1
        spans.append(Span(sentences[first].start, sentences[after - 1].end))
        if after == len(sentences):
            break
        overlap = after - 1 > first and lengths[after - 1] + lengths[after] <= max_words
        first = after - 1 if overlap else after
    return tuple(spans)
