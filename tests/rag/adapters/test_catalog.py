"""The catalog on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.adapters.catalog import SqlCatalog
from rag.domain import Filters
from rag.errors import InputError, StorageError
from rag.persons import spelled
from rag.ports import Catalog
from tests.contracts.catalog import CatalogContract
from tests.newsroom import BRIDGE, FERRY, document


class TestSqlCatalog(CatalogContract):
    @pytest.fixture
    def catalog(self, tmp_path: Path) -> Iterator[Catalog]:
        catalog = SqlCatalog(tmp_path / "catalog.sqlite")
        yield catalog
        catalog.close()


class TestSqlCatalogOnPostgres(CatalogContract):
    @pytest.fixture
    def catalog(self, postgres: str) -> Iterator[Catalog]:
        catalog = SqlCatalog(postgres)
        yield catalog
        catalog.close()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_speakers_are_found_by_the_words_of_their_names_and_roles(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    catalog = SqlCatalog(tmp_path / "catalog.sqlite" if database == "sqlite" else request.getfixturevalue("postgres"))
    try:
        catalog.record([document(BRIDGE), document(FERRY)])

        def named(*groups: set[str]) -> set[str]:
            return {naming.name for naming in catalog.spoken().namings(*groups)} & {"Ada Thorne", "Tom Reed"}

        assert named() == {"Ada Thorne", "Tom Reed"}
        assert named({"thorne", spelled("reed")}) == {"Ada Thorne", "Tom Reed"}
        assert named({"thorne"}, {"ada", "tom"}) == {"Ada Thorne"}
        assert named({"thorne"}, {"tom"}) == named(set()) == set()
        assert named({"tho*"}) == {"Ada Thorne"}
        assert named({"thorne", *(f"word{n}" for n in range(5_000))}) == {"Ada Thorne"}
        assert named({"thorn"}) == named({"t_o*"}) == named({"%*"}) == set()
    finally:
        catalog.close()


def test_what_was_recorded_outlives_the_process(tmp_path: Path) -> None:
    first = SqlCatalog(tmp_path / "catalog.sqlite")
    first.record([document(BRIDGE)])
    first.close()

    again = SqlCatalog(tmp_path / "catalog.sqlite")

    assert again.article("bridge") == BRIDGE
    again.close()


def test_a_batch_with_one_article_twice_is_refused_whole(tmp_path: Path) -> None:
    catalog = SqlCatalog(tmp_path / "catalog.sqlite")

    with pytest.raises(StorageError, match="bridge stands twice"):
        catalog.record([document(FERRY), document(BRIDGE), document(replace(BRIDGE, title="Another"))])

    assert catalog.counts()["articles"] == 0
    catalog.close()


def test_a_file_that_is_no_database_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"this is not a database, " * 100)

    with pytest.raises(StorageError, match="not a database"):
        SqlCatalog(tmp_path / "catalog.sqlite")


def test_a_cursor_that_was_made_up_is_the_callers_fault(tmp_path: Path) -> None:
    catalog = SqlCatalog(tmp_path / "catalog.sqlite")

    with pytest.raises(InputError, match="after='yesterday' is not a cursor"):
        catalog.articles(filters=Filters(), limit=1, after="yesterday")

    catalog.close()
