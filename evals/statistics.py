"""How sure a figure is: bootstrap intervals of means over cases. Pure; the same seed gives the same interval.

Two systems on the same cases are compared by `paired_difference`: two intervals that overlap say nothing about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_RESAMPLES = 1000
_SEED = 7


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over cases and the ends of its interval."""

    value: float
    low: float
    high: float


def bootstrap_interval(
    scores: Sequence[float], *, level: float = 0.95, resamples: int = _RESAMPLES, seed: int = _SEED
) -> Estimate:
    """The mean of `scores`, one per case, with its percentile interval over resamples of the cases.

    Raises ValueError where there is no score: the mean of nothing is not 0.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    if not scores:
        raise ValueError("no scores: an interval needs at least one case")
    values = np.asarray(scores, dtype=np.float64)
    draw = np.random.default_rng(seed)
    means = [values[draw.integers(0, len(values), len(values))].mean() for _ in range(resamples)]
    tail = 100 * (1 - level) / 2
    low, high = np.percentile(means, [tail, 100 - tail])
    return Estimate(float(values.mean()), float(low), float(high))


def paired_difference(
    ours: Sequence[float],
    theirs: Sequence[float],
    *,
    level: float = 0.95,
    resamples: int = _RESAMPLES,
    seed: int = _SEED,
) -> Estimate:
    """The mean of `ours - theirs` case by case, with its interval; the two are of the same cases in the same order.

    Raises ValueError where they differ in length or are empty.
    """
    differences = [our - their for our, their in zip(ours, theirs, strict=True)]
    return bootstrap_interval(differences, level=level, resamples=resamples, seed=seed)


def difference_of_means(
    ours: Sequence[float | None], theirs: Sequence[float | None], *, level: float = 0.95, seed: int = _SEED
) -> Estimate | None:
    """The mean of `ours` less that of `theirs`, with its interval over resamples of the cases; None marks an unscored one.

    The two are of the same cases in the same order. A case that one of them has no score for counts in the other's mean
    alone, as it must where what is scored depends on the system (of those it abstained on, ...). Where both score the same
    cases this is `paired_difference`. None where either scores nothing. Raises ValueError where the lengths differ.

    Source: as for `bootstrap_interval`.
    """
    if len(ours) != len(theirs):
        raise ValueError(f"{len(ours)} scores against {len(theirs)}: a pair is of one case")
    pair = np.array([ours, theirs], dtype=np.float64)
    pair = pair[:, ~np.isnan(pair).all(axis=0)]
    scored = ~np.isnan(pair)
    if not scored.any(axis=1).all():
        return None
    filled = np.where(scored, pair, 0.0)
    draw = np.random.default_rng(seed).integers(0, pair.shape[1], (_RESAMPLES, pair.shape[1]))
    counts = scored[:, draw].sum(axis=2)
    kept = (counts > 0).all(axis=0)
    means = filled[:, draw].sum(axis=2)[:, kept] / counts[:, kept]
    tail = 100 * (1 - level) / 2
    low, high = np.percentile(means[0] - means[1], [tail, 100 - tail])
    whole = filled.sum(axis=1) / scored.sum(axis=1)
    return Estimate(float(whole[0] - whole[1]), float(low), float(high))


def proportion_interval(hits: int, cases: int) -> Estimate:
    """The share of `hits` among `cases` with its 95 % interval, which is honest near 0 and 1 too.

    Raises ValueError where there is no case.

    Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 1927.
    """
    if cases < 1:
        raise ValueError("no cases: a proportion needs at least one")
    z = 1.959964
    share = hits / cases
    centre = (share + z * z / (2 * cases)) / (1 + z * z / cases)
    reach = z * (share * (1 - share) / cases + z * z / (4 * cases * cases)) ** 0.5 / (1 + z * z / cases)
    return Estimate(share, max(0.0, centre - reach), min(1.0, centre + reach))
