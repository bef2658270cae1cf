"""POST /v1/ingest: files and addresses in any format that is read, at once or with progress."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import JSONResponse, Response
from sse_starlette import ServerSentEvent

from api.access.door import touched
from api.articles import IngestOut
from api.dependencies import Service, ServiceDep, while_connected
from api.errors import problem_of
from api.streaming import data, streamed
from api.wire.native import ingest_out
from ingest.fetching import Fetcher
from ingest.pipeline import IngestReport, ingest
from ingest.rehearsal import rehearse
from ingest.sources.downloads import door
from ingest.sources.opening import Progress, is_address, read_sources
from ingest.sources.record import Record, Skipped
from ingest.splitting import SplittingBeside
from rag.errors import InputError, OnRecordError, SourceError

router = APIRouter(tags=["articles"])
Json = dict[str, Any]

_MOST_FILES = 200
_MOST_ADDRESSES = 20
_TOLD_EVERY_S = 0.5
_PATH = "/v1/ingest"
_STREAM_DOC: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": (
                    'event: progress\ndata: {"articles": 64, "bytes_read": 91234, "bytes_total": 400000}\n\n'
                    'event: report\ndata: {"new": 120, "updated": 0, ...}\n\n'
                ),
            }
        }
    }
}


@router.post(_PATH, response_model=IngestOut, responses=_STREAM_DOC, summary="Load files or addresses")
async def ingest_sources(
    service: ServiceDep,
    request: Request,
    files: Annotated[list[UploadFile], File(description="in any format that is read; told by their content")] = [],  # noqa: B006
    url: Annotated[list[str], Form(description="a page, a feed, a sitemap or a file, to be fetched")] = [],  # noqa: B006
    dry_run: Annotated[bool, Form(description="say what would happen, and store nothing")] = False,
    stream: Annotated[bool, Form(description="server-sent events: progress, then the report")] = False,
) -> Response:
    """What `onrecord ingest` does: what cannot be stored is listed in `skipped`, and the rest is kept.

    Fetched as the settings allow: robots.txt is obeyed, and no private network is reached. With `stream`, `progress` events
    twice a second, then `report`, or `error` (a problem). Raises 422 where nothing could be read.
    """
    wanted = _checked(files, url)
    if stream:
        return streamed(_told(_Load(wanted, service, request, dry_run=dry_run)), _written)
    report = await while_connected(request, _Load(wanted, service, request, dry_run=dry_run).run())
    return JSONResponse(ingest_out(report).model_dump())


def _checked(files: Sequence[UploadFile], urls: Sequence[str]) -> _Wanted:
    named = [file for file in files if file.filename]
    if not named and not urls:
        raise InputError("send at least one of `files` (multipart/form-data) and `url`", field="files")
    for field, given, most in (("files", named, _MOST_FILES), ("url", urls, _MOST_ADDRESSES)):
        if len(given) > most:
            raise InputError(f"{len(given)} at once; at most {most}", field=field)
    for url in urls:
        if not is_address(url):
            raise InputError(
                f"{url[:100]!r} is no address; write it whole, as https://outlet.example/story", field="url"
            )
    return _Wanted(tuple(named), tuple(urls))


@dataclass(frozen=True, slots=True)
class _Wanted:
    files: tuple[UploadFile, ...]
    urls: tuple[str, ...]


class _Load:
    """One run. Others wait until it is done: articles of one run are told apart from each other, not from those of another."""

    def __init__(self, wanted: _Wanted, service: Service, request: Request, *, dry_run: bool) -> None:
        self._wanted, self._service, self._request, self._dry_run = wanted, service, request, dry_run
        self.progress, self.articles = Progress(), 0

    async def run(self) -> IngestReport:
        """Raises SourceError where nothing could be read."""
        settings = self._service.settings
        async with self._service.loading, AsyncExitStack() as opened:
            sources, shown = await opened.enter_async_context(_saved(self._wanted.files))
            through = None
            if self._wanted.urls:
                fetcher = await opened.enter_async_context(Fetcher(settings.fetch))
                through = await opened.enter_async_context(door(fetcher, settings.fetch))
            splitter = await opened.enter_async_context(SplittingBeside(settings.ingest.processes))
            records = read_sources([*sources, *self._wanted.urls], self.progress, through)
            act = rehearse if self._dry_run else ingest
            report = await act(
                _as_named(records, shown),
                self._service.library,
                settings.ingest,
                splitter=splitter,
                on_progress=self._on,
            )
        touched(self._request, *report.changed, detail=report.told())
        if report.read == 0:
            raise SourceError(report.why_skipped() or "there was nothing in it")
        return report

    def _on(self, articles: int) -> None:
        self.articles = articles


@asynccontextmanager
async def _saved(files: Sequence[UploadFile]) -> AsyncIterator[tuple[list[str], Callable[[str], str]]]:
    """The paths that the files were saved under, and how a place within is named to who sent them."""
    with tempfile.TemporaryDirectory(prefix="onrecord-", ignore_cleanup_errors=True) as folder:
        paths: list[str] = []
        for number, file in enumerate(files):
            path = Path(folder, str(number), _safe(file.filename or ""))
            path.parent.mkdir()
            await asyncio.to_thread(_save, file, path)
            paths.append(str(path))
        within = re.compile(rf"^{re.escape(folder)}/\d+/")
        yield paths, lambda where: within.sub("", where)


def _save(file: UploadFile, path: Path) -> None:
    with path.open("wb") as to:
        shutil.copyfileobj(file.file, to)


def _safe(name: str) -> str:
    """The last part of a name that somebody else chose, fit to name a file in a folder of our own."""
    return re.sub(r"[^\w.() -]", "_", re.split(r"[/\\]", name)[-1])[-120:].strip(". ") or "file"


def _as_named(records: Iterator[Record], shown: Callable[[str], str]) -> Iterator[Record]:
    for record in records:
        yield replace(record, where=shown(record.where)) if isinstance(record, Skipped) else record


async def _told(load: _Load) -> AsyncGenerator[Json | IngestReport, None]:
    """How far it is, twice a second; last the report. Raises as it does."""
    working = asyncio.ensure_future(load.run())
    try:
        while not working.done():
            await asyncio.wait({working}, timeout=_TOLD_EVERY_S)
            read, total = load.progress.bytes_read, load.progress.bytes_total
            yield {"articles": load.articles, "bytes_read": read, "bytes_total": total}
        yield working.result()
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def _written(told: AsyncGenerator[Json | IngestReport, None]) -> AsyncGenerator[ServerSentEvent, None]:
    async with aclosing(told) as events:
        try:
            async for event in events:
                if isinstance(event, IngestReport):
                    yield data(ingest_out(event).model_dump(), "report")
                else:
                    yield data(event, "progress")
        except OnRecordError as error:
            yield data(problem_of(error, _PATH).model_dump(exclude_none=True), "error")
