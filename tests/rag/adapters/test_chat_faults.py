"""Each fault that a provider has shown ends in a defined error, after as many tries as make sense, never in a hang."""

from __future__ import annotations

import traceback

import pytest

from evals.standins.chat_script import (
    TOO_LONG,
    Reply,
    failing,
    filtered,
    no_such_model,
    out_of_quota,
    rate_limited,
    refused_parameter,
    turns,
    wrong_key,
)
from rag.adapters.chat import LangChainChat
from rag.errors import (
    ProviderBusyError,
    ProviderContextError,
    ProviderError,
    ProviderFilteredError,
    ProviderRefusedError,
    ProviderTimeoutError,
)
from tests.rag.adapters.chats import ASKED, QUESTION, QUICK, SECRET, came_of, listen, model_at, using
from tests.running import run

FINE = Reply(text="It opens in May. [1.1]")
SHORT = QUICK.model_copy(update={"first_token_timeout_s": 0.3})
IMPATIENT = QUICK.model_copy(update={"next_token_timeout_s": 0.5})


@pytest.mark.parametrize(
    "fault",
    [
        failing(500), failing(502), failing(503), failing(529), Reply(status=500, error="<html>Bad gateway</html>"),
        rate_limited(), rate_limited(0.01), rate_limited(0, as_date=True), rate_limited(-60, as_date=True),
        Reply(status=429, error="", headers={"retry-after": "soon"}),
        Reply(status=429, error="", headers={"retry-after-ms": "20"}),
        Reply(status=408, error="timeout"),
        Reply(text="a", close_after=0), Reply(text="a", garble_after=0), Reply(text="a", error_after=0, error={"error": {}}),
        Reply(text="a", error_after=0, error={"error": {"message": "overloaded", "code": 503}}),
        Reply(), Reply(finish_reason=None), Reply(finish_reason=None, done=False),
    ],
    ids=lambda reply: " ".join([str(reply.status), *reply.headers]),
)  # fmt: skip
def test_what_passes_is_tried_again_while_nothing_has_come(fault: Reply) -> None:
    came = came_of(turns(fault, FINE), settings=QUICK.model_copy(update={"deadline_s": 15}))

    assert (came.text, came.error) == (FINE.text, None)
    assert len(came.requests) == 2


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        (failing(500), ProviderBusyError, "fails for now (500)"),
        (rate_limited(), ProviderBusyError, "too many requests (429)"),
        (Reply(text="a", close_after=0), ProviderTimeoutError, "no reply"),
        (Reply(text="a", garble_after=0), ProviderError, "cannot be read"),
        (Reply(), ProviderError, "the answer was empty"),
        (Reply(finish_reason=None), ProviderError, "broke off without an end"),
        (Reply(text="{}", content_type="application/json"), ProviderError, "cannot be read"),
    ],
)  # fmt: skip
def test_what_does_not_pass_is_an_error_after_the_last_retry(
    fault: Reply, kind: type[ProviderError], says: str
) -> None:
    came = came_of(turns(fault))

    assert type(came.error) is kind
    assert says in str(came.error)
    assert (came.text, came.finished) == ("", None)
    assert len(came.requests) == 1 + QUICK.retries


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        (wrong_key(), ProviderRefusedError, "refused the key (401)"),
        (failing(403), ProviderRefusedError, "refused the key (403)"),
        (no_such_model("gpt-9"), ProviderRefusedError, "no such model"),
        (failing(404), ProviderRefusedError, "no such model or address"),
        (failing(400), ProviderRefusedError, "refused the request (400)"),
        (refused_parameter("messages"), ProviderRefusedError, "refused the request (400)"),
        (out_of_quota(), ProviderRefusedError, "no quota left"),
        (failing(402), ProviderRefusedError, "no quota left"),
        (filtered(), ProviderFilteredError, "rules keep it"),
        (Reply(refusal="I cannot help with that."), ProviderFilteredError, "rules keep it"),
        (Reply(finish_reason="content_filter"), ProviderFilteredError, "rules keep it"),
        (Reply(finish_reason="length"), ProviderRefusedError, "ONRECORD_CHAT__REASONING_TOKENS"),
        (Reply(status=413, error="too large"), ProviderContextError, "send less"),
        (Reply(text="a", error_after=0, error={"error": TOO_LONG["vllm"].error}), ProviderContextError, "send less"),
        (Reply(text="<html>", content_type="text/html"), ProviderRefusedError, "text/html"),
        *((reply, ProviderContextError, "send less") for reply in TOO_LONG.values()),
    ],
)  # fmt: skip
def test_a_refusal_is_not_tried_again(fault: Reply, kind: type[ProviderError], says: str) -> None:
    came = came_of(turns(fault))

    assert type(came.error) is kind
    assert says in str(came.error)
    assert len(came.requests) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        (Reply(text="a b c", close_after=2), ProviderError, "broke off in the middle"),
        (Reply(text="a b c", garble_after=2), ProviderError, "cannot be read"),
        (Reply(text="a b", finish_reason=None), ProviderError, "broke off without an end"),
        (Reply(text="a b", finish_reason=None, done=False), ProviderError, "broke off without an end"),
        (Reply(text="a b c", error_after=2, error={"error": {"message": "!", "code": 500}}), ProviderError, "(500)"),
        (Reply(text="a b c", hang_after=2), ProviderTimeoutError, "nothing came for 0.5 s"),
    ],
)  # fmt: skip
def test_what_breaks_after_the_first_word_is_not_tried_again(
    fault: Reply, kind: type[ProviderError], says: str
) -> None:
    came = came_of(turns(fault), settings=QUICK if fault.hang_after is None else IMPATIENT)

    assert isinstance(came.error, kind)
    assert says in str(came.error)
    assert (came.text, came.finished) == ("a b", None)
    assert len(came.requests) == 1


