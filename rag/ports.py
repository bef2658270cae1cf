"""What the answering flow needs from the outside, as small protocols; adapters satisfy them by shape.

LangChain's `Embeddings` is the port for embeddings. Every call here blocks: the library runs them on threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.domain import Article, Document, Filters, Passage, Span, Statement
from rag.rights import ALWAYS, Window

Matrix = NDArray[np.float32]
Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage's key and its score in one channel; higher is better."""

    key: int
    score: float


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A passage as the indexes see it: the text is searched under the header of its article.

    `speakers` are those whose words it holds, in part or in full; `window` is when the article may be shown. `embedded`:
    its vector stands in the vector index and is right.
    """

    passage: Passage
    article: Article
    text: str
    speakers: tuple[str, ...] = ()
    window: Window = ALWAYS
    embedded: bool = False

    @property
    def embedded_text(self) -> str:
        return self.article.under_header(self.text)


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A live passage with its article, whole, as the catalog has them."""

    passage: Passage
    article: Article
    story: str


@dataclass(frozen=True, slots=True)
class ArticleSpans:
    """How one revision is cut, and who says what in it."""

    revision: int
    sentences: tuple[Span, ...]
    passages: tuple[Passage, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """An article's text as it stood from `recorded_at` until the next revision."""

    number: int
    recorded_at: datetime
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One page of the list of articles, newest first; `next` continues it."""

    articles: tuple[Article, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the catalog did with one document: `outcome` is new, updated, unchanged or withdrawn (a tombstone stands)."""

    article_id: str
    outcome: str
    revision: int
    near_copy: bool = False
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """What a catalog holds by name. `outlets`: the address of one article of each, where it has one.

    `newest` is when the newest article was published; `stand_until` when more or fewer articles may be shown, None where
    that does not change by itself.
    """

    outlets: Mapping[str, str | None] = field(default_factory=dict)
    sections: Sequence[str] = ()
    newest: datetime | None = None
    stand_until: datetime | None = None


class LexicalIndex(Protocol):
    """Words to passages. Changes are seen and durable after `commit`.

    With `at`, only passages of articles that may be shown at that moment count. `finding_us` is about how many microseconds
    `matching` takes for each passage that it finds.
    """

    finding_us: float

    def add(self, entries: Sequence[IndexEntry]) -> None: ...

    def remove(self, keys: Iterable[int]) -> None: ...

    def commit(self) -> None:
        """Raises StorageError where the changes could not be written."""
        ...

    def search(self, text: str, *, limit: int, filters: Filters, at: datetime | None = None) -> list[Hit]:
        """At most `limit` hits, best first; every hit satisfies `filters`, and none is lost to the cut."""
        ...

    def matching(self, filters: Filters, *, among: Sequence[int] | None = None, at: datetime | None = None) -> Keys:
        """Keys of the passages that satisfy `filters`, of those in `among` where given; unordered."""
        ...

    def holding(self, text: str, *, limit: int) -> list[int] | None:
        """Keys of the passages that hold every word of `text`; None where those are more, or where it has no word."""
        ...

    def count(self, filters: Filters | None = None, *, at: datetime | None = None) -> int: ...

    def document_frequencies(self, words: Sequence[str]) -> list[int]:
        """For each word, the number of passages (header included) with its stem."""
        ...

    def keys(self) -> set[int]: ...

    def replace(self, entries: Iterable[IndexEntry]) -> None:
        """Hold these and nothing else, in one step; of what was there before, nothing stays on the disk."""
        ...

    def clear(self) -> None: ...

    def close(self) -> None: ...


class VectorIndex(Protocol):
    """Unit vectors by passage key; scores are cosines."""

    def upsert(self, keys: Sequence[int], vectors: Matrix) -> None:
        """`vectors` is `(len(keys), dimensions)`, float32. Raises StorageError."""
        ...

    def remove(self, keys: Iterable[int]) -> None: ...

    def search(self, vectors: Matrix, *, limit: int, keys: Sequence[int] | Keys | None = None) -> list[list[Hit]]:
        """For each row of `vectors`, `(n, dimensions)`, the nearest `limit`, best first; of `keys` alone where given."""
        ...

    def count(self) -> int: ...

    def keys(self) -> set[int]: ...

    def keep_up(self) -> None:
        """Have what is kept in this process follow what others wrote; searches of some keys do it by themselves."""
        ...

    def scrub(self) -> None:
        """Drop from the disk what was removed, as far as the engine allows."""
        ...

    def clear(self) -> None: ...

    def close(self) -> None: ...


class Embedder(Protocol):
    """Texts to unit vectors. Raises ProviderError, ProviderTimeoutError."""

    name: str

    def passages(self, texts: Sequence[str]) -> Matrix:
        """`(len(texts), dimensions)`, in order."""
        ...

    def question(self, text: str) -> Matrix:
        """`(dimensions,)`."""
        ...


class Catalog(Protocol):
    """The record: articles, revisions, spans. Each method is one transaction.

    With `at`, an article that may not be shown at that moment is not there; without, all that is stored is.
    """

    def record(self, documents: Sequence[Document], *, restore: bool = False) -> list[Recorded]:
        """Store each as new, as a new revision, or not at all where nothing changed; one outcome per document, in order."""
        ...

    def unchanged(self, articles: Sequence[Article]) -> dict[str, Recorded]:
        """Of these cleaned articles, by id, those that stand there to the letter, indexed, and those withdrawn."""
        ...

    def withdraw(self, article_id: str) -> bool:
        """True if it was live. From now on none of its passages is served."""
        ...

    def purge(self, article_id: str) -> bool:
        """Withdraw it and take out all of its text; False where it is unknown. `scrub` finishes it."""
        ...

    def purges_due(self) -> bool:
        """Whether purged text may still stand in a file."""
        ...

    def scrub(self) -> None:
        """Take what was purged out of the files, after which no purge is due. Raises StorageError."""
        ...

    def apply_rights(self) -> int:
        """After a change of the policies: when each article may be shown, set anew; how many changed."""
        ...

    def unindexed(self, *, limit: int) -> list[str]:
        """Ids of articles whose index entries are not known to be right, oldest change first."""
        ...

    def index_entries(self, article_ids: Sequence[str]) -> list[IndexEntry]:
        """The passages that the indexes should hold for these articles."""
        ...

    def stale_keys(self, article_ids: Sequence[str]) -> list[int]:
        """Keys that the indexes may hold for these articles and must not."""
        ...

    def mark_indexed(self, article_ids: Sequence[str]) -> None:
        """Both indexes hold what `index_entries` gave for these articles, and no more."""
        ...

    def mark_all_unindexed(self) -> None:
        """Both indexes are to be made anew, vectors too."""
        ...

    def passages(self, keys: Sequence[int], *, at: datetime | None = None) -> dict[int, StoredPassage]:
        """The live ones among `keys`; a withdrawn or superseded passage is not there."""
        ...

    def spans(self, article_ids: Sequence[str], *, at: datetime | None = None) -> dict[str, ArticleSpans]:
        """The sentences, passages and statements of each live article's current revision, in order."""
        ...

    def article(self, article_id: str, *, revision: int | None = None, at: datetime | None = None) -> Article | None:
        """None where it is unknown or withdrawn."""
        ...

    def revisions(self, article_id: str, *, at: datetime | None = None) -> list[Revision]:
        """All of them, the first one first; none where the article is unknown or withdrawn."""
        ...

    def articles(
        self, *, filters: Filters, limit: int, after: str | None = None, at: datetime | None = None
    ) -> ArticlePage: ...

    def story_outlets(
        self, stories: Sequence[str], *, at: datetime | None = None
    ) -> dict[str, tuple[tuple[str, str], ...]]:
        """For each story, `(article id, outlet)` of its live articles."""
        ...

    def band_matches(self, bands: Sequence[int], *, limit: int) -> list[str]:
        """Ids of live articles that share a near-copy bucket, most shared first."""
        ...

    def story_of(self, article_id: str) -> str | None: ...

    def live_ids(self) -> list[str]: ...

    def live_keys(self) -> Iterator[int]: ...

    def counts(self) -> dict[str, int]: ...

    def check(self) -> str:
        """ "ok", or what is damaged."""
        ...

    def names(self, *, at: datetime) -> Names:
        """The outlets and sections of what may be shown at that moment."""
        ...

    def published(self, keys: Sequence[int]) -> dict[int, datetime]:
        """When the article of each passage was published; one without a date is not there."""
        ...

    def note(self, name: str, value: str | None = None) -> str | None:
        """Read the library's own note of that name; write it first where `value` is given."""
        ...

    def close(self) -> None: ...
