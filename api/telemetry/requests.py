"""Around every request: an id, a line in the log, the counters, a span."""

from __future__ import annotations

import logging
import re
import time
import uuid

from opentelemetry import trace
from opentelemetry.propagate import extract
from opentelemetry.trace import SpanKind, StatusCode
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.telemetry.logs import REQUEST_ID
from api.telemetry.metrics import Metrics

log = logging.getLogger("onrecord.requests")
_TRACER = trace.get_tracer("onrecord")
_ID = re.compile(r"[\w.:-]{1,64}")
# Nobody waited for the reply; nginx's own number.
_LEFT = 499
_FAILED = 500


class Observed:
    """Pure ASGI, outermost: what the guards refuse is seen, too."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        status = _LEFT

        async def numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        # Never set back: a request has a context of its own, and what answers an unexpected error stands outside of this.
        REQUEST_ID.set(request_id)
        started = time.perf_counter()
        self._metrics.in_flight.inc()
        span = _TRACER.start_span(scope["method"], extract(headers), SpanKind.SERVER)
        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                await self._app(scope, receive, numbered)
        except Exception:
            if status == _LEFT:
                status = _FAILED
            raise
        finally:
            seconds = time.perf_counter() - started
            self._metrics.in_flight.dec()
            self._note(scope, status, seconds)
            _end(span, scope, status)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # Made-up methods and paths must not make series of their own.
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = _route(scope)
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(method, route).observe(seconds)
        log.info(
            "request",
            extra={
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "ms": round(seconds * 1000, 1),
                "client": (scope.get("client") or ("",))[0],
            },
        )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


def _route(scope: Scope) -> str:
    """The route's own path, `/v1/articles/{article_id}`; "none" where nothing matched."""
    return getattr(scope.get("route"), "path", None) or "none"


def _end(span: trace.Span, scope: Scope, status: int) -> None:
    route = _route(scope)
    span.update_name(f"{scope['method']} {route}")
    span.set_attributes(
        {"http.request.method": scope["method"], "http.route": route, "http.response.status_code": status}
    )
    if status >= 500:
        span.set_status(StatusCode.ERROR)
    span.end()
