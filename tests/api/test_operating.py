"""What a server tells those who operate it, and how it stops."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import anyio
import grpc
import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)

from api import errors, streaming
from api.errors import StoppingError
from api.telemetry.logs import REQUEST_ID
from api.telemetry.metrics import FOLDER_VARIABLE, Metrics
from api.telemetry.requests import Observed
from evals.standins.chat_script import Body, Reply
from evals.standins.chat_server import ChatServer
from tests.serving import PATIENCE_S, Served, environment, serving

QUESTION = "what did Peskov say about a summit?"
SECRET = "zanzibar"


def _values(client: httpx.Client) -> dict[str, float]:
    """Each series of /metrics with its value."""
    lines = client.get("/metrics").text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_answers_and_abstentions_are_counted_by_what_they_came_to(client: httpx.Client) -> None:
    before = _values(client)
    client.post("/v1/ask", json={"question": QUESTION, "mode": "extractive"})
    nobody = {"question": f"who is the mayor of {SECRET}?", "mode": "extractive"}
    reason = client.post("/v1/ask", json=nobody).json()["abstention"]["reason"]
    after = _values(client)
    answered = 'onrecord_answers_total{mode="extractive",outcome="answered"}'
    refused = f'onrecord_answers_total{{mode="extractive",outcome="{reason}"}}'
    assert after[answered] - before.get(answered, 0) == 1
    assert after[refused] - before.get(refused, 0) == 1


def test_each_step_and_each_route_has_its_time(client: httpx.Client) -> None:
    client.post("/v1/ask", json={"question": QUESTION, "mode": "extractive"})
    client.post("/v1/search", json={"query": "summit"})
    found = _values(client)
    for step in ("understand", "lexical", "dense", "rerank", "passages", "evidence", "answer"):
        assert found[f'onrecord_step_seconds_count{{step="{step}"}}'] >= 1, step
    assert found['onrecord_request_seconds_count{method="POST",route="/v1/search"}'] >= 1


def test_the_library_s_size_is_there(client: httpx.Client) -> None:
    assert _values(client)['onrecord_library{what="articles"}'] == 18


def test_a_caller_cannot_make_series_nor_put_words_into_them(client: httpx.Client) -> None:
    client.get(f"/v1/articles/{SECRET}")
    client.get(f"/{SECRET}")
    client.request(SECRET.upper(), "/healthz")
    client.post("/v1/ask", json={"question": f"what of {SECRET}?"})
    assert SECRET not in client.get("/metrics").text.lower()


def test_a_reply_names_its_request(client: httpx.Client) -> None:
    first, second = (client.get("/healthz").headers["x-request-id"] for _ in range(2))
    assert first != second
    assert client.get("/healthz", headers={"x-request-id": "desk-7"}).headers["x-request-id"] == "desk-7"


@pytest.mark.parametrize("given", ["a b", "x" * 65, "<script>", ""])
def test_an_id_that_could_break_a_log_is_replaced(client: httpx.Client, given: str) -> None:
    assert client.get("/healthz", headers={"x-request-id": given}).headers["x-request-id"] != given


def test_what_fails_unexpectedly_is_counted_as_such_and_is_found_in_the_log_by_its_id(
    caplog: pytest.LogCaptureFixture,
) -> None:
    metrics, app = Metrics(), FastAPI()
    errors.install(app)
    app.add_middleware(Observed, metrics=metrics)

    @app.get("/breaks")
    async def breaks() -> None:
        raise RuntimeError("not foreseen")

    logged: list[str | None] = []

    def kept(_record: logging.LogRecord) -> bool:
        logged.append(REQUEST_ID.get())
        return True

    caplog.handler.addFilter(kept)
    reply = TestClient(app, raise_server_exceptions=False).get("/breaks", headers={"x-request-id": "desk-8"})

    assert (reply.status_code, reply.headers["x-request-id"]) == (500, "desk-8")
    assert "not foreseen" not in reply.text
    counted = {"method": "GET", "route": "/breaks", "status": "500"}
    assert metrics.registry.get_sample_value("onrecord_requests_total", counted) == 1
    assert "desk-8" in logged
    assert "unexpected error" in caplog.messages


_COUNTS = """
import os, sys
from pathlib import Path
from api.telemetry.metrics import FOLDER_VARIABLE, Metrics
metrics = Metrics(Path(sys.argv[1]))
metrics.in_flight.inc()
metrics.requests.labels("GET", "/counted", "200").inc()
if sys.argv[2:]:
    os.kill(os.getpid(), 9)
sys.stdout.buffer.write(metrics.written({"articles": 3}))
"""


def test_what_a_killed_process_counted_stays_and_no_request_of_it_is_under_way(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _COUNTS, str(tmp_path)]
    env = environment({FOLDER_VARIABLE: str(tmp_path)})
    killed = subprocess.run([*command, "die"], env=env, check=False)
    told = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout

    assert killed.returncode == -signal.SIGKILL
    assert 'onrecord_requests_total{method="GET",route="/counted",status="200"} 2.0\n' in told
    assert "\nonrecord_requests_in_flight 1.0\n" in told
    assert told.count("process_start_time_seconds{pid=") == Path("/proc/self/stat").exists()


class _Collector(TraceServiceServicer):
    """A real OTLP collector that keeps the names of spans with the ids of their traces."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, bytes, bytes]] = []

    def Export(self, request: ExportTraceServiceRequest, context: grpc.ServicerContext) -> ExportTraceServiceResponse:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.spans += [(span.name, span.trace_id, span.parent_span_id) for span in scope.spans]
        return ExportTraceServiceResponse()


