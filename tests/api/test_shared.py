"""Several servers on one PostgreSQL and one Chroma server: two with a folder each, and one with two workers."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.adapters.ownership import read_owner
from tests.chroma import ChromaServer, chroma_server
from tests.desks import Newsroom
from tests.postgres import PostgresServer
from tests.serving import PATIENCE_S, Served, onrecord, serving

PER_MINUTE = 200


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture(scope="module")
def env(postgres_server: PostgresServer, chroma: ChromaServer) -> dict[str, str]:
    return {
        "ONRECORD_CATALOG": postgres_server.emptied(),
        "ONRECORD_LEXICAL": "postgres",
        "ONRECORD_CHROMA": chroma.url,
        "ONRECORD_LIMITS__KEY_PER_MINUTE": str(PER_MINUTE),
        "ONRECORD_RERANK__BY": "none",
    }


@pytest.fixture(scope="module")
def one(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("one")
    with serving(folder / "library", folder / "log", env) as served:
        yield served
    assert "Traceback" not in (folder / "log").read_text()


@pytest.fixture(scope="module")
def workers(one: Served, env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("workers")
    with serving(folder / "library", folder / "log", env, more=["--workers", "2"]) as served:
        yield served
    assert "Traceback" not in (folder / "log").read_text()


def send(served: Served, method: str, path: str, key: str | None = None, **request: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx.request(method, served.url + path, headers=headers, timeout=PATIENCE_S, trust_env=False, **request)


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
    through = onrecord("ask", "who won the Tarvian Cup?", "--library", workers.library, env=env)

    assert ran.code == 0, ran.err
    assert "Hallin Rovers" in through.out
    assert "Hallin Rovers" in send(one, "POST", "/v1/ask", json={"question": "Who won the Tarvian Cup?"}).json()["text"]


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


def test_a_key_that_one_makes_and_another_revokes_lets_nobody_in_anywhere(one: Served, workers: Served) -> None:
    ops = secret(one)
    made = send(one, "POST", "/v1/keys", ops, json={"name": "desk", "scopes": ["read"]}).json()
    listing = "/v1/articles?limit=1"
    assert [send(each, "GET", listing, made["key"]).status_code for each in (one, workers, workers)] == [200] * 3
    assert [send(each, "GET", listing).status_code for each in (one, workers, workers)] == [401] * 3

    assert send(workers, "DELETE", f"/v1/keys/{made['id']}", secret(workers)).status_code == 204

    assert [send(each, "GET", listing, made["key"]).status_code for each in (one, workers, workers)] == [401] * 3


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


def test_more_workers_than_one_are_refused_where_stores_are_in_the_folder(tmp_path: Path) -> None:
    ran = onrecord("serve", "--workers", "2", "--port", "0", "--library", tmp_path / "library")

    assert ran.code == 2
    assert "one process's alone" in ran.err
    assert "ONRECORD_CATALOG=postgresql+psycopg://..., ONRECORD_LEXICAL=postgres, ONRECORD_CHROMA=" in ran.err
    assert not (tmp_path / "library").exists()
