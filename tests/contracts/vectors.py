"""What every vector index promises."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

import numpy as np
import pytest

from rag.errors import StorageError
from rag.ports import Matrix, VectorIndex


def unit(count: int, *, dimensions: int = 16, seed: int = 3) -> Matrix:
    rows = np.random.default_rng(seed).normal(size=(count, dimensions))
    normed: Matrix = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return normed


class VectorIndexContract:
    """Inherit, and give the fixtures `index`, an empty one, and `reopen`, which closes it and opens it again."""

    @pytest.fixture
    @abstractmethod
    def index(self) -> VectorIndex:
        raise NotImplementedError

    @pytest.fixture
    @abstractmethod
    def reopen(self) -> Callable[[], VectorIndex]:
        raise NotImplementedError

    @pytest.fixture
    def stocked(self, index: VectorIndex) -> VectorIndex:
        index.upsert(list(range(1, 201)), unit(200))
        return index

    def test_an_empty_index_finds_nothing(self, index: VectorIndex) -> None:
        assert index.search(unit(2), limit=5) == [[], []]
        assert (index.count(), index.keys()) == (0, set())

    def test_the_nearest_come_first_and_scores_are_cosines(self, stocked: VectorIndex) -> None:
        question = unit(1, seed=4)[0]
        cosines = unit(200) @ question

        [hits] = stocked.search(question.reshape(1, -1), limit=10)

        assert [hit.key for hit in hits] == [int(n) + 1 for n in np.argsort(-cosines)[:10]]
        assert [hit.score for hit in hits] == pytest.approx(np.sort(cosines)[::-1][:10].tolist(), abs=1e-5)

    @pytest.mark.parametrize("limit", [0, 1, 200, 5000])
    def test_the_limit_is_filled_and_not_passed(self, stocked: VectorIndex, limit: int) -> None:
        [hits] = stocked.search(unit(1, seed=4), limit=limit)

        assert len(hits) == min(limit, 200)

    @pytest.mark.parametrize("among", [1, 5, 60, 199])
    def test_a_search_of_some_keys_is_exact_within_them(self, stocked: VectorIndex, among: int) -> None:
        question = unit(1, seed=4)[0]
        keys = sorted(range(1, 201), key=lambda key: (key * 7919) % 211)[:among]
        cosines = unit(200) @ question

        [hits] = stocked.search(question.reshape(1, -1), limit=20, keys=keys)

        assert [hit.key for hit in hits] == sorted(keys, key=lambda key: -cosines[key - 1])[:20]

    @pytest.mark.parametrize("keys", [None, range(50, 90)])
    def test_several_vectors_find_what_each_finds_alone(self, stocked: VectorIndex, keys: range | None) -> None:
        questions = unit(3, seed=4)

        together = stocked.search(questions, limit=10, keys=keys)

        alone = [stocked.search(one.reshape(1, -1), limit=10, keys=keys)[0] for one in questions]
        assert [[hit.key for hit in hits] for hits in together] == [[hit.key for hit in hits] for hits in alone]
        for some, others in zip(together, alone, strict=True):
            assert [hit.score for hit in some] == pytest.approx([hit.score for hit in others], abs=1e-6)
        assert stocked.search(questions[:0], limit=10, keys=keys) == []

    def test_a_search_of_no_keys_finds_nothing(self, stocked: VectorIndex) -> None:
        assert stocked.search(unit(1), limit=5, keys=[]) == [[]]

    def test_keys_that_are_not_there_are_left_out(self, stocked: VectorIndex) -> None:
        assert [[hit.key for hit in hits] for hits in stocked.search(unit(1), limit=5, keys=[7, 99_999])] == [[7]]

    def test_upserting_twice_leaves_one(self, stocked: VectorIndex) -> None:
        stocked.upsert(list(range(1, 201)), unit(200))

        assert (stocked.count(), stocked.keys()) == (200, set(range(1, 201)))

    def test_an_upserted_vector_replaces_the_old_one(self, stocked: VectorIndex) -> None:
        fresh = unit(1, seed=9)

        stocked.upsert([5], fresh)

        [[best]] = stocked.search(fresh, limit=1)
        assert best.key == 5
        assert best.score == pytest.approx(1.0, abs=1e-5)
        assert stocked.search(unit(200)[4:5], limit=1)[0][0].key != 5

    def test_what_is_removed_is_found_no_more(self, stocked: VectorIndex) -> None:
        stocked.remove([5, 6, 99_999])
        stocked.remove([])

        assert stocked.keys() == set(range(1, 201)) - {5, 6}
        assert stocked.search(unit(200)[4:5], limit=1)[0][0].key != 5

    def test_nothing_upserted_is_no_error(self, stocked: VectorIndex) -> None:
        stocked.upsert([], np.zeros((0, 16), dtype=np.float32))

        assert stocked.count() == 200

    def test_vectors_of_another_length_are_refused(self, stocked: VectorIndex) -> None:
        with pytest.raises(StorageError):
            stocked.upsert([1], unit(1, dimensions=8))

    def test_clear_leaves_an_index_that_takes_vectors_of_another_length(self, stocked: VectorIndex) -> None:
        stocked.clear()
        empty = stocked.keys()
        stocked.upsert([1], unit(1, dimensions=8))

        assert (empty, stocked.keys()) == (set(), {1})

    def test_vectors_outlive_the_process(self, stocked: VectorIndex, reopen: Callable[[], VectorIndex]) -> None:
        stocked.remove([5])

        again = reopen()

        assert again.keys() == set(range(1, 201)) - {5}
        assert again.search(unit(200)[6:7], limit=1)[0][0].key == 7
