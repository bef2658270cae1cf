"""What is counted, in Prometheus' form.

One registry an application, so that two in one process (tests, a command beside a server) do not count each other's work.
Several processes at one address count in files of one folder (prometheus_client's multi-process mode), and each tells the
sums of all.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from rag.domain import Answer

# Where prometheus_client looks for the folder, as soon as it is imported: it has to be set before a worker is started.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

# Seconds. Extractive answers take hundredths, a local model's a minute.
_REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_STEP_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120)

# Sums of other steps: they would count the same time twice.
_SUMS = frozenset({"total", "retrieval"})


class Metrics:
    """The counters of one application. Labels hold no text of a request: a caller must not make series."""

    def __init__(self, together: Path | None = None) -> None:
        """`together`: the folder in which several processes count, this one among them; `FOLDER_VARIABLE` names it too."""
        self._together = together
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        by_route = ("method", "route")
        self.requests = Counter("onrecord_requests", "Requests ended", (*by_route, "status"), registry=registry)
        self.request_seconds = Histogram(
            "onrecord_request_seconds",
            "From a request's first byte to its reply's last",
            by_route,
            registry=registry,
            buckets=_REQUEST_BUCKETS,
        )
        self.in_flight = Gauge(
            "onrecord_requests_in_flight", "Requests under way", registry=registry, multiprocess_mode="livesum"
        )
        self._steps = Histogram(
            "onrecord_step_seconds", "One step of a question", ("step",), registry=registry, buckets=_STEP_BUCKETS
        )
        self._answers = Counter(
            "onrecord_answers",
            "Answers, by what they came to: answered, or why not",
            ("mode", "outcome"),
            registry=registry,
        )
        self._degraded = Counter(
            "onrecord_answers_degraded", "Answers that a failing model or reranker took no part in", registry=registry
        )
        self._dropped = Counter(
            "onrecord_claims_dropped", "Sentences of a model that did not hold and were not shown", registry=registry
        )
        self._repointed = Counter(
            "onrecord_claims_repointed", "Sentences of a model whose citation was put right", registry=registry
        )
        self._invented = Counter(
            "onrecord_pointers_invented", "Pointers of a model to nothing, taken out", registry=registry
        )
        self._tokens = Counter("onrecord_model_tokens", "Tokens of the chat model", ("kind",), registry=registry)
        self._library = Gauge(
            "onrecord_library", "What the library holds", ("what",), registry=registry, multiprocess_mode="mostrecent"
        )

    def answered(self, answer: Answer) -> None:
        """Counts one answer, also one that abstains."""
        outcome = answer.abstention.reason.value if answer.abstention else "answered"
        self._answers.labels(answer.mode, outcome).inc()
        self._degraded.inc(answer.degraded is not None)
        self._dropped.inc(answer.checks.dropped)
        self._repointed.inc(answer.checks.repointed)
        self._invented.inc(answer.checks.invented)
        for kind, tokens in answer.usage.items():
            self._tokens.labels(kind).inc(tokens)
        self.took(answer.timings_ms)

    def took(self, timings_ms: Mapping[str, float]) -> None:
        """Notes what each step of one question took."""
        for step, ms in timings_ms.items():
            if step not in _SUMS:
                self._steps.labels(step).observe(ms / 1000)

    def written(self, counts: Mapping[str, int]) -> bytes:
        """Everything, as Prometheus reads it; `counts` are the library's as they stand."""
        for what, count in counts.items():
            self._library.labels(what).set(count)
        return generate_latest(self.registry if self._together is None else _of_all(self._together))


def _of_all(folder: Path) -> CollectorRegistry:
    """What the processes that count in the folder have counted together, also those that are gone."""
    # Each has a file of its own for each kind, named by its number.
    alive = set()
    for number in sorted({int(file.stem.rpartition("_")[2]) for file in folder.glob("*.db")}):
        if _runs(number):
            alive.add(number)
        else:
            # No request of it is under way any more.
            mark_process_dead(number, str(folder))  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    parent = multiprocessing.parent_process()
    registry.register(_Processes([*([parent.pid] if parent and parent.pid else []), *sorted(alive)]))
    return registry


class _Processes(Collector):
    """Memory, CPU and open files of several processes, each under its number."""

    def __init__(self, numbers: list[int]) -> None:
        self._numbers = numbers

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for number in self._numbers:
            for family in ProcessCollector(pid=partial(int, number), registry=None).collect():
                kept = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                for sample in family.samples:
                    kept.add_sample(sample.name, {"pid": str(number)}, sample.value)
        yield from families.values()


def _runs(number: int) -> bool:
    if os.name == "nt":
        return True  # where signal 0 would end it
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
