"""Speed and retrieval figures, beside baselines taken in the same run: `python -m evals.bench`, or `make bench`.

Data is MultiHop-RAG, or what `--subject` names (the modules in evals/datasets say how to get it); without it, what can be
run runs on the samples. A `--library` is used again, so give each subject its own.
Times taken while the machine does something else are worth little: the load is printed first and last.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from evals.benchmarks.archive import archive
from evals.benchmarks.ingestion import ingestion
from evals.benchmarks.minilm import minilm
from evals.benchmarks.retrieval import retrieval
from evals.benchmarks.speed import speed
from evals.benchmarks.startup import startup
from evals.benchmarks.subject import SUBJECTS, Subject, build, samples, subject_of
from evals.benchmarks.tables import Table, load, machine, rendered
from rag.errors import OnRecordError
from rag.settings import Settings, read_settings

_PARTS = ("retrieval", "start", "speed", "ingest", "minilm")
# Takes minutes, so only by its name.
_ARCHIVE = "archive"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables as they come. Exit 0 also where data is missing, 1 where a part failed."""
    options = _parser().parse_args(argv)
    print(f"On the Record, benchmarks: {machine()}; {load()}\n", flush=True)
    try:
        tables = asyncio.run(_run(options))
    except (OnRecordError, RuntimeError, TimeoutError, subprocess.SubprocessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print(load())
    if options.json is not None:
        document = {"machine": machine(), "tables": [table.as_json() for table in tables]}
        options.json.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description=(__doc__ or "").partition("\n")[0])
    data = Path(os.environ.get("ONRECORD_BENCH_DATA") or DATA)
    parser.add_argument(
        "--data", type=Path, default=data, metavar="DIR", help=f"folder of the data sets (default {data})"
    )
    parser.add_argument(
        "--subject", choices=SUBJECTS, default="multihop_rag", help="articles and questions (default multihop_rag)"
    )
    parser.add_argument(
        "--library", type=Path, metavar="DIR", help="a library to use again; built there where there is none"
    )
    parser.add_argument(
        "--only",
        choices=(*_PARTS, _ARCHIVE),
        help=f"one part; {_ARCHIVE} takes minutes, and runs only when it is named",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    return parser


async def _run(options: argparse.Namespace) -> list[Table]:
    if options.only == _ARCHIVE:
        tables = await asyncio.to_thread(archive, options.data)
        print(*map(rendered, tables), sep="\n\n", end="\n\n")
        return tables
    subject = subject_of(options.subject, options.data)
    if subject is None:
        print(
            f"bench: no {options.subject} in {options.data}: no retrieval figures, the rest on the samples",
            file=sys.stderr,
        )
        subject = samples()
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        settings = read_settings(library=options.library or Path(folder) / "library").alone()
        tables = []
        for part in _PARTS if options.only is None else (options.only,):
            for table in await _part(part, subject, settings):
                print(rendered(table), end="\n\n", flush=True)
                tables.append(table)
        return tables


async def _part(part: str, subject: Subject, settings: Settings) -> list[Table]:
    if part == "ingest":
        return ingestion(subject, settings)
    if part == "minilm":
        return minilm(subject, settings)
    await build(subject, settings)
    if part == "retrieval":
        return await retrieval(subject, settings) if subject.cases else []
    return startup(subject, settings.library) if part == "start" else await speed(subject, settings)


if __name__ == "__main__":
    sys.exit(main())
