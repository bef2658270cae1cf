"""The vectors of our default embedding, for a peer to be given: numpy, tokenizers and safetensors, nothing of ours.

`rag.adapters.embedding.StaticEmbeddings` without LangChain, which most peers' environments lack; a test holds them equal.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

DIMENSIONS = 256


class Vectors:
    """WordLlama's static vectors, read from its wheel's files without importing it: that reaches for a hub."""

    def __init__(self) -> None:
        found = importlib.util.find_spec("wordllama")
        if found is None or not found.submodule_search_locations:
            raise SystemExit("the peer's environment lacks wordllama, whose files are the vectors")
        folder = Path(next(iter(found.submodule_search_locations)))
        held = load_file(str(folder / "weights" / "l2_supercat_256.safetensors"))
        self._vectors: NDArray[np.float32] = next(iter(held.values())).astype(np.float32)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def matrix(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, `(len(texts), 256)`; zeros for a text without a token."""
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        for row, tokens in enumerate(encoded):
            if tokens.ids:
                mean = self._vectors[np.minimum(tokens.ids, len(self._vectors) - 1)].mean(axis=0)
                rows[row] = mean / (np.linalg.norm(mean) or 1)
        return rows

    def rows(self, texts: Sequence[str]) -> list[list[float]]:
        """The same as lists."""
        listed: list[list[float]] = self.matrix(texts).tolist()
        return listed
