"""Evaluations as they are shown in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from api.printable import printable
from evals.benchmarks.tables import Cell, Table, rendered
from evals.by_ragas.judged import JUDGED
from evals.calibration import stated_calibration
from evals.comparing import Changed, Comparison
from evals.judging import Worth
from evals.labelled import Agreement
from evals.metrics.table import METRICS
from evals.results import Result, Run
from evals.scoring import Scores


def show_scores(run: Run, scores: Scores) -> None:
    """A row a metric that scores any case, with its interval and how many cases it scores."""
    rows: list[tuple[Cell, ...]] = []
    for metric in scores.by_metric:
        found = scores.estimate(metric)
        if found is not None:
            rows.append((metric, METRICS[metric].group, METRICS[metric].better, len(scores.scored(metric)), found))
    cases = f"{len(run.results)} of {run.header.count} cases, {run.header.target}"
    notes: tuple[str, ...] = (
        "means over the cases that a metric scores; 95 % intervals, of a proportion where scores are 0 or 1, else bootstrap",
    )
    if (error := stated_calibration(run.results)) is not None:
        notes += (error.in_words,)
    if scores.left_out:
        notes += (f"left out, {scores.left_out}",)
    print(rendered(Table(run.header.name, cases, ("", "", "better", "cases", "mean"), tuple(rows), 3, notes)))


def show_comparison(found: Comparison, *, most: int) -> None:
    """A row a metric, then the cases that changed, before above after."""
    rows: list[tuple[Cell, ...]] = [
        (
            r.metric,
            METRICS[r.metric].better,
            r.before.value,
            r.after.value,
            r.difference,
            f"{r.wins} / {r.losses}",
            r.verdict,
        )
        for r in found.rows
    ]
    columns = ("", "better", "before", "after", "after - before", "wins / losses", "")
    notes: tuple[str, ...] = ("95 % paired bootstrap intervals over cases; better, worse: the interval leaves 0 out",)
    if found.left_out:
        notes += (f"left out, failed or in one run only: {', '.join(found.left_out[:20])}",)
    print(rendered(Table("After against before", f"{found.cases} cases", columns, tuple(rows), 3, notes)))
    print(f"\n{len(found.changed)} cases changed")
    for changed in found.changed[:most]:
        print(printable(_side_by_side(changed)))
    if len(found.changed) > most:
        print(f"... and {len(found.changed) - most} more; --cases N shows N, --json all")


def _side_by_side(changed: Changed) -> str:
    moved = ", ".join(f"{metric} {_number(was)} -> {_number(now)}" for metric, (was, now) in changed.moved.items())
    return (
        f"\n{changed.after.case.id}: {changed.after.case.question}\n  {moved or 'same scores'}\n"
        f"  before: {said(changed.before)}\n  after:  {said(changed.after)}"
    )


def said(result: Result) -> str:
    """The answer on one line."""
    if result.reply is None:
        return f"(failed: {result.failure})"
    if not result.reply.answered:
        return f"({result.reply.reason}: {result.reply.detail or ''})"
    return " ".join(result.reply.text.split())


def _number(score: float | None) -> str:
    return "unscored" if score is None else f"{score:.3g}"


def show_judged(found: Sequence[Worth], *, judge: str, times: int, prompts: str) -> None:
    """A row a metric: its mean, and how far the judge agrees with itself."""
    rows: list[tuple[Cell, ...]] = [
        (
            each.metric,
            JUDGED[each.metric].better,
            each.cases,
            each.unscored,
            each.failed,
            each.mean,
            each.apart,
            each.moved,
        )
        for each in found
    ]
    columns = ("", "better", "cases", "unscored", "failed", "mean", "apart", "moved")
    notes = ("apart: mean difference between verdicts on the same case; moved: cases where it is more than a tenth",)
    print(rendered(Table(f"Judged by {judge}", f"{prompts}; each case {times} times", columns, tuple(rows), 3, notes)))


def show_agreement(found: Sequence[Agreement], own: Worth, *, answers: int, share: float) -> None:
    """A row for the judge and one for our own check, each against people's labels."""
    rows: list[tuple[Cell, ...]] = [
        (r.name, r.answers, r.agreement, r.kappa, r.precision, r.recall, r.f1, r.always) for r in found
    ]
    columns = ("", "answers", "agreement", "kappa", "precision", "recall", "F1", "F1 of always")
    notes = (
        "flagged: a statement is unfaithful by the judge, a sentence unsupported by our own check (ours)",
        f"half of the answers drawn are invented by the labels, {share:.3f} of all: precision and F1 are as of all",
        f"{own.failed} verdicts failed; apart {'-' if own.apart is None else f'{own.apart:.3f}'} between verdicts on the same",
    )
    drawn = f"{answers} held-out answers of RAGTruth, each of a source of its own"
    print(rendered(Table("Against people's labels", drawn, columns, tuple(rows), 3, notes)))


class RunBar:
    """A progress bar on a terminal; nothing where stderr is none."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rich: Any = None

    def __enter__(self) -> RunBar:
        if sys.stderr.isatty():
            from rich import progress as rich
            from rich.console import Console

            self._rich = rich.Progress(
                rich.TextColumn("{task.description}"),
                rich.BarColumn(),
                rich.MofNCompleteColumn(),
                rich.TextColumn("{task.fields[failed]} failed"),
                rich.TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            self._task = self._rich.add_task(self._name, failed=0, total=None)
            self._rich.start()
        return self

    def __call__(self, done: int, total: int, failed: int) -> None:
        if self._rich is not None:
            self._rich.update(self._task, completed=done, total=total, failed=failed)

    def __exit__(self, *_: object) -> None:
        if self._rich is not None:
            self._rich.stop()
