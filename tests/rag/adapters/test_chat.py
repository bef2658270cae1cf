"""A chat model through the real client, against the stand-in server: what is sent, what comes, and what stops it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from evals.standins.chat_script import Body, Reply, Rule, Script, When, turns
from evals.standins.chat_server import ChatServer, Received
from rag.adapters.chat import LangChainChat
from rag.chatting import Finished, Message, Usage
from rag.errors import ProviderTimeoutError
from rag.settings import ChatSettings
from tests.contracts.chat_model import ChatModelContract, Connect
from tests.rag.adapters.chats import ASKED, QUESTION, QUICK, SECRET, Came, came_of, listen, model_at, soon, using
from tests.running import run

ANSWER = "“The bridge — 9 m €,” said Ödön 🙂 [1.1][2.3–4]."


def counting(body: Body) -> Reply:
    """Does as the contract's prompts tell it, with stop words as a server keeps to them."""
    text = "one, two, three, four, five, six, seven, eight, nine, ten"
    ends = [text.index(word) for word in body.get("stop") or () if word in text]
    return Reply(text=text[: min(ends, default=len(text))], top={"Yes": 0.9, " no": 0.1})


class TestLangChainChat(ChatModelContract):
    @pytest.fixture
    def connect(self) -> Iterator[Connect]:
        with ChatServer(counting) as url:
            yield lambda: model_at(url)


class TestWithoutStopWordsOfTheProvider(ChatModelContract):
    """Some servers ignore `stop`."""

    @pytest.fixture
    def connect(self) -> Iterator[Connect]:
        with ChatServer(lambda body: counting({})) as url:
            yield lambda: model_at(url)


# --- what comes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        Reply(text=ANSWER),
        Reply(text=ANSWER, cut="characters"),
        Reply(text=ANSWER, cut="whole"),
        Reply(text=ANSWER, cut="characters", bytes_a_write=1),
        Reply(text=ANSWER, bytes_a_write=3),
        Reply(pieces=(ANSWER[:30], "", ANSWER[30:37], ANSWER[37:])),
        Reply(text=ANSWER, done=False),
        Reply(text=ANSWER, usage=False),
    ],
    ids=["words", "characters", "whole", "bytes", "three-bytes", "empty-piece", "no-done", "no-usage"],
)
def test_the_text_is_the_same_however_it_is_cut(reply: Reply) -> None:
    came = came_of(turns(reply))

    assert came.text == ANSWER
    assert came.finished is not None
    assert came.finished.reason == "stop"


def test_usage_is_as_the_provider_counts_it() -> None:
    came = came_of(turns(Reply(text="One two.", cached_tokens=4)))

    words = len(QUESTION.split()) + len(ASKED[0].content.split())
    assert came.finished == Finished("stop", Usage(words, 2, 4))


def test_half_a_character_at_a_time_is_a_whole_one() -> None:
    came = came_of(turns(Reply(pieces=("a \ud83d", "\ude42 b \udc00"))))

    assert came.text == "a 🙂 b �"


# --- what is sent ----------------------------------------------------------------------------------------------------


