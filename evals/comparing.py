"""Two runs of the same cases: what moved, by how much, and whether that is noise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evals.metrics.table import METRICS
from evals.results import Result, Run
from evals.scoring import Scores
from evals.statistics import Estimate, difference_of_means
from rag.errors import SourceError

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Row:
    """One metric on the cases that both runs have. `difference` is after less before; wins are cases where after is better."""

    metric: str
    before: Estimate
    after: Estimate
    difference: Estimate
    wins: int
    losses: int
    ties: int

    @property
    def verdict(self) -> str:
        """better or worse where the interval leaves 0 out, else same (no case moved) or unclear."""
        if self.difference.low <= 0 <= self.difference.high:
            moved = self.wins or self.losses or self.difference.value
            return "unclear" if moved else "same"
        return "better" if (self.difference.low > 0) == (METRICS[self.metric].better == "higher") else "worse"


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that scores otherwise than before, or is answered in other words; the metrics that moved, before and after."""

    before: Result
    after: Result
    moved: dict[str, tuple[float | None, float | None]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left_out`: cases that one of the two lacks, or that failed in one of them."""

    rows: tuple[Row, ...]
    changed: tuple[Changed, ...]
    cases: int
    left_out: tuple[str, ...]


def compare(before: Run, after: Run, scores: tuple[Scores, Scores]) -> Comparison:
    """`scores` of the two, in their order. Raises SourceError where no case is in both."""
    cases = common(*scores)
    seen = {r.case.id: r for r in before.results}, {r.case.id: r for r in after.results}
    every = dict.fromkeys([*seen[0], *seen[1]])
    changed = (_changed(seen[0][case], seen[1][case], scores) for case in cases)
    return Comparison(
        rows=tuple(rows(*scores)),
        changed=tuple(each for each in changed if each is not None),
        cases=len(cases),
        left_out=tuple(case for case in every if case not in set(cases)),
    )


def common(before: Scores, after: Scores) -> list[str]:
    """The cases with a reply in both. Raises SourceError where there is none."""
    there = set(before.cases) - set(before.failed) - set(after.failed)
    cases = [case for case in after.cases if case in there]
    if not cases:
        raise SourceError(
            f"{before.name} and {after.name} have no answered case in common: only runs of the same cases are compared"
        )
    return cases


def rows(before: Scores, after: Scores) -> Iterator[Row]:
    """One row for each metric that both score somewhere on the cases that they have in common."""
    cases = common(before, after)
    for metric in METRICS:
        was, now = before.on(metric, cases), after.on(metric, cases)
        difference = difference_of_means(now, was)
        first, second = before.estimate(metric, cases), after.estimate(metric, cases)
        if difference is None or first is None or second is None:
            continue
        sign = 1 if METRICS[metric].better == "higher" else -1
        gains = [sign * (n - w) for w, n in zip(was, now, strict=True) if w is not None and n is not None]
        wins, losses = sum(gain > _SAME for gain in gains), sum(gain < -_SAME for gain in gains)
        yield Row(metric, first, second, difference, wins, losses, len(gains) - wins - losses)


def _changed(before: Result, after: Result, scores: tuple[Scores, Scores]) -> Changed | None:
    case = after.case.id
    was, now = ({metric: each.on(metric, [case])[0] for metric in METRICS} for each in scores)
    moved = {
        metric: (was[metric], now[metric])
        for metric in METRICS
        if METRICS[metric].group != "cost" and _differ(was[metric], now[metric])
    }
    texts = {each.reply.text if each.reply else None for each in (before, after)}
    return Changed(before, after, moved) if moved or len(texts) > 1 else None


def _differ(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(before - after) > _SAME
