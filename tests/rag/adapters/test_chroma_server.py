"""The vector index on a Chroma server, which may be slow to come, go, or be one that should not be used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import pytest
from chromadb.errors import InternalError
from pydantic import SecretStr, ValidationError

from rag.adapters.catalog import SqlCatalog
from rag.adapters.chroma_server import ChromaPlace, warning_of
from rag.adapters.vectors import ChromaVectors
from rag.composition import open_library
from rag.domain import Filters
from rag.errors import StorageError
from rag.ports import Matrix, VectorIndex
from rag.settings import Settings
from tests.chroma import ChromaServer, door
from tests.contracts.vectors import VectorIndexContract, unit
from tests.newsroom import BRIDGE, FERRY, document
from tests.running import run


@pytest.fixture
def name() -> str:
    return f"onrecord-{uuid4().hex}"


class TestChromaVectorsOnAServer(VectorIndexContract):
    @pytest.fixture
    def index(self, chroma: ChromaServer, name: str, tmp_path: Path) -> Iterator[VectorIndex]:
        index = ChromaVectors(tmp_path, server=ChromaPlace(chroma.url), collection=name)
        yield index
        index.close()

    @pytest.fixture
    def reopen(
        self, index: VectorIndex, chroma: ChromaServer, name: str, tmp_path: Path
    ) -> Iterator[Callable[[], VectorIndex]]:
        opened: list[ChromaVectors] = []

        def again() -> VectorIndex:
            index.close()
            opened.append(ChromaVectors(tmp_path, server=ChromaPlace(chroma.url), collection=name))
            return opened[-1]

        yield again
        for each in opened:
            each.close()


def test_two_libraries_on_one_server_do_not_see_each_other(chroma: ChromaServer, name: str, tmp_path: Path) -> None:
    first, second = (
        ChromaVectors(tmp_path, server=ChromaPlace(chroma.url), collection=name),
        ChromaVectors(tmp_path / "2", server=ChromaPlace(chroma.url), collection=f"{name}-2"),
    )
    first.upsert([1, 2], unit(2))

    assert (first.keys(), second.keys()) == ({1, 2}, set())
    first.close()
    second.close()


def test_a_server_that_is_gone_is_a_storage_error_and_works_when_it_is_back(
    chroma: ChromaServer, name: str, tmp_path: Path
) -> None:
    index = ChromaVectors(tmp_path, server=ChromaPlace(chroma.url), collection=name)
    index.upsert([1, 2], unit(2))
    chroma.stop()
    try:
        with pytest.raises(StorageError, match="the vector index cannot be read"):
            index.search(unit(1), limit=1)
        with pytest.raises(StorageError, match="does not answer as a Chroma server"):
            ChromaVectors(tmp_path, server=ChromaPlace(chroma.url), collection=name)
    finally:
        chroma.start()

    assert index.keys() == {1, 2}
    index.close()


@pytest.mark.parametrize(
    ("title", "version", "warned"),
    [
        ("chroma-frontend", "1.0.0", False),
        ("FastAPI", "1.0.0", True),
        ("FastAPI", "1.5.9", True),
        ("FastAPI", "1.5.10", False),
        ("FastAPI", "0.6.3", False),
    ],
)
def test_a_python_server_that_runs_anybodys_code_is_warned_of(title: str, version: str, warned: bool) -> None:
    assert ("CVE-2026-45829" in (warning_of(title, version) or "")) == warned


def test_an_address_where_no_server_is_leaves_the_library_as_it_was(settings: Settings) -> None:
    async def act() -> None:
        async with open_library(settings) as library:
            await library.put([document(FERRY)])
        nowhere = settings.model_copy(update={"chroma": "http://127.0.0.1:9"})
        with pytest.raises(StorageError, match="is this its address"):
            async with open_library(nowhere):
                pass
        async with open_library(settings) as library:
            assert (await library.counts())["unindexed"] == 0
            assert (await library.health()).faults == ()

    run(act())
    assert (settings.library / "vectors" / "chroma.sqlite3").exists()


def test_a_library_moves_its_vectors_to_a_server_and_back(chroma: ChromaServer, settings: Settings) -> None:
    async def nearest(these: Settings) -> list[str]:
        async with open_library(these) as library:
            assert (await library.health()).faults == ()
            hits = await library.dense_search(await library.embed_question("ferry"), limit=1, filters=Filters())
            found = await library.passages([hit.key for hit in hits])
            return [passage.article.id for passage in found.values()]

    async def act() -> None:
        async with open_library(settings) as library:
            await library.put([document(BRIDGE), document(FERRY)])
        served = settings.model_copy(update={"chroma": chroma.url})
        assert await nearest(served) == ["ferry"]
        assert not (settings.library / "vectors" / "chroma.sqlite3").exists()
        assert await nearest(served) == ["ferry"]
        assert await nearest(settings) == ["ferry"]

    run(act())


def test_a_server_with_another_address_is_gone_on_with_if_it_holds_all_and_filled_anew_if_not(
    chroma: ChromaServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    upsert = ChromaVectors.upsert

    def noted(index: ChromaVectors, keys: Sequence[int], vectors: Matrix) -> None:
        written.extend(keys)
        upsert(index, keys, vectors)

    monkeypatch.setattr(ChromaVectors, "upsert", noted)
    by_number = settings.model_copy(update={"chroma": chroma.url})
    by_name = settings.model_copy(update={"chroma": chroma.url.replace("127.0.0.1", "localhost")})

    async def act() -> None:
        async with open_library(by_number) as library:
            await library.put([document(BRIDGE), document(FERRY)])
        passages = len(written)
        async with open_library(by_name) as library:
            assert len(written) == passages
            assert (await library.health()).faults == ()
            keys = [
                hit.key
                for hit in await library.dense_search(await library.embed_question("ferry"), limit=9, filters=Filters())
            ]
            assert len(keys) == passages
        index = ChromaVectors(
            settings.library / "vectors", server=ChromaPlace(chroma.url), collection=collection_of(settings)
        )
        index.remove(keys[:1])
        index.close()
        async with open_library(by_number) as library:
            assert len(written) == 2 * passages
            assert (await library.health()).faults == ()

    run(act())


def collection_of(settings: Settings) -> str:
    catalog = SqlCatalog(settings.library / "catalog.sqlite")
    try:
        return catalog.note("collection") or ""
    finally:
        catalog.close()


def test_a_search_that_the_server_fails_for_a_moment_is_tried_again_and_not_for_ever(
    chroma: ChromaServer, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = ChromaVectors(tmp_path, server=ChromaPlace(chroma.url), collection=name)
    index.upsert([1, 2], unit(2))
    answers, asked = index._collection.query, []

    def fails(times: int) -> Callable[..., object]:
        def query(**given: Any) -> object:
            asked.append(given)
            if len(asked) <= times:
                raise InternalError("Nothing found on disk")
            return answers(**given)

        return query

    monkeypatch.setattr(index._collection, "query", fails(2))
    assert [hit.key for hit in index.search(unit(1), limit=1)[0]] == [1]
    asked.clear()
    monkeypatch.setattr(index._collection, "query", fails(100))
    with pytest.raises(StorageError, match="Nothing found on disk"):
        index.search(unit(1), limit=1)
    assert len(asked) == 4
    index.close()


@pytest.mark.parametrize(
    ("header", "value"), [("authorization", "Bearer s3cret-t0ken"), ("x-chroma-token", "s3cret-t0ken")]
)
def test_a_server_behind_a_door_lets_in_who_has_the_token(
    chroma: ChromaServer, name: str, tmp_path: Path, header: Literal["authorization", "x-chroma-token"], value: str
) -> None:
    with door(chroma, header=header, value=value) as opened:
        token = SecretStr("s3cret-t0ken")
        index = ChromaVectors(tmp_path, server=ChromaPlace(opened.url, token=token, header=header), collection=name)
        index.upsert([1, 2], unit(2))

        assert index.keys() == {1, 2}
        assert [hit.key for hit in index.search(unit(2)[1:], limit=1)[0]] == [2]
        index.close()


@pytest.mark.parametrize(
    ("token", "said"),
    [(None, "asks for a token: set ONRECORD_CHROMA_TOKEN"), ("wr0ng", "refuses the token of ONRECORD_CHROMA_TOKEN")],
)
def test_who_is_not_let_in_is_told_why_and_the_token_is_not_shown(
    chroma: ChromaServer, settings: Settings, token: str | None, said: str
) -> None:
    async def use() -> None:
        with door(chroma, header="authorization", value="Bearer s3cret-t0ken") as opened:
            secret = None if token is None else SecretStr(token)
            async with open_library(settings.model_copy(update={"chroma": opened.url, "chroma_token": secret})):
                pass

    with pytest.raises(StorageError, match=said) as refused:
        run(use())

    assert "wr0ng" not in f"{refused.value} {refused.value.__cause__}"


def test_a_database_that_the_server_does_not_have_is_named(chroma: ChromaServer, tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError, match="has no database archive of a tenant default_tenant: make it there"):
        ChromaVectors(tmp_path, server=ChromaPlace(chroma.url, database="archive"), collection=name)


def test_a_token_that_no_header_can_carry_is_refused_without_being_shown() -> None:
    with pytest.raises(ValidationError, match="no space or line break") as refused:
        Settings(chroma="http://127.0.0.1:1", chroma_token=SecretStr("two w0rds"))

    assert "two w0rds" not in str(refused.value)
