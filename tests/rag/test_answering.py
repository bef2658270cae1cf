"""What every answerer is held to, whatever it drafts: here one that makes things up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from rag.answering import Answerer, ClaimMade, EvidenceFound, Request
from rag.citations import Draft, Pointer
from rag.domain import Abstention, AbstentionReason, Answer, Evidence, Query, Reading, Span
from rag.drafting import ExtractiveDrafts
from rag.errors import SettingsError
from rag.library import Library
from rag.settings import EvidenceSettings, RetrievalSettings, Settings
from tests.newsroom import document
from tests.rag.asking import HARBOUR
from tests.running import on_library

Write = Callable[[Reading], list[Draft | Abstention]]


class Inventor:
    """A stand-in for a chat model: drafts what a test tells it to."""

    mode = "model"
    model = "stand-in"

    def __init__(self, write: Write) -> None:
        self._write = write

    async def draft(self, query: Query, evidence: Evidence) -> AsyncIterator[Draft | Abstention]:
        for draft in self._write(next(iter(evidence.readings.values()))):
            yield draft


def answered(settings: Settings, write: Write, mode: str = "auto") -> Answer:
    async def act(library: Library) -> Answer:
        await library.put([document(HARBOUR)])
        answerer = Answerer(
            library,
            ExtractiveDrafts(library, words),
            retrieval=RetrievalSettings(),
            evidence=EvidenceSettings(),
            model=Inventor(write),
        )
        return await answerer.ask(Request("How long will the dredging work take?", mode=mode))

    from rag.adapters.embedding import StaticEmbeddings

    words = StaticEmbeddings()
    return on_library(settings, act)


def test_words_that_no_cited_sentence_holds_lose_their_quotation_marks(settings: Settings) -> None:
    answer = answered(
        settings, lambda r: [Draft("She said “it will take eleven years”.", (Pointer(r, r.sentences[0]),))]
    )

    assert answer.claims[0].text == "She said it will take eleven years."


def test_a_pointer_that_points_at_nothing_never_reaches_the_reader(settings: Settings) -> None:
    answer = answered(settings, lambda r: [Draft("Eleven weeks.", (Pointer(r, Span(10_000, 10_010)),))])

    assert answer.claims == ()
    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.NOTHING_VERIFIED


def test_a_model_that_declines_is_an_abstention_of_its_own(settings: Settings) -> None:
    answer = answered(settings, lambda r: [Abstention(AbstentionReason.MODEL_DECLINED, "Not in the passages.")])

    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.MODEL_DECLINED


def test_the_model_drafts_where_one_is_set_and_the_articles_own_words_where_asked_for(settings: Settings) -> None:
    def write(reading: Reading) -> list[Draft | Abstention]:
        return [Draft("It takes a while.", (Pointer(reading, reading.sentences[0]),))]

    assert answered(settings, write).mode == "model"
    assert "eleven weeks" in answered(settings, write, mode="extractive").text


def test_asking_for_a_model_where_none_is_set_is_refused(settings: Settings) -> None:
    from rag.composition import make_answerer

    async def act(library: Library) -> None:
        await make_answerer(settings, library).ask(Request("anything", mode="model"))

    with pytest.raises(SettingsError, match="ONRECORD_CHAT_MODEL"):
        on_library(settings, act)


def test_a_stream_gives_the_evidence_then_each_claim_then_the_same_answer(settings: Settings) -> None:
    from rag.composition import make_answerer

    async def act(library: Library) -> list[object]:
        await library.put([document(HARBOUR)])
        stream = make_answerer(settings, library).stream(Request("How long will the dredging work take?"))
        return [event async for event in stream]

    first, *claims, last = on_library(settings, act)

    assert isinstance(first, EvidenceFound)
    assert isinstance(last, Answer)
    assert [claim.claim for claim in claims if isinstance(claim, ClaimMade)] == list(last.claims)


def test_answering_from_evidence_found_before_gives_the_same_answer(settings: Settings) -> None:
    from rag.composition import make_answerer

    async def act(library: Library) -> tuple[Answer, Answer]:
        await library.put([document(HARBOUR)])
        answerer = make_answerer(settings, library)
        whole = await answerer.ask(Request("How long will the dredging work take?"))
        return whole, await answerer.answer_from(whole.query, whole.evidence)

    whole, again = on_library(settings, act)

    assert whole.claims
    assert (again.text, again.claims, again.citations) == (whole.text, whole.claims, whole.citations)
