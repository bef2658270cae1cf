"""How long each step of a question takes: in milliseconds for whoever asks, and as a span where traces are kept.

opentelemetry's API does nothing, in about a microsecond, until an application sets up where spans go.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

from opentelemetry import trace

_TRACER = trace.get_tracer("onrecord")


@contextmanager
def step(timings_ms: MutableMapping[str, float], name: str) -> Iterator[None]:
    """Notes under `name` what its body takes, also where that raises.

    The span is not made current: a generator may begin in one task and end in another.
    """
    span = _TRACER.start_span(name)
    started = time.perf_counter()
    try:
        yield
    finally:
        timings_ms[name] = ms_since(started)
        span.end()


def ms_since(started: float) -> float:
    """`started`: of time.perf_counter."""
    return round((time.perf_counter() - started) * 1000, 2)
