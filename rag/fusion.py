"""Several ranked lists made one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.ports import Hit


@dataclass(frozen=True, slots=True)
class Fused:
    """A passage's fused score, higher is better, and what each channel gave it."""

    key: int
    score: float
    channels: dict[str, float]


def fuse(lists: Mapping[str, Sequence[Hit]], weights: Mapping[str, float]) -> list[Fused]:
    """Best first: the weighted sum of each channel's scores, each list scaled so that its best is 1.

    A passage that a channel did not return has 0 there. Ties keep the order of the first list that has them.
    Scaling by the best alone beat min-max and reciprocal ranks on the dev queries: evals/LOG.md, 2026-11-23.
    Source of the form: Bruch, Gai, Ingber, An Analysis of Fusion Functions for Hybrid Retrieval, TOIS 2023.
    """
    totals: dict[int, float] = {}
    raw: dict[int, dict[str, float]] = {}
    for name, hits in lists.items():
        best = max((hit.score for hit in hits), default=0.0)
        if best <= 0:
            continue
        for hit in hits:
            totals[hit.key] = totals.get(hit.key, 0.0) + weights[name] * max(hit.score, 0.0) / best
            raw.setdefault(hit.key, {})[name] = hit.score
    order = sorted(totals, key=lambda key: -totals[key])
    return [Fused(key, totals[key], raw[key]) for key in order]
