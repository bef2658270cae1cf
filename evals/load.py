"""Many at once: `python -m evals.load`, or `make load`. Linux; half an hour with its defaults.

A server of its own on the samples, with the stand-in chat model in another process (300 ms to the first token, 20 ms between
two), asked from this one. First a hundred streams at once, again and again: each has to end with its answer, and the server's
memory has to stay where it is. Then half of the clients leave at a random moment: no call may go on after that. Last, how many
extractive answers and searches there are a second. Exit 1 where a stream broke, a call went on or memory grew.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from evals.benchmarks.command import Serving, onrecord, run_measured, serving
from evals.benchmarks.processes import memory_mb
from evals.benchmarks.tables import Cell, Table, load, machine, percentile, rendered
from evals.standins.chat_script import Body, Reply
from evals.standins.chat_server import ChatServer

_QUESTIONS = (
    "what did Peskov say about a summit?",
    "Who won the Tarvian Cup?",
    "Why was the Kellan Bridge shut?",
    "How long did Wednesday's meeting last?",
    "Who leads Russia's delegation at the talks?",
)
_SENTENCE = re.compile(r"^\s*\[(\d+\.\d+)\]\s*(.+)$", re.MULTILINE)
_SENTENCES = 10
_PATIENCE_S = 120.0
# Memory may not grow by more than this from its first quarter to its last: allocators keep what they once had.
_GROWTH = 1.05
_ENDS_WITHIN_S = 15.0


def main(argv: list[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    print(f"On the Record under load: {machine()}; {load()}\n", flush=True)
    with _library() as library, _stand_in(options.first_token_ms / 1000, options.between_ms / 1000) as model:
        settings = {
            "ONRECORD_CHAT_MODEL": "openai:stand-in",
            "OPENAI_API_KEY": "sk-stand-in",
            "OPENAI_BASE_URL": model.url,
            "ONRECORD_CHAT__CONCURRENCY": str(options.streams),
        }
        with serving(library, settings) as server:
            faults = asyncio.run(_measured(server, model, options))
    print(load())
    for fault in faults:
        print(f"load: {fault}", file=sys.stderr)
    return int(bool(faults))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.load", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--streams", type=int, default=100, metavar="N", help="clients at once (default 100)")
    parser.add_argument("--minutes", type=float, default=10, metavar="M", help="that they go on (default 10)")
    parser.add_argument("--first-token-ms", type=float, default=300, metavar="MS")
    parser.add_argument("--between-ms", type=float, default=20, metavar="MS")
    parser.add_argument("--rate-s", type=float, default=20, metavar="S", help="for each rate (default 20)")
    return parser


async def _measured(server: Serving, model: _Model, options: argparse.Namespace) -> list[str]:
    faults: list[str] = []
    whole = await _streamed(server, options.streams, options.minutes * 60, leaving=0.0)
    print(rendered(_of_streams("Streams that are read to their end", whole, options)), "\n", flush=True)
    if broken := {end: n for end, n in whole.ends.items() if end != "answer"}:
        faults.append(
            f"{sum(broken.values())} of {sum(whole.ends.values())} streams did not end with an answer: {broken}"
        )
    if (grown := whole.growth) is not None and grown > _GROWTH:
        faults.append(f"the server's memory grew to {grown:.2f} times of what it was")
    left = await _streamed(server, options.streams, min(options.minutes * 60, 120), leaving=0.5)
    still = await _still_going(server, model)
    print(rendered(_of_streams("Half of the clients leave at a random moment", left, options)))
    print(f"calls of the model that went on {_ENDS_WITHIN_S:.0f} s after the last client: {still}\n", flush=True)
    if still:
        faults.append(f"{still} calls went on although nobody waited for them")
    if broken := {end: n for end, n in left.ends.items() if end not in ("answer", "left", "status 503")}:
        # 503: more are under way than may be, since those that were left are noticed a moment later.
        faults.append(f"streams broke beside those that were left: {broken}")
    print(rendered(await _rates(server, options.rate_s)), "\n", flush=True)
    return faults


# --- streams ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Streams:
    """How streams ended: by their last event, `left` by their client, or by the name of what went wrong."""

    ends: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    first_claim_s: list[float] = field(default_factory=list)
    whole_s: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    @property
    def growth(self) -> float | None:
        """The last quarter's mean memory by the second's: the first is warming up. None where too little was seen."""
        quarter = len(self.megabytes) // 4
        if quarter < 3:
            return None
        second, last = self.megabytes[quarter : 2 * quarter], self.megabytes[-quarter:]
        return sum(last) / sum(second)


async def _streamed(server: Serving, clients: int, seconds: float, *, leaving: float) -> _Streams:
    """`clients` that ask one question after the other; each leaves an answer under way with the chance `leaving`."""
    seen = _Streams()
    until = time.monotonic() + seconds
    async with _client(server, clients) as http, asyncio.TaskGroup() as tasks:
        tasks.create_task(_watched(server.pid, until, seen))
        for number in range(clients):
            tasks.create_task(_asks(http, random.Random(number), until, leaving, seen))
    return seen


async def _asks(http: httpx.AsyncClient, chance: random.Random, until: float, leaving: float, seen: _Streams) -> None:
    while time.monotonic() < until:
        patience = chance.uniform(0, 4) if chance.random() < leaving else None
        try:
            async with asyncio.timeout(patience):
                seen.ends[await _asked(http, chance.choice(_QUESTIONS), seen)] += 1
        except TimeoutError:
            seen.ends["left"] += 1
        except httpx.HTTPError as error:
            seen.ends[type(error).__name__] += 1


async def _asked(http: httpx.AsyncClient, question: str, seen: _Streams) -> str:
    """The name of the last event."""
    started = time.perf_counter()
    first, last = None, "nothing"
    async with http.stream("POST", "/v1/ask", json={"question": question, "stream": True}) as reply:
        if reply.status_code != 200:
            return f"status {reply.status_code}"
        async for line in reply.aiter_lines():
            if line.startswith("event:"):
                last = line.removeprefix("event:").strip()
                if last == "claim" and first is None:
                    first = time.perf_counter() - started
            elif line.startswith("data:") and last == "answer":
                answer = json.loads(line.removeprefix("data:"))
                seen.modes[f"{answer['mode']}{', degraded' if answer['degraded'] else ''}"] += 1
    if first is not None:
        seen.first_claim_s.append(first)
    seen.whole_s.append(time.perf_counter() - started)
    return last


async def _watched(pid: int, until: float, seen: _Streams) -> None:
    while time.monotonic() < until:
        seen.megabytes.append(memory_mb(pid))
        await asyncio.sleep(2)


async def _still_going(server: Serving, model: _Model) -> int:
    """Calls of the model that have not ended, once the server has had its time to notice that nobody waits."""
    for _ in range(round(_ENDS_WITHIN_S / 0.5)):
        if not model.open_calls():
            return 0
        await asyncio.sleep(0.5)
    return model.open_calls()


def _of_streams(title: str, seen: _Streams, options: argparse.Namespace) -> Table:
    rows: list[tuple[Cell, ...]] = [(f"ended: {end}", count) for end, count in seen.ends.most_common()]
    rows += [(f"answered: {mode}", count) for mode, count in seen.modes.most_common()]
    for name, values in (("first claim", seen.first_claim_s), ("whole answer", seen.whole_s)):
        if values:
            rows += [(f"{name}, seconds, {p} %", percentile(values, p)) for p in (50, 95)]
    rows += [
        ("memory at first, MB", seen.megabytes[0]),
        ("memory at most, MB", max(seen.megabytes)),
        ("memory at last, MB", seen.megabytes[-1]),
        ("last quarter / second quarter", seen.growth),
    ]
    cases = (
        f"{options.streams} at once; first token after {options.first_token_ms:g} ms, then {options.between_ms:g} ms"
    )
    return Table(title, cases, ("", "value"), tuple(rows), digits=2)


# --- rates -----------------------------------------------------------------------------------------------------------


async def _rates(server: Serving, seconds: float) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, path, key, more in (
        ("extractive answers", "/v1/ask", "question", {"mode": "extractive"}),
        ("searches", "/v1/search", "query", {}),
    ):
        bodies = [{key: question} | more for question in _QUESTIONS]
        for clients in (1, 4, 16):
            took = await _as_fast_as_it_goes(server, clients, seconds, path, bodies)
            rows.append((f"{name}, {clients} at once", len(took) / seconds, percentile(took, 50), percentile(took, 95)))
    return Table(
        "How many a second", f"the samples, {seconds:g} s each", ("", "a second", "ms, 50 %", "ms, 95 %"), tuple(rows)
    )


async def _as_fast_as_it_goes(
    server: Serving, clients: int, seconds: float, path: str, bodies: Sequence[Mapping[str, str]]
) -> list[float]:
    """The milliseconds that each of the requests took."""
    took: list[float] = []
    until = time.monotonic() + seconds

    async def again(http: httpx.AsyncClient, chance: random.Random) -> None:
        while time.monotonic() < until:
            started = time.perf_counter()
            (await http.post(path, json=chance.choice(bodies))).raise_for_status()
            took.append((time.perf_counter() - started) * 1000)

    async with _client(server, clients) as http:
        await asyncio.gather(*(again(http, random.Random(number)) for number in range(clients)))
    return took


@asynccontextmanager
async def _client(server: Serving, connections: int) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    async with httpx.AsyncClient(base_url=server.url, timeout=_PATIENCE_S, limits=limits, trust_env=False) as client:
        yield client


# --- what is asked, and whom it asks ---------------------------------------------------------------------------------


@contextmanager
def _library() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="onrecord-load-") as folder:
        library = Path(folder) / "library"
        run_measured(onrecord("ingest", "--samples", "--library", str(library), "--json"))
        yield library


@dataclass(frozen=True, slots=True)
class _Model:
    """The stand-in in its own process."""

    url: str
    ask: Connection

    def open_calls(self) -> int:
        self.ask.send("open")
        return int(self.ask.recv())


@contextmanager
def _stand_in(first_token_s: float, between_s: float) -> Iterator[_Model]:
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(target=_stand, args=(there, first_token_s, between_s), daemon=True)
    process.start()
    try:
        yield _Model(str(here.recv()), here)
    finally:
        here.close()
        process.terminate()
        process.join()


def _stand(ask: Connection, first_token_s: float, between_s: float) -> None:
    """Repeats sentences of the evidence, each with its pointer, in the time of a hosted model."""

    def script(body: Body) -> Reply:
        found = _SENTENCE.findall(str(body["messages"][-1]["content"]))[:_SENTENCES]
        text = " ".join(f"{sentence.rstrip('.')} [{pointer}]." for pointer, sentence in found)
        return Reply(text=text, first_token_s=first_token_s, between_tokens_s=between_s)

    server = ChatServer(script)
    with server as url, suppress(EOFError, OSError):
        ask.send(url)
        while True:
            asked = ask.poll(5) and ask.recv()
            # What has ended is forgotten, or hours of it would be kept.
            server.requests[:] = [each for each in server.requests if each.ended is None]
            if asked:
                ask.send(len(server.requests))


if __name__ == "__main__":
    sys.exit(main())
