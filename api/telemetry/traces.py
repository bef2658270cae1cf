"""Traces to an OpenTelemetry collector, where its standard variables name one (OTEL_EXPORTER_OTLP_ENDPOINT)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


@contextmanager
def traced(environment: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Spans are sent while the context lasts, the last of them before it ends; without an endpoint, nothing happens.

    OpenTelemetry's other variables count as ever: OTEL_SERVICE_NAME, OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER.
    A collector that is away is told of in the log, and holds up no request.
    """
    if not any(environment.get(name) for name in _ENDPOINTS):
        yield
        return
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    # The variables win over what is named here.
    resource = Resource.create(
        {"service.version": version("onrecord")}
        | ({} if "OTEL_SERVICE_NAME" in environment else {"service.name": "onrecord"})
    )
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        provider.shutdown()
