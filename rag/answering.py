"""The whole ask flow, in reading order: understand, retrieve, select evidence, answer, verify."""

from __future__ import annotations

import asyncio
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
from rag.errors import SettingsError
from rag.evidence import open_evidence
from rag.extractive import Extract, Extractor
from rag.library import Library
from rag.matching import Matcher, WordVectors, make_terms, same_name
from rag.questions import understand
from rag.retrieval import Retrieved, retrieve
from rag.settings import EvidenceSettings, RetrievalSettings
from rag.terms import is_stopword, words


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
        self, library: Library, word_vectors: WordVectors, *, retrieval: RetrievalSettings, evidence: EvidenceSettings
    ) -> None:
        self._library, self._word_vectors = library, word_vectors
        self._retrieval, self._evidence = retrieval, evidence

    async def ask(self, request: Request) -> Answer:
        """The answer, whole. Raises QuestionError, FilterError, SettingsError, ProviderError."""
        async for event in self.stream(request):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream ends with its answer")

    async def stream(self, request: Request) -> AsyncIterator[Event]:
        """The evidence, each claim once it is verified, last the whole answer. Raises as `ask`, before the first event."""
        if request.mode == "model":
            raise SettingsError(
                "mode=model needs a chat model, and none is set (ONRECORD_CHAT_MODEL); use auto or extractive"
            )
        started = time.perf_counter()
        query = self.understand(request)
        retrieved = await self.search(query, k=request.k or self._evidence.passages)
        yield EvidenceFound(query, retrieved.passages)
        reading = time.perf_counter()
        evidence = await open_evidence(retrieved.passages, self._library)
        timings = dict(retrieved.timings_ms) | {"evidence": _ms(reading)}
        answering = time.perf_counter()
        extract = await self._extract(query, evidence)
        citer = Citer()
        for draft in extract.drafts:
            made = citer.add(draft)
            if made is not None:
                yield ClaimMade(*made)
        timings |= {"answer": _ms(answering), "total": _ms(started)}
        yield _answer(query, evidence, citer, extract.abstention, timings)

    async def answer_from(self, query: Query, evidence: Evidence) -> Answer:
        """Answer from evidence found before, so that retrieval and answering can be scored apart."""
        started = time.perf_counter()
        extract = await self._extract(query, evidence)
        citer = Citer()
        for draft in extract.drafts:
            citer.add(draft)
        return _answer(query, evidence, citer, extract.abstention, {"answer": _ms(started)})

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

    async def _extract(self, query: Query, evidence: Evidence) -> Extract:
        asked = list(
            dict.fromkeys(
                w.text
                for w in words(f"{query.topic} {query.text} {' '.join(query.speakers)}")
                if not is_stopword(w.text)
            )
        )
        found, passages = await asyncio.gather(self._library.document_frequencies(asked), self._library.passage_count())
        frequencies = dict(zip(asked, found, strict=True))
        if passages == 0:
            detail = "The library is empty: load articles with `onrecord ingest FILE`."
            return Extract(abstention=Abstention(AbstentionReason.NO_EVIDENCE, detail))
        if unknown := _unknown(query, frequencies, evidence):
            detail = f"No article here mentions {' or '.join(unknown)}."
            return Extract(abstention=Abstention(AbstentionReason.NO_EVIDENCE, detail))
        topic, whole = (
            Matcher(make_terms(text, query.names, frequencies, passages), self._word_vectors)
            for text in (query.topic, f"{' '.join(query.speakers)} {query.topic}")
        )
        return await asyncio.to_thread(Extractor(query, evidence, topic, whole).extract)


def _unknown(query: Query, frequencies: dict[str, int], evidence: Evidence) -> list[str]:
    """The question's names that stand nowhere in the library, nor in a like form in the evidence."""
    unknown = []
    for name in dict.fromkeys((*query.names, *query.speakers)):
        parts = [w for w in words(name) if not is_stopword(w.text)]
        if not parts:
            continue
        known = [frequencies.get(w.text, 0) > 0 or _stands_alike(w.stem, evidence) for w in parts]
        # The last word is the surname; a role in small letters is met by any of its words.
        if not known[-1] and (parts[-1].text[:1].isupper() or not any(known)):
            unknown.append(name)
    return unknown


def _stands_alike(stem: str, evidence: Evidence) -> bool:
    """Whether the evidence has the name in another form: Zelensky for Zelenskyy."""
    texts = (f"{scored.article.header} {scored.text}" for scored in evidence.passages)
    return any(same_name(stem, word.stem) for text in texts for word in words(text))


def _answer(
    query: Query, evidence: Evidence, citer: Citer, abstention: Abstention | None, timings: dict[str, float]
) -> Answer:
    if abstention is None and not citer.claims:
        abstention = Abstention(AbstentionReason.NOTHING_VERIFIED, "Nothing that was found could be verified.")
    return Answer(
        id=uuid.uuid4().hex,
        query=query,
        mode="extractive",
        text=citer.text,
        claims=tuple(citer.claims),
        citations=tuple(citer.citations),
        abstention=abstention,
        evidence=evidence,
        timings_ms=timings,
    )


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
