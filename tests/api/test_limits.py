"""How often somebody may ask: of keys, addresses and wrong keys, by a clock that the tests move."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from api.access.callers import IN_SCOPE, command_line
from api.access.door import Door
from api.access.limits import Buckets, neighbourhood
from api.access.policy import Access
from api.access.table import Table
from rag.settings import LimitSettings, ServerSettings
from tests.api.opened import SITE, Opened, opened

LIMITS = LimitSettings(key_per_minute=6, address_per_minute=4, failures_per_minute=3, asks_at_once=2)


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Opened]:
    with opened(tmp_path / "library", limits=LIMITS, origins=[SITE]) as served:
        yield served


def statuses(served: Opened, times: int, key: str | None, **request: Any) -> list[int]:
    return [served.send("GET", "/v1/models", key, **request).status_code for _ in range(times)]


def test_open_loopback_is_not_limited(limited: Opened) -> None:
    assert statuses(limited, 20, None) == [200] * 20


def test_a_key_may_ask_so_often_and_again_as_time_passes(limited: Opened) -> None:
    first, second = limited.key("ask")["key"], limited.key("ask")["key"]

    assert statuses(limited, 7, first) == [200] * 6 + [429]
    refused = limited.send("GET", "/v1/people", first)
    assert refused.headers["retry-after"] == "10"
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"].endswith("the next may come in 10 s")
    assert statuses(limited, 1, second) == [200], "each key for itself"

    limited.clock.pass_(10)
    assert statuses(limited, 2, first) == [200, 429]


def test_tokens_are_limited_by_address_and_cost_their_key_nothing(limited: Opened) -> None:
    key = limited.key("ask")["key"]
    token = limited.token(key, "ask")

    assert statuses(limited, 5, token, headers={"origin": SITE}) == [200] * 4 + [429]
    assert statuses(limited, 5, key) == [200] * 5


def test_wrong_keys_are_limited_by_address_and_a_right_one_is_let_in_all_the_same(limited: Opened) -> None:
    key = limited.key("ask")["key"]
    wrong = key[:-1] + ("a" if key[-1] != "a" else "b")

    assert statuses(limited, 5, wrong) == [401] * 3 + [429] * 2
    assert limited.send("GET", "/v1/models", wrong).headers["retry-after"] == "20"
    assert statuses(limited, 1, key) == [200]
    there = limited.neighbour().get("/v1/models", headers={"authorization": f"Bearer {wrong}"})
    assert there.status_code == 401


def test_the_commands_of_this_machine_are_not_limited(limited: Opened) -> None:
    limited.key("ask")

    assert statuses(limited, 20, limited.ops) == [200] * 20


def test_an_answer_to_a_limit_is_in_openais_shape_on_its_routes(limited: Opened) -> None:
    key = limited.key("ask")["key"]

    statuses(limited, 6, key)

    error = limited.send("GET", "/v1/models", key).json()["error"]
    assert error["code"] == "rate_limit_exceeded"


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 50))
def test_no_more_is_given_out_than_a_full_bucket_and_what_time_has_filled(waits: list[float], per_minute: int) -> None:
    now = 0.0
    buckets = Buckets("key", per_minute, lambda: now)
    given_out = 0
    for wait in waits:
        now += wait
        told = buckets.take("a")
        given_out += told == 0
        if told:
            now += told * 1.000001 + 1e-6  # as long as it says is long enough
            assert buckets.take("a") == 0
            given_out += 1

    assert given_out <= per_minute + now * per_minute / 60 + 1e-3


def test_a_machine_is_one_address_however_many_it_has() -> None:
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1") == "2001:db8::/64"
    assert neighbourhood("2001:db8:0:1::1") != neighbourhood("2001:db8::1")
    assert neighbourhood("::ffff:192.0.2.1") == neighbourhood("192.0.2.1") == "192.0.2.1"
    assert neighbourhood("a socket") == "a socket"


# --- at once, and for how long ---------------------------------------------------------------------------------------


def answered(door: Door, *, times: int = 1) -> list[list[Message]]:
    """What each of so many questions, asked at once by this machine's own commands, is sent."""

    async def one() -> list[Message]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {"type": "http", "method": "POST", "path": "/v1/ask", "headers": [], IN_SCOPE: command_line()}
        await door(scope, receive, send)
        return sent

    async def all_() -> list[list[Message]]:
        return await asyncio.gather(*(one() for _ in range(times)))

    return asyncio.run(all_())


def door(app: Any, *, timeout_s: float = 60) -> tuple[Door, Access]:
    access = Access(ServerSettings(timeout_s=timeout_s), LIMITS, None)
    return Door(app, access=access, table=Table()), access


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(0)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


def test_more_questions_than_may_be_under_way_are_told_to_come_again() -> None:
    asked, access = door(_answer)

    starts = [sent[0] for sent in answered(asked, times=5)]

    assert sorted(start["status"] for start in starts) == [200, 200, 503, 503, 503]
    refused = next(start for start in starts if start["status"] == 503)
    assert (b"retry-after", b"1") in refused["headers"]
    assert access.asks == 0
    assert [sent[0]["status"] for sent in answered(asked, times=2)] == [200, 200]


def test_a_question_that_fails_gives_its_place_back() -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("broken")

    asked, access = door(fails)

    with pytest.raises(RuntimeError, match="broken"):
        answered(asked)
    assert access.asks == 0


def test_a_request_that_takes_too_long_is_given_up() -> None:
    stopped = asyncio.Event()

    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    asked, access = door(never, timeout_s=0.01)

    ((start, body),) = answered(asked)

    assert start["status"] == 504
    assert b"longer than 0.01 s" in body["body"]
    assert stopped.is_set()
    assert access.asks == 0
