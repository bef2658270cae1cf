"""Two servers and a third with two workers, on one PostgreSQL and one Chroma server: `python -m tests.shared_soak`.

1. A thousand questions while articles are added, corrected and withdrawn through all of them: nothing that is gone is cited.
2. The same while Chroma's server, PostgreSQL and one of the servers are killed in turn: every refusal is a problem with
   status 503, `/readyz` says which it is, and all is well again when what was killed is back, with no other restart.
3. A feed is polled by one of them, and by another after that one was killed.

Exit 1 at the first difference. Part of `make soak`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import httpx
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from rag.adapters.database_locks import POLLING
from tests.api.test_feeds import site_of
from tests.chroma import ChromaServer, chroma_server
from tests.desks import Newsroom
from tests.ingest.site import Page, Site
from tests.postgres import PostgresServer, postgres_server
from tests.serving import PATIENCE_S, Served, serving


class SoakError(Exception):
    """Something is not as it should be."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--asks", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onrecord-shared-") as name, ExitStack() as opened:
        folder = Path(name)
        (folder / "chroma").mkdir()
        postgres = opened.enter_context(postgres_server())
        chroma = opened.enter_context(chroma_server(folder / "chroma"))
        site = opened.enter_context(site_of({f"/feed{n}": Page(_feed(n)) for n in range(40)}))
        env = {
            "ONRECORD_FETCH__ALLOWED_HOSTS": site.host,
            "ONRECORD_FETCH__HOST_INTERVAL_S": "0",
            "ONRECORD_CATALOG": postgres.address,
            "ONRECORD_LEXICAL": "postgres",
            "ONRECORD_CHROMA": chroma.url,
            "ONRECORD_LOG_LEVEL": "info",
        }

        def serve(which: str, *more: str) -> Served:
            log = folder / f"{which}.{time.monotonic_ns()}.log"
            return opened.enter_context(serving(folder / which, log, env, more=more))

        servers = [serve("one"), serve("two"), serve("three", "--workers", "2")]
        try:
            print(_untroubled(servers, given.asks, given.seed), flush=True)
            print(_troubled(servers, postgres, chroma, lambda: serve("one"), given.seed + 1), flush=True)
            print(_polled(servers, postgres, site))
        except SoakError as error:
            print(f"not as it should be: {error}", file=sys.stderr)
            for log in sorted(folder.glob("*.log")):
                lines = [line for line in log.read_text().splitlines() if not line.startswith("INFO")]
                print(log.name, *lines[:20], sep="\n", file=sys.stderr)
            return 1
        said = "".join(log.read_text() for log in sorted(folder.glob("*.log")))
        if "Traceback" in said:
            print(said[said.index("Traceback") - 2000 :][:8000], file=sys.stderr)
            print(f"{said.count('Traceback')} tracebacks in the logs", file=sys.stderr)
            return 1
    return 0


def _untroubled(servers: list[Served], asks: int, seed: int) -> str:
    newsroom = Newsroom([each.url for each in servers], seed=seed)
    started = time.monotonic()
    newsroom.run(asks=asks)
    _expect(not newsroom.faults, f"{len(newsroom.faults)} faults: {newsroom.faults[:3]}")
    _sound(servers)
    return (
        f"{asks} questions in {time.monotonic() - started:.0f} s while {newsroom.done} changes were made through"
        f" {len(servers)} servers: {dict(newsroom.answers)}; no fault"
    )


def _troubled(
    servers: list[Served], postgres: PostgresServer, chroma: ChromaServer, again: Callable[[], Served], seed: int
) -> str:
    newsroom = Newsroom([each.url for each in servers], seed=seed)
    newsroom.excused = _defined
    running = Thread(target=newsroom.run, kwargs={"asks": 1_000_000})
    running.start()
    told = []
    try:
        for name, store in (("Chroma", chroma), ("PostgreSQL", postgres)):
            time.sleep(5)
            store.stop()
            time.sleep(3)
            _unready(servers, name)
            store.start()
            back = time.monotonic()
            _ready(servers)
            told.append(f"{name} back: ready after {time.monotonic() - back:.1f} s")
        time.sleep(5)
        servers[0].process.kill()
        servers[0].process.wait()
        time.sleep(3)
        _ready(servers[1:])
        servers[0] = again()
        newsroom.urls[0] = servers[0].url
        time.sleep(5)
        asked = sum(newsroom.answers.values())
        time.sleep(3)
        _expect(sum(newsroom.answers.values()) > asked, "nothing is answered any more")
    finally:
        newsroom.stop()
        running.join()
    _expect(not newsroom.faults, f"{len(newsroom.faults)} faults: {newsroom.faults[:3]}")
    _sound(servers)
    return f"{'; '.join(told)}; {dict(newsroom.answers)}, {newsroom.refused} refused as they should be; no fault"


