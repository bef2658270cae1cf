"""Whether a library's three stores agree, key by key."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.ports import Catalog, LexicalIndex, VectorIndex


@dataclass(frozen=True, slots=True)
class Health:
    """What the catalog counts; `faults` says in words what does not agree."""

    counts: dict[str, int]
    faults: tuple[str, ...] = field(default=())

    @property
    def sound(self) -> bool:
        return not self.faults


def health_of(catalog: Catalog, lexical: LexicalIndex, vectors: VectorIndex) -> Health:
    """Reads all keys of all three. Raises StorageError."""
    counts = catalog.counts()
    live = set(catalog.live_keys())
    faults = []
    if (verdict := catalog.check()) != "ok":
        faults.append(f"catalog: {verdict}")
    for name, keys in (("lexical index", lexical.keys()), ("vector index", vectors.keys())):
        if missing := len(live - keys):
            faults.append(f"{name}: {missing} of {len(live)} passages are missing")
        if extra := len(keys - live):
            faults.append(f"{name}: {extra} passages stand there that the catalog does not have")
    if counts["unindexed"]:
        faults.append(f"catalog: {counts['unindexed']} articles wait to be indexed")
    return Health(counts, tuple(faults))
