"""What a server does beside its requests: the names that questions are read by are at hand before anybody asks."""

from __future__ import annotations

import asyncio
import gc
from datetime import datetime

import pytest

from api import keeping_up
from rag.adapters.catalog import SqlCatalog
from rag.errors import StorageError
from rag.library import Library
from rag.ports import Names
from rag.settings import Settings
from tests.newsroom import BRIDGE, FERRY, document
from tests.running import on_library


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When the catalog was asked for all names."""
    asked: list[datetime] = []
    names = SqlCatalog.names

    def counted(catalog: SqlCatalog, *, at: datetime) -> Names:
        asked.append(at)
        return names(catalog, at=at)

    monkeypatch.setattr(SqlCatalog, "names", counted)
    monkeypatch.setattr(keeping_up, "_EVERY_S", 0.01)
    monkeypatch.setattr(keeping_up, "_REST", 0)
    return asked


async def until(asked: list[datetime], times: int) -> None:
    async with asyncio.timeout(20):
        while len(asked) < times:  # noqa: ASYNC110 (nothing tells of it)
            await asyncio.sleep(0.01)


def test_names_are_read_before_anybody_asks_and_again_when_an_article_went(
    settings: Settings, read: list[datetime]
) -> None:
    async def act(library: Library) -> list[int]:
        kept = await library.put([document(BRIDGE), document(FERRY)])
        read.clear()
        seen = []
        async with keeping_up.keeping_up(library):
            await until(read, 1)
            assert (await library.names()).outlets(["Harbour", "Courier"])
            seen.append(len(read))
            await library.withdraw(kept[0].article_id)
            await until(read, 2)
            assert not (await library.names()).outlets(["Harbour", "Courier"])
            seen.append(len(read))
        return seen

    assert on_library(settings, act) == [1, 2]


def test_who_asks_while_names_are_read_waits_for_them(settings: Settings, read: list[datetime]) -> None:
    async def act(library: Library) -> None:
        await library.put([document(BRIDGE)])
        await asyncio.gather(*(library.names() for _ in range(5)))

    on_library(settings, act)

    assert len(read) == 1


def test_many_names_are_no_work_for_the_garbage_collector(
    settings: Settings, read: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_up, "_MANY_NAMES", 0)

    async def act(library: Library) -> None:
        async with keeping_up.keeping_up(library):
            async with asyncio.timeout(20):
                while not gc.get_freeze_count():  # noqa: ASYNC110 (nothing tells of it)
                    await asyncio.sleep(0.01)

    gc.unfreeze()
    try:
        on_library(settings, act)
    finally:
        gc.unfreeze()


def test_a_store_that_is_gone_is_said_once_and_tried_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    async def fails(library: Library) -> None:
        tries.append(library)
        raise StorageError("the catalog cannot be read")

    monkeypatch.setattr(keeping_up, "_EVERY_S", 0.01)
    monkeypatch.setattr(Library, "names", fails)

    async def act(library: Library) -> None:
        async with keeping_up.keeping_up(library), asyncio.timeout(20):
            while len(tries) < 3:  # noqa: ASYNC110 (nothing tells of it)
                await asyncio.sleep(0.01)

    on_library(settings, act)

    assert caplog.messages.count("the library cannot be followed") == 1
