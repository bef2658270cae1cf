"""`onrecord ingest`: into the library here, or through the server that holds it."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from importlib.resources import as_file, files
from typing import Any

from api.commands.running import call, print_json, run_async, service, settings_of
from api.printable import printable
from ingest.apart import each_apart
from ingest.pipeline import IngestReport, ingest
from ingest.sources.downloads import door
from ingest.sources.opening import Progress, is_address, read_sources
from ingest.sources.record import Found, Record, Skipped
from ingest.splitting import SplittingBeside
from rag.adapters.ownership import running_server
from rag.composition import open_library
from rag.domain import Article
from rag.errors import SourceError
from rag.settings import Settings

_LOT = 50


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    if not arguments.sources and not arguments.samples:
        raise SourceError("name what to ingest: files, folders, http(s) addresses, - for standard input, or --samples")
    with as_file(files("ingest") / "samples" / "articles.jsonl") as samples:
        sources = [*arguments.sources, *([str(samples)] if arguments.samples else [])]
        progress = Progress()
        with _Bar(progress) as advance:
            report = run_async(_ingest(settings, sources, progress, advance))
    _print(report, as_json=arguments.json)
    return 0 if report.read or not report.skipped else 1


async def _ingest(
    settings: Settings, sources: Sequence[str], progress: Progress, advance: Callable[[int], None]
) -> IngestReport:
    if not settings.fetch.follow_files and not any(map(is_address, sources)):
        return await _store(settings, read_sources(sources, progress), advance)
    from ingest.fetching import Fetcher

    async with Fetcher(settings.fetch) as fetcher, door(fetcher, settings.fetch) as opened:
        return await _store(settings, read_sources(sources, progress, opened), advance)


async def _store(settings: Settings, records: Iterator[Record], advance: Callable[[int], None]) -> IngestReport:
    if running_server(settings.library) is not None:
        return await _through_server(settings, records, advance)
    async with open_library(settings) as library, SplittingBeside(settings.ingest.processes) as splitter:
        return await ingest(records, library, settings.ingest, splitter=splitter, on_progress=advance)


async def _through_server(
    settings: Settings, records: Iterator[Record], advance: Callable[[int], None]
) -> IngestReport:
    """The records are read here and stored there, in lots."""
    started = time.perf_counter()
    total = IngestReport()
    async with service(settings) as client:
        lot: list[Found] = []
        async for record in each_apart(records):
            if isinstance(record, Skipped):
                total = replace(total, skipped=(*total.skipped, record))
                continue
            lot.append(record)
            if len(lot) == _LOT:
                total = _sum(total, await _post(client, lot), lot)
                lot = []
                advance(total.read)
        if lot:
            total = _sum(total, await _post(client, lot), lot)
    return replace(total, seconds=round(time.perf_counter() - started, 3))


async def _post(client: Any, lot: list[Found]) -> dict[str, Any]:
    from api.commands.running import RefusedError

    try:
        answer: dict[str, Any] = await call(client, "POST", "/v1/articles", json=[_fields(f.article) for f in lot])
    except RefusedError as error:
        if not error.wrongly or len(lot) == 1:
            if error.wrongly:
                return {"skipped": [{"where": "[0]", "reason": str(error).removeprefix("[0]: ")}]}
            raise
        # Not one of the lot could be stored: ask one by one for the reason of each.
        answer = {"skipped": []}
        for number, found in enumerate(lot):
            single = await _post(client, [found])
            answer["skipped"] += [{**s, "where": f"[{number}]"} for s in single.get("skipped", [])]
    return answer


def _fields(article: Article) -> dict[str, Any]:
    fields = {name: value for name, value in asdict(article).items() if value and name not in ("id", "revision")}
    for name in ("published_at", "updated_at"):
        if name in fields:
            fields[name] = fields[name].isoformat()
    return fields | {"authors": list(article.authors)}


def _sum(total: IngestReport, answer: dict[str, Any], lot: list[Found]) -> IngestReport:
    skipped = tuple(Skipped(lot[int(s["where"].strip("[]"))].where, s["reason"]) for s in answer.get("skipped", ()))
    counted = ("new", "updated", "unchanged", "near_copies", "withdrawn", "passages")
    sums = {name: getattr(total, name) + int(answer.get(name, 0)) for name in counted}
    return replace(total, **sums, skipped=(*total.skipped, *skipped))


def _print(report: IngestReport, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(report))
        return
    for skipped in report.skipped[:20]:
        print(printable(f"skipped {skipped.where}: {skipped.reason}"), file=sys.stderr)
    if len(report.skipped) > 20:
        print(f"... and {len(report.skipped) - 20} more; --json lists them all", file=sys.stderr)
    copies = f" ({report.near_copies} near-copies)" if report.near_copies else ""
    withdrawn = f", {report.withdrawn} stay withdrawn" if report.withdrawn else ""
    print(
        f"{report.new} new{copies}, {report.updated} updated, {report.unchanged} unchanged{withdrawn},"
        f" {len(report.skipped)} skipped; {report.passages} passages in {report.seconds:.1f} s"
    )


class _Bar:
    """A progress bar with rate and time left on a terminal; nothing where stderr is none."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._rich: Any = None

    def __enter__(self) -> Callable[[int], None]:
        if not sys.stderr.isatty():
            return lambda articles: None
        from rich import progress as rich
        from rich.console import Console

        self._rich = rich.Progress(
            rich.TextColumn("{task.fields[articles]} articles"),
            rich.BarColumn(),
            rich.TaskProgressColumn(),
            rich.TextColumn("{task.fields[rate]:.0f}/s"),
            rich.TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        task = self._rich.add_task("ingest", articles=0, rate=0.0, total=None)
        started = time.perf_counter()
        self._rich.start()

        def advance(articles: int) -> None:
            rate = articles / (time.perf_counter() - started)
            total = self._progress.bytes_total or None
            self._rich.update(task, completed=self._progress.bytes_read, total=total, articles=articles, rate=rate)

        return advance

    def __exit__(self, *_: object) -> None:
        if self._rich is not None:
            self._rich.stop()
