"""`onrecord eval run | score | compare | gate | report | judge | new-cases | from-feedback`."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.commands import candidates, judging
from api.commands.evaluated import asked_of
from api.commands.running import print_json, run_async, settings_of
from api.evaluation_terminal import RunBar, show_comparison, show_scores
from api.printable import printable
from evals.calibration import stated_calibration
from evals.comparing import Comparison, compare
from evals.datasets.loaders import Loaded, load
from evals.gate_reports import github_notes, junit
from evals.gating import checked, own_rules, read_rules
from evals.report import Against, Reported, html_report, markdown_report
from evals.results import Run, read_run
from evals.running import chosen
from evals.running import run as run_cases
from evals.score_table import write_table
from evals.scoring import Scores, default_support, is_scores, named, read_scores, score, write_scores
from evals.verdicts import verdicts_on
from rag.errors import InputError, SourceError
from rag.settings import Settings

_RUNS = Path("eval-runs")


def run(arguments: argparse.Namespace) -> int:
    return _ACTIONS[arguments.action](arguments)


# --- run -------------------------------------------------------------------------------------------------------------


def _run(arguments: argparse.Namespace) -> int:
    if arguments.library and arguments.url:
        raise InputError("--library and --url name two things to ask: give one of them")
    named(arguments.metric)
    settings, loaded = settings_of(arguments), load(arguments.cases)
    out = Path(arguments.out) if arguments.out else _RUNS / f"{loaded.name}-{datetime.now(UTC):%Y%m%d-%H%M%S}.jsonl"
    if out.exists() and out.stat().st_size and (there := read_run(out)).whole and not there.failed:
        raise SourceError(
            f"{out} holds a whole run already: `onrecord eval score {out}` scores it again; to ask again, name another"
            " --out, or delete it"
        )
    made, scores = run_async(_asked(arguments, settings, loaded, out))
    for result in made.failed:
        print(printable(f"failed: {result.case.id}: {result.failure}"), file=sys.stderr)
    _show(made, scores, out, arguments)
    return int(len(made.failed) == len(made.results))


def _score(arguments: argparse.Namespace) -> int:
    """Of what a run keeps: nothing is asked again."""
    path = Path(arguments.run)
    made = read_run(path)
    _show(made, run_async(score(made, default_support(), arguments.metric)), path, arguments)
    return 0


def _show(made: Run, scores: Scores, path: Path, arguments: argparse.Namespace) -> None:
    if arguments.csv:
        write_table(made, scores, Path(arguments.csv))
    if arguments.json:
        print_json(_document(made, scores, path))
    else:
        show_scores(made, scores)
        print(f"{len(made.results)} cases, {len(made.failed)} failed; kept in {path}")


async def _asked(arguments: argparse.Namespace, settings: Settings, loaded: Loaded, out: Path) -> tuple[Run, Scores]:
    cases = chosen(loaded.cases, limit=arguments.limit, seed=arguments.seed)
    async with asked_of(arguments, settings, loaded) as asked:
        with RunBar(loaded.name) as progress:
            made = await run_cases(
                cases,
                asked.asker,
                out,
                name=loaded.name,
                target=asked.target,
                asked=asked.how,
                concurrency=arguments.concurrency,
                timeout_s=arguments.timeout,
                on_progress=progress,
            )
    return made, await score(made, default_support(), arguments.metric)


def _document(made: Run, scores: Scores, out: Path) -> dict[str, Any]:
    estimates = {metric: scores.estimate(metric) for metric in scores.by_metric}
    error = stated_calibration(made.results)
    return {
        "run": str(out),
        **made.header.model_dump(mode="json"),
        "asked_cases": len(made.results),
        "failed": [{"id": each.case.id, "failure": each.failure} for each in made.results if each.failure],
        "metrics": {
            metric: asdict(found) | {"cases": len(scores.scored(metric))}
            for metric, found in estimates.items()
            if found
        },
        "calibration": asdict(error) if error else None,
        "left_out": scores.left_out,
    }


# --- compare, gate, report -------------------------------------------------------------------------------------------


def _compare(arguments: argparse.Namespace) -> int:
    runs = read_run(Path(arguments.a)), read_run(Path(arguments.b))
    found = compare(*runs, run_async(_both(*runs, arguments.metric)))
    if arguments.json:
        print_json(_compared(found))
    else:
        show_comparison(found, most=arguments.cases)
    return 0


async def _both(before: Run, after: Run, metrics: list[str]) -> tuple[Scores, Scores]:
    support = default_support()
    return await score(before, support, metrics), await score(after, support, metrics)


def _compared(found: Comparison) -> dict[str, Any]:
    return {
        "cases": found.cases,
        "left_out": found.left_out,
        "metrics": [asdict(row) | {"verdict": row.verdict} for row in found.rows],
        "changed": [
            {
                "id": each.after.case.id,
                "question": each.after.case.question,
                "moved": {metric: {"before": pair[0], "after": pair[1]} for metric, pair in each.moved.items()},
                "before": each.before.reply.model_dump(mode="json", include=_SHOWN) if each.before.reply else None,
                "after": each.after.reply.model_dump(mode="json", include=_SHOWN) if each.after.reply else None,
            }
            for each in found.changed
        ],
    }


_SHOWN = {"answered", "reason", "detail", "text"}


def _gate(arguments: argparse.Namespace) -> int:
    rules, baseline = read_rules(Path(arguments.rules or own_rules())), Path(arguments.baseline)
    scores = run_async(_scores_in(Path(arguments.run)))
    if arguments.accept:
        write_scores(scores, baseline)
        print(f"{baseline}: the scores of {arguments.run}, {len(scores.cases)} cases, are the baseline now")
        return 0
    found = checked(scores, run_async(_scores_in(baseline)), rules)
    faults = [each.fault for each in found if each.fault is not None]
    if arguments.junit:
        Path(arguments.junit).write_text(junit(found, arguments.run), encoding="utf-8")
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in github_notes(found):
            print(printable(line), file=sys.stderr)
    if arguments.json:
        print_json(
            {
                "passed": not faults,
                "broken": faults,
                "cases": len(scores.cases),
                "rules": [asdict(each) for each in found],
            }
        )
    else:
        for fault in faults:
            print(printable(f"broken: {fault}"))
        print(
            f"{len(faults)} of {len(found)} rules broken"
            if faults
            else f"passed: {len(scores.cases)} cases, none of {len(found)} rules of {arguments.rules or 'the golden set'} broken"
        )
    return int(bool(faults))


async def _scores_in(path: Path) -> Scores:
    """Of a run, or as they were kept for a baseline."""
    return read_scores(path) if is_scores(path) else await score(read_run(path), default_support())


def _report(arguments: argparse.Namespace) -> int:
    path = Path(arguments.run)
    out = Path(arguments.out) if arguments.out else path.with_suffix(".html")
    against = Path(arguments.against) if arguments.against else None
    named = [Path(each) for each in arguments.judged] if arguments.judged else None
    now, before = run_async(_reported(path, against, named))
    out.write_text(html_report(now, before), encoding="utf-8")
    if arguments.markdown:
        Path(arguments.markdown).write_text(markdown_report(now, before), encoding="utf-8")
    judges = sorted({each.by.judge for each in now.judged})
    if arguments.json:
        cases = len(now.run.results)
        print_json({"report": str(out), "markdown": arguments.markdown, "cases": cases, "judges": judges})
    else:
        by = f", judged by {', '.join(judges)}" if judges else ""
        print(printable(f"{out}: {len(now.run.results)} cases{by}"))
    return 0


async def _reported(path: Path, against: Path | None, named: list[Path] | None) -> tuple[Reported, Against | None]:
    run = read_run(path)
    judged = verdicts_on(path, run.header.identity, named)
    if against is None:
        return Reported(run, await score(run, default_support()), judged), None
    before = read_run(against)
    scores = await _both(before, run, [])
    earlier = verdicts_on(against, before.header.identity, None)
    return Reported(run, scores[1], judged), Against(before, scores[0], compare(before, run, scores), earlier)


_ACTIONS = {
    "run": _run,
    "score": _score,
    "compare": _compare,
    "gate": _gate,
    "report": _report,
    "judge": judging.run,
    "new-cases": candidates.new_cases,
    "from-feedback": candidates.from_feedback,
}
