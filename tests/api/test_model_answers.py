"""Asking a server that has a chat model: the real command, the real client, a stand-in behind /v1."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from evals.standins.chat_script import Body, Reply, failing, rate_limited
from evals.standins.chat_server import ChatServer
from tests.serving import Served, onrecord, serving

KEY = "sk-not-a-real-key-1234567890"
QUESTION = "what did Peskov say about a summit?"
WORDS = "full stop at the end of the settlement"


class Scripted:
    """What the stand-in answers next; a test sets it."""

    def __init__(self) -> None:
        self.reply: Callable[[str], Reply] = lambda prompt: Reply(text="NOT IN THE ARTICLES")

    def __call__(self, body: Body) -> Reply:
        return self.reply(str(body["messages"][-1]["content"]))


SCRIPT = Scripted()
SERVER = ChatServer(SCRIPT, key=KEY)


@pytest.fixture(scope="module")
def served(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("model")
    library = Path(shutil.copytree(samples, folder / "library"))
    with SERVER as url:
        env = {
            "ONRECORD_CHAT_MODEL": "openai:stand-in",
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": url,
            "ONRECORD_CHAT__RETRIES": "0",
            "ONRECORD_CHAT__FIRST_TOKEN_TIMEOUT_S": "20",
        }
        with serving(library, folder / "log", env) as running:
            yield running


def pointer_to(words: str, prompt: str) -> str:
    line = next(line for line in prompt.splitlines() if words in line and line.startswith("["))
    return line.split(" ", 1)[0]


def said(prompt: str) -> str:
    return f"Peskov said: “A summit can and must be the {WORDS}” {pointer_to(WORDS, prompt)}."


def ask(served: Served, **more: Any) -> httpx.Response:
    return httpx.post(f"{served.url}/v1/ask", json={"question": QUESTION, **more}, timeout=60, trust_env=False)


def test_an_answer_points_at_the_words_of_the_article(served: Served) -> None:
    SCRIPT.reply = lambda prompt: Reply(text=said(prompt), cut="characters", cached_tokens=64)

    answer = ask(served).json()

    (citation,) = answer["citations"]
    article = httpx.get(f"{served.url}/v1/articles/{citation['article']['id']}", trust_env=False).json()
    assert article["body"][citation["start"] : citation["end"]] == citation["quote"]
    assert WORDS in citation["quote"]
    assert (answer["mode"], answer["model"], answer["degraded"]) == ("model", "stand-in", None)
    assert answer["usage"]["cached_tokens"] == 64
    assert answer["checks"] == {"repointed": 0, "dropped": 0, "invented": 0, "unfinished": 0}
    assert re.fullmatch(r"answer-[0-9a-f]{8}", answer["prompts"][0])


def test_a_streamed_answer_gives_each_claim_when_it_is_whole_and_then_the_same_answer(served: Served) -> None:
    SCRIPT.reply = lambda prompt: Reply(
        text=f"{said(prompt)} The moon fell into the sea in 1871 [1.1].", bytes_a_write=3
    )

    events = []
    with httpx.stream(
        "POST", f"{served.url}/v1/ask", json={"question": QUESTION, "stream": True}, timeout=60, trust_env=False
    ) as response:
        lines = list(response.iter_lines())
    for name, data in pairwise(lines):
        if name.startswith("event:"):
            events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))

    assert [name for name, _ in events] == ["evidence", "claim", "answer"]
    assert events[1][1]["text"] == events[2][1]["claims"][0]["text"]
    assert events[2][1]["checks"]["dropped"] == 1


def test_a_failing_model_gives_way_to_the_articles_own_words(served: Served) -> None:
    SCRIPT.reply = lambda prompt: failing(500)

    answer = ask(served).json()

    assert answer["mode"] == "extractive"
    assert answer["degraded"]["reason"].startswith("The chat model failed: ")
    assert WORDS in answer["text"]
    assert KEY not in json.dumps(answer)


def test_the_terminal_says_that_the_model_failed(served: Served) -> None:
    SCRIPT.reply = lambda prompt: failing(500)

    ran = onrecord("ask", QUESTION, "--library", served.library)

    assert "Reduced service: The chat model failed" in " ".join(ran.out.split())
    assert WORDS in " ".join(ran.out.split())
    assert KEY not in ran.out + ran.err


@pytest.mark.parametrize(
    ("reply", "status"), [(failing(500), 503), (rate_limited(7), 503), (failing(404, "no such model"), 502)]
)
def test_a_model_that_was_asked_for_by_name_and_fails_is_a_problem(served: Served, reply: Reply, status: int) -> None:
    SCRIPT.reply = lambda prompt: reply

    response = ask(served, mode="model")

    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert KEY not in response.text
    assert response.headers.get("retry-after") == ("7" if reply.headers else None)


def test_a_client_that_goes_away_stops_the_call(served: Served) -> None:
    SCRIPT.reply = lambda prompt: Reply(text="It is so and so ", endless=True, between_tokens_s=0.05)
    before = len(SERVER.requests)

    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{served.url}/v1/ask", json={"question": QUESTION}, timeout=1.5, trust_env=False)

    assert len(SERVER.requests) == before + 1
    assert SERVER.requests[-1].wait() == "disconnected"


def test_a_client_that_leaves_a_stream_stops_the_call(served: Served) -> None:
    SCRIPT.reply = lambda prompt: Reply(text=f"{said(prompt)} And ", endless=True, between_tokens_s=0.02)
    body = {"question": QUESTION, "stream": True}

    with httpx.stream("POST", f"{served.url}/v1/ask", json=body, timeout=60, trust_env=False) as response:
        for line in response.iter_lines():
            if line == "event: claim":
                break

    assert SERVER.requests[-1].wait() == "disconnected"


def test_the_extractive_mode_asks_no_model(served: Served) -> None:
    before = len(SERVER.requests)

    answer = ask(served, mode="extractive").json()

    assert (answer["mode"], answer["model"]) == ("extractive", None)
    assert len(SERVER.requests) == before


def test_the_key_is_in_no_log(served: Served) -> None:
    assert KEY not in served.log.read_text()
