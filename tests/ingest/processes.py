"""Ingests in processes of their own, and what they leave in a library."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.adapters.catalog import SqlCatalog
from rag.domain import Filters, Span
from rag.library import Library
from rag.settings import Settings
from tests.ingest.ingesting import main_into
from tests.running import on_library

# The server imports what an ingest needs once, and every process is a fork of it: a second less for each.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.ingest.ingesting"])


@dataclass(frozen=True)
class Done:
    """How a process ended: minus nine where SIGKILL ended it."""

    returncode: int | None
    stdout: str
    stderr: str

    @property
    def last_line(self) -> str:
        return self.stdout.rstrip().rpartition("\n")[2]


class Ingesting:
    """An ingest in a process of its own, under way."""

    def __init__(self, library: Path, source: Path, *more: str) -> None:
        self._out, self._err = (Path(tempfile.mkdtemp()) / name for name in ("out", "err"))
        arguments = [str(library), str(source), *more]
        self._process = _PROCESSES.Process(target=main_into, args=(arguments, str(self._out), str(self._err)))
        self._process.start()

    def kill_at(self, line: str) -> Done:
        """End it by SIGKILL as soon as it has printed the line."""
        while self._process.is_alive() and not (self._out.exists() and line in self._out.read_text().splitlines()):
            time.sleep(0.001)
        self._process.kill()
        return self.done()

    def done(self) -> Done:
        self._process.join()
        out, err = (file.read_text() if file.exists() else "" for file in (self._out, self._err))
        return Done(self._process.exitcode, out, err)


def finish(library: Path, source: Path, *more: str) -> Done:
    return Ingesting(library, source, *more).done()


@dataclass(frozen=True)
class Contents:
    """Every article with its revision and its cuts, and what both indexes find."""

    articles: dict[str, tuple[int, str, tuple[Span, ...], tuple[Span, ...]]]
    words_found: frozenset[tuple[str, Span]]
    neighbours_found: frozenset[tuple[str, Span]]
    faults: tuple[str, ...]


def contents(folder: Path) -> Contents:
    return contents_of(Settings(library=folder, lock_wait_s=5))


def contents_of(settings: Settings) -> Contents:
    async def act(library: Library) -> Contents:
        page = await library.articles(filters=Filters(), limit=10_000)
        spans = await library.spans([article.id for article in page.articles])
        bodies = {article.id: (await library.article(article.id)).body for article in page.articles}
        total = await library.passage_count()
        by_words = await library.lexical_search("report", limit=total, filters=Filters())
        question = await library.embed_question("report")
        by_meaning = await library.dense_search(question, limit=total, filters=Filters())

        async def places(keys: Sequence[int]) -> frozenset[tuple[str, Span]]:
            stored = await library.passages(keys)
            return frozenset((each.article.id, each.passage.span) for each in stored.values())

        return Contents(
            {
                each: (cut.revision, bodies[each], cut.sentences, tuple(passage.span for passage in cut.passages))
                for each, cut in spans.items()
            },
            await places([hit.key for hit in by_words]),
            await places([hit.key for hit in by_meaning]),
            (await library.health()).faults,
        )

    return on_library(settings, act)


def acknowledged(folder: Path) -> set[str]:
    """Ids that the catalog holds, before anything is finished."""
    catalog = SqlCatalog(folder / "catalog.sqlite")
    try:
        return {article.id for article in catalog.articles(filters=Filters(), limit=10_000).articles}
    finally:
        catalog.close()
