"""What goes over HTTP: requests checked, answers shaped. Offsets are code points of the article's body, half-open."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from rag.answering import Request
from rag.domain import Filters, Turn, Understanding
from rag.sites import site_named

EXAMPLE_QUESTION = "what did Peskov say about a summit?"


def _moment(value: object) -> object:
    """A day is its first moment; a moment without a zone is in UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(f"{str(value)[:40]!r} is not ISO 8601; write 2025-07-25 or 2025-07-25T10:00:00Z") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    raise ValueError("should be a day or a moment, as text: 2025-07-25 or 2025-07-25T10:00:00Z")


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half a surrogate pair; send whole Unicode characters") from None
    return text


Text = Annotated[str, AfterValidator(_whole)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Name = Annotated[Text, Field(min_length=1, max_length=300)]
Names = Annotated[list[Name], Field(max_length=100)]
Sites = Annotated[list[Annotated[Name, AfterValidator(site_named)]], Field(max_length=100)]
Ignored = Annotated[
    list[Understanding],
    Field(
        max_length=7,
        description="what is not to be read out of the question, each as `query` of the answer shows it: `parts` (search"
        " for the whole at once), `outlets`, `sections`, `people`, `period`, `latest`, `spelling`",
        examples=[["outlets"]],
    ),
]


class Strict(BaseModel):
    """A request: a field that it does not have is an error."""

    model_config = ConfigDict(extra="forbid")


class FiltersIn(Strict):
    """Limits on the articles: each that is set must be met; names match whole, case aside."""

    published_after: Moment | None = Field(None, description="at this moment or later", examples=["2025-07-01"])
    published_before: Moment | None = Field(None, description="before this moment", examples=["2025-08-01"])
    outlets: Names = []
    authors: Names = []
    sections: Names = []
    languages: Names = []
    speakers: Names = []
    article_ids: Names = []
    sites: Sites = Field(
        [], description="hosts of the articles' addresses, each with all below it", examples=[["example.com"]]
    )
    without_sites: Sites = Field([], description="hosts whose articles do not count")

    def filters(self) -> Filters:
        return Filters(
            published_after=self.published_after,
            published_before=self.published_before,
            outlets=tuple(self.outlets),
            authors=tuple(self.authors),
            sections=tuple(self.sections),
            languages=tuple(self.languages),
            speakers=tuple(self.speakers),
            article_ids=tuple(self.article_ids),
            sites=tuple(self.sites),
            without_sites=tuple(self.without_sites),
        )


class TurnIn(Strict):
    """A message before the question."""

    role: Literal["user", "assistant"]
    content: Text = Field(max_length=20_000)


class AskRequest(Strict):
    """A question, with what it follows and what it is limited to."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"question": EXAMPLE_QUESTION}]})

    question: Text
    conversation: list[TurnIn] = Field([], max_length=100)
    filters: FiltersIn = FiltersIn()
    as_of: Moment | None = Field(None, description="answer as on that day: later articles are not read")
    k: int | None = Field(None, ge=1, le=50, description="passages that may be read")
    mode: Literal["auto", "model", "extractive"] = "auto"
    grounding: Literal["strict", "flag"] = "strict"
    stream: StrictBool = False
    include: list[Literal["evidence"]] = []
    ignore: Ignored = []

    def request(self) -> Request:
        return Request(
            question=self.question,
            conversation=tuple(Turn(turn.role, turn.content) for turn in self.conversation),
            filters=self.filters.filters(),
            as_of=self.as_of,
            k=self.k,
            mode=self.mode,
            grounding=self.grounding,
            ignored=tuple(self.ignore),
        )


class SearchRequest(Strict):
    """Words or a question to find passages for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"query": "prisoner exchange", "k": 3}]})

    query: Text
    k: int = Field(10, ge=1, le=100)
    filters: FiltersIn = FiltersIn()
    as_of: Moment | None = Field(None, description="search as on that day: later articles are not found")
    ignore: Ignored = []

    def request(self) -> Request:
        return Request(
            self.query, filters=self.filters.filters(), as_of=self.as_of, k=self.k, ignored=tuple(self.ignore)
        )


