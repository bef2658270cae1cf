"""What runs on a worker. Each piece first makes sure that the worker's code is the command's.

Tasks are pure and may be done twice: Ray gives them to another worker where one was lost.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from ingest.sources.readers import read_stream
from ingest.sources.record import Found, Read
from rag.composition import make_embedder
from rag.errors import ClusterError
from rag.ports import Embedder, Matrix

T = TypeVar("T")

# What is read of one file at once; more is left to who can read it as a stream.
_MOST_READ_CHARS = 64_000_000


@cache
def code() -> str:
    """A sum over the code that cleans, splits and embeds, with Python's version: equal on both sides or results differ."""
    total = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for package in ("rag", "ingest"):
        spec = find_spec(package)
        folders = spec.submodule_search_locations if spec else None
        for folder in map(Path, folders or ()):
            for file in sorted(folder.rglob("*.py")):
                total.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def check_code(expected: str) -> None:
    """Raises ClusterError where this process runs another version than the command."""
    if code() != expected:
        raise ClusterError(
            "the cluster's workers run another version of onrecord than this command: install the same one on all nodes"
            " (the same image)"
        )


def done(expected: str, work: Callable[..., T], *given: object) -> T:
    """What `work` returns. Raises ClusterError, and what `work` does."""
    check_code(expected)
    return work(*given)


def read_whole(data: bytes, where: str) -> list[Read] | None:
    """The records of a file's bytes; None where they are too many to be held at once, as in an archive."""
    reads: list[Read] = []
    held = 0
    with io.BytesIO(data) as stream:
        for read in read_stream(stream, where=where):
            reads.append(read)
            held += len(read.article.body) if isinstance(read, Found) else 0
            if held > _MOST_READ_CHARS:
                return None
    return reads


class Embedding:
    """An actor: the embedding of that name, loaded once."""

    def __init__(self, name: str, expected: str) -> None:
        self._name, self._expected = name, expected
        self._embedder: Embedder | None = None

    def ready(self) -> None:
        """Raises SettingsError, ClusterError."""
        self._loaded()

    def _loaded(self) -> Embedder:
        # Not when it starts: an actor that cannot start is said to be dead, and not why.
        if self._embedder is None:
            check_code(self._expected)
            self._embedder = make_embedder(self._name)
        return self._embedder

    def passages(self, texts: Sequence[str]) -> Matrix:
        return self._loaded().passages(texts)

    def question(self, text: str) -> Matrix:
        return self._loaded().question(text)
