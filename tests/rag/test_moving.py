"""A library copied to other stores, and back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from rag.adapters import schema as t
from rag.adapters.catalog import SqlCatalog
from rag.composition import copy_library, open_library
from rag.domain import Filters
from rag.errors import InputError, LibraryMismatchError
from rag.settings import Settings
from tests.chroma import ChromaServer, on_servers
from tests.newsroom import BRIDGE, FERRY, UNDATED, document, generated
from tests.running import run


@pytest.fixture
def shared(tmp_path: Path, postgres: str, chroma: ChromaServer) -> Settings:
    return on_servers(tmp_path / "shared", postgres, chroma)


async def _fill(settings: Settings) -> None:
    async with open_library(settings) as library:
        await library.put([document(each) for each in (BRIDGE, FERRY, UNDATED, *generated(30))])
        await library.put([document(replace(FERRY, body=f"{FERRY.body} The fares rise in June, Marsh said."))])
        await library.withdraw("bridge")


def _nothing(what: str, count: int) -> None:
    pass


def _rows(where: Path | str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the notes."""
    catalog = SqlCatalog(where)
    with catalog.transaction() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in t.METADATA.sorted_tables
            if table is not t.notes
        }
    catalog.close()
    return found


async def _found(settings: Settings) -> list[object]:
    async with open_library(settings) as library:
        assert (await library.health()).faults == ()
        vector = await library.embed_question("ferry fares")
        lexical = await library.lexical_search("ferry fares", limit=1, filters=Filters())
        near = await library.dense_search(vector, limit=5, filters=Filters())
        named = await library.dense_search(vector, limit=5, filters=Filters(outlets=("Island Gazette",)))
        return [[hit.key for hit in hits] for hits in (lexical, near, named)]


def test_a_library_goes_to_shared_stores_and_back_with_every_row_and_vector(
    settings: Settings, shared: Settings, tmp_path: Path
) -> None:
    back = settings.model_copy(update={"library": tmp_path / "back"})
    copied: Counter[str] = Counter()

    def told(what: str, count: int) -> None:
        copied[what] += count

    async def act() -> None:
        await _fill(settings)
        found = await _found(settings)
        async with open_library(settings) as library:
            passages = (await library.counts())["passages"]
        await copy_library(settings, shared, told)
        assert copied["vectors"] == passages
        assert await _found(shared) == found
        async with open_library(shared) as library:
            await library.put([document(replace(BRIDGE, id="new"))])  # its numbers go on after those that were copied
            await library.withdraw("new")
        await copy_library(shared, back, told)
        assert await _found(back) == found

    run(act())

    before, after = (_rows(each.library / "catalog.sqlite") for each in (settings, back))
    for name, rows in before.items():
        assert {*map(repr, rows)} <= {*map(repr, after[name])}, name


def test_a_copy_that_was_broken_off_goes_on_and_is_no_library_until_it_is_whole(
    settings: Settings, shared: Settings
) -> None:
    class PowerCutError(Exception):
        pass

    def cut(what: str, count: int) -> None:
        if what == "revisions":
            raise PowerCutError

    async def act() -> None:
        await _fill(settings)
        with pytest.raises(PowerCutError):
            await copy_library(settings, shared, cut)
        with pytest.raises(LibraryMismatchError, match="was begun and not finished"):
            async with open_library(shared):
                pass
        await copy_library(settings, shared, _nothing)
        assert await _found(shared) == await _found(settings)

    run(act())

    assert shared.catalog is not None
    assert _rows(shared.catalog.get_secret_value()) == _rows(settings.library / "catalog.sqlite")


def test_a_library_that_has_articles_is_not_written_over(settings: Settings, tmp_path: Path) -> None:
    other = settings.model_copy(update={"library": tmp_path / "other"})

    async def act() -> None:
        await _fill(settings)
        await _fill(other)
        with pytest.raises(InputError, match="holds articles already"):
            await copy_library(settings, other, _nothing)

    run(act())


def test_another_embedding_is_refused_before_anything_is_copied(settings: Settings, tmp_path: Path) -> None:
    other = settings.model_copy(update={"library": tmp_path / "other", "embedding": "fake:model"})

    async def act() -> None:
        await _fill(settings)
        with pytest.raises(LibraryMismatchError, match="ONRECORD_EMBEDDING=static"):
            await copy_library(settings, other, _nothing)

    run(act())

    assert not (other.library / "catalog.sqlite").exists()
