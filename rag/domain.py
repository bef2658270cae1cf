"""The words of On the Record: frozen values, no I/O.

Every offset counts code points of an article's `body`, half-open `[start, end)`; never bytes, never UTF-16 units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

Vector = list[float]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points `[start, end)` of one revision's body."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"span [{self.start}, {self.end}) must satisfy 0 <= start <= end")

    def __reduce__(self) -> tuple[type[Span], tuple[int, int]]:
        # A hundred go with each article from the process that splits: a dataclass's own way takes twice as long.
        return Span, (self.start, self.end)

    def of(self, body: str) -> str:
        return body[self.start : self.end]

    def holds(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Article:
    """One published item. `body` is the cleaned text; paragraphs are separated by a newline or more.

    `id` may be empty on the way in: the library derives it from the canonical URL, else outlet + title + date.
    `rights`, `embargoed_until` and `expires_at` are what the source states.
    """

    id: str
    title: str
    body: str
    url: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    language: str | None = None
    section: str | None = None
    rights: str | None = None
    embargoed_until: datetime | None = None
    expires_at: datetime | None = None
    revision: int = 1

    @property
    def header(self) -> str:
        """The line "title — outlet, date" that is indexed with each passage and is never part of its span."""
        day = self.published_at.strftime("%-d %B %Y") if self.published_at else None
        imprint = ", ".join(part for part in (self.outlet, day) if part)
        return f"{self.title} — {imprint}" if imprint else self.title

    def under_header(self, text: str) -> str:
        """A passage's text as it is embedded."""
        return f"{self.header}\n{text}"


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one article's revision: the unit that is indexed and retrieved.

    `id` is `article:revision:ordinal`. `key` is the catalog's own number for it, by which both indexes know it; 0 until
    the catalog has it.
    """

    id: str
    article_id: str
    revision: int
    ordinal: int
    span: Span
    key: int = 0


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it: the fullest name that the article gives, and the role it gives, as written ("Kremlin spokesman")."""

    name: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """Words that somebody said or wrote.

    `span` covers all that was said, attribution excluded where it stands at an edge. `quotes` are the spans between
    quotation marks, marks excluded; empty for indirect speech. `cue` is the span of "said", "according to", ...
    `denied` marks "denied that ..." and "declined to say ...": the words are not the speaker's claim.
    """

    span: Span
    quotes: tuple[Span, ...]
    speaker: Speaker | None
    cue: Span | None
    said_on: date | None = None
    denied: bool = False
    source: Span | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An article ready to be stored: all spans are of `article.body`.

    `bands` are the near-copy signature's buckets; articles that share one may tell the same story.
    """

    article: Article
    sentences: tuple[Span, ...]
    passages: tuple[Span, ...]
    statements: tuple[Statement, ...] = ()
    bands: tuple[int, ...] = ()
    story: str | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What an article must be to count. Empty means no limit. Names match case-insensitively and whole.

    `published_after` is inclusive, `published_before` exclusive; an article without a date fails a date filter.
    `speakers` are names or roles, as `Library.people_named` reads them: what is found holds words of one of them.
    `sites` are hosts, as `rag.sites` writes them, each with all below it; an article without an address is of none. What
    is of one of `without_sites` does not count.
    """

    published_after: datetime | None = None
    published_before: datetime | None = None
    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    without_sites: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


class Kind(StrEnum):
    """What sort of answer a question wants."""

    SAID = "said"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    WHY = "why"
    HOW_MANY = "how_many"
    HOW_MUCH = "how_much"
    HOW_LONG = "how_long"
    YES_NO = "yes_no"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Period:
    """When what is asked for was published: `[after, before)`, None is open. `words` are the question's own."""

    words: str
    after: datetime | None = None
    before: datetime | None = None

    def holds(self, moment: datetime | None) -> bool:
        """Whether the moment lies in it; an unknown one does not."""
        if moment is None:
            return False
        return (self.after is None or self.after <= moment) and (self.before is None or moment < self.before)


@dataclass(frozen=True, slots=True)
class Part:
    """What of a question needs evidence of its own, and is searched for by itself.

    `outlets`, `sections` and `people` are those that it names, as the catalog spells them; `period` is when it says that
    its evidence was published. Each raises what fits it, unless the query's `limits` name it.
    """

    text: str
    outlets: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    period: Period | None = None


