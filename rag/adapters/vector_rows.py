"""Unit vectors in one file, each at the place of its key, so that any number of given keys are compared exactly.

It stands beside Chroma's graph, which is made for finding the nearest of all: made to look at given keys alone, it takes
tens of milliseconds, and the fewer they are the longer (evals/LOG.md). A row is float32, `dimensions` long; one that is
all zero is not there. The file is derived, as the graph is, and is written by one process.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from rag.errors import StorageError
from rag.ports import Hit, Keys, Matrix

# What the file is, and the length of its vectors.
_HEADER = struct.Struct("<16sI44x")
_MAGIC = b"onrecord rows 1\n"
_BYTES = 4
# Stands in a vector that is all zero, near to nothing, so that it is there; a product with it is 0 all the same.
_LEAST = np.finfo(np.float32).smallest_subnormal
# Rows compared at a time: they are copied out of the file to one place, which stays in the processor's cache.
_LOT = 512


class VectorRows:
    """Rows by key. Writers take turns (the library sees to it); readers need not wait for them."""

    def __init__(self, path: Path) -> None:
        """Where nothing stands, or what is no such file, there are no rows, and it is not `sound`."""
        self.path = path
        self._dimensions = 0
        self._rows: Matrix = np.zeros((0, 0), dtype=np.float32)
        head = b""
        if path.exists():
            with path.open("rb") as file:
                head = file.read(_HEADER.size)
        if len(head) == _HEADER.size and head.startswith(_MAGIC):
            self._dimensions = _HEADER.unpack(head)[1]
            self._look()

    @property
    def sound(self) -> bool:
        return self._dimensions > 0

    def put(self, keys: Sequence[int], vectors: Matrix) -> None:
        """Each vector at its key, on the disk when this returns. Raises OSError, and StorageError for another length."""
        if not len(keys):
            return
        if self._dimensions not in (0, vectors.shape[1]):
            raise StorageError(f"the vectors are of {self._dimensions} numbers, and one of {vectors.shape[1]} came")
        order = np.argsort(np.asarray(keys, dtype=np.int64), kind="stable")
        rows = np.array(vectors, dtype=np.float32)
        rows[~rows.any(axis=1), 0] = _LEAST
        with _Opened(self.path) as file:
            if not self._dimensions:
                _write(file, _HEADER.pack(_MAGIC, vectors.shape[1]), 0)
                self._dimensions = int(vectors.shape[1])
            for first, run in _runs([keys[n] for n in order]):
                _write(file, rows[order[run]].tobytes(), self._place(first))
        self._look()

    def remove(self, keys: Iterable[int]) -> None:
        there = sorted(key for key in set(keys) if 0 <= key < len(self._rows))
        if not there:
            return
        with _Opened(self.path) as file:
            for first, run in _runs(there):
                _write(file, bytes((run.stop - run.start) * self._dimensions * _BYTES), self._place(first))

    def nearest(self, vectors: Matrix, keys: Sequence[int] | Keys, limit: int) -> list[list[Hit]]:
        """For each row of `vectors` the nearest of these keys, exactly, best first; one without a vector is left out."""
        rows, given = self._rows, np.asarray(keys, dtype=np.int64)
        # In their order on the disk.
        wanted = np.sort(given[(given >= 0) & (given < len(rows))])
        if not len(wanted):
            return [[] for _ in vectors]
        asked = np.ascontiguousarray(vectors.T, dtype=np.float32)
        scores = np.empty((len(wanted), len(vectors)), dtype=np.float32)
        room = np.empty((min(_LOT, len(wanted)), rows.shape[1]), dtype=np.float32)
        # What is read once is compared with all of them: reading it is what takes the time.
        for start in range(0, len(wanted), _LOT):
            lot = scores[start : start + _LOT]
            some = np.take(rows, wanted[start : start + _LOT], axis=0, out=room[: len(lot)], mode="clip")
            np.matmul(some, asked, out=lot)
            # Only what is not there is as far from everything as this; a product of unit vectors is hardly ever 0.
            if not lot.all():
                lot[~some.any(axis=1)] = -np.inf
        return [_best(wanted, np.ascontiguousarray(scores[:, n]), limit) for n in range(len(vectors))]

    def at(self, keys: Sequence[int]) -> Matrix:
        """The vectors of keys that are there, `(len(keys), dimensions)`."""
        return np.asarray(self._rows[np.asarray(keys, dtype=np.int64)])

    def keys(self) -> set[int]:
        found: set[int] = set()
        for start in range(0, len(self._rows), _LOT):
            held = self._rows[start : start + _LOT].any(axis=1)
            found.update((np.flatnonzero(held) + start).tolist())
        return found

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)
        self._dimensions, self._rows = 0, np.zeros((0, 0), dtype=np.float32)

    def _look(self) -> None:
        """See the file as long as it is now; who reads at this moment keeps what they see."""
        held = (self.path.stat().st_size - _HEADER.size) // (self._dimensions * _BYTES)
        if held > len(self._rows):
            shape = (held, self._dimensions)
            self._rows = np.memmap(self.path, dtype=np.float32, mode="r", offset=_HEADER.size, shape=shape)

    def _place(self, key: int) -> int:
        return _HEADER.size + key * self._dimensions * _BYTES


def _best(keys: Keys, scores: Matrix, limit: int) -> list[Hit]:
    there = np.isfinite(scores)
    keys, scores = keys[there], scores[there]
    if limit < len(keys):
        best = np.argpartition(-scores, limit)[:limit]
        keys, scores = keys[best], scores[best]
    order = np.argsort(-scores, kind="stable")
    return [Hit(key, score) for key, score in zip(keys[order].tolist(), scores[order].tolist(), strict=True)]


class _Opened:
    """The file's descriptor for writing, on the disk when it is left: through the map, a full disk would be a signal."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> int:
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        return self._file

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            if error is None:
                os.fsync(self._file)
        finally:
            os.close(self._file)


def _write(file: int, data: bytes, place: int) -> None:
    left = memoryview(data)
    while left:
        written = os.pwrite(file, left, place)
        left, place = left[written:], place + written


def _runs(keys: Sequence[int]) -> Iterator[tuple[int, slice]]:
    """Of sorted keys, each run of successors: its first, and where it stands."""
    start = 0
    for end in range(1, len(keys) + 1):
        if end == len(keys) or keys[end] != keys[end - 1] + 1:
            yield keys[start], slice(start, end)
            start = end
