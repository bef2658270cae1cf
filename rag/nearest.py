"""The nearest passages of those that a filter lets through: none is lost to the cut, however few it lets through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rag.domain import Filters
from rag.ports import Hit, LexicalIndex, Matrix, VectorIndex

# Microseconds: to compare one passage with all parts of a question, and to have one more of the nearest of all found and
# checked (evals/LOG.md). What a filter lets through is compared one by one where that takes less.
_COMPARING_US, _FETCHING_US = 0.13, 8.0
# How many times more are looked at where too few of those fitted.
_MORE = 2


def nearest(
    vectors: Matrix, index: VectorIndex, lexical: LexicalIndex, *, limit: int, filters: Filters, at: datetime
) -> list[list[Hit]]:
    """For each row of `vectors`, `(n, dimensions)`, the nearest `limit` that satisfy `filters` and may be shown at that moment.

    Raises StorageError.
    """
    total, wanted = lexical.count(), lexical.count(filters, at=at)
    if wanted == total:
        return index.search(vectors, limit=limit)
    found: list[list[Hit]] = [[] for _ in vectors]
    if wanted == 0:
        return found
    short: Sequence[int] = range(len(vectors))
    likely = min(total, round(1.5 * limit * total / wanted) + limit)
    comparing_us = wanted * (_COMPARING_US + lexical.finding_us)
    while short and comparing_us > _FETCHING_US * likely * len(short):
        every = index.search(vectors[short], limit=likely)
        keys = list(dict.fromkeys(hit.key for hits in every for hit in hits))
        kept = set(lexical.matching(filters, among=keys, at=at).tolist())
        for n, hits in zip(short, every, strict=True):
            found[n] = [hit for hit in hits if hit.key in kept][:limit]
        if likely == total:
            return found
        # What is near to some questions is mostly what the filter leaves out: for these alone more is looked at.
        short = [n for n in short if len(found[n]) < limit]
        likely = min(total, _MORE * likely)
    if short:
        fitting = lexical.matching(filters, at=at)
        for n, hits in zip(short, index.search(vectors[short], limit=limit, keys=fitting), strict=True):
            found[n] = hits
    return found
