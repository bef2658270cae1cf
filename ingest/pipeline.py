"""The whole way in, in reading order: read, clean, split, find the story, put."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ingest.cleaning import untitled
from ingest.sources.record import Found, Record, Skipped
from ingest.splitting import Splitter, SplittingHere
from ingest.stories import with_stories
from rag.apart import apart
from rag.domain import Article, Document
from rag.errors import ArticleError
from rag.library import Library
from rag.ports import Recorded
from rag.settings import IngestSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one run did, in articles; `passages` counts those of new and updated articles.

    `untitled` were given their first sentence as a title; `changed` are the ids of new and updated ones. After a dry
    run it is what a run would do, without ids.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    near_copies: int = 0
    withdrawn: int = 0
    untitled: int = 0
    skipped: tuple[Skipped, ...] = ()
    passages: int = 0
    seconds: float = 0.0
    dry_run: bool = False
    changed: tuple[str, ...] = ()

    def told(self) -> str:
        """The counts in a line."""
        done = f"{self.new} new, {self.updated} updated, {self.unchanged} unchanged, {len(self.skipped)} skipped"
        return f"dry run: {done}" if self.dry_run else done

    def why_skipped(self) -> str:
        """Where and why, of the first twenty that were left out; "" where none was."""
        return "; ".join(f"{each.where}: {each.reason}" for each in self.skipped[:20])

    @property
    def read(self) -> int:
        """Articles that were read, whatever became of them."""
        return self.new + self.updated + self.unchanged + self.withdrawn

    @property
    def skipped_by(self) -> dict[str, int]:
        """How many were left out for each kind of reason, most first."""
        return dict(Counter(each.kind for each in self.skipped).most_common())

    @property
    def rate(self) -> float:
        """Articles a second."""
        return round(self.read / self.seconds, 1) if self.seconds else 0.0


@dataclass(slots=True)
class Tally:
    """What a run has done so far."""

    outcomes: dict[str, int] = field(default_factory=dict)
    near_copies: int = 0
    untitled: int = 0
    passages: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def count(self, recorded: Sequence[Recorded]) -> None:
        for outcome in recorded:
            self.outcomes[outcome.outcome] = self.outcomes.get(outcome.outcome, 0) + 1
            self.near_copies += outcome.near_copy
            self.passages += outcome.passages
            if outcome.outcome in ("new", "updated"):
                self.changed.append(outcome.article_id)

    def report(self, seconds: float) -> IngestReport:
        return IngestReport(
            new=self.outcomes.get("new", 0),
            updated=self.outcomes.get("updated", 0),
            unchanged=self.outcomes.get("unchanged", 0),
            near_copies=self.near_copies,
            withdrawn=self.outcomes.get("withdrawn", 0),
            untitled=self.untitled,
            skipped=tuple(self.skipped),
            passages=self.passages,
            seconds=round(seconds, 3),
            changed=tuple(dict.fromkeys(self.changed)),
        )


async def put_articles(
    articles: Sequence[Article], library: Library, settings: IngestSettings, *, restore: bool = False
) -> list[Recorded]:
    """Store cleaned articles of different ids; one outcome each, in order.

    What the library has already, to the letter, is known before it is split.
    """
    lot = await _prepared(articles, library, settings, SplittingHere(), certain=not restore)
    return await _stored(lot, library, restore=restore)


@dataclass(frozen=True, slots=True)
class _Lot:
    """Cleaned articles, with the outcome of those that need no storing and the documents of those that do."""

    articles: tuple[Article, ...]
    known: dict[str, Recorded]
    documents: list[Document]


async def _prepared(
    articles: Sequence[Article],
    library: Library,
    settings: IngestSettings,
    splitter: Splitter,
    *,
    certain: bool = True,
    in_flight: frozenset[str] = frozenset(),
) -> _Lot:
    """Split what is new. Articles `in_flight` are being stored: what the library has of them is not the last word."""
    asked = [article for article in articles if article.id not in in_flight] if certain else []
    known = await library.unchanged(asked)
    changed = [article for article in articles if article.id not in known]
    return _Lot(tuple(articles), known, await splitter.split(changed, settings))


async def _stored(lot: _Lot, library: Library, *, restore: bool = False) -> list[Recorded]:
    documents = await with_stories(lot.documents, library)
    recorded = await library.put(documents, restore=restore) if documents else []
    outcomes = lot.known | {outcome.article_id: outcome for outcome in recorded}
    return [outcomes[article.id] for article in lot.articles]


async def ingest(
    records: Iterable[Record],
    library: Library,
    settings: IngestSettings,
    *,
    splitter: Splitter | None = None,
    on_progress: Callable[[int], None] = lambda articles: None,
) -> IngestReport:
    """Everything that the records hold, into the library; a record that cannot be stored is reported, the rest is kept.

    `on_progress` is called after each batch with the number of articles so far.

    Raises:
        StorageError, ProviderError: what was acknowledged before stays; running it again goes on from there.
    """
    started = time.perf_counter()
    tally = Tally()
    splitter = splitter or SplittingHere()
    batches = batches_of(iter(records), settings, tally, splitter)
    done = 0
    # Three lots are under way at once: one is read, one is split, one is stored.
    coming = apart(lambda: next(batches, None))
    storing: asyncio.Task[list[Recorded]] | None = None
    try:
        in_flight: frozenset[str] = frozenset()
        while True:
            lot = None
            if (batch := await coming) is not None:
                coming = apart(lambda: next(batches, None))
                lot = await _prepared(batch, library, settings, splitter, in_flight=in_flight)
            if storing is not None:
                tally.count(stored := await storing)
                done += len(stored)
                on_progress(done)
            if lot is None:
                break
            storing = asyncio.create_task(_stored(lot, library))
            in_flight = frozenset(article.id for article in lot.articles)
    finally:
        # What is still read is not waited for: a pipe may say nothing for ever. What is stored is stored to its end.
        coming.cancel()
        if storing is not None:
            await asyncio.gather(storing, return_exceptions=True)
    report = tally.report(time.perf_counter() - started)
    log.info("ingest finished", extra={"new": report.new, "updated": report.updated, "skipped": len(report.skipped)})
    return report


def batches_of(
    records: Iterator[Record], settings: IngestSettings, tally: Tally, splitter: Splitter
) -> Iterator[list[Article]]:
    """Articles of different ids, so that an id that comes again, with another body, is a revision of the first.

    It blocks, also on the splitter's processes, and so is iterated on a thread.
    """
    batch: dict[str, Article] = {}
    while lot := list(islice(records, settings.batch_articles)):
        found = [record for record in lot if isinstance(record, Found)]
        cleaned = iter(splitter.clean([record.article for record in found], settings))
        for record in lot:
            if isinstance(record, Skipped):
                tally.skipped.append(record)
                continue
            article = next(cleaned)
            if isinstance(article, ArticleError):
                tally.skipped.append(Skipped.because(record.where, article))
                continue
            tally.untitled += untitled(record.article)
            if article.id in batch or len(batch) == settings.batch_articles:
                yield list(batch.values())
                batch = {}
            batch[article.id] = article
    if batch:
        yield list(batch.values())
