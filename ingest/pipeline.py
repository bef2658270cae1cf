"""The whole way in, in reading order: read, clean, split, find the story, put."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.cleaning import clean_article
from ingest.passages import passage_spans
from ingest.sources.record import Found, Record, Skipped
from ingest.stories import bands, with_stories
from rag.domain import Article, Document
from rag.errors import ArticleError
from rag.library import Library
from rag.ports import Recorded
from rag.sentences import sentence_spans
from rag.settings import IngestSettings
from rag.statements import statements

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one run did, in articles; `passages` counts those of new and updated articles."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    near_copies: int = 0
    withdrawn: int = 0
    skipped: tuple[Skipped, ...] = ()
    passages: int = 0
    seconds: float = 0.0

    @property
    def read(self) -> int:
        """Articles that were read, whatever became of them."""
        return self.new + self.updated + self.unchanged + self.withdrawn


@dataclass(slots=True)
class _Tally:
    outcomes: dict[str, int] = field(default_factory=dict)
    near_copies: int = 0
    passages: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    def count(self, recorded: Sequence[Recorded], documents: Sequence[Document]) -> None:
        for outcome, document in zip(recorded, documents, strict=True):
            self.outcomes[outcome.outcome] = self.outcomes.get(outcome.outcome, 0) + 1
            self.near_copies += outcome.near_copy
            if outcome.outcome in ("new", "updated"):
                self.passages += len(document.passages)

    def report(self, seconds: float) -> IngestReport:
        return IngestReport(
            new=self.outcomes.get("new", 0),
            updated=self.outcomes.get("updated", 0),
            unchanged=self.outcomes.get("unchanged", 0),
            near_copies=self.near_copies,
            withdrawn=self.outcomes.get("withdrawn", 0),
            skipped=tuple(self.skipped),
            passages=self.passages,
            seconds=round(seconds, 3),
        )


def prepare(article: Article, settings: IngestSettings) -> Document:
    """A cleaned and split article, ready to be put. Raises ArticleError."""
    cleaned = clean_article(article, max_chars=settings.max_article_chars)
    sentences = sentence_spans(cleaned.body, cleaned.language or "en")
    passages = passage_spans(cleaned.body, sentences, max_words=settings.max_passage_words)
    day = cleaned.published_at.date() if cleaned.published_at else None
    said = statements(cleaned.body, sentences, title=cleaned.title, published_on=day)
    return Document(cleaned, sentences, passages, said, bands(cleaned.body))


async def put_articles(
    articles: Sequence[Article], library: Library, settings: IngestSettings, *, restore: bool = False
) -> list[Recorded]:
    """Prepare and store articles of different ids; one outcome each, in order. Raises ArticleError."""
    documents = [prepare(article, settings) for article in articles]
    return await library.put(await with_stories(documents, library), restore=restore)


async def ingest(
    records: Iterable[Record],
    library: Library,
    settings: IngestSettings,
    *,
    on_progress: Callable[[int], None] = lambda articles: None,
) -> IngestReport:
    """Everything that the records hold, into the library; a record that cannot be stored is reported, the rest is kept.

    `on_progress` is called after each batch with the number of articles so far.

    Raises:
        StorageError, ProviderError: what was acknowledged before stays; running it again goes on from there.
    """
    started = time.perf_counter()
    tally = _Tally()
    batches = _batches(iter(records), settings, tally)
    done = 0
    while batch := await asyncio.to_thread(next, batches, None):
        placed = await with_stories(batch, library)
        tally.count(await library.put(placed), placed)
        done += len(batch)
        on_progress(done)
    report = tally.report(time.perf_counter() - started)
    log.info("ingest finished", extra={"new": report.new, "updated": report.updated, "skipped": len(report.skipped)})
    return report


def _batches(records: Iterator[Record], settings: IngestSettings, tally: _Tally) -> Iterator[list[Document]]:
    """Documents of different ids, so that an id that comes again, with another body, is a revision of the first."""
    batch: dict[str, Document] = {}
    for record in records:
        if isinstance(record, Skipped):
            tally.skipped.append(record)
            continue
        document = _prepared(record, settings, tally)
        if document is None:
            continue
        if document.article.id in batch or len(batch) == settings.batch_articles:
            yield list(batch.values())
            batch = {}
        batch[document.article.id] = document
    if batch:
        yield list(batch.values())


def _prepared(record: Found, settings: IngestSettings, tally: _Tally) -> Document | None:
    try:
        return prepare(record.article, settings)
    except ArticleError as error:
        tally.skipped.append(Skipped(record.where, str(error)))
        return None
