"""The port to the index of who said what: whose words the live articles hold, and where.

Every call blocks, and is one transaction. With `at`, what may not be shown at that moment is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from rag.domain import Article, Span, Statement

StatementKind = Literal["direct", "indirect", "denial"]


def kind_of(statement: Statement) -> StatementKind:
    """`denial` for what somebody denied or would not say; else whether their own words are quoted."""
    if statement.denied:
        return "denial"
    return "direct" if statement.quotes else "indirect"


@dataclass(frozen=True, slots=True)
class Naming:
    """A name with a role as articles give them together; `count` is how many statements they give so."""

    name: str
    role: str | None = None
    count: int = 1
    key: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements: each that is set must be met. `speakers` are keys of namings; None means anybody.

    `after` is inclusive, `before` exclusive; a statement without a day fails both. Names of outlets match whole, case
    aside. `articles` are ids.
    """

    speakers: tuple[int, ...] | None = None
    after: date | None = None
    before: date | None = None
    outlets: tuple[str, ...] = ()
    kinds: tuple[StatementKind, ...] = ()
    articles: tuple[str, ...] | None = None
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list of statements goes on: after the statement of this day and key."""

    day: int
    key: int


@dataclass(frozen=True, slots=True)
class Stood:
    """A statement where it stands: the article with its body, its sentences, its story, the passage that holds it."""

    place: Place
    number: int
    statement: Statement
    article: Article
    sentences: tuple[Span, ...]
    passage_id: str
    story: str

    @property
    def day(self) -> date | None:
        """When it was said, else when it was published."""
        return date.fromordinal(self.place.day) if self.place.day else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of somebody's words there is: statements (the same words once), outlets, the first and the last day."""

    statements: int
    outlets: tuple[str, ...]
    first: date | None
    last: date | None


class SpokenIndex(Protocol):
    """Statements of live articles, by speaker and day. Kept by the catalog as articles come and go."""

    def namings(self, *groups: Collection[str], at: datetime | None = None) -> list[Naming]:
        """Speakers whose name or role has one word of each group (as `rag.persons.speaker_words`); all without a group.

        A word that ends in "*" stands for all that begin so.
        """
        ...

    def coverage(self, speakers: Sequence[int], *, at: datetime | None = None) -> Coverage: ...

    def stood(
        self, wanted: Wanted, *, limit: int, after: Place | None = None, at: datetime | None = None
    ) -> list[Stood]:
        """In order of day, the newest first. Of a story's copies that hold the same words, the first published has them."""
        ...

    def articles_of(self, passages: Sequence[int]) -> list[str]:
        """Ids of the live articles that hold these passages, by key."""
        ...
