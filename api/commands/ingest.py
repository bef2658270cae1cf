"""`onrecord ingest`: into the library here, or through the server that holds it."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from api.client import call
from api.commands.journal import write_down
from api.commands.running import print_json, run_async, service, settings_of
from api.printable import printable
from api.wire.native import ingest_out
from ingest.on_ray.cluster import parse
from ingest.pipeline import IngestReport, ingest
from ingest.rehearsal import rehearse
from ingest.sources.downloads import door
from ingest.sources.opening import Progress, is_address, read_sources
from ingest.sources.record import Found, Record, Skipped
from ingest.splitting import SplittingBeside, clean
from rag.adapters.ownership import running_server
from rag.apart import each_apart
from rag.composition import open_library
from rag.domain import Article
from rag.errors import ArticleError, SettingsError, SourceError
from rag.settings import Settings

if TYPE_CHECKING:
    from ingest.on_ray.steps import OnRay

_LOT = 50


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    if arguments.ray is not None:
        parse(arguments.ray)  # a SOURCE may have been taken for it
    if not arguments.sources and not arguments.samples:
        raise SourceError("name what to ingest: files, folders, http(s) addresses, - for standard input, or --samples")
    with as_file(files("ingest") / "samples" / "articles.jsonl") as samples:
        sources = [*arguments.sources, *([str(samples)] if arguments.samples else [])]
        progress = Progress()
        with _on_ray(arguments, settings) as ray, _Bar(progress) as advance:
            work = _Work(settings, advance, dry_run=arguments.dry_run, ray=ray)
            report = run_async(_ingest(work, sources, progress))
    _print(report, as_json=arguments.json)
    return 1 if report.skipped and (arguments.strict or not report.read) else 0


@dataclass(frozen=True)
class _Work:
    settings: Settings
    advance: Callable[[int], None]
    dry_run: bool
    ray: OnRay | None = None


def _on_ray(arguments: argparse.Namespace, settings: Settings) -> AbstractContextManager[OnRay | None]:
    """The steps on a cluster, where `--ray` says so. It is started before the event loop, and ends after it."""
    if arguments.ray is None:
        return nullcontext()
    if server := running_server(settings.library):
        raise SettingsError(
            f"--ray: the server at {server.url} holds this library and does the work; leave out --ray, or stop the server"
        )
    from ingest.on_ray.steps import on_ray

    return on_ray(arguments.ray, settings, embeds=not arguments.dry_run)


async def _ingest(work: _Work, sources: Sequence[str], progress: Progress) -> IngestReport:
    fetching = work.settings.fetch
    elsewhere = work.ray.reading if work.ray else None
    if not fetching.follow_files and not any(map(is_address, sources)):
        return await _store(work, read_sources(sources, progress, elsewhere=elsewhere))
    from ingest.fetching import Fetcher

    async with Fetcher(fetching) as fetcher, door(fetcher, fetching) as opened:
        return await _store(work, read_sources(sources, progress, opened, elsewhere))


async def _store(work: _Work, records: Iterator[Record]) -> IngestReport:
    settings = work.settings
    if running_server(settings.library) is not None:
        return await _through_server(work, records)
    ray = work.ray
    async with nullcontext(ray.splitting) if ray else SplittingBeside(settings.ingest.processes) as splitter:
        if work.dry_run and not settings.stored:
            return await rehearse(records, None, settings.ingest, splitter=splitter, on_progress=work.advance)
        async with open_library(settings, embedder=ray.embedding if ray else None) as library:
            act = rehearse if work.dry_run else ingest
            report = await act(records, library, settings.ingest, splitter=splitter, on_progress=work.advance)
            if report.changed:
                await write_down(library, "onrecord ingest", report.changed, report.told())
            return report


async def _through_server(work: _Work, records: Iterator[Record]) -> IngestReport:
    """The records are read here and stored there, in lots."""
    started = time.perf_counter()
    total = IngestReport(dry_run=work.dry_run)
    async with service(work.settings) as client:
        lot: list[Found] = []
        async for record in each_apart(records):
            # What cannot be stored is told here, with its kind, and is not sent.
            if isinstance(checked := _checked(record, work.settings), Skipped):
                total = replace(total, skipped=(*total.skipped, checked))
                continue
            lot.append(checked)
            if len(lot) == _LOT:
                total = _sum(total, await _post(client, lot, dry_run=work.dry_run), lot)
                lot = []
                work.advance(total.read)
        if lot:
            total = _sum(total, await _post(client, lot, dry_run=work.dry_run), lot)
    return replace(total, seconds=round(time.perf_counter() - started, 3))


def _checked(record: Record, settings: Settings) -> Record:
    if isinstance(record, Skipped):
        return record
    try:
        clean(record.article, settings.ingest)
    except ArticleError as error:
        return Skipped.because(record.where, error)
    return record


async def _post(client: Any, lot: list[Found], *, dry_run: bool) -> dict[str, Any]:
    from api.client import RefusedError

    articles = [_fields(found.article) for found in lot]
    params = {"dry_run": "true"} if dry_run else {}
    try:
        answer: dict[str, Any] = await call(client, "POST", "/v1/articles", json=articles, params=params)
    except RefusedError as error:
        # Only where the server's settings are stricter than ours: ask one by one for the reason of each.
        if not error.wrongly:
            raise
        if len(lot) == 1:
            reason = str(error).removeprefix("[0]: ")
            return {"skipped": [{"where": "[0]", "reason": reason, "kind": "field"}]}
        answer = {"skipped": []}
        for number, found in enumerate(lot):
            single = await _post(client, [found], dry_run=dry_run)
            answer["skipped"] += [{**s, "where": f"[{number}]"} for s in single.get("skipped", [])]
    return answer


def _fields(article: Article) -> dict[str, Any]:
    fields = {name: value for name, value in asdict(article).items() if value and name not in ("id", "revision")}
    for name in ("published_at", "updated_at"):
        if name in fields:
            fields[name] = fields[name].isoformat()
    return fields | {"authors": list(article.authors)}


def _sum(total: IngestReport, answer: dict[str, Any], lot: list[Found]) -> IngestReport:
    skipped = tuple(
        Skipped(lot[int(s["where"].strip("[]"))].where, s["reason"], s["kind"]) for s in answer.get("skipped", ())
    )
    counted = ("new", "updated", "unchanged", "near_copies", "withdrawn", "untitled", "passages")
    sums = {name: getattr(total, name) + int(answer.get(name, 0)) for name in counted}
    return replace(total, **sums, skipped=(*total.skipped, *skipped))


def _print(report: IngestReport, *, as_json: bool) -> None:
    if as_json:
        print_json(ingest_out(report).model_dump())
        return
    for skipped in report.skipped[:20]:
        print(printable(f"skipped {skipped.where}: {skipped.reason}"), file=sys.stderr)
    if len(report.skipped) > 20:
        print(f"... and {len(report.skipped) - 20} more; --json lists them all", file=sys.stderr)
    copies = f" ({report.near_copies} near-copies)" if report.near_copies else ""
    withdrawn = f", {report.withdrawn} stay withdrawn" if report.withdrawn else ""
    kinds = ", ".join(f"{count} {kind}" for kind, count in report.skipped_by.items())
    why = f" ({kinds})" if kinds else ""
    rate = f" ({report.rate:.0f} articles/s)" if report.read else ""
    print(
        f"{'dry run, nothing stored: ' if report.dry_run else ''}"
        f"{report.new} new{copies}, {report.updated} updated, {report.unchanged} unchanged{withdrawn},"
        f" {len(report.skipped)} skipped{why}; {report.passages} passages in {report.seconds:.1f} s{rate}"
    )
    if report.untitled:
        print(f"{report.untitled} without a title: their first sentence serves")


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
