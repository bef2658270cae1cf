"""A run that stores nothing: what an ingest of these records would do, as far as that can be known beforehand.

Articles are compared with the library and with those that came before them in the run. Near-copies within the run are
looked for among its latest articles alone, so that memory stays flat.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ingest.pipeline import IngestReport, Tally, batches_of
from ingest.sources.record import Record
from ingest.splitting import Splitter, SplittingHere
from ingest.stories import near_copies, runs, with_stories
from rag.domain import Article, Document
from rag.errors import NotFoundError
from rag.library import Library
from rag.ports import Recorded
from rag.settings import IngestSettings

_REMEMBERED = 5000


async def rehearse(
    records: Iterable[Record],
    library: Library | None,
    settings: IngestSettings,
    *,
    splitter: Splitter | None = None,
    on_progress: Callable[[int], None] = lambda articles: None,
    remembered: int = _REMEMBERED,
) -> IngestReport:
    """The report that `ingest` would give; `library` is None where there is none yet. Nothing is written.

    A near-copy of an article more than `remembered` articles before it in the run is not seen.
    """
    started = time.perf_counter()
    tally = Tally()
    splitter = splitter or SplittingHere()
    rehearsal = _Rehearsal(library, settings, splitter, remembered)
    batches = batches_of(iter(records), settings, tally, splitter)
    done = 0
    while batch := await asyncio.to_thread(next, batches, None):
        tally.count(await rehearsal.store(batch))
        done += len(batch)
        on_progress(done)
    return replace(tally.report(time.perf_counter() - started), dry_run=True)


class _Rehearsal:
    def __init__(self, library: Library | None, settings: IngestSettings, splitter: Splitter, remembered: int) -> None:
        self._library, self._settings, self._splitter, self._remembered = library, settings, splitter, remembered
        self._met: dict[str, bytes] = {}
        self._latest: OrderedDict[str, tuple[tuple[int, ...], bytes]] = OrderedDict()
        self._by_band: dict[int, list[str]] = {}

    async def store(self, articles: Sequence[Article]) -> list[Recorded]:
        """One outcome each, in order, as `put_articles` would give it."""
        first = [article for article in articles if article.id not in self._met]
        known = await self._library.unchanged(first) if self._library is not None else {}
        again = {a.id: _as_before(a) for a in articles if self._met.get(a.id) == _print(a)}
        changed = [article for article in articles if article.id not in known | again]
        documents = await self._splitter.split(changed, self._settings)
        placed = await with_stories(documents, self._library) if self._library is not None else documents
        for document in placed:
            known[document.article.id] = await self._outcome(document)
        for article in articles:
            if known.get(article.id, _NONE).outcome != "withdrawn":
                self._met[article.id] = _print(article)
        return [(known | again)[article.id] for article in articles]

    async def _outcome(self, document: Document) -> Recorded:
        article = document.article
        stands = await self._standing(article.id)
        same_body = stands is not None and stands.body == article.body
        copy = not same_body and (document.story or article.id) != article.id
        copy = copy or (not same_body and self._is_copy(document))
        self._remember(document)
        there = stands is not None or article.id in self._met
        return Recorded(article.id, "updated" if there else "new", 1, copy, len(document.passages))

    async def _standing(self, article_id: str) -> Article | None:
        try:
            return await self._library.article(article_id) if self._library is not None else None
        except NotFoundError:
            return None

    def _is_copy(self, document: Document) -> bool:
        """Whether it is a near-copy of one of the run's latest articles."""
        own = runs(document.article.body)
        others = {each for band in document.bands for each in self._by_band.get(band, ())} - {document.article.id}
        return any(near_copies(own, runs(zlib.decompress(self._latest[each][1]).decode())) for each in others)

    def _remember(self, document: Document) -> None:
        self._forget(document.article.id)
        if len(self._latest) == self._remembered:
            self._forget(next(iter(self._latest)))
        self._latest[document.article.id] = (document.bands, zlib.compress(document.article.body.encode()))
        for band in document.bands:
            self._by_band.setdefault(band, []).append(document.article.id)

    def _forget(self, article_id: str) -> None:
        for band in self._latest.pop(article_id, ((), b""))[0]:
            self._by_band[band].remove(article_id)
            if not self._by_band[band]:
                del self._by_band[band]


_NONE = Recorded("", "", 0)


def _as_before(article: Article) -> Recorded:
    return Recorded(article.id, "unchanged", 1)


def _print(article: Article) -> bytes:
    """What tells whether an article of this run comes again to the letter."""
    return hashlib.blake2b(repr(replace(article, revision=1)).encode(), digest_size=16).digest()
