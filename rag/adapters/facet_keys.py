"""Which passages satisfy a filter, in arrays by key: filters are combined, counted and looked up without asking tantivy.

There, to look up whether a given key satisfies one takes 7 us, and to find one that does .5 (evals/LOG.md); here, some
nanoseconds. What a field's value stands in is read from tantivy when it is first asked for, and follows each change from then on.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from rag.adapters import lexical_fields as fields
from rag.adapters.lexical_fields import Facets
from rag.adapters.rows import microseconds
from rag.domain import Filters
from rag.ports import Keys

_ABSENT = np.iinfo(np.int64).min
_UNDATED = _ABSENT + 1
# Of all values together no more keys are kept than this many times the passages; those asked for longest ago go first.
_KEPT_A_PASSAGE = 8


class FacetKeys:
    """Of one index, from the searcher that it was last told. Any number of threads may ask."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema, self._lock = schema, threading.Lock()
        self.start(searcher)

    def start(self, searcher: tantivy.Searcher) -> None:
        """Know nothing but this searcher."""
        with self._lock:
            self._searcher = searcher
            self._published: Keys | None = None  # by key, in microseconds
            self._of: dict[tuple[str, str], Keys] = {}
            self._windows: list[tuple[Keys, Keys]] | None = None

    def follow(self, searcher: tantivy.Searcher, changed: Mapping[int, Facets | None]) -> None:
        """Go on with the searcher that sees these changes; None for a passage that is gone."""
        with self._lock:
            self._searcher, self._windows = searcher, None
            if self._published is None or not changed:
                return
            top = max(changed) + 1 - len(self._published)
            published = np.concatenate([self._published, np.full(max(top, 0), _ABSENT)])
            replaced = [key for key in changed if published[key] != _ABSENT]
            gained: dict[tuple[str, str], list[int]] = {}
            for key, now in changed.items():
                published[key] = _ABSENT if now is None else _UNDATED if now.published is None else now.published
                for value in now.values if now is not None else ():
                    gained.setdefault(value, []).append(key)
            self._published = published
            for value, keys in self._of.items():
                left = keys[~np.isin(keys, replaced)] if replaced else keys
                if more := gained.get(value):
                    left = np.concatenate([left, np.asarray(more, dtype=np.int64)])
                self._of[value] = left

    def satisfying(self, filters: Filters, shown_at: datetime | None) -> NDArray[np.bool_]:
        """By key, whether the passage satisfies the filters, and may be shown at that moment where one is given."""
        with self._lock:
            if self._published is None:
                self._published = self._read_published()
            published = self._published
            lower, upper = fields.bounds(filters)
            if lower is None and upper is None:
                mask = published > _ABSENT
            else:
                mask = published >= (_UNDATED + 1 if lower is None else lower)
                if upper is not None:
                    mask &= published < upper
            for name, values in fields.wanted(filters).items():
                mask &= self._any_of(name, values, len(mask))
            if filters.without_sites:
                mask &= ~self._any_of("site", filters.without_sites, len(mask))
            if shown_at is not None:
                self._bar(mask, microseconds(shown_at.timestamp()))
            return mask

    def _any_of(self, name: str, values: Sequence[str], length: int) -> NDArray[np.bool_]:
        mask = np.zeros(length, dtype=np.bool_)
        # A list of articles is given once, and each has a few passages.
        if name == "article":
            mask[self._read(fields.any_of(self._schema, name, list(values)))[0]] = True
            return mask
        for value in values:
            mask[self._keys_of(name, value)] = True
        return mask

    def _keys_of(self, name: str, value: str) -> Keys:
        found = self._of.pop((name, value), None)
        if found is None:
            found = self._read(fields.one(self._schema, name, value))[0]
        self._of[name, value] = found
        room = _KEPT_A_PASSAGE * self._searcher.num_docs - sum(map(len, self._of.values()))
        while room < 0 and len(self._of) > 1:
            room += len(self._of.pop(next(iter(self._of))))
        return found

    def _bar(self, mask: NDArray[np.bool_], now: int) -> None:
        if self._windows is None:
            every = (fields.between(self._schema, name, _UNDATED, None) for name in fields.SHOWN)
            self._windows = [self._read(query, name) for query, name in zip(every, fields.SHOWN, strict=True)]
        (embargoed, begins), (expiring, ends) = self._windows
        mask[embargoed[begins > now]] = False
        mask[expiring[ends <= now]] = False

    def _read_published(self) -> Keys:
        keys, moments = self._read(tantivy.Query.all_query(), fields.PUBLISHED)
        published = np.full(int(keys.max(initial=-1)) + 1, _ABSENT)
        published[keys] = moments
        return published

    def _read(self, query: tantivy.Query, name: str = fields.KEY) -> tuple[Keys, Keys]:
        """The keys of all that the query finds, and what each has in that field."""
        hits: Any = self._searcher.search(query, limit=max(self._searcher.num_docs, 1), count=False).hits
        at = [address for _, address in hits]
        keys, values = self._searcher.fast_field_values(fields.KEY, at), self._searcher.fast_field_values(name, at)
        numbers = [_UNDATED if value is None else value for value in values]
        return np.asarray(keys, dtype=np.int64), np.asarray(numbers, dtype=np.int64)
