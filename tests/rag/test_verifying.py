"""The checks that are set, on a real library: what of a model's sentences is shown."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.answering import Request
from rag.composition import make_answerer
from rag.domain import Answer
from rag.library import Library
from rag.settings import ChatSettings, Settings
from tests.newsroom import document
from tests.rag.asking import ARTICLES
from tests.rag.chats import Piece, ScriptedChat, Writer, pointing
from tests.running import on_library


def checked(settings: Settings, script: Writer, support: str = "weighed") -> Answer:
    set_so = settings.model_copy(update={"chat": ChatSettings(support=support, fallback="abstain")})

    async def act(library: Library) -> Answer:
        await library.put([document(article) for article in ARTICLES])
        answerer = make_answerer(set_so, library, ScriptedChat(script))
        return await answerer.ask(Request("What is known about the dredging of the port?"))

    return on_library(settings, act)


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        ("The work will take eleven weeks {}.", "eleven weeks"),
        ("The dredging is to take eleven weeks and to cost 14 million crowns {}.", "eleven weeks"),
        ("The port of Veld will close on 4 May {}.", "on 4 May"),
        ("Marta Lindqvist said: “The channel has lost two metres of depth since 2019” {}.", "two metres"),
        ("Dredging will not begin before September {}.", "before September"),
    ],
)
def test_what_the_articles_say_is_shown(settings: Settings, claim: str, where: str) -> None:
    answer = checked(settings, pointing(claim, where))

    assert len(answer.claims) == 1
    assert any(where in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        ("The work will take twelve weeks {}.", "eleven weeks"),
        ("The port of Veld will close on 5 May {}.", "on 4 May"),
        ("Engineer Sven Dahl will lead the work {}.", "led by Per Aalto"),
        ("Marta Lindqvist said: “The channel is lost” {}.", "two metres"),
        ("Ivo Lindqvist said that the channel has lost two metres of depth since 2019 {}.", "two metres"),
        ("The town had been warned in 2021 {}.", "warned in 2021"),
        ("Residents celebrated the closing of the port with fireworks and music {}.", "on 4 May"),
    ],
)
def test_what_they_do_not_say_is_not(settings: Settings, claim: str, where: str) -> None:
    answer = checked(settings, pointing(claim, where))

    assert answer.claims == ()
    assert answer.checks.dropped == 1


@pytest.mark.parametrize(("verdict", "claims"), [("Yes", 1), ("No", 0), ("Perhaps", 0)])
def test_the_model_itself_may_be_asked_whether_a_claim_is_borne_out(
    settings: Settings, verdict: str, claims: int
) -> None:
    def script(prompt: str) -> Sequence[Piece]:
        if "Claim:" in prompt:
            return [verdict]
        return pointing("The work will take eleven weeks {}.", "eleven weeks")(prompt)

    assert len(checked(settings, script, "judged").claims) == claims
