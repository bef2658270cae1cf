"""The vector index on embedded Chroma."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.adapters.vectors import ChromaVectors
from rag.errors import StorageError
from rag.ports import VectorIndex
from tests.contracts.vectors import VectorIndexContract, unit


class TestChromaVectors(VectorIndexContract):
    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[VectorIndex]:
        index = ChromaVectors(tmp_path / "vectors")
        yield index
        index.close()

    @pytest.fixture
    def reopen(self, index: VectorIndex, tmp_path: Path) -> Iterator[Callable[[], VectorIndex]]:
        opened: list[ChromaVectors] = []

        def again() -> VectorIndex:
            index.close()
            opened.append(ChromaVectors(tmp_path / "vectors"))
            return opened[-1]

        yield again
        for each in opened:
            each.close()


def test_a_damaged_folder_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"this is not a database, " * 100)

    with pytest.raises(StorageError, match="vector index cannot be opened"):
        ChromaVectors(tmp_path)


def test_a_folder_that_was_mended_can_be_opened_in_the_same_process(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"this is not a database, " * 100)
    with pytest.raises(StorageError):
        ChromaVectors(tmp_path)
    (tmp_path / "chroma.sqlite3").unlink()

    index = ChromaVectors(tmp_path)

    index.upsert([1], unit(1))
    assert index.keys() == {1}
    index.close()


@pytest.mark.parametrize("among", [700, 800])
def test_few_keys_and_many_are_searched_alike(tmp_path: Path, among: int) -> None:
    index = ChromaVectors(tmp_path / "vectors")
    index.upsert(list(range(1, 1001)), unit(1000))
    question = unit(1, seed=4)[0]
    cosines = unit(1000)[:among] @ question

    hits = index.search(question, limit=5, keys=[*range(1, among + 1), 99_999])

    assert [hit.key for hit in hits] == [int(n) + 1 for n in np.argsort(-cosines)[:5]]
    assert [hit.score for hit in hits] == pytest.approx(np.sort(cosines)[::-1][:5].tolist(), abs=1e-5)
    index.close()
