"""What every embedder promises."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import pytest

from rag.ports import Embedder

TEXTS = ["The council voted on the bridge.", "Fares rise.", "Mr Ödön’s café — 日本語 🙂", "word " * 3000]


class EmbedderContract:
    """Inherit, and give the fixture `embedder`."""

    @pytest.fixture
    @abstractmethod
    def embedder(self) -> Embedder:
        raise NotImplementedError

    def test_each_text_has_a_unit_vector_of_the_same_length(self, embedder: Embedder) -> None:
        rows = embedder.passages(TEXTS)

        assert rows.shape == (len(TEXTS), len(embedder.question("a bridge")))
        assert rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-4)

    def test_a_question_is_a_unit_vector(self, embedder: Embedder) -> None:
        vector = embedder.question("Who voted on the bridge?")

        assert vector.ndim == 1
        assert vector.dtype == np.float32
        assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-4)

    def test_rows_stand_in_the_order_of_the_texts(self, embedder: Embedder) -> None:
        forwards, backwards = embedder.passages(TEXTS), embedder.passages(TEXTS[::-1])

        assert np.allclose(forwards, backwards[::-1], atol=0.05)
        assert not np.allclose(forwards, backwards, atol=0.05)

    def test_the_same_text_has_the_same_vector(self, embedder: Embedder) -> None:
        assert np.array_equal(embedder.passages(TEXTS[:1]), embedder.passages(TEXTS[:1]))

    def test_no_texts_are_no_rows(self, embedder: Embedder) -> None:
        assert embedder.passages([]).shape[0] == 0

    def test_an_embedder_has_a_name(self, embedder: Embedder) -> None:
        assert embedder.name