@pytest.fixture(scope="module")
def collector() -> Iterator[tuple[_Collector, str]]:
    kept = _Collector()
    server = grpc.server(futures.ThreadPoolExecutor(2))
    add_TraceServiceServicer_to_server(kept, server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield kept, f"http://127.0.0.1:{port}"
    server.stop(None)


def _slowly(body: Body) -> Reply:
    """What points at the sentence that the question is after, once a second has passed."""
    prompt = str(body["messages"][-1]["content"])
    line = next(line for line in prompt.splitlines() if "full stop at the end of the settlement" in line)
    pointer = line[line.index("[") : line.index("]") + 1]
    text = f"Dmitry Peskov said that a summit must be the full stop at the end of the settlement {pointer}."
    return Reply(text=text, first_token_s=1.0)


@pytest.fixture(scope="module")
def stopped(
    samples: Path, tmp_path_factory: pytest.TempPathFactory, collector: tuple[_Collector, str]
) -> tuple[Path, list[dict[str, Any]], int]:
    """A server that was told to stop while a model answered: its log, what the client got, and how it ended."""
    folder = tmp_path_factory.mktemp("stopping")
    library = Path(shutil.copytree(samples, folder / "library"))
    with ChatServer(_slowly) as url:
        env = {
            "ONRECORD_CHAT_MODEL": "openai:stand-in",
            "OPENAI_API_KEY": "sk-none",
            "OPENAI_BASE_URL": url,
            "ONRECORD_LOG_LEVEL": "info",
            "ONRECORD_LOG_FORMAT": "json",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector[1],
        }
        with serving(library, folder / "log", env) as served:
            events = _stopped_in_mid_answer(served)
            code = served.process.wait(PATIENCE_S)
    return folder / "log", events, code


def _stopped_in_mid_answer(served: Served) -> list[dict[str, Any]]:
    got: list[dict[str, Any]] = []
    body = {"question": QUESTION, "stream": True}
    with httpx.Client(base_url=served.url, timeout=PATIENCE_S, trust_env=False) as client:
        headers = {"x-request-id": "the-last-one", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
        with client.stream("POST", "/v1/ask", json=body, headers=headers) as response:
            for line in response.iter_lines():
                if line.startswith("event:"):
                    if not got:
                        served.process.send_signal(signal.SIGTERM)
                    got.append({"event": line.removeprefix("event:").strip()})
                elif line.startswith("data:"):
                    got[-1]["data"] = json.loads(line.removeprefix("data:"))
    return got


def test_a_server_that_stops_ends_the_answers_under_way(stopped: tuple[Path, list[dict[str, Any]], int]) -> None:
    _, events, code = stopped
    assert [event["event"] for event in events] == ["evidence", "claim", "answer"]
    assert "full stop" in events[-1]["data"]["text"]
    assert code == 0


def test_log_lines_are_json_with_the_request_s_id_and_without_the_question(
    stopped: tuple[Path, list[dict[str, Any]], int],
) -> None:
    text = stopped[0].read_text()
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    [asked] = [line for line in lines if line.get("request_id") == "the-last-one" and line["message"] == "request"]
    assert (asked["method"], asked["path"], asked["status"], asked["level"]) == ("POST", "/v1/ask", 200, "INFO")
    assert "Peskov" not in text


def test_traces_reach_a_collector_as_part_of_the_caller_s_own(
    stopped: tuple[Path, list[dict[str, Any]], int], collector: tuple[_Collector, str]
) -> None:
    of_caller = [name for name, trace, _ in collector[0].spans if trace == bytes.fromhex("a" * 32)]
    assert {"POST /v1/ask", "understand", "lexical", "dense", "evidence", "answer"} <= set(of_caller)


def _told_to_stop(last_words_s: float, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What is taken of twenty events, one a hundredth of a second, when the server is told to stop after the second."""
    monkeypatch.setattr(streaming, "_LAST_WORDS_S", last_words_s)
    got: list[int] = []

    async def events() -> AsyncGenerator[int, None]:
        for number in range(20):
            await asyncio.sleep(0.01)
            yield number

    async def taken() -> None:
        stopping = anyio.Event()
        async for event in streaming.until_stopped(events(), stopping):
            got.append(event)
            if len(got) == 2:
                stopping.set()

    try:
        asyncio.run(taken())
    except StoppingError:
        got.append(-1)
    return got


def test_a_stream_that_ends_in_time_is_not_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _told_to_stop(60, monkeypatch) == list(range(20))


def test_a_stream_that_takes_too_long_is_told_that_the_server_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    got = _told_to_stop(0, monkeypatch)
    assert got[-1] == -1
    assert len(got) < 20


def test_what_fails_in_a_stream_is_not_swallowed() -> None:
    async def events() -> AsyncGenerator[int, None]:
        yield 1
        raise ValueError("two")

    async def taken() -> list[int]:
        return [event async for event in streaming.until_stopped(events(), anyio.Event())]

    with pytest.raises(ValueError, match="two"):
        asyncio.run(taken())
