"""What is counted, in Prometheus' form.

One registry an application, so that two in one process (tests, a command beside a server) do not count each other's work.
"""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from rag.domain import Answer

# Seconds. Extractive answers take hundredths, a local model's a minute.
_REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_STEP_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120)

# Sums of other steps: they would count the same time twice.
_SUMS = frozenset({"total", "retrieval"})


class Metrics:
    """The counters of one application. Labels hold no text of a request: a caller must not make series."""

    def __init__(self) -> None:
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
        self.in_flight = Gauge("onrecord_requests_in_flight", "Requests under way", registry=registry)
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
        self._library = Gauge("onrecord_library", "What the library holds", ("what",), registry=registry)

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
        return generate_latest(self.registry)
