"""What runs inside a peer's own process: its ingestion timed, and its passages for each question with what they took.

Only the standard library: a peer's environment has none of ours. A script of `peers/` calls `run` with two functions:
`ingest(articles, store, words)` reads the JSON Lines file `articles` into the folder `store`, its passages at most `words`
long or as its documentation teaches where that is None, and gives how many passages that made; `opened(store)` gives a
function from a question to the texts of the ten passages found, best first.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

Search = Callable[[str], Sequence[str]]
_WARM_UP = 20


def run(ingest: Callable[[Path, Path, int | None], int], opened: Callable[[Path], Search]) -> None:
    """Do what the command line says, and print one JSON object as the last line."""
    options = _parser().parse_args()
    if options.ingest is not None:
        started, used = time.perf_counter(), _cpu_s()
        passages = ingest(options.ingest, options.store, options.words)
        seconds, cpu = time.perf_counter() - started, _cpu_s() - used
        print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "passages": passages}))
        return
    lines = options.questions.read_text(encoding="utf-8").split("\n")
    questions = [str(json.loads(line)["question"]) for line in lines if line.strip()]
    search = opened(options.store)
    search(questions[0])
    ready = time.time() - options.since
    for question in questions[:_WARM_UP]:
        search(question)
    used = _cpu_s()
    found = [_timed(search, question) for question in questions]
    cpu = (_cpu_s() - used) * 1000 / len(found)
    options.found.write_text("".join(json.dumps(each) + "\n" for each in found), encoding="utf-8")
    print(json.dumps({"ready_s": ready, "cpu_ms": cpu}))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Ingest articles, or search for questions.")
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--words", type=int, help="words of a passage at most")
    parser.add_argument("--ingest", type=Path, metavar="ARTICLES", help="a JSON Lines file; without it: search")
    parser.add_argument("--questions", type=Path, help="a JSON Lines file, `question` in each")
    parser.add_argument("--found", type=Path, help="where what was found is written, a line a question")
    parser.add_argument("--since", type=float, help="when the process was started, in seconds since the epoch")
    return parser


def _timed(search: Search, question: str) -> dict[str, object]:
    started = time.perf_counter()
    passages = list(search(question))
    return {"ms": (time.perf_counter() - started) * 1000, "passages": passages}


def _cpu_s() -> float:
    """Seconds of all cores that this process has used, and those of its own that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
