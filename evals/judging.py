"""A run judged by a chat model, each case several times: what it says, and how far it agrees with itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.by_ragas.judged import Judge
from evals.results import Result
from evals.statistics import Estimate, bootstrap_interval
from rag.errors import ProviderError, SourceError

_APART = 0.1


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict; `score` is None where the case has nothing to score, or where the judge failed (`failure` says how)."""

    case: str
    metric: str
    time: int
    score: float | None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """A metric over its cases. `apart`: the mean difference between two verdicts on the same; `moved`: how many cases differ by
    more than a tenth. None where nothing was judged twice."""

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
    times: int,
    concurrency: int = 1,
    on_progress: Callable[[int, int, int], None] = lambda done, total, failed: None,
) -> tuple[Judgement, ...]:
    """Every case by every metric, `times` times, each verdict appended to `out`; what stands there is not asked for again.

    A verdict that failed is kept as failed, and asked for again the next time. Raises SourceError where `out` holds others.
    """
    known = {(j.case, j.metric, j.time): j for j in _read(out) if j.failure is None}
    # By metric first: a server keeps what the prompts of one metric begin with.
    wanted = [(result, metric, time) for time in range(times) for metric in metrics for result in results]
    left = iter([each for each in wanted if (each[0].case.id, *each[1:]) not in known])
    done = list(known.values())
    failed = 0

    async def work() -> None:
        nonlocal failed
        for result, metric, time in left:
            made = await _judged(judge, result, metric, time)
            with out.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps([made.case, made.metric, made.time, made.score, made.failure]) + "\n")
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
    by_case: dict[str, list[float]] = {}
    for each in of:
        if each.score is not None:
            by_case.setdefault(each.case, []).append(each.score)
    spreads = [max(scores) - min(scores) for scores in by_case.values() if len(scores) > 1]
    return Worth(
        metric=metric,
        mean=bootstrap_interval([sum(scores) / len(scores) for scores in by_case.values()]) if by_case else None,
        cases=len(by_case),
        unscored=len({each.case for each in of} - set(by_case)),
        failed=sum(each.failure is not None for each in of),
        apart=sum(spreads) / len(spreads) if spreads else None,
        moved=sum(spread > _APART for spread in spreads) if spreads else None,
    )


async def _judged(judge: Judge, result: Result, metric: str, time: int) -> Judgement:
    try:
        score = await judge.score(metric, result.case, result)
    except ProviderError as error:
        return Judgement(result.case.id, metric, time, None, str(error))
    return Judgement(result.case.id, metric, time, score)


def _read(path: Path) -> list[Judgement]:
    """The verdicts in whole lines; what a crash cut short is taken off the file."""
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        path.write_bytes(whole)
    try:
        rows = [json.loads(line) for line in whole.splitlines()]
        return [
            Judgement(str(case), str(metric), int(time), score, failure) for case, metric, time, score, failure in rows
        ]
    except (ValueError, TypeError) as error:
        raise SourceError(f"{path} holds no verdicts ({error}): name another --out") from error
