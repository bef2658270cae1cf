"""Several servers on one PostgreSQL and one Chroma server: two with a folder each, and one with two workers."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.cli import main
from rag.adapters.ownership import read_owner
from tests.chroma import ChromaServer
from tests.desks import Newsroom
from tests.postgres import PostgresServer
from tests.serving import PATIENCE_S, Served, onrecord, serving

PER_MINUTE = 200
SITE = "https://www.example.org"


@pytest.fixture(scope="module")
def env(postgres_server: PostgresServer, chroma: ChromaServer) -> dict[str, str]:
    return {
        "ONRECORD_CATALOG": postgres_server.emptied(),
        "ONRECORD_LEXICAL": "postgres",
        "ONRECORD_CHROMA": chroma.url,
        "ONRECORD_LIMITS__KEY_PER_MINUTE": str(PER_MINUTE),
        "ONRECORD_SERVER__ORIGINS": SITE,
    }


@pytest.fixture(scope="module")
def servers(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served]]:
    """One of one process, and one with two workers; both start at the same moment on empty stores."""
    folder = tmp_path_factory.mktemp("servers")

    def start(name: str, *more: str) -> AbstractContextManager[Served]:
        return serving(folder / name, folder / f"{name}.log", env, more=more)

    with ThreadPoolExecutor() as pool, ExitStack() as opened:
        starting = [start("one"), start("workers", "--workers", "2")]
        one, workers = pool.map(opened.enter_context, starting)
        yield one, workers
    for log in folder.glob("*.log"):
        assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def one(servers: tuple[Served, Served]) -> Served:
    return servers[0]


@pytest.fixture(scope="module")
def workers(servers: tuple[Served, Served]) -> Served:
    return servers[1]


def send(served: Served, method: str, path: str, key: str | None = None, **request: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx.request(method, served.url + path, headers=headers, timeout=PATIENCE_S, trust_env=False, **request)


def reads(served: Served, token: str, headers: dict[str, str]) -> int:
    headers = headers | {"authorization": f"Bearer {token}"}
    return httpx.get(f"{served.url}/v1/articles?limit=1", headers=headers, trust_env=False).status_code


def secret(served: Served) -> str:
    owner = read_owner(served.library)
    assert owner is not None
    assert owner.secret is not None
    return owner.secret


def test_while_desks_write_through_all_nothing_that_is_gone_is_cited_by_any(one: Served, workers: Served) -> None:
    newsroom = Newsroom([one.url, workers.url, workers.url], seed=1)

    newsroom.run(asks=60)

    assert newsroom.faults == []
    assert newsroom.answers["answered"] > 20
    for each in (one, workers):
        assert send(each, "GET", "/readyz").status_code == 200
        assert send(each, "GET", "/v1/library").json()["faults"] == []


def test_articles_are_ingested_beside_running_servers(
    one: Served, workers: Served, env: dict[str, str], tmp_path: Path
) -> None:
    ran = onrecord("ingest", "--samples", "--library", tmp_path / "beside", env=env)

    assert ran.code == 0, ran.err
    for each in (one, workers, workers):
        answer = send(each, "POST", "/v1/ask", json={"question": "Who won the Tarvian Cup?"}).json()
        assert "Hallin Rovers" in answer["text"]


def test_feedback_on_an_answer_of_one_may_come_to_another(one: Served, workers: Served) -> None:
    answer = send(one, "POST", "/v1/ask", json={"question": "Who won the Tarvian Cup?"}).json()
    said = {"answer_id": answer["id"], "verdict": "right"}

    assert send(workers, "POST", "/v1/feedback", json=said).status_code == 201
    assert send(workers, "POST", "/v1/feedback", json=said | {"answer_id": "0" * 32}).status_code == 404
    kept = send(one, "GET", "/v1/feedback").json()["feedback"][-1]
    assert (kept["answer_id"], kept["request"]["question"]) == (answer["id"], "Who won the Tarvian Cup?")


def test_a_worker_that_is_killed_is_replaced(workers: Served) -> None:
    children = Path(f"/proc/{workers.process.pid}/task/{workers.process.pid}/children")
    if not children.exists():
        pytest.skip("which processes a process has started is not told here")
    before = children.read_text().split()
    for pid in before:
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(int(pid), signal.SIGKILL)
            break
    deadline = time.monotonic() + PATIENCE_S
    while pid in children.read_text().split() or len(children.read_text().split()) < len(before):
        assert time.monotonic() < deadline
        time.sleep(0.1)

    assert send(workers, "GET", "/readyz").status_code == 200


def test_one_reply_of_metrics_tells_of_all_workers(workers: Served) -> None:
    running = 3 if Path("/proc/self/stat").exists() else 0  # two workers, and the one that started them
    patience = time.monotonic() + PATIENCE_S
    while _processes(counted(workers)) < running and time.monotonic() < patience:
        time.sleep(0.1)  # one that was killed is being replaced
    before, ready = counted(workers), 'onrecord_requests_total{method="GET",route="/readyz",status="200"}'
    for _ in range(12):  # each over a connection of its own, which any worker may take
        assert send(workers, "GET", "/readyz").status_code == 200

    told = [counted(workers) for _ in range(6)]

    assert [each[ready] - before[ready] for each in told] == [12] * 6
    assert [each["onrecord_requests_in_flight"] for each in told] == [1] * 6
    articles = send(workers, "GET", "/readyz").json()["articles"]
    assert {each['onrecord_library{what="articles"}'] for each in told} == {articles}
    assert _processes(told[0]) == running


def _processes(told: dict[str, float]) -> int:
    return sum(name.startswith("process_resident_memory_bytes{pid=") for name in told)


def counted(served: Served) -> dict[str, float]:
    """Each series of /metrics with its value."""
    lines = send(served, "GET", "/metrics", secret(served)).text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_a_key_that_one_makes_and_another_revokes_and_its_tokens_let_nobody_in_anywhere(
    one: Served, workers: Served
) -> None:
    ops = secret(one)
    made = send(one, "POST", "/v1/keys", ops, json={"name": "desk", "scopes": ["ask", "read"]}).json()
    wanted = {"scopes": ["read"], "origin": SITE}
    token = send(workers, "POST", "/v1/tokens", made["key"], json=wanted).json()["token"]
    listing, page = "/v1/articles?limit=1", {"origin": SITE}
    assert [reads(each, token, page) for each in (one, workers, workers)] == [200] * 3
    assert [send(each, "GET", listing, made["key"]).status_code for each in (one, workers, workers)] == [200] * 3
    assert [send(each, "GET", listing).status_code for each in (one, workers, workers)] == [401] * 3

    assert send(workers, "DELETE", f"/v1/keys/{made['id']}", secret(workers)).status_code == 204

    assert [send(each, "GET", listing, made["key"]).status_code for each in (one, workers, workers)] == [401] * 3
    assert [reads(each, token, page) for each in (one, workers, workers)] == [401] * 3


def test_a_limit_holds_over_all_together(one: Served, workers: Served) -> None:
    key = send(one, "POST", "/v1/keys", secret(one), json={"name": "busy", "scopes": ["ask"]}).json()["key"]
    started, statuses = time.monotonic(), []
    with httpx.Client(headers={"authorization": f"Bearer {key}"}, timeout=PATIENCE_S, trust_env=False) as client:
        for number in range(2 * PER_MINUTE):
            reply = client.get(f"{(one, workers)[number % 2].url}/v1/models")
            statuses.append(reply.status_code)
            if reply.status_code == 429:
                break
    filled = (time.monotonic() - started) / 60 * PER_MINUTE

    assert statuses[-1] == 429
    assert int(reply.headers["retry-after"]) >= 1
    assert PER_MINUTE <= len(statuses) - 1 <= PER_MINUTE + filled + 1


def test_more_workers_than_one_are_refused_where_stores_are_in_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["serve", "--workers", "2", "--port", "0", "--library", str(tmp_path / "library")])

    said = capsys.readouterr().err
    assert code == 2
    assert "one process's alone" in said
    assert "ONRECORD_CATALOG=postgresql+psycopg://..., ONRECORD_LEXICAL=postgres, ONRECORD_CHROMA=" in said
    assert not (tmp_path / "library").exists()
