"""What a library of a size costs: its fill, its start, a question, memory, disk, and new indexes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from evals.benchmarks.command import Finished, onrecord, run_measured, seconds_to_run, serving
from evals.benchmarks.processes import cpu_s, memory_mb
from evals.benchmarks.subject import Subject
from evals.benchmarks.tables import percentile

_WARM_UP = 20
_TIMEOUT_S = 120
_PARTS = ("catalog.sqlite", "vectors", "lexical")


@dataclass(frozen=True, slots=True)
class Grown:
    """One size. Times are milliseconds over HTTP with a kept connection, as (median, 95th percentile), and so are the steps'.

    `filled_per_s` is passages a second while it grew from the size before, `filled_cpu_ms` what each of them cost all cores.
    `cpu_ms` is what one such call costs all cores of the server. `answered` of the `asked` questions were not refused.
    Disk and memory are those of the library's folder and the server's process: stores that are shared have their own.
    """

    articles: int
    passages: int
    filled_per_s: float | None
    filled_cpu_ms: float | None
    filled_peak_mb: float | None
    start_s: float
    rebuild_s: float | None
    memory_mb: float
    disk_mb: dict[str, float]
    times: dict[str, tuple[float, float]]
    steps: dict[str, tuple[float, float]]
    cpu_ms: dict[str, float]
    asked: int
    answered: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def grow(library: Path, lot: Path) -> Finished:
    """The lot into the library by the command. Raises CalledProcessError where it fails."""
    return run_measured(onrecord("ingest", str(lot), "--library", str(library), "--json"))


def measure(library: Path, subject: Subject, filled: Finished | None, *, rebuild: bool) -> Grown:
    """Ask the library as it stands; with `rebuild`, also make the indexes of a copy anew."""
    with serving(library) as server, httpx.Client(base_url=server.url, trust_env=False, timeout=_TIMEOUT_S) as client:
        counts = client.get("/readyz").raise_for_status().json()
        timed = _asked(client, subject, server.pid)
        memory = memory_mb(server.pid)
        start = server.seconds_to_ready
    took = filled.seconds if filled else None
    added = filled.printed["passages"] if filled else 0
    return Grown(
        articles=int(counts["articles"]),
        passages=int(counts["passages"]),
        filled_per_s=added / took if took else None,
        filled_cpu_ms=1000 * filled.cpu_seconds / added if filled and added else None,
        filled_peak_mb=filled.peak_mb if filled else None,
        start_s=start,
        rebuild_s=_rebuild_s(library) if rebuild else None,
        memory_mb=memory,
        disk_mb={name: disk_mb(library / name) for name in _PARTS},
        asked=len(subject.questions),
        **timed,
    )


def _asked(client: httpx.Client, subject: Subject, pid: int) -> dict[str, Any]:
    for question in subject.questions[:_WARM_UP]:
        _post(client, "ask", {"question": question, "mode": "extractive"})
    calls: dict[str, tuple[str, str, Mapping[str, Any]]] = {
        "search": ("search", "query", {}),
        "search in a month": ("search", "query", {"filters": _MONTH}),
        "search in all but a year": ("search", "query", {"filters": _MOST}),
        "ask": ("ask", "question", {"mode": "extractive"}),
    }
    times: dict[str, tuple[float, float]] = {}
    steps: dict[str, tuple[float, float]] = {}
    cpu: dict[str, float] = {}
    answered = 0
    for name, (path, text, more) in calls.items():
        took: list[float] = []
        each: dict[str, list[float]] = {}
        used = cpu_s(pid)
        for question in subject.questions:
            started = time.perf_counter()
            reply = _post(client, path, {text: question, **more})
            took.append((time.perf_counter() - started) * 1000)
            for step, spent in reply["timings_ms"].items():
                each.setdefault(step, []).append(spent)
            answered += bool(reply.get("answered"))
        times[name] = _middle_and_most(took)
        cpu[name] = 1000 * (cpu_s(pid) - used) / len(took)
        steps |= {f"{name}: {step}": _middle_and_most(spent) for step, spent in each.items()}
    return {"times": times, "cpu_ms": cpu, "steps": steps, "answered": answered}


# Of the articles that are asked about, a third is of November 2023, and hardly one older than that year.
_MONTH = {"published_after": "2023-11-01T00:00:00Z", "published_before": "2023-12-01T00:00:00Z"}
_MOST = {"published_after": "2023-01-01T00:00:00Z"}


def _post(client: httpx.Client, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.post(f"/v1/{path}", json=body).raise_for_status().json()
    return found


def _middle_and_most(values: Sequence[float]) -> tuple[float, float]:
    return percentile(values, 50), percentile(values, 95)


def _rebuild_s(library: Path) -> float:
    copy = library.with_name(f"{library.name}-rebuilt")
    shutil.copytree(library, copy)
    try:
        return seconds_to_run(onrecord("doctor", "--repair", "--library", str(copy)))
    finally:
        shutil.rmtree(copy)


def disk_mb(path: Path) -> float:
    files = [path] if path.is_file() else path.rglob("*")
    return sum(each.stat().st_size for each in files if each.is_file()) / 1e6
