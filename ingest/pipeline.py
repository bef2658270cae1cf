"""The whole way in, in reading order: read, clean, split, find the story, put."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.apart import apart
from ingest.cleaning import clean_article
from ingest.passages import passage_spans
from ingest.sources.record import Record, Skipped
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

    def count(self, recorded: Sequence[Recorded]) -> None:
        for outcome in recorded:
            self.outcomes[outcome.outcome] = self.outcomes.get(outcome.outcome, 0) + 1
            self.near_copies += outcome.near_copy
            self.passages += outcome.passages

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


def clean(article: Article, settings: IngestSettings) -> Article:
    """The article as it will be stored, with its id. Raises ArticleError."""
    return clean_article(article, max_chars=settings.max_article_chars)


def split(article: Article, settings: IngestSettings) -> Document:
    """A cleaned article with its sentences, passages, statements and near-copy signature, ready to be put."""
    sentences = sentence_spans(article.body, article.language or "en")
    passages = passage_spans(article.body, sentences, max_words=settings.max_passage_words)
    day = article.published_at.date() if article.published_at else None
    said = statements(article.body, sentences, title=article.title, published_on=day)
    return Document(article, sentences, passages, said, bands(article.body))


async def put_articles(
    articles: Sequence[Article], library: Library, settings: IngestSettings, *, restore: bool = False
) -> list[Recorded]:
    """Store cleaned articles of different ids; one outcome each, in order.

    What the library has already, to the letter, is known before it is split.
    """
    known = {} if restore else await library.unchanged(articles)
    changed = [article for article in articles if article.id not in known]
    documents = await asyncio.to_thread(lambda: [split(article, settings) for article in changed])
    recorded = await library.put(await with_stories(documents, library), restore=restore) if documents else []
    outcomes = known | {outcome.article_id: outcome for outcome in recorded}
    return [outcomes[article.id] for article in articles]


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
    coming = apart(lambda: next(batches, None))
    try:
        while batch := await coming:
            # The next lot is read and cleaned while this one is stored.
            coming = apart(lambda: next(batches, None))
            tally.count(await put_articles(batch, library, settings))
            done += len(batch)
            on_progress(done)
    finally:
        coming.cancel()  # what it still reads is not waited for: a pipe may say nothing for ever
    report = tally.report(time.perf_counter() - started)
    log.info("ingest finished", extra={"new": report.new, "updated": report.updated, "skipped": len(report.skipped)})
    return report


def _batches(records: Iterator[Record], settings: IngestSettings, tally: _Tally) -> Iterator[list[Article]]:
    """Articles of different ids, so that an id that comes again, with another body, is a revision of the first."""
    batch: dict[str, Article] = {}
    for record in records:
        if isinstance(record, Skipped):
            tally.skipped.append(record)
            continue
        try:
            article = clean(record.article, settings)
        except ArticleError as error:
            tally.skipped.append(Skipped(record.where, str(error)))
            continue
        if article.id in batch or len(batch) == settings.batch_articles:
            yield list(batch.values())
            batch = {}
        batch[article.id] = article
    if batch:
        yield list(batch.values())
