"""The vector index on Chroma, embedded or a server: unit vectors by passage key, nothing else.

Chroma finds the nearest of all. The nearest of given keys are found among `VectorRows`, the same vectors in one file, made
anew from Chroma where it is missing: Chroma's own filters, by metadata or by keys, take tens of milliseconds (evals/LOG.md).
Texts, spans and dates are the catalog's; here a stale vector can only ever name a key that the catalog refuses.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import chromadb
import httpx
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from chromadb.errors import ChromaError, InternalError

from rag.adapters.chroma_server import ChromaPlace, connect, disconnect
from rag.adapters.vector_rows import VectorRows
from rag.errors import StorageError
from rag.ports import Hit, Keys, Matrix

_COLLECTION = "passages"
_BATCH = 5000
# version; where links begin, capacity, count, bytes an element, two more offsets; level, entry; three M; two parameters
_HEADER = struct.Struct("<i6QiI3QdQ")
# The norm of each vector, a float.
_LENGTH_BYTES = 4
_ROWS = "rows.f32"
# A server that is searched by several at the moment at which it first writes its index says "Nothing found on disk" to one.
_PAUSES_S = (0.05, 0.2, 0.5)

News = Callable[[int], tuple[int, list[int] | None]]


class ChromaVectors:
    """The `VectorIndex` port on a folder, or on a server's collection with its rows in the folder."""

    def __init__(
        self,
        folder: Path,
        *,
        server: ChromaPlace | None = None,
        collection: str = _COLLECTION,
        news: News | None = None,
    ) -> None:
        """`server` is a database on a Chroma server; a collection there is one library's alone.

        Several processes may work on it, each with rows of its own, where `news` tells what the others wrote since a number:
        the newest number, and the keys, None where they are too many to be told.
        """
        self._folder, self._server, self._name = folder, server, collection
        self._news, self._following = news, threading.Lock()
        with _translated("opened"):
            folder.mkdir(parents=True, exist_ok=True)
            self._client = connect(server) if server else _embedded(folder)
            try:
                self._collection = self._get()
                self._rows = rows_in(folder)
                if news is not None:
                    self.keep_up()
                elif not self._rows.sound:
                    self._copy_rows()
            except BaseException:
                self.close()
                raise

    def keep_up(self) -> None:
        """Have the rows follow what other processes wrote to the collection; nothing where there are none."""
        if self._news is None:
            return
        with self._following:
            seen = self._seen()
            newest, keys = self._news(-1 if seen is None else seen)
            if newest == seen:
                return
            with _translated("read"):
                if seen is None or keys is None:
                    self._copy_rows()
                else:
                    self._fetch(self._rows, [str(key) for key in keys])
                self._mark.write_text(f"{self._name} {newest}", encoding="utf-8")

    @property
    def _mark(self) -> Path:
        """Of which collection the rows are, and up to which number they follow it."""
        return self._folder / "rows.follow"

    def _seen(self) -> int | None:
        try:
            name, number = self._mark.read_text(encoding="utf-8").split()
        except (FileNotFoundError, ValueError):
            return None
        return int(number) if name == self._name else None

    def _copy_rows(self) -> None:
        """Make the file of rows from what Chroma holds: it is lost, or the library was made before there was one."""
        partial = self._rows.path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        rows = VectorRows(partial)
        self._fetch(rows, self._collection.get(include=[])["ids"])
        self._rows.clear()
        if rows.sound:
            partial.replace(self._rows.path)
            self._rows = VectorRows(self._rows.path)

    def _fetch(self, rows: VectorRows, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _BATCH):
            found = self._collection.get(ids=list(ids[start : start + _BATCH]), include=["embeddings"])
            rows.put([int(key) for key in found["ids"]], np.asarray(found["embeddings"], dtype=np.float32))

    def _get(self) -> chromadb.Collection:
        made: chromadb.Collection = self._client.get_or_create_collection(
            self._name,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": 128, "ef_construction": 128}},
        )
        return made

    def upsert(self, keys: Sequence[int], vectors: Matrix) -> None:
        with _translated("written"):
            for start in range(0, len(keys), _BATCH):
                some = slice(start, start + _BATCH)
                self._collection.upsert([str(key) for key in keys[some]], embeddings=vectors[some])
            self._rows.put(keys, vectors)

    def remove(self, keys: Iterable[int]) -> None:
        numbers = list(keys)
        gone = [str(key) for key in numbers]
        with _translated("written"):
            self._rows.remove(numbers)
            for start in range(0, len(gone), _BATCH):
                self._collection.delete(ids=gone[start : start + _BATCH])

    def search(self, vectors: Matrix, *, limit: int, keys: Sequence[int] | Keys | None = None) -> list[list[Hit]]:
        if not len(vectors):
            return []
        if limit < 1 or (keys is not None and not len(keys)):
            return [[] for _ in vectors]
        with _translated("read"):
            if keys is not None:
                self.keep_up()
                return self._rows.nearest(vectors, keys, limit)
            found = self._query(vectors, limit)
        # Chroma returns distances; everywhere else here a score is higher-is-better.
        return [
            [Hit(int(key), 1.0 - float(d)) for key, d in zip(*each, strict=True)]
            for each in zip(found["ids"], found["distances"] or [], strict=True)
        ]

    def _query(self, vectors: Matrix, limit: int) -> chromadb.QueryResult:
        for pause_s in _PAUSES_S:
            with suppress(InternalError):
                return self._query_once(vectors, limit)
            time.sleep(pause_s)
        return self._query_once(vectors, limit)

    def _query_once(self, vectors: Matrix, limit: int) -> chromadb.QueryResult:
        return self._collection.query(
            query_embeddings=vectors.astype(np.float32), n_results=limit, include=["distances"]
        )

    def count(self) -> int:
        with _translated("read"):
            return int(self._collection.count())

    def keys(self) -> set[int]:
        """Those that both can find."""
        self.keep_up()
        with _translated("read"):
            return {int(key) for key in self._collection.get(include=[])["ids"]} & self._rows.keys()

    def scrub(self) -> None:
        """See the port. No text ever comes here. Chroma's log keeps a removed vector until its index is next written.

        A server's files are its own: it was sent vectors and numbers, and no words.
        """
        if self._server:
            return
        path = self._folder / "chroma.sqlite3"
        with _translated("scrubbed"), closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as file:
            # Chroma makes its file when it is first searched, and writes it as a whole: it must not come after this.
            if (some := self._collection.peek(1)["embeddings"]) is not None and len(some):
                self._query(np.asarray(some[:1]), 1)
            file.execute("VACUUM")
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            for header in self._folder.glob("*/header.bin"):
                _blank_unused(header)

    def clear(self) -> None:
        with _translated("written"):
            self._rows.clear()
            self._client.delete_collection(self._name)
            self._collection = self._get()

    def close(self) -> None:
        if self._server:
            disconnect(self._client)
        self._client.close()


