"""What a failing provider becomes over HTTP: a problem whose status says who should do what."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import errors
from rag.errors import (
    OnRecordError,
    ProviderBusyError,
    ProviderContextError,
    ProviderError,
    ProviderRefusedError,
    ProviderTimeoutError,
)


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (ProviderTimeoutError("m: no reply"), 504, None),
        (ProviderBusyError("m: too many requests"), 503, None),
        (ProviderBusyError("m: too many requests", retry_after_s=1.2), 503, "2"),
        (ProviderRefusedError("m: wrong key"), 502, None),
        (ProviderContextError("m: send less"), 502, None),
        (ProviderError("m: failed"), 502, None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_a_providers_failure_has_a_status_and_its_wait(
    error: OnRecordError, status: int, retry_after: str | None
) -> None:
    app = FastAPI()
    errors.install(app)

    @app.get("/ask")
    async def ask() -> None:
        raise error

    reply = TestClient(app).get("/ask")

    assert reply.status_code == status
    assert reply.headers.get("retry-after") == retry_after
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["detail"] == str(error)
