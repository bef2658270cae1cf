"""Chat models and support checks that do as a test says, in process. The stand-in server speaks the real protocol."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from functools import partial

from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.answering import Answerer, Request
from rag.aptness import AptnessCheck
from rag.chatting import Finished, Message, Usage
from rag.composition import make_answerer
from rag.conversing import standalone
from rag.domain import Answer, Article
from rag.generation import ModelDrafts
from rag.library import Library
from rag.making import ModelAnswers
from rag.remembering import AnswerMemory
from rag.settings import EvidenceSettings, Fallback, RetrievalSettings, Settings
from rag.support import Claimed
from rag.verifying import Verifier
from tests.newsroom import document
from tests.rag.asking import ARTICLES
from tests.running import on_library

Piece = str | Exception | Finished
# What is written, from what was asked: the prompt's last message.
Writer = Callable[[str], Sequence[Piece]]


class ScriptedChat:
    """Writes what its script says, piece by piece; remembers what it was asked."""

    name = "scripted"

    def __init__(self, script: str | Sequence[Piece] | Writer) -> None:
        self._script = script
        self.asked: list[Sequence[Message]] = []
        self.closed_early = 0

    async def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> AsyncGenerator[str | Finished, None]:
        self.asked.append(messages)
        written = self._script(messages[-1].content) if callable(self._script) else self._script
        try:
            for piece in [written] if isinstance(written, str) else written:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
            yield Finished("stop", Usage(100, 10))
        except GeneratorExit:
            self.closed_early += 1
            raise

    async def judge(self, messages: Sequence[Message], choices: Sequence[str]) -> Mapping[str, float] | None:
        return None

    async def close(self) -> None:
        return None


class Credulous:
    """Finds every claim supported whose words are not among the `doubted`."""

    name = "credulous"
    threshold = 0.5

    def __init__(self, *doubted: str) -> None:
        self._doubted = doubted

    async def scores(self, claims: Sequence[Claimed]) -> list[float]:
        return [0.0 if any(word in claim.text for word in self._doubted) else 1.0 for claim in claims]


def model_answerer(
    library: Library,
    chat: ScriptedChat,
    support: Credulous,
    fallback: Fallback = "abstain",
    memory: AnswerMemory | None = None,
) -> Answerer:

    plain = make_answerer(Settings(), library)
    return Answerer(
        library,
        plain._extractive,
        retrieval=RetrievalSettings(),
        evidence=EvidenceSettings(),
        model=ModelAnswers(
            ModelDrafts(chat, library, evidence_tokens=3000, answer_tokens=500),
            Verifier(support),
            AptnessCheck(library, WordVectorCache(StaticEmbeddings())),
            partial(standalone, chat=chat),
            WordVectorCache(StaticEmbeddings()),
            fallback,
            memory,
        ),
    )


def answered(
    settings: Settings,
    script: str | Sequence[Piece] | Writer,
    *,
    question: str = "How long will the dredging of the port take?",
    support: Credulous | None = None,
    fallback: Fallback = "abstain",
    articles: Sequence[Article] = ARTICLES,
    **request: object,
) -> Answer:
    """The answer of a model with that script on made-up articles, every citation checked."""
    chat = ScriptedChat(script)

    async def act(library: Library) -> Answer:
        await library.put([document(article) for article in articles])
        answerer = model_answerer(library, chat, support or Credulous(), fallback)
        return await answerer.ask(Request(question, **request))  # type: ignore[arg-type]

    answer = on_library(settings, act)
    for citation in answer.citations:
        assert citation.quote == citation.span.of(citation.article.body)
    return answer


def pointing(text: str, words: str) -> Writer:
    """Writes `text`, its `{}` filled with the pointer to the sentence of the prompt that holds `words`."""

    def write(prompt: str) -> Sequence[Piece]:
        line = next(line for line in prompt.splitlines() if words in line and line.startswith("["))
        return [text.replace("{}", line.split(" ", 1)[0])]

    return write
