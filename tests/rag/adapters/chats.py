"""A `LangChainChat` on the stand-in server, and what came of asking it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import SecretStr

from evals.standins.chat_script import Body, Reply
from evals.standins.chat_server import ChatServer, Received
from rag.adapters.chat import LangChainChat
from rag.adapters.chat_providers import connect_openai
from rag.chatting import ChatModel, Finished, Message
from rag.errors import ProviderError
from rag.settings import ChatSettings
from tests.running import run

T = TypeVar("T")

SECRET = "sk-very-secret"
QUESTION = "What did the minister of bridges say?"
ASKED = [Message("system", "Point at the sentences."), Message("user", QUESTION)]
# Small, so that no test waits; large enough that a busy machine is not taken for a silent provider.
QUICK = ChatSettings(
    first_token_timeout_s=5, next_token_timeout_s=5, deadline_s=20, backoff_s=0.001, connect_timeout_s=5, retries=2
)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one call: the text, how it ended, the error if one was raised, and what the server was asked."""

    pieces: tuple[str, ...]
    finished: Finished | None
    error: ProviderError | None
    requests: Sequence[Received]

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def model_at(url: str, settings: ChatSettings = QUICK, *, name: str = "stand-in") -> LangChainChat:
    return LangChainChat(connect_openai(name, settings, base_url=url, key=SecretStr(SECRET)), settings)


def using(
    script: Callable[[Body], Reply],
    use: Callable[[LangChainChat], Awaitable[T]],
    *,
    settings: ChatSettings = QUICK,
    name: str = "stand-in",
    **server: Any,
) -> tuple[T, Sequence[Received]]:
    """What `use` returns, and the requests that the server got."""
    standing_in = ChatServer(script, models=(name,), **server)

    async def opened(url: str) -> T:
        model = model_at(url, settings, name=name)
        try:
            return await use(model)
        finally:
            await model.close()

    with standing_in as url:
        return run(opened(url)), standing_in.requests


async def listen(model: ChatModel, *, max_tokens: int = 50, stop: Sequence[str] = ()) -> Came:
    pieces: list[str] = []
    finished = error = None
    try:
        async for piece in model.stream(ASKED, max_tokens=max_tokens, stop=stop):
            if isinstance(piece, Finished):
                assert finished is None
                finished = piece
            else:
                pieces.append(piece)
    except ProviderError as raised:
        error = raised
    return Came(tuple(pieces), finished, error, ())


def came_of(script: Callable[[Body], Reply], *, settings: ChatSettings = QUICK, **more: Any) -> Came:
    """One call, to its end."""
    wanted = {name: more.pop(name) for name in ("max_tokens", "stop") if name in more}

    async def once(model: LangChainChat) -> Came:
        return await listen(model, **wanted)

    came, requests = using(script, once, settings=settings, **more)
    return Came(came.pieces, came.finished, came.error, requests)


async def soon(holds: Callable[[], bool]) -> None:
    """Returns once it holds. Raises TimeoutError."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110  what is waited for happens on the server's thread
            await asyncio.sleep(0.005)
