"""Asking over HTTP: replies read, retries bounded, faults kept apart from answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from evals.asking import Asked, AskError, ChatCompletions, Service, asker_for
from evals.cases import Case
from evals.replies import claims_in, reply_of_chat
from evals.standins.chat_script import Reply as Scripted
from evals.standins.chat_script import failing, turns
from evals.standins.chat_server import ChatServer
from rag.domain import Turn
from tests.evals.scoring import case

BODY = "Late news. The ferry stops at nine."
ANSWER: dict[str, Any] = {
    "id": "1",
    "answered": True,
    "abstention": None,
    "text": "The ferry stops at nine. [1]",
    "claims": [{"text": "The ferry stops at nine.", "start": 0, "end": 24, "supported": True, "citations": [1]}],
    "citations": [
        {
            "number": 1,
            "article": {"id": "art", "title": "Ferry", "outlet": "A", "url": None, "published_at": "2025-01-02", "revision": 2},
            "start": 11,
            "end": 35,
            "quote": "The ferry stops at nine.",
            "speaker": {"name": "Aino Rask", "role": None},
        }
    ],
    "evidence": [],
    "mode": "extractive",
    "usage": {"total_tokens": 7},
}  # fmt: skip
Handler = Callable[[httpx.Request], httpx.Response]


def served(request: httpx.Request) -> httpx.Response:
    """A service with one answer and one article."""
    if request.url.path == "/openapi.json":
        return httpx.Response(200, json={"info": {"version": "9"}, "paths": {"/v1/ask": {}}})
    if request.url.path == "/v1/articles/art":
        assert request.url.params["revision"] == "2"
        return httpx.Response(200, json={"body": BODY})
    return httpx.Response(200, json=ANSWER)


def asked(handler: Handler, *, streams: bool = False, of: Case | None = None) -> Asked:
    async def ask() -> Asked:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler), base_url="http://a.example") as client:
            return await Service(client, mode="auto", streams=streams).ask(of or case())

    return asyncio.run(ask())


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.asking._FIRST_WAIT_S", 0.001)


def test_the_words_at_each_citations_span_are_read_again_from_the_article_as_it_is_served() -> None:
    [citation] = asked(served).reply.citations

    assert (citation.quote, citation.stands) == ("The ferry stops at nine.", "The ferry stops at nine.")
    assert (citation.speaker, citation.published_at) == ("Aino Rask", datetime(2025, 1, 2))  # noqa: DTZ001


def test_a_span_of_an_article_that_is_gone_or_not_shown_is_not_known() -> None:
    def without(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404) if "articles" in request.url.path else served(request)

    [citation] = asked(without).reply.citations

    assert citation.stands is None


def test_the_case_is_sent_with_all_that_it_asks() -> None:
    bodies = []

    def note(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            bodies.append(json.loads(request.content))
        return served(request)

    turns_before = (Turn("user", "The ferry?"),)
    asked(note, of=case(conversation=turns_before, filters={"outlets": ["A"]}, as_of=datetime(2025, 1, 2, tzinfo=UTC)))

    assert bodies == [
        {
            "question": "When does the ferry stop?",
            "conversation": [{"role": "user", "content": "The ferry?"}],
            "filters": {"outlets": ["A"]},
            "as_of": "2025-01-02T00:00:00Z",
            "mode": "auto",
            "include": ["evidence"],
        }
    ]


def test_a_stream_is_read_to_its_answer_and_its_first_claim_is_timed() -> None:
    claim = {"text": "The ferry stops at nine.", "citations": [1]}
    events = f": beat\n\nevent: claim\ndata: {json.dumps(claim)}\n\nevent: answer\ndata: {json.dumps(ANSWER)}\n\n"

    def streaming(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=events) if request.method == "POST" else served(request)

    found = asked(streaming, streams=True)

    assert found.reply.text == ANSWER["text"]
    assert found.first_claim_s is not None
    assert found.first_claim_s <= found.seconds


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_asked_again(status: int) -> None:
    replies = iter([httpx.Response(status), httpx.Response(status)])

    def recovering(request: httpx.Request) -> httpx.Response:
        return next(replies, served(request)) if request.method == "POST" else served(request)

    assert asked(recovering).reply.answered


@pytest.mark.parametrize(
    ("reply", "complaint", "times"),
    [
        (httpx.Response(422, json={"detail": "k is 0; 1 to 50"}), "422: k is 0; 1 to 50", 1),
        (httpx.Response(503, json={"detail": "busy"}), r"503: busy \(asked 4 times\)", 4),
        (httpx.Response(429, headers={"retry-after": "3600"}), r"429 \(asked 1 times\)", 1),
        (httpx.Response(200, json={"text": "x"}), "another form than expected", 1),
        (httpx.Response(200, text="<html>"), "another form than expected", 1),
    ],
)
def test_a_fault_is_an_error_with_what_the_service_said(reply: httpx.Response, complaint: str, times: int) -> None:
    calls = []

    def faulty(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return reply

    with pytest.raises(AskError, match=complaint):
        asked(faulty)

    assert len(calls) == times


def test_a_connection_that_breaks_every_time_is_given_up() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(AskError, match=r"no reply from http://a\.example: refused \(asked 4 times\)"):
        asked(broken)


def test_a_server_with_neither_interface_is_refused_with_what_is_looked_for() -> None:
    async def look() -> None:
        transport = httpx.MockTransport(lambda request: httpx.Response(404))
        async with httpx.AsyncClient(transport=transport, base_url="http://a.example") as client:
            await asker_for(client, mode="auto", streams=True)

    with pytest.raises(AskError, match="neither /v1/ask"):
        asyncio.run(look())


def test_a_server_with_chat_completions_alone_is_asked_by_them_and_again_after_a_fault() -> None:
    script = turns(failing(500), Scripted(text="It stops at nine [1]. Fares rise."))

    async def ask(url: str) -> Asked:
        async with httpx.AsyncClient(base_url=url.removesuffix("/v1")) as client:
            asker = await asker_for(client, mode="auto", streams=True)
            assert isinstance(asker, ChatCompletions)
            return await asker.ask(case(conversation=(Turn("user", "The ferry?"),)))

    server = ChatServer(script)
    with server as url:
        reply = asyncio.run(ask(url)).reply

    assert [(claim.text, claim.citations) for claim in reply.claims] == [
        ("It stops at nine.", (1,)),
        ("Fares rise.", ()),
    ]
    assert [message["content"] for message in server.requests[0].body["messages"]] == [
        "The ferry?",
        "When does the ferry stop?",
    ]
    assert reply.passages is None
    assert reply.usage["total_tokens"] > 0


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("One thing. [1] Another [2, 3].", [("One thing.", (1,)), ("Another.", (2, 3))]),
        ("One thing.[1][2]\nAnother.", [("One thing.", (1, 2)), ("Another.", ())]),
        ("One [[1]](https://a.example). Two [2](https://b.example).", [("One.", (1,)), ("Two.", (2,))]),
        ("It closed [laughter] at [2025 prices].", [("It closed [laughter] at [2025 prices].", ())]),
    ],
)
def test_markers_belong_to_the_sentence_that_they_end(text: str, claims: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(claim.text, claim.citations) for claim in claims_in(text)] == claims


def test_the_annotations_of_a_chat_answer_are_its_citations_the_same_address_once() -> None:
    annotation = {
        "type": "url_citation",
        "url_citation": {"url": "https://a.example", "title": "A", "start_index": 0, "end_index": 3},
    }
    message = {"content": "Nine. [1]", "annotations": [annotation, annotation]}

    reply = reply_of_chat({"choices": [{"message": message}], "model": "m"})

    assert [(each.number, each.url, each.quote) for each in reply.citations] == [(1, "https://a.example", None)]


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("NOT IN THE ARTICLES", False),
        ("I could not find this in the articles.", False),
        ("I don’t know.", False),
        ("", False),
        ("It stops at nine.", True),
    ],
)
def test_a_short_refusal_in_words_is_an_abstention(text: str, answered: bool) -> None:
    assert reply_of_chat({"choices": [{"message": {"content": text}}]}).answered is answered
