"""The vector index on embedded Chroma."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import booleans, integers, lists, sets, tuples

from rag.adapters.vector_rows import VectorRows
from rag.adapters.vectors import ChromaVectors
from rag.errors import StorageError
from rag.ports import Matrix, VectorIndex
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


ROWS = "rows.f32"


@pytest.mark.parametrize("harm", ["missing", "damaged", "cut off"])
def test_the_file_of_rows_is_made_anew_from_chroma(tmp_path: Path, harm: str) -> None:
    index = ChromaVectors(tmp_path)
    index.upsert(list(range(1, 201)), unit(200))
    index.remove([3])
    [before] = index.search(unit(1, seed=4), limit=5, keys=list(range(1, 201)))
    index.close()
    file = tmp_path / ROWS
    (tmp_path / "rows.partial").write_bytes(b"what an earlier attempt left behind")
    if harm == "missing":
        file.unlink()
    else:
        file.write_bytes(b"something else, of some length" * 9 if harm == "damaged" else file.read_bytes()[:20])

    again = ChromaVectors(tmp_path)

    assert again.search(unit(1, seed=4), limit=5, keys=list(range(1, 201))) == [pytest.approx(before)]
    assert again.search(unit(200)[2:3], limit=5, keys=[3]) == [[]]
    again.close()


def test_what_is_removed_or_replaced_does_not_stay_on_the_disk(tmp_path: Path) -> None:
    index = ChromaVectors(tmp_path)
    rows = unit(20)
    index.upsert(list(range(1, 21)), rows)

    index.remove([5])
    index.upsert([7], unit(1, seed=9))
    index.close()

    held = (tmp_path / ROWS).read_bytes()
    assert [n for n in range(20) if rows[n].tobytes() not in held] == [4, 6]


def test_keys_are_those_that_both_can_find(tmp_path: Path) -> None:
    index = ChromaVectors(tmp_path)
    index.upsert([1, 2, 3], unit(3))
    rows = VectorRows(tmp_path / ROWS)

    rows.remove([2])

    assert index.keys() == {1, 3}
    index.close()


class TestVectorRows:
    def test_a_vector_that_is_near_to_nothing_is_there(self, tmp_path: Path) -> None:
        rows = VectorRows(tmp_path / ROWS)
        vectors = unit(3)
        vectors[1] = 0

        rows.put([10, 11, 12], vectors)

        assert rows.keys() == {10, 11, 12}
        [hits] = rows.nearest(vectors[:1], [10, 11, 12], 5)

        assert {hit.key: hit.score for hit in hits}[11] == 0

    def test_a_product_of_nought_is_a_hit_and_a_missing_row_is_none(self, tmp_path: Path) -> None:
        rows = VectorRows(tmp_path / ROWS)
        rows.put([4], np.eye(1, 16, 0, dtype=np.float32))

        [hits] = rows.nearest(np.eye(1, 16, 1, dtype=np.float32), [2, 3, 4, 5], 5)

        assert [(hit.key, hit.score) for hit in hits] == [(4, 0.0)]

    @given(
        steps=lists(tuples(booleans(), sets(integers(0, 60), max_size=12)), max_size=8),
        asked=sets(integers(-2, 70)),
        limit=integers(1, 30),
    )
    def test_it_holds_what_a_table_of_vectors_would(
        self,
        tmp_path_factory: pytest.TempPathFactory,
        steps: list[tuple[bool, set[int]]],
        asked: set[int],
        limit: int,
    ) -> None:
        rows = VectorRows(tmp_path_factory.mktemp("rows") / ROWS)
        table: dict[int, Matrix] = {}
        for n, (put, keys) in enumerate(steps):
            if put:
                vectors = unit(len(keys), seed=n)
                rows.put(list(keys), vectors)
                table.update(zip(keys, vectors, strict=True))
            else:
                rows.remove(keys)
                table = {key: vector for key, vector in table.items() if key not in keys}
        questions = unit(2, seed=99)
        best = [
            sorted((key for key in asked if key in table), key=lambda key: -float(table[key] @ question))[:limit]
            for question in questions
        ]

        assert [[hit.key for hit in hits] for hits in rows.nearest(questions, list(asked), limit)] == best
        assert VectorRows(rows.path).keys() == rows.keys() == set(table)


@pytest.mark.parametrize("among", [400, 513, 999])
def test_few_keys_and_many_are_searched_alike(tmp_path: Path, among: int) -> None:
    index = ChromaVectors(tmp_path / "vectors")
    index.upsert(list(range(1, 1001)), unit(1000))
    question = unit(1, seed=4)[0]
    cosines = unit(1000)[:among] @ question

    [hits] = index.search(question.reshape(1, -1), limit=5, keys=[*range(1, among + 1), 99_999])

    assert [hit.key for hit in hits] == [int(n) + 1 for n in np.argsort(-cosines)[:5]]
    assert [hit.score for hit in hits] == pytest.approx(np.sort(cosines)[::-1][:5].tolist(), abs=1e-5)
    index.close()
