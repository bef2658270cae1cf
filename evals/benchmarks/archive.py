"""A whole archive through `onrecord ingest`: time and memory at 1,000 articles and at all of them."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from evals.benchmarks.command import onrecord
from evals.benchmarks.growing import records
from evals.benchmarks.processes import family, peak_mb
from evals.benchmarks.tables import Cell, Table
from rag.errors import SourceError

_FEW = 1000
_LOOK_EVERY_S = 0.1
_AIM = "< 300 s"


@dataclass(frozen=True, slots=True)
class _Run:
    """What the command printed, its wall time, and the peak memory of it and of each process that it started, in MB."""

    printed: dict[str, Any]
    seconds: float
    peak_mb: float | None
    beside_mb: tuple[float, ...]


def archive(data: Path) -> list[Table]:
    """One table. Raises SourceError where the archive is not in `data`."""
    sources = sorted((data / "realtimeqa").glob("articles_*.jsonl.xz"))
    if not sources:
        raise SourceError(f"no realtimeqa/articles_*.jsonl.xz in {data}; name the folder that holds it with --data")
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        few = Path(folder) / "few.jsonl"
        first = islice(records(sources), _FEW)
        few.write_text("".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in first), encoding="utf-8")
        started = _ingest([few], Path(folder) / "few")
        whole = _ingest(sources, Path(folder) / "all")
    return [
        Table(
            "onrecord ingest of an archive into fresh libraries",
            f"RealTimeQA, {', '.join(source.name for source in sources)}; {_FEW:,} articles of them, then all",
            ("", "read", "new", "skipped", "seconds", "articles/s", "passages/s", "peak MB", "beside, MB", "aim"),
            (_row(f"the first {_FEW:,}", started, ""), _row("all", whole, _AIM)),
            notes=(
                "seconds from the command's start to its end; peak MB: the command's own process",
                "beside: each process that it started, the one that splits articles first; empty without /proc",
            ),
        )
    ]


def _row(name: str, run: _Run, aim: str) -> tuple[Cell, ...]:
    counts = run.printed
    read = counts["new"] + counts["updated"] + counts["unchanged"]
    beside = ", ".join(f"{each:,.0f}" for each in run.beside_mb)
    rates = (round(read / run.seconds, 1), round(counts["passages"] / run.seconds))
    return name, read, counts["new"], len(counts["skipped"]), run.seconds, *rates, run.peak_mb, beside, aim


def _ingest(sources: Sequence[Path], library: Path) -> _Run:
    """Raises CalledProcessError where the command fails."""
    command = onrecord("ingest", *map(str, sources), "--library", str(library), "--json")
    peaks: dict[int, float] = {}
    with tempfile.TemporaryFile() as printed:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=printed)  # noqa: S603  our own command
        try:
            while process.poll() is None:
                for number in family(process.pid):
                    peaks[number] = max(peaks.get(number, 0.0), peak_mb(number))
                time.sleep(_LOOK_EVERY_S)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        seconds = time.perf_counter() - started
        printed.seek(0)
        said = printed.read()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    own = peaks.pop(process.pid, None)
    return _Run(json.loads(said), seconds, own, tuple(sorted(peaks.values(), reverse=True)))
