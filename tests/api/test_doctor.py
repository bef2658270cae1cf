"""`onrecord doctor` with a chat model: whether it answers, how fast, and what is wrong; never with a key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.standins.chat_script import Reply, Rule, Script, When, wrong_key
from evals.standins.chat_server import ChatServer
from tests.serving import onrecord

SECRET = "sk-very-secret"
ANSWERING = Script(
    [
        Rule(when=When(logprobs=True), reply=Reply(text="yes", top={"yes": 1.0})),
        Rule(reply=Reply(text="one, two, three", first_token_s=0.02, between_tokens_s=0.005)),
    ]
)


def model_at(url: str) -> dict[str, str]:
    return {"ONRECORD_CHAT_MODEL": "openai:stand-in", "OPENAI_BASE_URL": url, "OPENAI_API_KEY": SECRET}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def test_a_model_that_answers_is_reported_with_its_speed(library: Path) -> None:
    with ChatServer(ANSWERING) as url:
        told = onrecord("doctor", "--library", library, env=model_at(url))
        ran = onrecord("doctor", "--library", library, "--json", env=model_at(url))
    model = json.loads(ran.out)["chat_model"]

    assert (told.code, ran.code) == (0, 0)
    assert "chat model stand-in answers: first token after" in told.out
    assert "gives log-probabilities" in told.out
    assert (model["name"], model["error"], model["judges"]) == ("stand-in", None, True)
    assert model["first_token_ms"] >= 20
    assert model["tokens_per_s"] > 0
    assert SECRET not in told.out + told.err + ran.out + ran.err


def test_a_model_that_does_not_answer_is_a_fault_that_says_why(library: Path) -> None:
    with ChatServer(lambda body: wrong_key()) as url:
        told = onrecord("doctor", "--library", library, env=model_at(url))
        ran = onrecord("doctor", "--library", library, "--json", env=model_at(url))
    document = json.loads(ran.out)

    assert (told.code, ran.code) == (1, 1)
    assert "refused the key (401)" in told.err
    assert told.out.endswith("the library is sound, but the chat model does not answer\n")
    assert document["sound"]
    assert "refused the key (401)" in document["chat_model"]["error"]
    assert SECRET not in told.out + told.err + ran.out + ran.err


def test_a_model_that_cannot_be_set_up_is_a_wrong_use(library: Path) -> None:
    ran = onrecord("doctor", "--library", library, env={"ONRECORD_CHAT_MODEL": "gguf:/nowhere.gguf"})

    assert (ran.code, ran.out) == (2, "")
    assert "ONRECORD_CHAT_MODEL=gguf:/nowhere.gguf: the file cannot be read" in ran.err


def test_without_a_chat_model_nothing_is_said_of_one(library: Path) -> None:
    assert "chat_model" not in json.loads(onrecord("doctor", "--library", library, "--json").out)
