"""The stand-in chat server by itself, over plain HTTP: what it writes is OpenAI's format, and its scripts are read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from evals.standins.chat_script import Reply, Rule, Script, When, echo, failing, read_script, turns
from evals.standins.chat_server import ChatServer
from rag.errors import SettingsError
from tests.serving import environment

ASKED = {"model": "stand-in", "messages": [{"role": "user", "content": "Say it."}]}


def post(url: str, **more: Any) -> httpx.Response:
    return httpx.post(f"{url}/chat/completions", json=ASKED | more, trust_env=False)


def data(reply: httpx.Response) -> list[Any]:
    lines = [line.removeprefix("data: ") for line in reply.text.splitlines() if line]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]


def test_a_stream_has_a_role_pieces_a_reason_usage_and_an_end() -> None:
    with ChatServer(turns(Reply(text="It is. [1.1]"))) as url:
        first, *pieces, last, usage, end = data(post(url, stream=True, stream_options={"include_usage": True}))

    assert first["choices"][0]["delta"]["role"] == "assistant"
    assert [chunk["choices"][0]["delta"] for chunk in pieces] == [
        {"content": "It"},
        {"content": " is."},
        {"content": " [1.1]"},
    ]
    assert last["choices"][0]["finish_reason"] == "stop"
    assert usage["choices"] == []
    assert usage["usage"]["completion_tokens"] == 3
    assert end == "[DONE]"


def test_usage_in_a_stream_is_given_where_it_is_asked_for() -> None:
    with ChatServer(turns(Reply(text="It is."))) as url:
        assert "usage" not in post(url, stream=True).text


def test_an_answer_that_is_not_streamed_is_whole() -> None:
    with ChatServer(turns(Reply(text="It is.", top={"It": 0.5, "No": 0.25}))) as url:
        document = post(url, logprobs=True, top_logprobs=1).json()

    choice = document["choices"][0]
    assert choice["message"]["content"] == "It is."
    assert [row["token"] for row in choice["logprobs"]["content"][0]["top_logprobs"]] == ["It"]
    assert document["usage"]["total_tokens"] == 4


def test_a_limit_of_tokens_cuts_the_answer() -> None:
    with ChatServer(turns(Reply(text="one two three four"))) as url:
        choice = post(url, max_tokens=2).json()["choices"][0]

    assert (choice["message"]["content"], choice["finish_reason"]) == ("one two", "length")


def test_the_models_are_listed_and_others_and_other_keys_are_refused() -> None:
    with ChatServer(echo, key="right", models=("one", "two")) as url:
        listed = httpx.get(f"{url}/models", trust_env=False).json()
        wrong_key = post(url, model="one")
        headers = {"authorization": "Bearer right"}
        no_model = httpx.post(f"{url}/chat/completions", json=ASKED, headers=headers, trust_env=False)

    assert [model["id"] for model in listed["data"]] == ["one", "two"]
    assert (wrong_key.status_code, wrong_key.json()["error"]["code"]) == (401, "invalid_api_key")
    assert (no_model.status_code, no_model.json()["error"]["code"]) == (404, "model_not_found")


def test_a_connection_that_breaks_has_no_end() -> None:
    with (
        ChatServer(turns(Reply(text="a b c", close_after=1))) as url,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        post(url, stream=True)


def test_a_client_that_leaves_is_noticed() -> None:
    server = ChatServer(turns(Reply(text="on and on ", endless=True, between_tokens_s=0.01)))
    with server as url:
        with httpx.stream("POST", f"{url}/chat/completions", json=ASKED | {"stream": True}, trust_env=False) as reply:
            next(reply.iter_lines())

        assert server.requests[0].wait() == "disconnected"


def test_rules_answer_by_what_is_asked_and_as_often_as_they_say() -> None:
    script = Script(
        [
            Rule(when=When(contains="SUMMIT"), times=2, reply=failing(503)),
            Rule(when=When(contains="summit", matches=r"who\?$"), reply=Reply(text="Peskov.")),
            Rule(when=When(logprobs=True), reply=Reply(text="yes")),
        ]
    )

    def asked(text: str, **more: Any) -> Reply:
        return script({"messages": [{"content": "About a summit:"}, {"content": text}], **more})

    assert [asked("who?").status for _ in range(3)] == [503, 503, 200]
    assert asked("who?").text == "Peskov."
    assert asked("when?", logprobs=True).text == "yes"
    assert asked("when?").status == 500


def test_a_script_is_read_from_a_file_and_served_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text('[{"reply": {"text": "From the file.", "cut": "whole"}}]', encoding="utf-8")

    with subprocess.Popen(
        [sys.executable, "-m", "evals.standins.chat_server", "--port", "0", "--script", file],
        stdout=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        try:
            url = process.stdout.readline().decode().partition("OPENAI_BASE_URL=")[2].split()[0]
            answer = post(url).json()["choices"][0]["message"]["content"]
        finally:
            process.terminate()

    assert answer == "From the file."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[{"reply": {"txt": "x"}}]', "reply.txt"),
        ('[{"reply": {"status": 99}}]', "reply.status"),
        ("{}", "array"),
        ("text", "not an array of rules"),
    ],
)
def test_a_script_that_is_wrong_says_where(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "rules.json").write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match="the script") as refused:
        read_script(tmp_path / "rules.json")

    assert says in str(refused.value)
