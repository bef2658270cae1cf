"""The one way in and out of the stores.

A change is recorded in the catalog first (from then on it is acknowledged and true in every answer), then in both
indexes, then marked indexed. Whatever is not marked, after a crash or a failure, is finished by `reconcile`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from rag.auditing import AuditLog
from rag.domain import Article, Document, Filters
from rag.errors import NotFoundError, OnRecordError
from rag.feedback import FeedbackStore
from rag.health import Health, health_of
from rag.keys import KeyStore
from rag.known import KnownNames
from rag.names_held import NamesHeld
from rag.nearest import nearest
from rag.persons import Person
from rag.ports import (
    ArticlePage,
    ArticleSpans,
    Catalog,
    Embedder,
    Hit,
    IndexEntry,
    LexicalIndex,
    Matrix,
    Recorded,
    Revision,
    StoredPassage,
    VectorIndex,
)
from rag.rights import Rights
from rag.said import Said
from rag.sharing import Shared
from rag.spoken import SpokenIndex
from rag.subscribing import Subscriptions

log = logging.getLogger(__name__)
T = TypeVar("T")

# Articles indexed between two commits: a crash repeats at most this many.
_INDEX_BATCH = 64


class Library:
    """Articles with their indexes. One writer at a time; readers never wait for it."""

    def __init__(
        self,
        catalog: Catalog,
        lexical: LexicalIndex,
        vectors: VectorIndex,
        embedder: Embedder,
        subscriptions: Subscriptions,
        spoken: SpokenIndex,
        feedback: FeedbackStore,
        keys: KeyStore,
        audit: AuditLog,
        *,
        rights: Rights | None = None,
        shared: Shared | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`rights` are those that `catalog` was given; what may be shown is decided by `clock` at each call.

        `shared` where other processes work on the same stores: what is known of them here is looked at again then.
        """
        # They are of the catalog's database, and touch no index: whoever needs them uses the ports, on threads.
        self.subscriptions, self.feedback = subscriptions, feedback
        self.keys, self.audit = keys, audit
        self._catalog, self._lexical, self._vectors, self._embedder = catalog, lexical, vectors, embedder
        self.rights, self._clock = rights or Rights(), clock
        self.shared = shared
        self.said = Said(spoken, lexical, clock, changed=shared.changed if shared else None)
        self._writing = asyncio.Lock()
        self._names = NamesHeld(catalog, self.said, shared)
        # What waited to be indexed when it was last looked at.
        self._left: tuple[list[str], bool] = ([], False)

    # --- in ----------------------------------------------------------------------------------------------------

    async def put(self, documents: Sequence[Document], *, restore: bool = False) -> list[Recorded]:
        """Store articles, replacing older revisions; one outcome per document, in order.

        Raises:
            StorageError: nothing of this call is recorded, or it is recorded and will be indexed at the next start.
            ProviderError: recorded, but the embedding failed; indexed at the next put or start.
        """
        return await _to_the_end(self._put(documents, restore))

    async def _put(self, documents: Sequence[Document], restore: bool) -> list[Recorded]:
        async with self._turn():
            outcomes = await asyncio.to_thread(self._catalog.record, documents, restore=restore)
            try:
                await self._index_pending()
            except OnRecordError as error:
                kept = f"{error}. The articles are recorded, and will be indexed at the next ingest or start"
                raise type(error)(kept) from error
            return outcomes

    async def unchanged(self, articles: Sequence[Article]) -> dict[str, Recorded]:
        """Of these cleaned articles, by id, those that need no putting: there to the letter, or withdrawn."""
        return await asyncio.to_thread(self._catalog.unchanged, articles)

    async def withdraw(self, article_id: str) -> None:
        """Take an article out of every answer, from the moment this returns. Raises NotFoundError."""
        await _to_the_end(self._withdraw(article_id))

    async def _withdraw(self, article_id: str) -> None:
        async with self._turn():
            if not await asyncio.to_thread(self._catalog.withdraw, article_id):
                raise NotFoundError(f"no article {article_id!r} is stored, or it is withdrawn already")
            await self._index_pending()
        log.info("article withdrawn", extra={"article_id": article_id})

    async def purge(self, article_id: str) -> None:
        """Withdraw an article and take its text off the disk; one that is withdrawn already, too. The id stays.

        The lexical index and the catalog's file are written anew, which takes as long as the library is large.

        Raises:
            NotFoundError: no such article was ever stored.
            StorageError: it is gone from every answer; what stays on the disk is taken off at the next start.
        """
        await _to_the_end(self._purge(article_id))

    async def _purge(self, article_id: str) -> None:
        async with self._turn():
            if not await asyncio.to_thread(self._catalog.purge, article_id):
                raise NotFoundError(f"no article {article_id!r} was ever stored")
            try:
                await self._index_pending()
                await self._scrub()
            except OnRecordError as error:
                kept = f"{error}. The article is withdrawn, and what is left of its text is taken off at the next start"
                raise type(error)(kept) from error
        log.info("article purged", extra={"article_id": article_id})

    async def _scrub(self) -> None:
        await asyncio.to_thread(self._lexical.replace, self._all_entries())
        await asyncio.to_thread(self._vectors.scrub)
        await asyncio.to_thread(self._catalog.scrub)

    def _all_entries(self) -> Iterator[IndexEntry]:
        ids = self._catalog.live_ids()
        for start in range(0, len(ids), _INDEX_BATCH):
            yield from self._catalog.index_entries(ids[start : start + _INDEX_BATCH])

    async def reconcile(self) -> int:
        """Finish whatever a crash or a failure left unindexed or half purged; the number of articles indexed."""
        return await _to_the_end(self._reconcile())

    async def _reconcile(self) -> int:
        async with self._turn():
            done = await self._index_pending()
            if await asyncio.to_thread(self._catalog.purges_due):
                await self._scrub()
            return done

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One writer at a time, of all processes. Not to be cancelled: a thread that waits for its turn would keep it."""
        async with self._writing:
            if self.shared is None:
                yield
                return
            await asyncio.to_thread(self.shared.begin_writing)
            try:
                yield
            finally:
                await asyncio.to_thread(self.shared.end_writing)

    async def keep_up(self) -> None:
        """Finish what another process recorded and did not live to index, and see what the others changed."""
        if self.shared is not None:
            left = await asyncio.to_thread(self._catalog.unindexed, limit=1)
            purged = await asyncio.to_thread(self._catalog.purges_due)
            # What waits at two looks is waited for in vain: else somebody is at it.
            if (left or purged) and (left, purged) == self._left:
                await self.reconcile()
            self._left = (left, purged)
            await self._names.catch_up()
            await asyncio.to_thread(self._vectors.keep_up)

    async def _index_pending(self) -> int:
        done = 0
        while ids := await asyncio.to_thread(self._catalog.unindexed, limit=_INDEX_BATCH):
            stale = await asyncio.to_thread(self._catalog.stale_keys, ids)
            entries = await asyncio.to_thread(self._catalog.index_entries, ids)
            # Both sides are waited for, also when one fails: a thread that still wrote after the lock is free would
            # bring back what a later change took out.
            if self.shared is not None:
                await asyncio.to_thread(self.shared.still_writing)
            written = await asyncio.gather(
                asyncio.to_thread(self._write_lexical, stale, entries),
                asyncio.to_thread(self._write_vectors, stale, entries),
                return_exceptions=True,
            )
            for failure in written:
                if isinstance(failure, BaseException):
                    raise failure
            if self.shared is not None:
                await asyncio.to_thread(self.shared.still_writing)
            await asyncio.to_thread(self._catalog.mark_indexed, ids)
            self._names.learn(stale, entries)
            done += len(ids)
        return done

    def _write_lexical(self, stale: Sequence[int], entries: Sequence[IndexEntry]) -> None:
        self._lexical.remove(stale)
        self._lexical.add(entries)
        self._lexical.commit()

    def _write_vectors(self, stale: Sequence[int], entries: Sequence[IndexEntry]) -> None:
        if stale:
            self._vectors.remove(stale)
        # What has its vector keeps it: embedding is the slow step, and with some models the one that costs money.
        new = [entry for entry in entries if not entry.embedded]
        if new:
            matrix = self._embedder.passages([entry.embedded_text for entry in new])
            self._vectors.upsert([entry.passage.key for entry in new], matrix)

    # --- out ---------------------------------------------------------------------------------------------------

    async def article(self, article_id: str, *, revision: int | None = None) -> Article:
        """The article as it stands, or as it stood, if it may be shown now. Raises NotFoundError."""
        found = await asyncio.to_thread(self._catalog.article, article_id, revision=revision, at=self._clock())
        if found is None:
            which = "" if revision is None else f" with a revision {revision}"
            raise NotFoundError(
                f"no article {article_id!r}{which} is stored, or it may not be shown now; GET /v1/articles lists them"
            )
        return found

    async def stored(self, article_id: str) -> Article | None:
        """The article as it stands, whether or not it may be shown; None where it is unknown or withdrawn."""
        return await asyncio.to_thread(self._catalog.article, article_id)

    async def revisions(self, article_id: str) -> list[Revision]:
        """All revisions of an article that may be shown now, the first one first. Raises NotFoundError."""
        found = await asyncio.to_thread(self._catalog.revisions, article_id, at=self._clock())
        if not found:
            raise NotFoundError(f"no article {article_id!r} is stored, or it may not be shown now")
        return found

    async def articles(self, *, filters: Filters, limit: int, after: str | None = None) -> ArticlePage:
        """A page of articles without their bodies, newest first."""
        at, filters = self._clock(), await self.said.resolved(filters)
        return await asyncio.to_thread(self._catalog.articles, filters=filters, limit=limit, after=after, at=at)

    async def spans(self, article_ids: Sequence[str]) -> dict[str, ArticleSpans]:
        """The sentences, passages and statements of each article that may be shown now, by id."""
        return await asyncio.to_thread(self._catalog.spans, article_ids, at=self._clock())

    async def passages(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        """Those of them whose articles may be shown now."""
        return await asyncio.to_thread(self._catalog.passages, keys, at=self._clock())

    async def story_outlets(self, stories: Sequence[str]) -> dict[str, tuple[tuple[str, str], ...]]:
        return await asyncio.to_thread(self._catalog.story_outlets, stories, at=self._clock())

    async def band_matches(self, bands: Sequence[int], *, limit: int = 10) -> list[str]:
        return await asyncio.to_thread(self._catalog.band_matches, bands, limit=limit)

    async def story_of(self, article_id: str) -> str | None:
        return await asyncio.to_thread(self._catalog.story_of, article_id)

    async def names(self) -> KnownNames:
        """The outlets, sections and people that a question may name."""
        return await self._names.at(self._clock())

    async def published(self, keys: Sequence[int]) -> dict[int, datetime]:
        return await asyncio.to_thread(self._catalog.published, keys)

    async def counts(self) -> dict[str, int]:
        return await asyncio.to_thread(self._catalog.counts)

    async def people_named(self, words: str) -> list[Person]:
        """The people whose words the library holds and whom these words name, best first; see `Said`."""
        return await self.said.people_named(words)

    # --- search ------------------------------------------------------------------------------------------------

    async def lexical_search(self, text: str, *, limit: int, filters: Filters) -> list[Hit]:
        """The best passages by their words, all of which satisfy `filters` and may be shown now."""
        filters = await self.said.resolved(filters)
        return await asyncio.to_thread(self._lexical.search, text, limit=limit, filters=filters, at=self._clock())

    async def document_frequencies(self, words: Sequence[str]) -> list[int]:
        """For each word, the number of passages with its stem."""
        return await asyncio.to_thread(self._lexical.document_frequencies, words)

    async def passage_count(self) -> int:
        return await asyncio.to_thread(self._lexical.count)

    async def vector_count(self) -> int:
        """How many passages have a vector; raises StorageError where the vector index does not answer."""
        return await asyncio.to_thread(self._vectors.count)

    async def embed_question(self, text: str) -> Matrix:
        return await asyncio.to_thread(self._embedder.question, text)

    async def matching(self, filters: Filters, *, among: Sequence[int]) -> set[int]:
        """Those of these passages that satisfy the filters."""
        return set((await asyncio.to_thread(self._lexical.matching, filters, among=among)).tolist())

    async def dense_search(self, vector: Matrix, *, limit: int, filters: Filters) -> list[Hit]:
        """The nearest passages, all of which satisfy `filters` and may be shown now; none is lost to the cut."""
        return (await self.dense_searches(vector.reshape(1, -1), limit=limit, filters=filters))[0]

    async def dense_searches(self, vectors: Matrix, *, limit: int, filters: Filters) -> list[list[Hit]]:
        """The same for each row of `vectors`, which costs less than one after the other."""
        filters = await self.said.resolved(filters)
        at = self._clock()
        return await asyncio.to_thread(
            nearest, vectors, self._vectors, self._lexical, limit=limit, filters=filters, at=at
        )

    # --- health ------------------------------------------------------------------------------------------------

    async def health(self) -> Health:
        """Compare the three stores key by key."""
        return await asyncio.to_thread(health_of, self._catalog, self._lexical, self._vectors)

    async def rebuild(self) -> int:
        """Make both indexes anew from the catalog; the number of articles."""
        return await _to_the_end(self._rebuild())

    async def _rebuild(self) -> int:
        async with self._turn():
            await asyncio.to_thread(self._lexical.clear)
            await asyncio.to_thread(self._vectors.clear)
            await asyncio.to_thread(self._catalog.mark_all_unindexed)
            return await self._index_pending()

    async def close(self) -> None:
        async with self._writing:
            await asyncio.to_thread(self._close)

    def _close(self) -> None:
        # Each store is closed, also when another's closing fails; the lexical index first, the record last.
        with ExitStack() as stores:
            for store in (self._catalog, self._vectors, self._lexical):
                stores.callback(store.close)


async def _to_the_end(change: Coroutine[Any, Any, T]) -> T:
    """Run a change to its end, also when the caller is cancelled: its threads cannot be stopped half-way."""
    return await asyncio.shield(asyncio.create_task(change))