def _polled(servers: list[Served], postgres: PostgresServer, site: Site) -> str:
    """Each feed once, whoever of them polls it, also after the one that polled was killed."""
    alive, polled = list(servers), 0
    for _ in range(2):
        for n in range(polled, polled + 5):
            address = f"http://{site.host}/feed{n}"
            reply = httpx.post(f"{alive[-1].url}/v1/feeds", json={"url": address, "every": "1d"}, trust_env=False)
            _expect(reply.status_code == 201, reply.text)
        polled += 5
        started = time.monotonic()
        while any(feed["succeeded_at"] is None for feed in _feeds(alive[-1])):
            _expect(time.monotonic() - started < PATIENCE_S, f"not polled: {_feeds(alive[-1])}")
            time.sleep(0.2)
        if polled == 5:
            pid = _polling(postgres)
            os.kill(pid, signal.SIGKILL)
            alive = [each for each in alive if each.process.pid != pid]
    asked = Counter(each.path for each in site.asked if each.path.startswith("/feed"))
    _expect(set(asked.values()) == {1}, f"polled more than once: {asked}")
    return f"{polled} feeds polled once each, the later {polled - 5} after the process that polled was killed"


def _polling(postgres: PostgresServer) -> int:
    """The process that polls."""
    query = (
        "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted"
        f" AND classid = {POLLING >> 32} AND objid = {POLLING & 0xFFFFFFFF}"
    )
    engine = create_engine(postgres.address, poolclass=NullPool)
    with engine.connect() as connection:
        return int(str(connection.exec_driver_sql(query).scalar_one()).rpartition(" ")[2])


def _feeds(server: Served) -> list[dict[str, object]]:
    feeds: list[dict[str, object]] = httpx.get(f"{server.url}/v1/feeds", trust_env=False).json()["feeds"]
    return feeds


def _feed(number: int) -> bytes:
    text = f"The kelp wardens of Sarn counted {number} seals on Thursday, two more than last year. " * 12
    return (
        f"<rss version='2.0'><channel><title>The Sarn Bell</title><item><title>{number} seals</title>"
        f"<link>https://bell.example/{number}</link><description>{text}</description></item></channel></rss>"
    ).encode()


def _defined(reply: httpx.Response | httpx.HTTPError) -> bool:
    """Nobody answers at the address of what was killed; who answers says what is wrong."""
    if isinstance(reply, httpx.HTTPError):
        return isinstance(reply, httpx.NetworkError | httpx.RemoteProtocolError)
    return reply.status_code == 503 and reply.headers["content-type"] == "application/problem+json"


def _unready(servers: list[Served], name: str) -> None:
    for each in servers:
        reply = httpx.get(f"{each.url}/readyz", timeout=PATIENCE_S, trust_env=False)
        _expect(reply.status_code == 503, f"{each.url} says {reply.status_code} while {name} is gone: {reply.text}")
        word = "vector" if name == "Chroma" else "catalog"
        _expect(word in reply.json()["detail"], f"/readyz does not say that {name} is gone: {reply.text}")


def _ready(servers: list[Served]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    for each in servers:
        while not httpx.get(f"{each.url}/readyz", timeout=PATIENCE_S, trust_env=False).is_success:
            _expect(time.monotonic() < deadline, f"{each.url} does not heal")
            time.sleep(0.1)


def _sound(servers: list[Served]) -> None:
    _ready(servers)
    deadline = time.monotonic() + 30
    for each in servers:
        while True:
            faults = httpx.get(f"{each.url}/v1/library", timeout=PATIENCE_S, trust_env=False).json()["faults"]
            if not faults:
                break
            _expect(time.monotonic() < deadline, f"{each.url}: {faults}")
            time.sleep(0.5)


def _expect(right: bool, otherwise: str) -> None:
    if not right:
        raise SoakError(otherwise)


if __name__ == "__main__":
    sys.exit(main())
