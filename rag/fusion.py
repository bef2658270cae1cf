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


def joined(part: Sequence[Fused], whole: Sequence[Fused], weight: float) -> list[Fused]:
    """Best first: a part's scores with `weight` times those of the whole question, what either found."""
    mine, all_of_it = {each.key: each for each in part}, {each.key: each for each in whole}
    found = [
        Fused(
            key,
            (mine[key].score if key in mine else 0.0) + (weight * all_of_it[key].score if key in all_of_it else 0.0),
            (mine.get(key) or all_of_it[key]).channels,
        )
        for key in dict.fromkeys((*mine, *all_of_it))
    ]
    return sorted(found, key=lambda each: -each.score)


def raised(fused: Sequence[Fused], factors: Mapping[int, float]) -> list[Fused]:
    """Best first, each score times its factor, 1 where none is given."""
    found = [
        Fused(each.key, each.score * factors[each.key], each.channels) if each.key in factors else each
        for each in fused
    ]
    return sorted(found, key=lambda each: -each.score)


def interleaved(rankings: Sequence[Sequence[Fused]]) -> list[Fused]:
    """The rankings in turns, best first, each passage once; scores are shares of its ranking's best.

    First comes the ranking whose best stands out most from its second: it is the surest.
    """
    order = sorted((ranking for ranking in rankings if ranking), key=_standing_out, reverse=True)
    found: dict[int, Fused] = {}
    for place in range(max(map(len, order), default=0)):
        for ranking in order:
            if place < len(ranking):
                each, best = ranking[place], ranking[0].score
                if each.key not in found:
                    found[each.key] = Fused(each.key, each.score / best if best > 0 else 0.0, each.channels)
    return list(found.values())


def _standing_out(ranking: Sequence[Fused]) -> float:
    """How many times the second's score the best's is."""
    if len(ranking) < 2 or ranking[1].score <= 0:
        return float("inf")
    return ranking[0].score / ranking[1].score