# --- time ------------------------------------------------------------------------------------------------------------


def test_a_provider_that_is_silent_is_asked_again_and_then_given_up() -> None:
    came = came_of(turns(Reply(text="a", first_token_s=60)), settings=SHORT)

    assert isinstance(came.error, ProviderTimeoutError)
    assert [request.wait() for request in came.requests] == ["disconnected"] * 3


def test_the_deadline_ends_an_answer_that_drips() -> None:
    settings = QUICK.model_copy(update={"deadline_s": 0.6})
    came = came_of(turns(Reply(text="a ", endless=True, between_tokens_s=0.05)), settings=settings, max_tokens=10_000)

    assert isinstance(came.error, ProviderTimeoutError)
    assert "given up after 0.6 s" in str(came.error)
    assert came.requests[0].wait() == "disconnected"


@pytest.mark.parametrize("as_date", [False, True])
def test_a_wait_that_is_longer_than_the_deadline_is_not_begun(as_date: bool) -> None:
    came = came_of(turns(rate_limited(3600, as_date=as_date)))

    assert isinstance(came.error, ProviderBusyError)
    assert came.error.retry_after_s == pytest.approx(3600, abs=5)
    assert len(came.requests) == 1


def test_a_server_that_is_not_there_gives_no_reply() -> None:
    async def nobody() -> ProviderError | None:
        model = model_at("http://127.0.0.1:9/v1")
        try:
            return (await listen(model)).error
        finally:
            await model.close()

    assert isinstance(run(nobody()), ProviderTimeoutError)


# --- length ----------------------------------------------------------------------------------------------------------


def test_an_answer_without_end_is_cut_by_us_where_the_provider_does_not() -> None:
    came = came_of(turns(Reply(text="on and on ", endless=True)), max_tokens=20)

    assert came.finished is not None
    assert came.finished.reason == "length"
    assert 0 < len(came.text) <= 20 * 16
    assert came.requests[0].wait() == "disconnected"


def test_an_answer_that_is_filtered_on_its_way_says_so() -> None:
    came = came_of(turns(Reply(text="a b", finish_reason="content_filter")))

    assert came.text == "a b"
    assert came.finished is not None
    assert came.finished.reason == "content_filter"


# --- what is not said --------------------------------------------------------------------------------------------------


def test_no_error_repeats_the_key_the_prompt_or_the_providers_words() -> None:
    echoing = failing(400, f"cannot answer {QUESTION!r} for {SECRET}")

    async def raised(model: LangChainChat) -> str:
        try:
            async for _ in model.stream(ASKED, max_tokens=5):
                pass
        except ProviderError as error:
            return "".join(traceback.format_exception(error))
        return ""

    told, _ = using(turns(echoing), raised)

    assert "refused the request (400)" in told
    assert SECRET not in told
    assert QUESTION not in told
