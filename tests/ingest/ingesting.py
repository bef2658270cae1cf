"""An ingest that can be made to die, for a process of its own: LIBRARY SOURCE ...

`--die STEP --at N` ends it by SIGKILL when STEP is about to be called for the Nth time; `--largest-file BYTES` makes
longer writes fail. It prints the report's counts; exit 1 with one line where it ends in an error that we raise.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest.pipeline import ingest
from ingest.sources.opening import Progress, read_sources
from rag.adapters.catalog import SqlCatalog
from rag.adapters.lexical import TantivyLexical
from rag.adapters.vectors import ChromaVectors
from rag.composition import open_library
from rag.errors import OnRecordError
from rag.settings import IngestSettings, Settings

STEPS: dict[str, tuple[type, str]] = {
    "record": (SqlCatalog, "record"),
    "commit": (TantivyLexical, "commit"),
    "upsert": (ChromaVectors, "upsert"),
    "mark_indexed": (SqlCatalog, "mark_indexed"),
}


def die_before(step: str, at: int) -> None:
    owner, name = STEPS[step]
    original: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def dying(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **named)

    setattr(owner, name, dying)


async def run(library: Path, source: str) -> None:
    async with open_library(Settings(library=library, lock_wait_s=5)) as opened:
        records = read_sources([source], Progress())
        report = await ingest(
            records, opened, IngestSettings(batch_articles=32), on_progress=lambda n: print(f"at {n}", flush=True)
        )
        health = await opened.health()
    print(f"new {report.new} unchanged {report.unchanged} sound {health.sound}", flush=True)


def main_into(arguments: list[str], out: str, err: str) -> None:
    """`main` with its output in two files, as the body of a process."""
    for path, descriptor in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
    sys.stdout, sys.stderr = (open(n, "w", encoding="utf-8", closefd=False) for n in (1, 2))  # noqa: SIM115
    sys.exit(main(arguments))


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("library", type=Path)
    parser.add_argument("source")
    parser.add_argument("--die", choices=sorted(STEPS))
    parser.add_argument("--at", type=int, default=1)
    parser.add_argument("--largest-file", type=int)
    arguments = parser.parse_args(argv)
    if arguments.die:
        die_before(arguments.die, arguments.at)
    if arguments.largest_file:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (arguments.largest_file, arguments.largest_file))
    try:
        asyncio.run(run(arguments.library, arguments.source))
    except OnRecordError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0
