"""A run judged by a chat model, each case several times: what it says, and how far it agrees with itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.by_ragas.judged import Judge
from evals.results import Result
from evals.statistics import Estimate, bootstrap_interval
from evals.verdicts import Judgement, Judging, VerdictsFile
from rag.errors import ProviderError

_APART = 0.1


@dataclass(frozen=True, slots=True)
class Worth:
    """A metric over its cases.

    `unscored` are cases that lack what it needs, `failed` verdicts without a usable reply. `apart`: the mean difference
    between two verdicts on the same; `moved`: how many cases differ by more than a tenth. None where nothing was judged twice.
    """

    metric: str
    mean: Estimate | None
    cases: int
    unscored: int
    failed: int
    apart: float | None
    moved: int | None


async def judge_all(
    results: Sequence[Result],
    judge: Judge,
    metrics: Sequence[str],
    out: Path,
    *,
    by: Judging,
    times: int,
    concurrency: int = 1,
    on_progress: Callable[[int, int, int], None] = lambda done, total, failed: None,
) -> tuple[Judgement, ...]:
    """Every case by every metric, `times` times, each verdict appended to `out`; what stands there is not asked for again.

    A verdict that failed is kept as failed, and asked for again the next time. Raises SourceError where `out` holds others
    than `by` says.
    """
    file = VerdictsFile(out, by)
    known = {(j.case, j.metric, j.time): j for j in file.kept if j.failure is None}
    # By metric first: a server keeps what the prompts of one metric begin with.
    wanted = [(result, metric, time) for time in range(times) for metric in metrics for result in results]
    left = iter([each for each in wanted if (each[0].case.id, *each[1:]) not in known])
    done = list(known.values())
    failed = 0

    async def work() -> None:
        nonlocal failed
        for result, metric, time in left:
            made = await _judged(judge, result, metric, time)
            file.add(made)
            done.append(made)
            failed += made.failure is not None
            on_progress(len(done), len(wanted), failed)

    async with asyncio.TaskGroup() as workers:
        for _ in range(concurrency):
            workers.create_task(work())
    asked = {(result.case.id, metric, time) for result, metric, time in wanted}
    return tuple(each for each in done if (each.case, each.metric, each.time) in asked)


def worth(judgements: Sequence[Judgement], metric: str) -> Worth:
    """What the verdicts by one metric come to; a case counts with the mean of its verdicts."""
    of = [each for each in judgements if each.metric == metric]
    by_case = scores_of(of, metric)
    spreads = [max(scores) - min(scores) for scores in by_case.values() if len(scores) > 1]
    return Worth(
        metric=metric,
        mean=bootstrap_interval([sum(scores) / len(scores) for scores in by_case.values()]) if by_case else None,
        cases=len(by_case),
        unscored=len({each.case for each in of if each.failure is None} - set(by_case)),
        failed=sum(each.failure is not None for each in of),
        apart=sum(spreads) / len(spreads) if spreads else None,
        moved=sum(spread > _APART for spread in spreads) if spreads else None,
    )


def scores_of(judgements: Sequence[Judgement], metric: str) -> dict[str, list[float]]:
    """The scores of each case that has any, in the order of its times."""
    by_case: dict[str, list[float]] = {}
    for each in sorted(judgements, key=lambda each: each.time):
        if each.metric == metric and each.score is not None:
            by_case.setdefault(each.case, []).append(each.score)
    return by_case


async def _judged(judge: Judge, result: Result, metric: str, time: int) -> Judgement:
    try:
        score = await judge.score(metric, result.case, result)
    except ProviderError as error:
        return Judgement(result.case.id, metric, time, None, str(error))
    return Judgement(result.case.id, metric, time, score)
