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


@dataclass(frozen=True, slots=True)
class Linked:
    """An article whose text stands on a page of its own, at `said.url`; `said` is what its source says of it.

    `said.body` is the teaser. It and `said.title` are empty where the source has none.
    """

    where: str
    said: Article

    @property
    def url(self) -> str:
        return self.said.url or ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A source that another one names, as an index names its sitemaps; `changed` is when, as written there."""

    where: str
    url: str
    changed: str | None = None


Record = Found | Skipped
# What readers give: records, and what has to be fetched to become some.
Read = Record | Linked | Elsewhere


class ReadRecords(Protocol):
    """Yields what a stream holds; a bad record is a `Skipped`, never an exception that ends the rest."""

    def __call__(self, stream: BinaryIO, *, where: str) -> Iterator[Read]: ...
