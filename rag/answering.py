"""The whole ask flow, in reading order: understand, retrieve, select evidence, answer, verify."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from rag.citations import Citer
from rag.domain import (
    Abstention,
    AbstentionReason,
    Answer,
    Citation,
    Claim,
    Evidence,
    Filters,
    Query,
    ScoredPassage,
    Turn,
)
from rag.drafting import Drafts
from rag.errors import SettingsError
from rag.evidence import open_evidence
from rag.library import Library
from rag.questions import understand
from rag.retrieval import Retrieved, retrieve
from rag.settings import EvidenceSettings, RetrievalSettings


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller asks. `k` is how many passages may be read; None leaves it to the settings."""

    question: str
    conversation: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    as_of: datetime | None = None
    k: int | None = None
    mode: str = "auto"
    grounding: str = "strict"


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """The first event of a streamed answer."""

    query: Query
    passages: tuple[ScoredPassage, ...]


@dataclass(frozen=True, slots=True)
class ClaimMade:
    """One verified sentence, with the citations that it is the first to use."""

    claim: Claim
    citations: tuple[Citation, ...]


Event = EvidenceFound | ClaimMade | Answer


class Answerer:
    """Asks one library. Holds no state of any question."""

    def __init__(
        self,
        library: Library,
        extractive: Drafts,
        *,
        retrieval: RetrievalSettings,
        evidence: EvidenceSettings,
        model: Drafts | None = None,
    ) -> None:
        """`model` drafts where a chat model is set; it is held to the same checks as the extractive drafts."""
        self._library, self._extractive, self._model = library, extractive, model
        self._retrieval, self._evidence = retrieval, evidence

    async def ask(self, request: Request) -> Answer:
        """The answer, whole. Raises QuestionError, FilterError, SettingsError, ProviderError."""
        async for event in self.stream(request):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream ends with its answer")

    async def stream(self, request: Request) -> AsyncIterator[Event]:
        """The evidence, each claim once it is verified, last the whole answer. Raises as `ask`, before the first event."""
        drafts = self._drafts(request.mode)
        started = time.perf_counter()
        query = self.understand(request)
        retrieved = await self.search(query, k=request.k or self._evidence.passages)
        yield EvidenceFound(query, retrieved.passages)
        reading = time.perf_counter()
        evidence = await open_evidence(retrieved.passages, self._library)
        timings = dict(retrieved.timings_ms) | {"evidence": _ms(reading)}
        answering = time.perf_counter()
        citer = Citer()
        abstention = None
        async for draft in drafts.draft(query, evidence):
            if isinstance(draft, Abstention):
                abstention = draft
            elif (made := citer.add(draft)) is not None:
                yield ClaimMade(*made)
        timings |= {"answer": _ms(answering), "total": _ms(started)}
        yield _answer(query, evidence, citer, abstention, drafts, timings)

    async def answer_from(self, query: Query, evidence: Evidence, *, mode: str = "auto") -> Answer:
        """Answer from evidence found before, so that retrieval and answering can be scored apart."""
        started = time.perf_counter()
        drafts = self._drafts(mode)
        citer = Citer()
        abstention = None
        async for draft in drafts.draft(query, evidence):
            if isinstance(draft, Abstention):
                abstention = draft
            else:
                citer.add(draft)
        return _answer(query, evidence, citer, abstention, drafts, {"answer": _ms(started)})

    def _drafts(self, mode: str) -> Drafts:
        if mode == "model" and self._model is None:
            raise SettingsError(
                "mode=model needs a chat model, and none is set (ONRECORD_CHAT_MODEL); use auto or extractive"
            )
        return self._extractive if mode == "extractive" or self._model is None else self._model

    def understand(self, request: Request) -> Query:
        return understand(
            request.question,
            conversation=request.conversation,
            filters=request.filters,
            as_of=request.as_of,
            max_chars=self._evidence.max_question_chars,
        )

    async def search(self, query: Query, *, k: int | None = None) -> Retrieved:
        """Ranked passages for a query that is understood already."""
        return await retrieve(query, self._library, self._retrieval, k=k or self._retrieval.k)


def _answer(
    query: Query,
    evidence: Evidence,
    citer: Citer,
    abstention: Abstention | None,
    drafts: Drafts,
    timings: dict[str, float],
) -> Answer:
    if abstention is None and not citer.claims:
        abstention = Abstention(AbstentionReason.NOTHING_VERIFIED, "Nothing that was found could be verified.")
    return Answer(
        id=uuid.uuid4().hex,
        query=query,
        mode=drafts.mode,
        model=drafts.model,
        text=citer.text,
        claims=tuple(citer.claims),
        citations=tuple(citer.citations),
        abstention=abstention,
        evidence=evidence,
        timings_ms=timings,
    )


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
