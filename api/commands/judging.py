"""`onrecord eval judge`."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from pathlib import Path

from api.commands.evaluated import KEY_VARIABLE
from api.commands.running import print_json, run_async
from api.evaluation_terminal import RunBar, show_judged
from evals.judging import Judgement, judge_all, worth
from evals.metrics.judged import JUDGED, Judge, RagasJudge
from evals.results import Run, read_run
from evals.running import chosen
from rag.errors import InputError


def run(arguments: argparse.Namespace) -> int:
    """Verdicts on a run that was made before: nothing is asked of the service again."""
    metrics = arguments.metric or list(JUDGED)
    if unknown := set(metrics) - set(JUDGED):
        raise InputError(f"no such judged metric: {', '.join(sorted(unknown))}; there are {', '.join(JUDGED)}")
    path = Path(arguments.run)
    out = Path(arguments.out) if arguments.out else path.with_suffix(f".{Path(arguments.model).name}.judged")
    judge = RagasJudge(
        arguments.url,
        arguments.model,
        key=os.environ.get(KEY_VARIABLE),
        timeout_s=arguments.timeout,
        max_tokens=arguments.max_tokens,
    )
    judgements = run_async(_judged(read_run(path), judge, metrics, out, arguments))
    found = [worth(judgements, metric) for metric in metrics]
    if arguments.json:
        print_json({"judge": arguments.model, "times": arguments.times, "metrics": [asdict(each) for each in found]})
    else:
        show_judged(found, judge=arguments.model, times=arguments.times)
        print(f"verdicts kept in {out}")
    return int(all(each.mean is None for each in found))


async def _judged(
    made: Run, judge: Judge, metrics: list[str], out: Path, arguments: argparse.Namespace
) -> tuple[Judgement, ...]:
    answered = [result for result in made.results if result.reply is not None and result.reply.answered]
    results = chosen(sorted(answered, key=lambda each: each.case.id), limit=arguments.limit, seed=arguments.seed)
    with RunBar(arguments.model) as progress:
        return await judge_all(
            results, judge, metrics, out, times=arguments.times, concurrency=arguments.concurrency, on_progress=progress
        )
