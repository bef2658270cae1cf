"""Our retrieval as a LangChain retriever: `from rag import NewsRetriever`.

The library lives in a thread of its own, so that it serves synchronous and asynchronous callers of any event loop alike.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, PrivateAttr

from rag.answering import Answerer, Request
from rag.composition import make_answerer, open_library
from rag.domain import Filters, ScoredPassage
from rag.rights import within_limit
from rag.settings import Settings, read_settings

T = TypeVar("T")


class NewsRetriever(BaseRetriever):
    """Passages of a library for a question, best first, as `onrecord search` finds them.

    `page_content` is `body[start:end]` of the article's revision, verbatim; metadata has `article_id`, `revision`, `start`,
    `end`, `title`, `outlet`, `authors`, `url`, `published_at`, `also_in`, `rank` and `score`. The library is opened, and
    owned, from the first question until `close`, or the end of a `with`; beside a server that has it open, use its API.

    Raises, when asked: LibraryLockedError and StorageError, as `open_library`; QuestionError; FilterError.
    """

    library: Path | None = Field(None, description="the library's folder; None is what ONRECORD_LIBRARY says")
    k: int = Field(8, ge=1, le=100, description="passages")
    filters: Filters = Filters()

    _opened: _Opened | None = PrivateAttr(None)
    _opening: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return self._library_thread().run(self._found(query)).result()

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        opened = await asyncio.to_thread(self._library_thread)
        return await asyncio.wrap_future(opened.run(self._found(query)))

    def close(self) -> None:
        """Let the library go. A later question opens it again."""
        with self._opening:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _library_thread(self) -> _Opened:
        with self._opening:
            if self._opened is None:
                opened = _Opened(read_settings(library=self.library))
                # At the interpreter's end nothing more can be run: the library stands a process that just stops.
                weakref.finalize(self, opened.close).atexit = False
                self._opened = opened
            return self._opened

    async def _found(self, question: str) -> list[Document]:
        assert self._opened is not None
        answerer = self._opened.answerer
        query = await answerer.understand(Request(question, filters=self.filters))
        return [_document(each) for each in (await answerer.search(query, k=self.k)).passages]


class _Opened:
    """An open library and the event loop that it runs on."""

    answerer: Answerer

    def __init__(self, settings: Settings) -> None:
        """Returns once the library is open. Raises as `open_library`."""
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        ready: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._serve, args=(settings, ready), name="onrecord-library", daemon=True
        )
        self._thread.start()
        ready.result()

    def run(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
            if threading.current_thread() is not self._thread:  # a collected retriever is closed wherever that happens
                self._thread.join()

    def _serve(self, settings: Settings, ready: Future[None]) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._hold(settings, ready))

    async def _hold(self, settings: Settings, ready: Future[None]) -> None:
        try:
            async with open_library(settings, command="a LangChain retriever") as library:
                self.answerer = make_answerer(settings, library)
                ready.set_result(None)
                await self._over.wait()
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)


def _document(scored: ScoredPassage) -> Document:
    article = scored.article
    span = within_limit(article.body, scored.passage.span, scored.quote_words)
    return Document(
        id=scored.passage.id,
        page_content=span.of(article.body),
        metadata={
            "article_id": article.id,
            "revision": article.revision,
            "start": span.start,
            "end": span.end,
            "title": article.title,
            "outlet": article.outlet,
            "authors": list(article.authors),
            "url": article.url,
            "published_at": article.published_at.isoformat() if article.published_at else None,
            "also_in": list(scored.also_in),
            "rank": scored.rank,
            "score": scored.score,
        },
    )