# What is understood of a question beside its words, and can be switched off one by one.
Understanding = Literal["parts", "outlets", "sections", "people", "period", "latest", "spelling"]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as understood.

    `text` is what is searched for: the question, with what the conversation adds. `topic` is what it is about: the text
    without the words that ask and without the speakers. `names` are the capitalised names in it, `speakers` the people
    whose words are asked for. `latest` means that the newest counts. `language` is None where the question does not tell it.

    `parts` are what it asks for, at least one; a question in one piece has one, which is the whole. `outlets`,
    `sections` and `people` are all that it names, as the catalog spells them, and `period` the one that holds for all of
    it. They raise what fits; those in `limits` leave out what does not, as long as anything fits. `recalls` is an earlier
    answer, where it is asked when its words were said. `spelling` are the names that the question has otherwise.
    """

    question: str
    text: str
    topic: str = ""
    kind: Kind = Kind.OTHER
    names: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    latest: bool = False
    as_of: datetime | None = None
    language: str | None = None
    parts: tuple[Part, ...] = ()
    outlets: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    period: Period | None = None
    limits: tuple[Understanding, ...] = ()
    recalls: str = ""
    spelling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with its rank (from 1), its fused score (higher is better) and each channel's own score.

    Of the article, `story` is the one that it tells and `quote_words` the most words that may be shown at a time.
    """

    passage: Passage
    article: Article
    score: float
    rank: int
    channels: dict[str, float]
    also_in: tuple[str, ...] = ()
    story: str = ""
    quote_words: int | None = None

    @property
    def text(self) -> str:
        return self.passage.span.of(self.article.body)


@dataclass(frozen=True, slots=True)
class Reading:
    """An article opened for reading: its sentences, passages and statements, in order."""

    article: Article
    sentences: tuple[Span, ...]
    passages: tuple[Passage, ...]
    statements: tuple[Statement, ...] = ()
    also_in: tuple[str, ...] = ()
    story: str = ""
    quote_words: int | None = None

    def passage_at(self, span: Span) -> Passage | None:
        """The first passage that holds the span; else the one that holds its start."""
        whole = next((p for p in self.passages if p.span.holds(span)), None)
        return whole or next((p for p in self.passages if p.span.start <= span.start < p.span.end), None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the answerer may read: ranked passages, and their articles by id."""

    passages: tuple[ScoredPassage, ...]
    readings: dict[str, Reading]


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of an article that supports a claim. `quote` is `article.body[span.start:span.end]`, always."""

    number: int
    article: Article
    passage_id: str
    span: Span
    quote: str
    speaker: Speaker | None = None
    also_in: tuple[str, ...] = ()
    quote_words: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the answer: `text` stands at `[start, end)` of the answer's text, markers excluded."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    supported: bool = True


class AbstentionReason(StrEnum):
    """Why there is no answer; machine-readable."""

    NO_EVIDENCE = "no_evidence"
    WEAK_EVIDENCE = "weak_evidence"
    MODEL_DECLINED = "model_declined"
    NOTHING_VERIFIED = "nothing_verified"


@dataclass(frozen=True, slots=True)
class Abstention:
    """What is not in the articles is said not to be there.

    `spoke_about` are subjects on which the person whose words were asked for is quoted instead.
    """

    reason: AbstentionReason
    detail: str
    spoke_about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checks:
    """What checking did to what a model wrote, in sentences but for `invented`.

    `repointed` are shown with other citations than the model gave, `dropped` are not shown, `invented` are pointers to
    nothing, `unfinished` are sentences that were cut off.
    """

    repointed: int = 0
    dropped: int = 0
    invented: int = 0
    unfinished: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Claims with their citations, or an abstention. `text` is the claims with their markers, one a line.

    `confidence` is the probability, 0 to 1, that the first claim answers rightly, as measured on dev sets; None where that
    is not measured (a model's answers, somebody's words) and of an abstention.
    """

    id: str
    query: Query
    mode: str
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    abstention: Abstention | None
    evidence: Evidence
    model: str | None = None
    degraded: str | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=dict)
    checks: Checks = field(default_factory=Checks)
    prompts: tuple[str, ...] = ()
    confidence: float | None = None

    @property
    def answered(self) -> bool:
        return self.abstention is None
