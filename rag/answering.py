"""The whole ask flow, in reading order: understand, retrieve, select evidence, answer, verify."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime

from rag.domain import (
    Answer,
    Evidence,
    Filters,
    Query,
    ScoredPassage,
    Turn,
    Understanding,
)
from rag.drafting import Drafts
from rag.errors import ProviderError, SettingsError, StorageError
from rag.evidence import open_evidence
from rag.feedback import Given, RecentAnswers
from rag.hearing import hear, with_suggestion
from rag.inert import inert
from rag.known import KnownNames
from rag.library import Library
from rag.making import ClaimMade, Making, ModelAnswers, claims
from rag.misspelling import Respelt, doubtful, respelt
from rag.questions import understand
from rag.ranking import Reranker
from rag.retrieval import Retrieved, retrieve
from rag.settings import EvidenceSettings, RetrievalSettings
from rag.timing import ms_since, step


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller asks. `k` is how many passages may be read; None leaves it to the settings.

    `ignored` are the understandings that the caller does not want.
    """

    question: str
    conversation: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    as_of: datetime | None = None
    k: int | None = None
    mode: str = "auto"
    grounding: str = "strict"
    ignored: tuple[Understanding, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """The first event of a streamed answer."""

    query: Query
    passages: tuple[ScoredPassage, ...]


log = logging.getLogger(__name__)

# Answers that feedback can speak of; some hundred bytes each.
_RECENT = 1000

Event = EvidenceFound | ClaimMade | Answer


class Answerer:
    """Asks one library. Of a question it holds no more than feedback on its answer needs, in `recent`."""

    def __init__(
        self,
        library: Library,
        extractive: Drafts,
        *,
        retrieval: RetrievalSettings,
        evidence: EvidenceSettings,
        model: ModelAnswers | None = None,
        reranker: Reranker | None = None,
        on_answer: Callable[[Answer], None] = lambda answer: None,
    ) -> None:
        """`model` where a chat model is set. The extractive drafts are sentences of the articles: they hold by making.

        `on_answer` is told of each answer before it is given, also of one that abstains.
        """
        self._library, self._extractive, self._model = library, extractive, model
        self._retrieval, self._evidence, self._reranker = retrieval, evidence, reranker
        self._on_answer = on_answer
        self.recent = RecentAnswers(_RECENT)

    async def ask(self, request: Request) -> Answer:
        """The answer, whole. Raises QuestionError, FilterError, SettingsError, ProviderError."""
        async with aclosing(self.stream(request)) as events:
            async for event in events:
                if isinstance(event, Answer):
                    return event
        raise AssertionError("a stream ends with its answer")

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """The evidence, each claim once it is verified, last the whole answer.

        Raises as `ask`: before the first event, or, where `mode=model` and the model fails, after it.
        """
        async with aclosing(self._flow(request)) as events:
            async for event in events:
                if isinstance(event, Answer):
                    await self._keep(self.recent.note(event, request.conversation, request.filters))
                    self._on_answer(event)
                yield event

    async def given(self, answer_id: str) -> Given | None:
        """An answer that was given lately, also by another process that shares the library, as feedback needs it."""
        here, shared = self.recent.get(answer_id), self._library.shared
        return here if here or shared is None else await asyncio.to_thread(shared.answer_given, answer_id)

    async def _keep(self, given: Given) -> None:
        if self._library.shared is not None:
            try:
                await asyncio.to_thread(self._library.shared.keep_answer, given)
            except StorageError as error:  # it can be answered all the same
                log.warning("an answer is not kept for feedback", extra={"error": str(error)})

    async def _flow(self, request: Request) -> AsyncGenerator[Event, None]:
        model = self._chosen(request.mode)
        started = time.perf_counter()
        memory = model.memory if model else None
        if memory and (known := await memory.recall(request, self._library)) is not None:
            for event in _again(known, started):
                yield event
            return
        timings: dict[str, float] = {}
        with step(timings, "understand"):
            query = await self._understood(request, model)
        k = request.k or self._evidence.passages
        retrieved = await hear(query, await self.search(query, k=k), self._library, self._retrieval, k=k)
        timings |= retrieved.timings_ms
        with step(timings, "evidence"):
            evidence = await open_evidence(retrieved.passages, self._library)
        yield EvidenceFound(query, evidence.passages)
        answer: Answer | None = None
        with step(timings, "answer"):
            async with aclosing(self._answers(query, evidence, request)) as events:
                async for event in events:
                    if isinstance(event, Answer):
                        answer = event
                    else:
                        yield event
        assert answer is not None, "the events of an answer end with it"
        if memory:
            memory.keep(request, answer)
        timings["total"] = ms_since(started)
        yield replace(answer, timings_ms=timings, degraded=answer.degraded or retrieved.degraded)

    async def answer_from(
        self, query: Query, evidence: Evidence, *, mode: str = "auto", grounding: str = "strict"
    ) -> Answer:
        """Answer from evidence found before, so that retrieval and answering can be scored apart."""
        started = time.perf_counter()
        request = Request(query.question, mode=mode, grounding=grounding)
        async with aclosing(self._answers(query, evidence, request)) as events:
            async for event in events:
                if isinstance(event, Answer):
                    return replace(event, timings_ms={"answer": ms_since(started)})
        raise AssertionError("a stream ends with its answer")

    async def _answers(
        self, query: Query, evidence: Evidence, request: Request
    ) -> AsyncGenerator[ClaimMade | Answer, None]:
        """Each claim once it is verified, then the answer.

        Where a model fails, what it wrote until then and was verified stands; where that is nothing, the articles answer
        in their own words, unless the model was asked for by name.
        """
        model = self._chosen(request.mode)
        state = Making(model.drafts if model else self._extractive)
        try:
            async with aclosing(claims(query, evidence, state, model, request.grounding)) as made:
                async for claim in made:
                    yield claim
        except ProviderError as error:
            if model is None or (request.mode == "model" and not state.citer.claims):
                raise
            state.degraded = f"The chat model failed: {error}."
        if model and not state.citer.claims and state.abstention is None and model.fallback == "extractive":
            state.falls_back_on(self._extractive)
            async with aclosing(claims(query, evidence, state, None, request.grounding)) as made:
                async for claim in made:
                    yield claim
        answer = state.answer(query, evidence)
        if answer.abstention is not None:
            # It may name somebody whom an article names.
            abstention = await with_suggestion(answer.abstention, query, self._library)
            answer = replace(answer, abstention=replace(abstention, detail=inert(abstention.detail)))
        yield answer

    def _chosen(self, mode: str) -> ModelAnswers | None:
        """What answers by a model in this mode; None for the articles' own words."""
        if mode == "model" and self._model is None:
            raise SettingsError(
                "mode=model needs a chat model, and none is set (ONRECORD_CHAT_MODEL); use auto or extractive"
            )
        return None if mode == "extractive" else self._model

    async def _understood(self, request: Request, model: ModelAnswers | None) -> Query:
        """The query; where a model answers a follow-up, as the model makes it stand alone."""
        by_rule = await self.understand(request)
        if model is None or not request.conversation:
            return by_rule
        alone = await model.condense(request.question, request.conversation)
        if alone is None:
            return by_rule
        again = await self.understand(replace(request, question=alone, conversation=()))
        return replace(again, question=request.question)

    async def understand(self, request: Request) -> Query:
        """The query by rules alone. Raises QuestionError, FilterError."""
        known = await self._library.names()
        spelt = await self._spelt(request, known)
        query = understand(
            spelt.text,
            conversation=request.conversation,
            filters=request.filters,
            as_of=request.as_of,
            max_chars=self._evidence.max_question_chars,
            known=known,
            ignored=request.ignored,
        )
        return replace(query, question=request.question, spelling=spelt.names) if spelt.names else query

    async def _spelt(self, request: Request, known: KnownNames) -> Respelt:
        """The question with the names that it misspells as the library has them."""
        words = doubtful(request.question) if "spelling" not in request.ignored else ()
        found = await self._library.document_frequencies(words) if words else []
        unknown = {word for word, passages in zip(words, found, strict=True) if not passages}
        return respelt(request.question, unknown, known) if unknown else Respelt(request.question)

    async def search(self, query: Query, *, k: int | None = None) -> Retrieved:
        """Ranked passages for a query that is understood already."""
        return await retrieve(query, self._library, self._retrieval, k=k or self._retrieval.k, reranker=self._reranker)


def _again(known: Answer, started: float) -> Iterator[Event]:
    """The events of an answer that was given before; it has cost no tokens this time."""
    yield EvidenceFound(known.query, known.evidence.passages)
    shown = 0
    for claim in known.claims:
        last = max(claim.citations, default=0)
        yield ClaimMade(claim, tuple(c for c in known.citations if shown < c.number <= last))
        shown = max(shown, last)
    yield replace(known, id=uuid.uuid4().hex, usage={}, timings_ms={"total": ms_since(started)})
