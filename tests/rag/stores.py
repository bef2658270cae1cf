"""A library on real stores whose parts can be made to fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rag.adapters.catalog import SqlCatalog
from rag.adapters.lexical import TantivyLexical
from rag.adapters.vectors import ChromaVectors
from rag.errors import ProviderError, StorageError
from rag.library import Library
from rag.ports import Embedder, Matrix
from rag.rights import Rights
from tests.running import run


class FragileLexical(TantivyLexical):
    """Cannot commit while `broken`, as on a full disk."""

    broken = False

    def commit(self) -> None:
        if self.broken:
            raise StorageError("the lexical index cannot be written: no space left")
        super().commit()


class FragileVectors(ChromaVectors):
    """Cannot write while `broken`."""

    broken = False

    def upsert(self, keys: Sequence[int], vectors: Matrix) -> None:
        if self.broken:
            raise StorageError("the vector index cannot be written: no space left")
        super().upsert(keys, vectors)


class FragileEmbedder:
    """The given embedder; fails while `broken`, and waits before each answer until `answers` is set."""

    def __init__(self, inner: Embedder) -> None:
        self.name = inner.name
        self.broken = False
        self.answers = threading.Event()
        self.answers.set()
        self.embedded: list[str] = []
        self._inner = inner

    def passages(self, texts: Sequence[str]) -> Matrix:
        if self.broken:
            raise ProviderError(f"{self.name}: the provider failed (Outage)")
        self.answers.wait(30)
        self.embedded += texts
        return self._inner.passages(texts)

    def question(self, text: str) -> Matrix:
        return self._inner.question(text)


class Stores:
    """The parts of one library, whose clock stands at `now`."""

    def __init__(self, folder: Path, inner: Embedder, rights: Rights | None = None) -> None:
        folder.mkdir(exist_ok=True)
        self.now = datetime(2025, 6, 1, 12, tzinfo=UTC)
        self.catalog = SqlCatalog(folder / "catalog.sqlite", rights)
        self.lexical = FragileLexical(folder / "lexical")
        self.vectors = FragileVectors(folder / "vectors")
        self.embedder = FragileEmbedder(inner)
        self.library = Library(
            self.catalog,
            self.lexical,
            self.vectors,
            self.embedder,
            self.catalog.subscriptions(),
            self.catalog.spoken(),
            self.catalog.feedback(),
            self.catalog.keys(),
            self.catalog.audit(),
            rights=rights,
            clock=lambda: self.now,
        )


@contextmanager
def stores_in(folder: Path, inner: Embedder, rights: Rights | None = None) -> Iterator[Stores]:
    stores = Stores(folder, inner, rights)
    try:
        yield stores
    finally:
        stores.embedder.answers.set()
        run(stores.library.close())