class ArticleRef(BaseModel):
    """The article that words stand in. `revision` is the one that the offsets count in."""

    id: str
    title: str
    outlet: str | None
    authors: list[str]
    url: str | None
    published_at: datetime | None
    revision: int
    also_in: list[str] = Field([], description="outlets that carried a near-copy")


class SpeakerOut(BaseModel):
    """Who said it, as fully as the article names them."""

    name: str
    role: str | None


class CitationOut(BaseModel):
    """`quote` is `body[start:end]` of the article's revision, always."""

    number: int
    article: ArticleRef
    passage_id: str
    start: int
    end: int
    quote: str
    before: str = Field(description="the words before it in the article")
    after: str = Field(description="the words after it")
    speaker: SpeakerOut | None
    link: str = Field(description="the publisher's page at these words; our own reader where there is no address")
    reader: str = Field(description="our own reader at these words")


class ClaimOut(BaseModel):
    """One sentence of the answer, at `[start, end)` of `text`."""

    text: str
    start: int
    end: int
    supported: bool
    citations: list[int]


class AbstentionOut(BaseModel):
    """Why there is no answer."""

    reason: Literal["no_evidence", "weak_evidence", "model_declined", "nothing_verified"]
    detail: str
    spoke_about: list[str] = Field([], description="where somebody's words are asked for: what they do speak about")


class DegradedOut(BaseModel):
    """Why the answer is less than what was asked for."""

    reason: str


class PassageOut(BaseModel):
    """A passage of an article; `text` is `body[start:end]`."""

    passage_id: str
    article: ArticleRef
    start: int
    end: int
    text: str
    score: float
    rank: int
    channels: dict[str, float]


class PeriodOut(BaseModel):
    """When its evidence was published, as the question says it: `[after, before)`, null is open."""

    words: str
    after: datetime | None
    before: datetime | None


class PartOut(BaseModel):
    """What of the question is searched for by itself, and what it names; that raises the passages which fit it."""

    text: str
    outlets: list[str]
    sections: list[str]
    people: list[str]
    period: PeriodOut | None


class QueryOut(BaseModel):
    """The question as understood. What is wrong in it can be switched off with `ignore`, and set right with `filters`."""

    question: str
    text: str
    topic: str
    kind: str
    names: list[str]
    speakers: list[str]
    latest: bool
    as_of: datetime | None
    filters: dict[str, Any]
    parts: list[PartOut] = Field(description="each is searched for by itself; one where the question is in one piece")
    outlets: list[str] = Field(description="named outlets, as the library spells them")
    sections: list[str]
    people: list[str] = Field(description="named people whose words the library holds")
    period: PeriodOut | None = Field(description="the one that holds for all of the question")
    limits: list[Understanding] = Field(description="of these, what leaves out all that does not fit (“only from ...”)")
    spelling: list[str] = Field(
        [], description="surnames that no article has as the question writes them, as it was read: a letter off"
    )


class ChecksOut(BaseModel):
    """What checking did to what a chat model wrote."""

    repointed: int = Field(description="sentences shown with other citations than the model gave")
    dropped: int = Field(description="sentences that nothing supports, not shown")
    invented: int = Field(description="pointers to nothing")
    unfinished: int = Field(description="sentences that were cut off, not shown")


class AskResponse(BaseModel):
    """Claims with their citations, or an abstention."""

    id: str
    question: str
    answered: bool
    abstention: AbstentionOut | None
    text: str
    claims: list[ClaimOut]
    citations: list[CitationOut]
    evidence: list[PassageOut] | None = None
    query: QueryOut
    mode: str
    model: str | None
    degraded: DegradedOut | None
    timings_ms: dict[str, float]
    usage: dict[str, int] = Field(description="tokens, as the chat model's provider counts them")
    checks: ChecksOut
    prompts: list[str] = Field(description="the prompts that a chat model was asked with, each with its version")
    confidence: float | None = Field(
        None,
        ge=0,
        le=1,
        description="probability that the first claim answers rightly, as measured on dev sets; null where that is not"
        " measured: an abstention, a chat model's answer, an answer made of what a named person said",
    )


class SearchResponse(BaseModel):
    """Passages, best first."""

    query: QueryOut
    results: list[PassageOut]
    degraded: DegradedOut | None = None
    timings_ms: dict[str, float]
