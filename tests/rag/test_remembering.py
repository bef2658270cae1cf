"""The same question again: answered from memory, as long as what it cites stands."""

from __future__ import annotations

from dataclasses import replace

from rag.answering import Answerer, Request
from rag.domain import Answer
from rag.library import Library
from rag.making import ClaimMade
from rag.remembering import AnswerMemory
from rag.settings import Settings
from tests.newsroom import document
from tests.rag.asking import ARTICLES, HARBOUR
from tests.rag.chats import Credulous, ScriptedChat, model_answerer, pointing
from tests.running import on_library

ASKED = Request("How long will the dredging of the port take?")
TAKES = pointing("The work takes eleven weeks {}.", "eleven weeks")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Asking:
    """A library, a model that counts its calls, and a memory with a clock."""

    def __init__(self, library: Library) -> None:
        self.chat, self.clock = ScriptedChat(TAKES), Clock()
        self.answerer: Answerer = model_answerer(
            library, self.chat, Credulous(), memory=AnswerMemory(2, 60, clock=self.clock)
        )

    async def ask(self, request: Request = ASKED) -> Answer:
        return await self.answerer.ask(request)

    @property
    def calls(self) -> int:
        return len(self.chat.asked)


def test_the_same_question_is_not_paid_for_twice(settings: Settings) -> None:
    async def act(library: Library) -> tuple[Answer, Answer, int, list[object]]:
        await library.put([document(article) for article in ARTICLES])
        asking = Asking(library)
        first, second = await asking.ask(), await asking.ask()
        return first, second, asking.calls, [event async for event in asking.answerer.stream(ASKED)]

    first, second, calls, events = on_library(settings, act)

    assert calls == 1
    assert (second.text, second.claims, second.citations) == (first.text, first.claims, first.citations)
    assert second.id != first.id
    assert (bool(first.usage), second.usage) == (True, {})
    claims = [event for event in events if isinstance(event, ClaimMade)]
    assert [claim.claim for claim in claims] == list(first.claims)
    assert [citation for claim in claims for citation in claim.citations] == list(first.citations)


def test_a_correction_or_a_withdrawal_of_a_cited_article_ends_it(settings: Settings) -> None:
    corrected = replace(HARBOUR, body=HARBOUR.body.replace("14 million", "15 million"))

    async def act(library: Library) -> tuple[int, int, Answer, Answer]:
        await library.put([document(article) for article in ARTICLES])
        asking = Asking(library)
        await asking.ask()
        await library.put([document(corrected)])
        after = await asking.ask()
        calls = asking.calls
        await library.withdraw("harbour")
        gone = await asking.ask(replace(ASKED, mode="extractive"))
        return calls, asking.calls, after, gone

    calls, later, after, gone = on_library(settings, act)

    assert calls == later == 2
    assert "15 million" in after.citations[0].quote
    assert all(citation.article.id != "harbour" for citation in gone.citations)


def test_other_questions_filters_and_modes_are_other_questions(settings: Settings) -> None:
    async def act(library: Library) -> int:
        await library.put([document(article) for article in ARTICLES])
        asking = Asking(library)
        for request in (ASKED, replace(ASKED, k=3), replace(ASKED, grounding="flag")):
            await asking.ask(request)
        return asking.calls

    assert on_library(settings, act) == 3


def test_an_answer_is_forgotten_with_time_and_for_want_of_room(settings: Settings) -> None:
    async def act(library: Library) -> list[int]:
        await library.put([document(article) for article in ARTICLES])
        asking = Asking(library)
        await asking.ask()
        asking.clock.now = 61
        await asking.ask()
        after_time = asking.calls
        for k in (3, 4):
            await asking.ask(replace(ASKED, k=k))
        await asking.ask()
        return [after_time, asking.calls]

    assert on_library(settings, act) == [2, 5]
