"""Questions put to a few made-up articles, through the real stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rag.answering import Answerer, Request
from rag.composition import make_answerer
from rag.domain import Answer, Article, Filters, Turn
from rag.library import Library
from rag.settings import Settings
from tests.newsroom import document
from tests.running import on_library

HARBOUR = Article(
    id="harbour",
    title="Port of Veld to close for dredging",
    body=(
        "The port of Veld will close for dredging on 4 May, the harbour board said on Monday.\n\n"
        "Marta Lindqvist, chair of the harbour board, defended the plan. “The channel has lost two metres of depth since"
        " 2019,” she said. “If we wait another winter, the grain ships will go elsewhere.”\n\n"
        "The work will take eleven weeks and cost 14 million crowns. It will be led by Per Aalto, a dredging engineer"
        " from Norrby.\n\n"
        "Deputy mayor Ivo Lindqvist, who is not related to her, denied that the town had been warned in 2021. But he"
        " agreed that the fishing fleet would suffer."
    ),
    outlet="Veld Messenger",
    published_at=datetime(2025, 4, 7, 8, tzinfo=UTC),
)
LATER = Article(
    id="later",
    title="Dredging of the port of Veld put off",
    body=(
        "Dredging of the port of Veld will not begin before September, the harbour board said on Friday.\n\n"
        "“We have found a wreck in the channel,” Marta Lindqvist said. “Nobody digs through a wreck.”"
    ),
    outlet="Coast Herald",
    published_at=datetime(2025, 4, 25, 8, tzinfo=UTC),
)
COPY = Article(
    id="copy",
    title="Dredging to shut port for weeks",
    body=HARBOUR.body,
    outlet="Morning Wire",
    published_at=datetime(2025, 4, 7, 9, tzinfo=UTC),
)
ARTICLES = (HARBOUR, LATER)


def ask(settings: Settings, question: str, articles: Sequence[Article] = ARTICLES, **request: object) -> Answer:
    """The answer, with every citation checked against its article."""

    async def act(library: Library) -> Answer:
        await library.put([document(article) for article in articles])
        answerer: Answerer = make_answerer(settings, library)
        return await answerer.ask(Request(question, **request))  # type: ignore[arg-type]

    answer = on_library(settings, act)
    bodies = {article.id: document(article).article.body for article in articles}
    for citation in answer.citations:
        assert citation.quote == citation.span.of(bodies[citation.article.id])
    for claim in answer.claims:
        assert answer.text[claim.start : claim.end] == claim.text
    return answer


__all__ = ["ARTICLES", "COPY", "HARBOUR", "LATER", "Filters", "Turn", "ask"]
