"""What every chat model promises, whatever serves it."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar

import pytest

from rag.chatting import ChatModel, Finished, Message
from tests.running import run

T = TypeVar("T")
Connect = Callable[[], ChatModel]

COUNT = [
    Message("system", "Do as you are told."),
    Message("user", "Count from one to ten in words: one, two, three ..."),
]
ICE = [Message("user", "Is ice cold? Answer with one word, yes or no.")]


async def said(model: ChatModel, *, max_tokens: int = 24, stop: tuple[str, ...] = ()) -> list[str | Finished]:
    return [piece async for piece in model.stream(COUNT, max_tokens=max_tokens, stop=stop)]


def using(connect: Connect, use: Callable[[ChatModel], Awaitable[T]]) -> T:
    """Open, use, close, in an event loop of its own."""

    async def opened() -> T:
        model = connect()
        try:
            return await use(model)
        finally:
            await model.close()

    return run(opened())


class ChatModelContract:
    """Inherit, and give the fixture `connect`, which opens a model that does as it is told."""

    @pytest.fixture
    @abstractmethod
    def connect(self) -> Connect:
        raise NotImplementedError

    def test_an_answer_is_pieces_of_text_and_one_end_with_its_usage(self, connect: Connect) -> None:
        *pieces, end = using(connect, said)

        assert pieces
        assert all(isinstance(piece, str) and piece for piece in pieces)
        assert isinstance(end, Finished)
        assert end.usage.prompt_tokens > 0
        assert 0 < end.usage.completion_tokens <= 24

    def test_an_answer_that_is_cut_at_its_limit_says_so(self, connect: Connect) -> None:
        async def short(model: ChatModel) -> list[str | Finished]:
            return await said(model, max_tokens=3)

        *pieces, end = using(connect, short)

        assert pieces
        assert isinstance(end, Finished)
        assert end.reason == "length"

    def test_a_stop_word_ends_the_answer_and_is_no_part_of_it(self, connect: Connect) -> None:
        async def stopped(model: ChatModel) -> list[str | Finished]:
            return await said(model, stop=("three", "Three"))

        *pieces, end = using(connect, stopped)

        assert "three" not in "".join(str(piece) for piece in pieces).casefold()
        assert isinstance(end, Finished)
        assert end.reason == "stop"

    def test_a_reader_who_leaves_leaves_a_model_that_answers_the_next(self, connect: Connect) -> None:
        async def leave_and_return(model: ChatModel) -> list[str | Finished]:
            stream = model.stream(COUNT, max_tokens=24)
            async with aclosing(stream) as pieces:  # type: ignore[type-var]
                async for _ in pieces:
                    break
            return await said(model)

        assert isinstance(using(connect, leave_and_return)[-1], Finished)

    def test_calls_at_the_same_time_all_end(self, connect: Connect) -> None:
        async def together(model: ChatModel) -> list[list[str | Finished]]:
            return await asyncio.gather(*(said(model, max_tokens=4) for _ in range(3)))

        for answer in using(connect, together):
            assert isinstance(answer[-1], Finished)

    def test_a_verdict_is_a_share_for_each_choice_or_none_at_all(self, connect: Connect) -> None:
        async def judged(model: ChatModel) -> object:
            return await model.judge(ICE, ["yes", "no"])

        shares = using(connect, judged)

        if shares is not None:
            assert isinstance(shares, dict)
            assert set(shares) == {"yes", "no"}
            assert sum(shares.values()) == pytest.approx(1)
            assert shares["yes"] > shares["no"]

    def test_a_model_has_a_name_and_can_be_closed_without_a_call_and_twice(self, connect: Connect) -> None:
        async def named(model: ChatModel) -> str:
            await model.close()
            return model.name

        assert using(connect, named)
