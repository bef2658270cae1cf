"""Clean articles and cut them into sentences, passages and statements: here, or in processes beside this one.

Both are pure Python and take longer than storing, so they have cores of their own while others are stored.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Protocol, TypeAlias, TypeVar

from ingest.cleaning import clean_article
from ingest.clocks import at_its_outlet
from ingest.detection import language_of
from ingest.passages import passage_spans
from ingest.stories import bands
from rag.domain import Article, Document
from rag.errors import ArticleError
from rag.sentences import sentence_spans
from rag.settings import IngestSettings
from rag.statements import statements

T = TypeVar("T")
Work: TypeAlias = Callable[[Sequence[Article], IngestSettings], list[T]]

# Fewer articles than this at once are split here: a process takes as long to start as 100 articles take to split.
_FEWEST_HANDED_OVER = 48
_MOST_PROCESSES = 4


class Splitter(Protocol):
    """Articles cleaned, and cleaned ones made documents, one each, in order."""

    def clean(self, articles: Sequence[Article], settings: IngestSettings) -> list[Article | ArticleError]:
        """Each as it will be stored, or why it cannot be. Blocks."""
        ...

    async def split(self, articles: Sequence[Article], settings: IngestSettings) -> list[Document]: ...


def clean(article: Article, settings: IngestSettings) -> Article:
    """The article as it will be stored, with its id, its language and its clock. Raises ArticleError."""
    cleaned = clean_article(article, max_chars=settings.max_article_chars)
    at = partial(at_its_outlet, outlet=cleaned.outlet, zone=settings.timezone, outlets=settings.outlet_timezones)
    return replace(
        cleaned,
        published_at=at(cleaned.published_at),
        updated_at=at(cleaned.updated_at),
        embargoed_until=at(cleaned.embargoed_until),
        expires_at=at(cleaned.expires_at),
        language=language_of(cleaned.title, cleaned.body, cleaned.language),
    )


def split(article: Article, settings: IngestSettings) -> Document:
    """A cleaned article with its sentences, passages, statements and near-copy signature, ready to be put."""
    language = article.language or "en"
    sentences = sentence_spans(article.body, language)
    passages = passage_spans(article.body, sentences, max_words=settings.max_passage_words)
    day = article.published_at.date() if article.published_at else None
    # The rules of who says what are English; another language's words would only be taken for names.
    said = statements(article.body, sentences, title=article.title, published_on=day) if language == "en" else ()
    return Document(article, sentences, passages, said, bands(article.body))


class SplittingHere:
    """On a thread of this process: what a few articles need."""

    def clean(self, articles: Sequence[Article], settings: IngestSettings) -> list[Article | ArticleError]:
        return clean_all(articles, settings)

    async def split(self, articles: Sequence[Article], settings: IngestSettings) -> list[Document]:
        return await asyncio.to_thread(_split_all, articles, settings)


class SplittingBeside:
    """In processes of their own, started when the first large lot has come, gone when the context ends.

    The first large lot is split here, while they start.
    """

    def __init__(self, processes: int | None = None) -> None:
        """`processes`: None for one core less than there are, 0 for none."""
        self._count = min(spare_cores(processes), _MOST_PROCESSES) if processes is None else processes
        self._pool: ProcessPoolExecutor | None = None
        self._here = SplittingHere()

    async def __aenter__(self) -> SplittingBeside:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    def clean(self, articles: Sequence[Article], settings: IngestSettings) -> list[Article | ArticleError]:
        pool = self._pool
        if pool is None or len(articles) < _FEWEST_HANDED_OVER:
            return clean_all(articles, settings)
        try:
            parts = [part.result() for part in handed_over(pool.submit, self._count, clean_all, articles, settings)]
        except (RuntimeError, CancelledError):
            # Broken, or gone because the run has ended while this was read ahead.
            return clean_all(articles, settings)
        return [each for part in parts for each in part]

    async def split(self, articles: Sequence[Article], settings: IngestSettings) -> list[Document]:
        if self._count == 0 or len(articles) < _FEWEST_HANDED_OVER:
            return await self._here.split(articles, settings)
        if self._pool is None:
            self._pool = _pool(self._count)
            return await self._here.split(articles, settings)
        try:
            coming = handed_over(self._pool.submit, self._count, split_apart, articles, settings)
            parts = await asyncio.gather(*map(asyncio.wrap_future, coming))
        except BrokenProcessPool:
            # Killed from outside, or out of memory: nothing is lost, the articles are still here.
            self._count, self._pool = 0, None
            return await self._here.split(articles, settings)
        found = [document for part in parts for document in part]
        return [replace(document, article=article) for document, article in zip(found, articles, strict=True)]


def spare_cores(processes: int | None) -> int:
    """How many, at least one; where none is set, one less than there are: one process writes."""
    return max((os.cpu_count() or 2) - 1 if processes is None else processes, 1)


class Submit(Protocol):
    """Begin a piece of work in another process."""

    def __call__(self, work: Work[T], articles: Sequence[Article], settings: IngestSettings, /) -> Future[list[T]]: ...


def handed_over(
    submit: Submit, count: int, work: Work[T], articles: Sequence[Article], settings: IngestSettings
) -> list[Future[list[T]]]:
    """A share of the articles to each of `count` processes, in order."""
    share = -(-len(articles) // count)
    return [submit(work, articles[start : start + share], settings) for start in range(0, len(articles), share or 1)]


def clean_all(articles: Sequence[Article], settings: IngestSettings) -> list[Article | ArticleError]:
    """Each cleaned, or the error that says why it cannot be stored."""
    cleaned: list[Article | ArticleError] = []
    for article in articles:
        try:
            cleaned.append(clean(article, settings))
        except ArticleError as error:
            cleaned.append(error)
    return cleaned


def _split_all(articles: Sequence[Article], settings: IngestSettings) -> list[Document]:
    return [split(article, settings) for article in articles]


_NOWHERE = Article(id="", title="", body="")


def split_apart(articles: Sequence[Article], settings: IngestSettings) -> list[Document]:
    """The documents without their articles, which need not travel back."""
    return [replace(document, article=_NOWHERE) for document in _split_all(articles, settings)]


def _pool(count: int) -> ProcessPoolExecutor:
    # Not forked: this process has threads, and a fork would copy their locks as they stand.
    spawning = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=spawning, initializer=_die_with_parent)
    pool.submit(_split_all, [], IngestSettings())  # starts a process now and not with the first lot
    return pool


def _die_with_parent() -> None:
    """A worker waits for work for ever, also when its parent was killed, unless somebody looks."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
