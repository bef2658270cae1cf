"""What every answerer is held to, whatever it drafts: here one that makes things up."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

import pytest

from rag.answering import Answerer, EvidenceFound, Request
from rag.citations import Draft, Pointer
from rag.domain import Abstention, AbstentionReason, Answer, Evidence, Query, Reading, Span
from rag.errors import SettingsError
from rag.library import Library
from rag.making import ClaimMade
from rag.settings import EvidenceSettings, RetrievalSettings, Settings
from tests.newsroom import document
from tests.rag.asking import HARBOUR
from tests.running import on_library

Write = Callable[[Reading], list[Draft | Abstention]]


class Inventor:
    """Drafts what a test tells it to."""

    mode = "extractive"
    model = None

    def __init__(self, write: Write) -> None:
        self._write = write

    async def draft(self, query: Query, evidence: Evidence) -> AsyncGenerator[Draft | Abstention, None]:
        for draft in self._write(next(iter(evidence.readings.values()))):
            yield draft


def answered(settings: Settings, write: Write) -> Answer:
    async def act(library: Library) -> Answer:
        await library.put([document(HARBOUR)])
        answerer = Answerer(library, Inventor(write), retrieval=RetrievalSettings(), evidence=EvidenceSettings())
        return await answerer.ask(Request("How long will the dredging work take?"))

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
