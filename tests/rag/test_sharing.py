"""Two processes on one PostgreSQL and one Chroma server, as two libraries with a folder each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.fetching import Fetcher
from ingest.watching import Watcher
from rag.adapters.database_locks import POLLING
from rag.answering import Request
from rag.composition import make_answerer, open_library
from rag.domain import Filters
from rag.errors import LibraryLockedError, LibraryMismatchError, StorageError
from rag.library import Library
from rag.settings import Settings
from tests.chroma import ChromaServer, on_servers
from tests.newsroom import BRIDGE, FERRY, document
from tests.postgres import PostgresServer
from tests.running import run

ISLAND = Filters(outlets=("Island Gazette",))


@pytest.fixture
def settings(tmp_path: Path, postgres: str, chroma: ChromaServer) -> Settings:
    return on_servers(tmp_path / "one", postgres, chroma)


def elsewhere(settings: Settings, name: str = "two", **more: object) -> Settings:
    return settings.model_copy(update={"library": settings.library.with_name(name), **more})


@asynccontextmanager
async def two(settings: Settings) -> AsyncIterator[tuple[Library, Library]]:
    async with open_library(settings) as one, open_library(elsewhere(settings)) as other:
        yield one, other


def on_two(settings: Settings, use: Callable[[Library, Library], Awaitable[None]]) -> None:
    async def opened() -> None:
        async with two(settings) as (one, other):
            await use(one, other)

    run(opened())


async def nearest(library: Library, words: str, filters: Filters) -> set[str]:
    hits = await library.dense_search(await library.embed_question(words), limit=5, filters=filters)
    return {each.article.id for each in (await library.passages([hit.key for hit in hits])).values()}


def test_what_one_puts_corrects_and_withdraws_the_other_asks_at_once(settings: Settings) -> None:
    async def act(one: Library, other: Library) -> None:
        asks = make_answerer(settings, other)
        await one.put([document(BRIDGE), document(FERRY)])
        assert [c.article.id for c in (await asks.ask(Request("What did Tom Reed say?"))).citations] == ["ferry"]

        await one.put([document(replace(FERRY, body=FERRY.body.replace("scandal", "disgrace")))])
        answer = await asks.ask(Request("What did Tom Reed say?"))
        assert {c.article.revision for c in answer.citations} == {2}
        assert "disgrace" in answer.text

        await one.withdraw("ferry")
        assert "ferry" not in {c.article.id for c in (await asks.ask(Request("What did Tom Reed say?"))).citations}

    on_two(settings, act)


def test_names_that_one_learns_or_forgets_the_other_knows(settings: Settings) -> None:
    async def act(one: Library, other: Library) -> None:
        assert (await other.names()).newest is None
        await one.put([document(BRIDGE)])
        assert (await other.names()).newest == BRIDGE.published_at
        await one.put([document(FERRY)])
        known = await other.names()
        assert known.newest == max(filter(None, (BRIDGE.published_at, FERRY.published_at)))
        await one.withdraw("ferry")
        await one.withdraw("bridge")
        assert (await other.names()).newest is None

    on_two(settings, act)


def test_a_filtered_search_compares_the_vectors_that_the_other_wrote(settings: Settings) -> None:
    async def act(one: Library, other: Library) -> None:
        await one.put([document(BRIDGE), document(FERRY)])
        assert await nearest(other, "ferry", ISLAND) == {"ferry"}
        # The same passage under another headline: the key is the same, its vector is not.
        await one.put([document(replace(FERRY, title="Whales seen off the coast"))])
        vector = await one.embed_question("whales")
        ours, theirs = [await each.dense_search(vector, limit=1, filters=ISLAND) for each in (one, other)]
        assert ours == theirs
        assert (await other.health()).faults == ()

    on_two(settings, act)


def test_a_folder_that_was_away_follows_from_where_it_stood(settings: Settings) -> None:
    async def act() -> None:
        async with two(settings) as (one, _):
            await one.put([document(BRIDGE)])
        async with open_library(settings) as one:
            await one.put([document(FERRY)])
        async with open_library(elsewhere(settings)) as other:
            assert await nearest(other, "ferry", ISLAND) == {"ferry"}
            assert (await other.health()).faults == ()

    run(act())


def test_both_may_write_at_the_same_time(settings: Settings) -> None:
    async def act(one: Library, other: Library) -> None:
        articles = [
            replace(FERRY, id=f"ferry-{n}", url=f"https://island.example/{n}", body=f"The ferry sails on day {n}.")
            for n in range(12)
        ]
        await asyncio.gather(*((one, other)[n % 2].put([document(each)]) for n, each in enumerate(articles)))
        for each in (one, other):
            health = await each.health()
            assert (health.faults, health.counts["articles"]) == ((), 12)

    on_two(settings, act)


def test_what_one_recorded_and_could_not_index_the_other_finishes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(one: Library, other: Library) -> None:
        def broken(*_: object) -> None:
            raise StorageError("the vector index cannot be written")

        monkeypatch.setattr(one._vectors, "upsert", broken)
        with pytest.raises(StorageError, match="recorded"):
            await one.put([document(FERRY)])
        await other.keep_up()
        await other.keep_up()
        assert (await other.health()).faults == ()
        assert await nearest(other, "ferry", ISLAND) == {"ferry"}

    on_two(settings, act)


def test_while_it_is_shared_nobody_takes_it_alone_or_under_other_rules(settings: Settings, tmp_path: Path) -> None:
    rights = tmp_path / "rights.toml"
    rights.write_text('["*"]\nquote_words = 5\n')
    other = elsewhere(settings)

    async def refused(settings: Settings, *, rebuild: bool = False, alone: bool = False) -> None:
        with pytest.raises(LibraryLockedError, match="is in use by `onrecord on"):
            async with open_library(settings, rebuild=rebuild, alone=alone):
                pass

    async def act() -> None:
        async with open_library(settings) as one:
            await one.put([document(FERRY)])
            await refused(other, rebuild=True)
            await refused(other, alone=True)
            await refused(elsewhere(settings, lexical="tantivy"))
            await refused(elsewhere(settings, rights=rights))
            assert (await one.health()).faults == ()
        async with open_library(other, rebuild=True), asyncio.timeout(60):
            await refused(settings)
        async with two(settings) as (one, two_):
            assert (await one.health()).faults == (await two_.health()).faults == ()
        with pytest.raises(LibraryMismatchError, match="set ONRECORD_CATALOG"):
            async with open_library(settings.alone()):
                pass

    run(act())


def test_a_lost_turn_at_writing_is_noticed_and_what_was_recorded_is_finished(
    settings: Settings, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(one: Library, other: Library) -> None:
        entries = one._catalog.index_entries

        def broken_meanwhile(ids: list[str]) -> object:
            monkeypatch.undo()
            found = entries(ids)
            postgres_server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            return found

        monkeypatch.setattr(one._catalog, "index_entries", broken_meanwhile)
        with pytest.raises(StorageError, match="broke while it was written"):
            await one.put([document(FERRY)])
        await other.keep_up()
        await other.keep_up()
        for each in (one, other):
            assert (await each.health()).faults == ()

    on_two(settings, act)


def test_one_polls_the_feeds_and_another_when_its_connection_has_ended(
    settings: Settings, postgres_server: PostgresServer
) -> None:
    async def act(one: Library, other: Library) -> None:
        async with Fetcher(settings.fetch) as fetcher:
            first, second = (Watcher(each, fetcher, settings) for each in (one, other))
            assert (await first.has_turn(), await second.has_turn(), await first.has_turn()) == (True, False, True)
            now = datetime.now(UTC)
            feed, _ = one.subscriptions.put("https://bell.example/feed", every_s=60, now=now)
            assert one.subscriptions.claim(feed.id, holder="the first", now=now, until=now + timedelta(hours=1))
            assert other.subscriptions.due(now) == []

            # As when its process is killed.
            postgres_server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                f" WHERE locktype = 'advisory' AND granted AND classid = {POLLING >> 32} AND objid = {POLLING & 0xFFFFFFFF}"
            )
            async with asyncio.timeout(30):
                while not await second.has_turn():  # noqa: ASYNC110 (the server frees it, and tells nobody)
                    await asyncio.sleep(0.05)

            assert other.subscriptions.due(now) == [feed.id]
            assert not await first.has_turn()

    on_two(settings, act)


def test_requests_are_counted_over_all_and_a_full_bucket_is_filled_with_time(settings: Settings) -> None:
    async def act(one: Library, other: Library) -> None:
        assert one.shared is not None
        assert other.shared is not None
        given_out = [(one, other)[n % 2].shared.take("key a", per_minute=5) for n in range(8)]  # type: ignore[union-attr]
        assert given_out[:5] == [0.0] * 5
        assert all(0 < wait_s <= 12 for wait_s in given_out[5:])
        assert other.shared.take("key b", per_minute=5) == 0
        await asyncio.sleep(0.05)
        assert [other.shared.take("key c", per_minute=6000) for _ in range(3)] == [0, 0, 0]

    on_two(settings, act)


def test_a_feed_that_two_subscribe_to_at_the_same_moment_is_subscribed_to(settings: Settings) -> None:
    async def act(one: Library, other: Library) -> None:
        def put(library: Library) -> str:
            try:
                return library.subscriptions.put("https://bell.example/feed", every_s=60, now=datetime.now(UTC))[0].id
            except StorageError:  # "changed by another at the same moment; try again"
                return put(library)

        for _ in range(10):
            ids = await asyncio.gather(*(asyncio.to_thread(put, each) for each in (one, other)))
            assert len({*ids, *(feed.id for feed in one.subscriptions.all())}) == 1
            assert other.subscriptions.remove(ids[0])

    on_two(settings, act)