def test_a_request_is_deterministic_streamed_and_says_its_limits() -> None:
    (request,) = came_of(turns(Reply(text="x")), max_tokens=33, stop=("\n\n",)).requests

    assert request.authorization == f"Bearer {SECRET}"
    assert request.body == {
        "model": "stand-in",
        "messages": [
            {"role": "system", "content": "Point at the sentences."},
            {"role": "user", "content": QUESTION},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.0,
        "max_completion_tokens": 33,
        "max_tokens": 33,
        "stop": ["\n\n"],
    }


def test_a_model_that_thinks_first_is_sent_no_temperature_and_room_to_think() -> None:
    settings = QUICK.model_copy(update={"reasoning_tokens": 1000, "reasoning_effort": "low"})
    came = came_of(turns(Reply(text="a b STOP c")), name="gpt-5-mini", settings=settings, max_tokens=33, stop=("STOP",))
    body = came.requests[0].body

    assert came.text == "a b "
    assert body["max_completion_tokens"] == 1033
    assert body["reasoning_effort"] == "low"
    assert {"temperature", "stop"}.isdisjoint(body)


@pytest.mark.parametrize("name", ["temperature", "max_tokens", "max_completion_tokens", "stop", "stream_options"])
def test_a_parameter_that_a_server_does_not_take_is_left_out_from_then_on(name: str) -> None:
    async def twice(model: LangChainChat) -> list[Came]:
        return [await listen(model, stop=("END",)) for _ in range(2)]

    came, requests = using(turns(Reply(text="a b c")), twice, refuses=(name,))

    assert [each.text for each in came] == ["a b c", "a b c"]
    assert [name in request.body for request in requests] == [True, False, False]


def test_calls_at_the_same_time_may_learn_the_same() -> None:
    async def together(model: LangChainChat) -> list[Came]:
        return await asyncio.gather(*(listen(model) for _ in range(4)))

    came, _ = using(turns(Reply(text="a b c", first_token_s=0.02)), together, refuses=("temperature",))

    assert [(each.text, each.error) for each in came] == [("a b c", None)] * 4


# --- what stops it ---------------------------------------------------------------------------------------------------


def test_a_reader_who_leaves_stops_the_call_at_the_provider() -> None:
    async def leave(model: LangChainChat) -> None:
        async with aclosing(model.stream(ASKED, max_tokens=10_000)) as pieces:
            async for _ in pieces:
                break

    _, (request,) = using(turns(Reply(text="word ", endless=True, between_tokens_s=0.01)), leave)

    assert request.wait() == "disconnected"


@pytest.mark.parametrize(
    "reply",
    [Reply(text="a b", hang_after=0), Reply(text="a b", hang_after=1), Reply(text="a b", first_token_s=60)],
    ids=["before-the-first", "in-the-middle", "slow"],
)
def test_a_cancelled_task_stops_the_call_at_the_provider(reply: Reply) -> None:
    server = ChatServer(turns(reply))

    async def cancelled(url: str) -> Received:
        model = model_at(url)
        listening = asyncio.create_task(listen(model))
        await soon(lambda: len(server.requests) == 1)
        listening.cancel()
        await asyncio.wait([listening])
        await soon(lambda: server.requests[0].ended is not None)
        await model.close()
        return server.requests[0]

    with server as url:
        assert run(cancelled(url)).ended == "disconnected"


def test_a_reader_who_is_slow_is_not_taken_for_a_slow_provider() -> None:
    settings = QUICK.model_copy(update={"next_token_timeout_s": 0.4})

    async def slowly(model: LangChainChat) -> str:
        text = ""
        async for piece in model.stream(ASKED, max_tokens=50):
            await asyncio.sleep(0.5)
            text += piece if isinstance(piece, str) else "|"
        return text

    text, _ = using(turns(Reply(text="a b")), slowly, settings=settings)

    assert text == "a b|"


def test_no_more_calls_are_under_way_than_are_allowed() -> None:
    settings = QUICK.model_copy(update={"concurrency": 2})
    most = 0

    def script(body: Body) -> Reply:
        nonlocal most
        # A call is over for the client after its text has come, and not before.
        most = max(most, sum(not request.pieces_sent for request in server.requests))
        return Reply(text="a b c", first_token_s=0.05)

    server = ChatServer(script)

    async def crowd(url: str) -> list[Came]:
        model = model_at(url, settings)
        came = await asyncio.gather(*(listen(model) for _ in range(7)))
        await model.close()
        return came

    with server as url:
        assert [came.text for came in run(crowd(url))] == ["a b c"] * 7
    assert 1 <= most <= 2


def test_waiting_for_a_turn_counts_to_the_deadline() -> None:
    settings = QUICK.model_copy(update={"concurrency": 1, "deadline_s": 0.5})

    async def behind_another(model: LangChainChat) -> Came:
        async with aclosing(model.stream(ASKED, max_tokens=50)) as first:
            await anext(first)
            return await listen(model)

    came, _ = using(turns(Reply(text="a b", hang_after=1)), behind_another, settings=settings)

    assert isinstance(came.error, ProviderTimeoutError)
    assert "given up after 0.5 s" in str(came.error)
    assert "0.0 of them" not in str(came.error)


# --- the judge -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "choices", "shares"),
    [
        ({"Yes": 0.6, " yes": 0.1, "No": 0.1, "Perhaps": 0.2}, ["yes", "no"], {"yes": 0.875, "no": 0.125}),
        ({"support": 0.5, "un": 0.25, "s": 0.25}, ["supported", "unsupported"], {"supported": 0.75, "unsupported": 0.25}),
        ({"y": 0.5, "n": 0.5}, ["yes", "no"], {"yes": 0.5, "no": 0.5}),
        ({"<think>": 1.0}, ["yes", "no"], None),
        ({"": 0.5, " ": 0.5}, ["yes", "no"], None),
        (None, ["yes", "no"], None),
    ],
)  # fmt: skip
def test_a_verdict_is_read_from_the_first_token(
    top: dict[str, float] | None, choices: list[str], shares: dict[str, float] | None
) -> None:
    async def judged(model: LangChainChat) -> object:
        return await model.judge([Message("user", "?")], choices)

    given, (request,) = using(turns(Reply(text="Yes", top=top)), judged)

    assert given == (None if shares is None else pytest.approx(shares))
    assert request.body["max_completion_tokens"] == 1
    assert request.body["stream"] is False


def test_a_model_without_log_probabilities_is_asked_for_them_once() -> None:
    async def twice(model: LangChainChat) -> list[object]:
        return [await model.judge(ASKED, ["yes", "no"]) for _ in range(2)]

    given, requests = using(turns(Reply(text="Yes")), twice, refuses=("logprobs",))

    assert given == [None, None]
    assert len(requests) == 1


def test_a_model_that_thinks_first_is_not_asked_for_a_verdict() -> None:
    async def judged(model: LangChainChat) -> object:
        return await model.judge(ASKED, ["yes", "no"])

    assert using(turns(Reply(text="Yes")), judged, name="o4-mini") == (None, [])


def test_a_verdict_is_tried_again_as_an_answer_is() -> None:
    script = Script(
        [
            Rule(when=When(logprobs=True), times=1, reply=Reply(status=503, error="busy")),
            Rule(reply=Reply(text="yes", top={"yes": 1.0})),
        ]
    )

    async def judged(model: LangChainChat) -> object:
        return await model.judge(ASKED, ["yes", "no"])

    assert using(script, judged)[0] == {"yes": 1.0, "no": 0.0}


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_neither_the_key_nor_the_prompt_reaches_a_log_or_a_repr(caplog: pytest.LogCaptureFixture) -> None:
    async def both(model: LangChainChat) -> str:
        await listen(model)
        return repr(model) + repr(vars(model))

    with caplog.at_level(logging.DEBUG):
        shown, _ = using(turns(Reply(text="a b c")), both)

    for secret in (SECRET, QUESTION):
        assert secret not in shown
        assert secret not in caplog.text


def test_the_settings_of_a_call_are_bounded_by_default() -> None:
    assert ChatSettings().deadline_s <= 600
    assert ChatSettings().retries <= 5
