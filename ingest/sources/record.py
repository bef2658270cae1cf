"""What a reader hands on: an article as found, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol, Self, cast

from rag.domain import Article
from rag.errors import ArticleError, FetchError, OnRecordError

# Why a record is left out, for a program. Stable: what counts them (`skipped_by`) may be watched over years.
Kind = Literal[
    "unreadable",  # no such file, no permission, an archive that cannot be unpacked
    "fetch",  # an address that could not be had from the network
    "empty",  # a file without anything in it
    "format",  # of a kind that is not read
    "malformed",  # of a kind that is read, but broken
    "too_large",  # past a limit of size
    "no_title",
    "no_body",
    "too_short",
    "boilerplate",  # nothing but newsletter boxes, cookie notes, links
    "field",  # a field that is not of its form
    "not_published",  # under embargo, withheld, cancelled, expired
]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that was left out: the file and line (or the URL), why in words, and of what kind that is."""

    where: str
    reason: str
    kind: Kind = "malformed"

    @classmethod
    def because(cls, where: str, error: OnRecordError) -> Self:
        """The record that an error of ours left out."""
        if isinstance(error, ArticleError):
            return cls(where, str(error), cast(Kind, error.kind))
        return cls(where, str(error), "fetch" if isinstance(error, FetchError) else "malformed")


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
