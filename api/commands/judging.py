"""`onrecord eval judge`: a run judged by a model, or the judge held against people's labels."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from api.commands.evaluated import model_of
from api.commands.running import print_json, run_async
from api.evaluation_terminal import RunBar, show_agreement, show_judged
from evals.by_ragas.judged import JUDGED, RagasJudge
from evals.by_ragas.loading import prompts
from evals.judging import judge_all, worth
from evals.labelled import agreement, draw, flagged_by_judge, flagged_by_support
from evals.results import Result, read_run
from evals.running import chosen
from evals.verdicts import Judgement, Judging, beside
from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.adapters.weighed_support import WeighedSupport
from rag.errors import InputError

_LABELLED = "ragtruth:"
# Of ragas' metrics, the one that asks what RAGTruth's people were asked.
_OF_LABELS = "faithfulness"
_ANSWERS = 100


def run(arguments: argparse.Namespace) -> int:
    """Verdicts on a run that was made before, or on answers with labels: nothing is asked of the service again."""
    metrics = arguments.metric or list(JUDGED)
    if unknown := set(metrics) - set(JUDGED):
        raise InputError(f"no such judged metric: {', '.join(sorted(unknown))}; there are {', '.join(JUDGED)}")
    if arguments.run.startswith(_LABELLED):
        return _against_labels(arguments)
    path = Path(arguments.run)
    out = Path(arguments.out) if arguments.out else beside(path, arguments.model)
    made = read_run(path)
    answered = [result for result in made.results if result.reply is not None and result.reply.answered]
    results = chosen(sorted(answered, key=lambda each: each.case.id), limit=arguments.limit, seed=arguments.seed)
    judgements = run_async(_judged(results, metrics, out, made.header.identity, arguments))
    found = [worth(judgements, metric) for metric in metrics]
    if arguments.json:
        print_json({**_judge_of(arguments), "metrics": [asdict(each) for each in found]})
    else:
        show_judged(found, judge=arguments.model, times=arguments.times, prompts=prompts())
        print(f"verdicts kept in {out}")
    return int(all(each.mean is None for each in found))


def _against_labels(arguments: argparse.Namespace) -> int:
    if arguments.metric not in ([], [_OF_LABELS]):
        raise InputError(f"people labelled what is unfaithful: leave --metric out, or write --metric {_OF_LABELS}")
    vectors = WordVectorCache(StaticEmbeddings())
    drawn = draw(
        Path(arguments.run.removeprefix(_LABELLED)),
        vectors,
        most=arguments.limit or _ANSWERS,
        longest=arguments.longest,
        read=arguments.read,
        seed=arguments.seed,
    )
    out = Path(arguments.out) if arguments.out else beside(Path("ragtruth"), arguments.model)
    of = f"{_LABELLED.rstrip(':')}, {arguments.read} sources"
    judgements = run_async(_judged([each.result for each in drawn.answers], [_OF_LABELS], out, of, arguments))
    by_support = run_async(flagged_by_support(drawn.answers, WeighedSupport(vectors)))
    by_judge = flagged_by_judge(drawn.answers, judgements)
    # The same answers for both: those that the judge has a verdict on.
    same = [ours if theirs is not None else None for ours, theirs in zip(by_support, by_judge, strict=True)]
    invented = [each.invented for each in drawn.answers]
    made = (
        agreement(name, flags, invented, drawn.share) for name, flags in ((arguments.model, by_judge), ("ours", same))
    )
    found = [each for each in made if each is not None]
    own = worth(judgements, _OF_LABELS)
    if arguments.json:
        against = [asdict(each) for each in found]
        print_json({**_judge_of(arguments), "share": drawn.share, "metrics": [asdict(own)], "against_labels": against})
    else:
        show_agreement(found, own, answers=len(drawn.answers), share=drawn.share)
        print(f"verdicts kept in {out}")
    return int(not found)


def _judge_of(arguments: argparse.Namespace) -> dict[str, Any]:
    return {"judge": arguments.model, "prompts": prompts(), "times": arguments.times}


async def _judged(
    results: Sequence[Result], metrics: list[str], out: Path, of: str, arguments: argparse.Namespace
) -> tuple[Judgement, ...]:
    async with model_of(arguments) as model:
        with RunBar(arguments.model) as progress:
            return await judge_all(
                results,
                RagasJudge(model),
                metrics,
                out,
                by=Judging(arguments.model, prompts(), of),
                times=arguments.times,
                concurrency=arguments.concurrency,
                on_progress=progress,
            )
