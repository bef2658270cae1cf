"""The lexical index on tantivy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.adapters.catalog import SqlCatalog
from rag.adapters.lexical import TantivyLexical
from rag.errors import StorageError
from rag.ports import LexicalIndex
from tests.contracts.lexical import LexicalIndexContract, entry
from tests.newsroom import BRIDGE


class TestTantivyLexical(LexicalIndexContract):
    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[LexicalIndex]:
        index = TantivyLexical(tmp_path / "lexical")
        yield index
        index.close()

    @pytest.fixture
    def reopen(self, index: LexicalIndex, tmp_path: Path) -> Iterator[Callable[[], LexicalIndex]]:
        opened: list[TantivyLexical] = []

        def again() -> LexicalIndex:
            index.close()
            opened.append(TantivyLexical(tmp_path / "lexical"))
            return opened[-1]

        yield again
        for each in opened:
            each.close()


def test_a_damaged_index_says_how_to_rebuild_it(tmp_path: Path) -> None:
    index = TantivyLexical(tmp_path)
    index.add([entry(1, BRIDGE)])
    index.commit()
    index.close()
    (tmp_path / "meta.json").write_text("{", encoding="utf-8")

    with pytest.raises(StorageError, match=r"doctor --repair"):
        TantivyLexical(tmp_path)


def test_a_folder_that_a_file_stands_in_place_of_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "lexical").write_text("in the way", encoding="utf-8")

    with pytest.raises(OSError, match="exists"):
        TantivyLexical(tmp_path / "lexical")


class TestPostgresLexical(LexicalIndexContract):
    @pytest.fixture
    def catalog(self, postgres: str) -> Iterator[SqlCatalog]:
        catalog = SqlCatalog(postgres)
        yield catalog
        catalog.close()

    @pytest.fixture
    def index(self, catalog: SqlCatalog) -> LexicalIndex:
        return catalog.lexical()

    @pytest.fixture
    def reopen(self, index: LexicalIndex, catalog: SqlCatalog) -> Callable[[], LexicalIndex]:
        def again() -> LexicalIndex:
            index.close()
            return catalog.lexical()

        return again
