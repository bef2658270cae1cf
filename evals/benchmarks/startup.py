"""How long until the command says something, and until the server answers."""

from __future__ import annotations

import statistics
from pathlib import Path

from evals.benchmarks.command import onrecord, seconds_to_run, serving
from evals.benchmarks.subject import Subject
from evals.benchmarks.tables import Table

_HELPS = 10
_STARTS = 5


def startup(subject: Subject, library: Path) -> list[Table]:
    """One table. No other process may have the library open."""
    helps = [seconds_to_run(onrecord("--help")) for _ in range(_HELPS)]
    return [
        Table(
            "Starting, in seconds",
            f"{_HELPS} runs of help, {_STARTS} starts of the server; {subject.name}",
            ("", "median", "least", "most", "aim"),
            (
                _row("onrecord --help", helps, "< 0.3"),
                _row("server start until /readyz is 200", [_start(library) for _ in range(_STARTS)], "< 3"),
            ),
            digits=3,
        )
    ]


def _start(library: Path) -> float:
    with serving(library) as server:
        return server.seconds_to_ready


def _row(name: str, seconds: list[float], aim: str) -> tuple[str, float, float, float, str]:
    return name, statistics.median(seconds), min(seconds), max(seconds), aim
