"""What a reader hands on: an article as found, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from rag.domain import Article


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that was left out: the file and line (or the URL), and why, in words."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """An article as its source has it, not cleaned yet."""

    where: str
    article: Article


Record = Found | Skipped


class ReadRecords(Protocol):
    """Yields each record of a stream; a bad record is a `Skipped`, never an exception that ends the rest."""

    def __call__(self, stream: BinaryIO, *, where: str) -> Iterator[Record]: ...
