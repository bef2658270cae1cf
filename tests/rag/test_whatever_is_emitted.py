"""Whatever a chat model emits, in whatever pieces, the invariants hold. `make soak` tries ten thousand answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering import Request
from rag.citations import fold, quoted_words
from rag.composition import open_library
from rag.domain import Answer
from rag.settings import Settings
from tests.newsroom import document
from tests.rag.asking import ARTICLES
from tests.rag.chats import Credulous, Piece, ScriptedChat, model_answerer

Emitted = Callable[[list[Piece], str], Answer]


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emitted]:
    """The answer to one question where a model emits these pieces; one library for all of them."""
    settings = Settings(library=tmp_path_factory.mktemp("emitted") / "library")
    with asyncio.Runner() as runner:
        opened = open_library(settings, command="a test")
        library = runner.run(opened.__aenter__())
        runner.run(library.put([document(article) for article in ARTICLES]))

        def answer(pieces: list[Piece], grounding: str) -> Answer:
            answerer = model_answerer(library, ScriptedChat(pieces), Credulous())
            request = Request("What is known about the dredging of the port?", grounding=grounding)
            return runner.run(answerer.ask(request))

        yield answer
        runner.run(opened.__aexit__(None, None, None))


_WRITTEN = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                "The work will take eleven weeks [1.1].", "[1.2]", "[2.1-2.9]", "“If we wait another winter", "”", "\n", "[9.9]",
                "“The channel has lost two metres of depth since 2019” [1.3].", "](https://evil.example)", "![x", "'a b'", "** ",
            ]
        ),
    ),
    max_size=12,
)  # fmt: skip


@given(_WRITTEN, st.sampled_from(["strict", "flag"]))
def test_the_invariants_hold(emitted: Emitted, pieces: list[Piece], grounding: str) -> None:
    answer = emitted(pieces, grounding)

    numbers = {citation.number for citation in answer.citations}
    for citation in answer.citations:
        assert citation.quote == citation.span.of(citation.article.body)
    for claim in answer.claims:
        assert answer.text[claim.start : claim.end] == claim.text
        assert set(claim.citations) <= numbers
        cited = [citation.quote for citation in answer.citations if citation.number in claim.citations]
        assert cited or (grounding == "flag" and not claim.supported)
        for words in quoted_words(claim.text):
            assert any(fold(words).rstrip(".,") in fold(quote) for quote in cited)
        assert "://" not in claim.text
        assert "](" not in claim.text
