"""A library whose catalog is on a PostgreSQL server, opened as any other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.composition import open_library
from rag.domain import Filters
from rag.errors import LibraryLockedError, LibraryMismatchError, NotFoundError, SettingsError
from rag.settings import Settings
from tests.chroma import ChromaServer
from tests.newsroom import BRIDGE, FERRY, document
from tests.postgres import PostgresServer
from tests.running import run


@pytest.fixture
def shared(folder: Path, postgres: str) -> Settings:
    return Settings(library=folder, catalog=SecretStr(postgres), lock_wait_s=0, rerank={"by": "none"})


async def found(settings: Settings, words: str) -> list[str]:
    """The articles with these words, by the lexical index, and the nearest of the vector index."""
    async with open_library(settings) as library:
        assert (await library.health()).faults == ()
        lexical = await library.lexical_search(words, limit=5, filters=Filters())
        dense = await library.dense_search(await library.embed_question(words), limit=1, filters=Filters())
        passages = await library.passages([hit.key for hit in (*lexical, *dense)])
        return sorted({passage.article.id for passage in passages.values()})


async def fill(settings: Settings) -> None:
    async with open_library(settings) as library:
        await library.put([document(BRIDGE), document(FERRY)])


def test_what_was_put_is_found_after_a_restart_and_what_was_withdrawn_is_not(shared: Settings) -> None:
    async def act() -> None:
        await fill(shared)
        assert await found(shared, "ferry") == ["ferry"]
        async with open_library(shared) as library:
            await library.put(
                [document(replace(FERRY, body="The lighthouse on the island shines again after a year."))]
            )
            await library.withdraw("bridge")
        assert await found(shared, "lighthouse") == ["ferry"]
        async with open_library(shared) as library:
            with pytest.raises(NotFoundError):
                await library.article("bridge")

    run(act())

    assert not (shared.library / "catalog.sqlite").exists()


def test_another_folder_takes_the_catalog_over_and_the_first_makes_its_indexes_anew(
    shared: Settings, tmp_path: Path
) -> None:
    async def act() -> None:
        await fill(shared)
        moved = shared.model_copy(update={"library": tmp_path / "moved"})
        assert await found(moved, "ferry") == ["ferry"]
        async with open_library(moved) as library:
            await library.put(
                [document(replace(FERRY, body="The lighthouse on the island shines again after a year."))]
            )
        assert await found(shared, "lighthouse") == ["ferry"]

    run(act())


def test_two_folders_cannot_hold_one_catalog_at_the_same_time(shared: Settings, tmp_path: Path) -> None:
    async def act() -> None:
        async with open_library(shared):
            with pytest.raises(LibraryLockedError, match=r"the catalog postgresql.* is in use by"):
                async with open_library(shared.model_copy(update={"library": tmp_path / "other"})):
                    pass

    run(act())


def test_a_folder_is_not_opened_with_a_catalog_that_its_indexes_do_not_follow(
    shared: Settings, settings: Settings, tmp_path: Path
) -> None:
    async def act() -> None:
        await fill(shared)
        with pytest.raises(LibraryMismatchError, match="set ONRECORD_CATALOG to its address"):
            await fill(settings)
        own = settings.model_copy(update={"library": tmp_path / "own"})
        await fill(own)
        with pytest.raises(LibraryMismatchError, match="unset ONRECORD_CATALOG, or name a new folder"):
            await fill(shared.model_copy(update={"library": tmp_path / "own"}))

    run(act())


def test_words_on_postgresql_need_a_catalog_there(settings: Settings) -> None:
    async def act() -> None:
        async with open_library(settings.model_copy(update={"lexical": "postgres"})):
            pass

    with pytest.raises(SettingsError, match="needs ONRECORD_CATALOG"):
        run(act())


def test_words_move_to_postgresql_and_back_and_stay_nowhere_else(
    shared: Settings, postgres_server: PostgresServer
) -> None:
    moved = shared.model_copy(update={"lexical": "postgres"})

    async def act() -> None:
        await fill(shared)
        assert await found(moved, "ferry") == ["ferry"]
        assert not (shared.library / "lexical").exists()
        async with open_library(moved) as library:
            await library.withdraw("bridge")
        assert await found(moved, "bridge") == ["ferry"]  # the nearest vector that there is
        assert await found(shared, "ferry") == ["ferry"]

    run(act())

    postgres_server.execute("DO $$ BEGIN ASSERT (SELECT count(*) FROM lexical) = 0; END $$")


def test_a_folder_on_another_machine_goes_on_with_shared_stores_as_they_are(
    shared: Settings, tmp_path: Path, chroma: ChromaServer
) -> None:
    first = shared.model_copy(update={"lexical": "postgres", "chroma": chroma.url})
    second = first.model_copy(update={"library": tmp_path / "second"})

    async def act() -> None:
        await fill(first)
        async with open_library(second) as library:
            assert (await library.counts())["unindexed"] == 0
            await library.put(
                [document(replace(FERRY, body="The lighthouse on the island shines again after a year."))]
            )
        assert await found(second, "lighthouse") == ["ferry"]
        # Its own copy of the vectors is of before: it is made anew.
        assert await found(first, "lighthouse") == ["ferry"]
        island = Filters(outlets=("Island Gazette",))
        async with open_library(first) as library:
            hits = await library.dense_search(await library.embed_question("lighthouse"), limit=5, filters=island)
            assert {each.article.id for each in (await library.passages([h.key for h in hits])).values()} == {"ferry"}

    run(act())