def rows_in(folder: Path) -> VectorRows:
    """The rows that stand beside the index in this folder."""
    return VectorRows(folder / _ROWS)


def _embedded(folder: Path) -> Any:
    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False))
    except BaseException:
        # chromadb keeps a half-started system for the path, on which the next attempt would stumble.
        SharedSystemClient.clear_system_cache()
        raise


def _blank_unused(header: Path) -> None:
    """Zero the room for vectors to come in Chroma's files: it holds what stood in this process's memory before, texts too.

    The form is hnswlib's, as Chroma 1.5 writes it; a file of another form is left alone.
    """
    if header.stat().st_size != _HEADER.size:
        return
    _, _, capacity, count, size, *_ = _HEADER.unpack(header.read_bytes())
    for name, each in (("data_level0.bin", size), ("length.bin", _LENGTH_BYTES)):
        path = header.with_name(name)
        if not path.exists() or path.stat().st_size != capacity * each or count > capacity:
            continue
        with path.open("r+b") as file:
            file.seek(count * each)
            for _ in range(capacity - count):
                file.write(bytes(each))
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def _translated(verb: str) -> Iterator[None]:
    try:
        yield
    except (ChromaError, httpx.HTTPError, OSError, RuntimeError, sqlite3.Error) as error:
        raise StorageError(f"the vector index cannot be {verb}", cause=error) from error
