"""The score of every metric on every case as CSV, for a spreadsheet or a data frame: a row a case, a column a metric."""

from __future__ import annotations

import csv
from pathlib import Path

from evals.results import Result, Run
from evals.scoring import Scores

_HEAD = ("id", "question", "tags", "answered", "reason")
# What a spreadsheet takes for the beginning of a formula: questions and names are other people's text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(run: Run, scores: Scores, path: Path) -> None:
    """Rows by id; unscored is an empty cell, never 0. A text that would begin a formula gets an apostrophe before it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([*_HEAD, *scores.by_metric])
        for result in sorted(run.results, key=lambda each: each.case.id):
            found = (by_case.get(result.case.id) for by_case in scores.by_metric.values())
            rows.writerow([*_told(result), *("" if score is None else f"{score:.6g}" for score in found)])


def _told(result: Result) -> tuple[str, ...]:
    """Of a case that failed: answered is empty, and the reason is why."""
    case, reply = result.case, result.reply
    answered = "" if reply is None else str(int(reply.answered))
    reason = result.failure if reply is None else reply.reason
    return tuple(map(_as_text, (case.id, case.question, " ".join(case.tags), answered, reason or "")))


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
