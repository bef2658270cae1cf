"""A run that stores nothing: what an ingest of these records would do, as far as that can be known beforehand.

Articles are compared with the library and with those that came before them in the run; these lie in a database of its own
that SQLite keeps on the disk where it grows, and that is gone with it, so that memory stays flat.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from ingest.pipeline import IngestReport, Tally, batches_of
from ingest.sources.record import Record
from ingest.splitting import Splitter, SplittingHere
from ingest.stories import near_copies, runs, with_stories
from rag.domain import Article, Document
from rag.errors import NotFoundError, StorageError
from rag.library import Library
from rag.ports import Recorded
from rag.settings import IngestSettings


async def rehearse(
    records: Iterable[Record],
    library: Library | None,
    settings: IngestSettings,
    *,
    splitter: Splitter | None = None,
    on_progress: Callable[[int], None] = lambda articles: None,
) -> IngestReport:
    """The report that `ingest` would give; `library` is None where there is none yet. Nothing is written to a library.

    Raises:
        StorageError: the library cannot be read, or the disk has no room for what was met.
    """
    started = time.perf_counter()
    tally = Tally()
    splitter = splitter or SplittingHere()
    batches = batches_of(iter(records), settings, tally, splitter)
    done = 0
    try:
        with closing(_Met()) as met:
            rehearsal = _Rehearsal(library, settings, splitter, met)
            while batch := await asyncio.to_thread(next, batches, None):
                tally.count(await rehearsal.store(batch))
                done += len(batch)
                on_progress(done)
    except sqlite3.Error as error:
        raise StorageError(
            f"what the dry run has met cannot be kept in the folder for temporary files: {error}"
        ) from error
    return replace(tally.report(time.perf_counter() - started), dry_run=True, changed=())


class _Rehearsal:
    def __init__(self, library: Library | None, settings: IngestSettings, splitter: Splitter, met: _Met) -> None:
        self._library, self._settings, self._splitter, self._met = library, settings, splitter, met

    async def store(self, articles: Sequence[Article]) -> list[Recorded]:
        """One outcome each, in order, as `put_articles` would give it."""
        met = await asyncio.to_thread(self._met.prints, [article.id for article in articles])
        first = [article for article in articles if article.id not in met]
        known = await self._library.unchanged(first) if self._library is not None else {}
        again = {a.id: _as_before(a) for a in articles if met.get(a.id) == _print(a)}
        changed = [article for article in articles if article.id not in known | again]
        documents = await self._splitter.split(changed, self._settings)
        placed = await with_stories(documents, self._library) if self._library is not None else documents
        for document in placed:
            known[document.article.id] = await self._outcome(document, again=document.article.id in met)
        stay = [article for article in articles if known.get(article.id, _NONE).outcome != "withdrawn"]
        await asyncio.to_thread(self._met.note, stay)
        return [(known | again)[article.id] for article in articles]

    async def _outcome(self, document: Document, *, again: bool) -> Recorded:
        article = document.article
        stands = await self._standing(article.id)
        same_body = stands is not None and stands.body == article.body
        copy = not same_body and (document.story or article.id) != article.id
        copy = copy or (not same_body and await asyncio.to_thread(self._met.has_copy_of, document))
        await asyncio.to_thread(self._met.remember, document)
        there = stands is not None or again
        return Recorded(article.id, "updated" if there else "new", 1, copy, len(document.passages))

    async def _standing(self, article_id: str) -> Article | None:
        try:
            return await self._library.article(article_id) if self._library is not None else None
        except NotFoundError:
            return None


class _Met:
    """What the run has met: how each article stood last, and the bodies and buckets of those that would be stored."""

    def __init__(self) -> None:
        # An empty name is a private file that SQLite removes; most of it is never written while it is small.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(
            "PRAGMA journal_mode = OFF;"
            "CREATE TABLE met (id TEXT PRIMARY KEY, print BLOB, body BLOB) WITHOUT ROWID;"
            "CREATE TABLE bands (band INTEGER, id TEXT, PRIMARY KEY (band, id)) WITHOUT ROWID;"
            "CREATE INDEX bands_of ON bands (id)"
        )

    def close(self) -> None:
        self._database.close()

    def prints(self, ids: Sequence[str]) -> dict[str, bytes]:
        """How those that were met stood last."""
        found = (self._database.execute("SELECT id, print FROM met WHERE id = ?", (each,)).fetchone() for each in ids)
        return {row[0]: row[1] for row in found if row is not None}

    def note(self, articles: Sequence[Article]) -> None:
        """They stand so from now on."""
        self._database.executemany(
            "INSERT INTO met (id, print) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET print = excluded.print",
            [(article.id, _print(article)) for article in articles],
        )

    def remember(self, document: Document) -> None:
        """Its body and its buckets, in place of those that it had."""
        article = document.article
        self._database.execute("DELETE FROM bands WHERE id = ?", (article.id,))
        self._database.execute(
            "INSERT INTO met (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            (article.id, zlib.compress(article.body.encode())),
        )
        self._database.executemany(
            "INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, article.id) for band in document.bands]
        )

    def has_copy_of(self, document: Document) -> bool:
        """Whether it is a near-copy of one that was met."""
        own = runs(document.article.body)
        return any(near_copies(own, runs(body)) for body in self._like(document))

    def _like(self, document: Document) -> Iterator[str]:
        """The bodies of others that share a bucket with it."""
        marks = ", ".join("?" * len(document.bands))
        query = (
            "SELECT body FROM met WHERE id != ? AND id IN"  # noqa: S608 - question marks alone are put together
            f" (SELECT id FROM bands WHERE band IN ({marks})) ORDER BY id"
        )
        for (body,) in self._database.execute(query, (document.article.id, *document.bands)):
            yield zlib.decompress(body).decode()


_NONE = Recorded("", "", 0)


def _as_before(article: Article) -> Recorded:
    return Recorded(article.id, "unchanged", 1)


def _print(article: Article) -> bytes:
    """What tells whether an article of this run comes again to the letter."""
    return hashlib.blake2b(repr(replace(article, revision=1)).encode(), digest_size=16).digest()
