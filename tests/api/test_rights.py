"""A limit on quotes holds on every way out: answers, streams, searches, the article itself, the terminal."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.checking import SUMMIT, stream
from tests.api.conftest import connected
from tests.serving import Served, onrecord, serving

MOST = 9
POLICY = f'["*"]\nquote_words = {MOST}\n["Northern Courier (sample)"]\nshow = false\n'


@pytest.fixture(scope="module")
def limited(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("limited")
    library = Path(shutil.copytree(samples, folder / "library"))
    policy = folder / "rights.toml"
    policy.write_text(POLICY, encoding="utf-8")
    with serving(library, folder / "log", env={"ONRECORD_RIGHTS": str(policy)}) as served:
        yield served


@pytest.fixture
def reader(limited: Served) -> Iterator[httpx.Client]:
    with connected(limited) as opened:
        yield opened


@pytest.fixture(scope="module")
def bodies(client: httpx.Client) -> list[str]:
    listed = client.get("/v1/articles", params={"limit": 100}).json()["articles"]
    return [client.get(f"/v1/articles/{article['id']}").json()["body"] for article in listed]


def check(reply: str, bodies: list[str]) -> None:
    """No text of the reply, titles aside, has more words in a row with an article than may be quoted."""
    for text in texts(json.loads(reply)):
        words = re.findall(r"\w+", text.casefold())
        runs = {" ".join(words[n : n + 2 * MOST]) for n in range(len(words) - 2 * MOST + 1)}
        for body in bodies:
            joined = " ".join(re.findall(r"\w+", body.casefold()))
            assert not [run for run in runs if run in joined]


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)


@pytest.mark.parametrize("question", [SUMMIT, "What did Varga say about the bridge?"])
def test_an_answer_with_its_evidence_quotes_no_more(reader: httpx.Client, bodies: list[str], question: str) -> None:
    reply = reader.post("/v1/ask", json={"question": question, "include": ["evidence"]})

    answer = reply.json()
    assert answer["answered"]
    assert answer["evidence"]
    for citation in answer["citations"]:
        assert 0 < len(citation["quote"].split()) <= MOST
        assert any(citation["quote"] == body[citation["start"] : citation["end"]] for body in bodies)
        assert (citation["before"], citation["after"]) == ("", "")
    check(reply.text, bodies)
    for event in stream(reader, {"question": question}):
        check(json.dumps(event.data), bodies)


def test_a_search_an_article_its_revisions_and_its_citations_show_no_more(
    reader: httpx.Client, bodies: list[str]
) -> None:
    found = reader.post("/v1/search", json={"query": "summit peace deal", "k": 20})
    first = found.json()["results"][0]
    path = f"/v1/articles/{first['article']['id']}"
    article = reader.get(path)
    where = {"revision": 1, "start": 0, "end": 400}

    assert article.json()["body"] is None
    assert first["text"] in "".join(bodies)
    for reply in (found, article, reader.get(f"{path}/revisions"), reader.get(f"{path}/citation", params=where)):
        assert reply.status_code == 200
        check(reply.text, bodies)


def test_what_is_not_to_be_shown_is_not_listed(reader: httpx.Client, client: httpx.Client) -> None:
    outlets = {each["outlet"] for each in reader.get("/v1/articles", params={"limit": 100}).json()["articles"]}
    answer = reader.post("/v1/ask", json={"question": "Who won the Tarvian Cup?"}).json()

    assert "Northern Courier (sample)" not in outlets
    assert len(outlets) == 3
    assert "Northern Courier (sample)" not in {each["article"]["outlet"] for each in answer["citations"]}


def test_the_terminal_says_that_the_whole_text_may_not_be_shown(limited: Served, reader: httpx.Client) -> None:
    article = reader.get("/v1/articles", params={"limit": 1}).json()["articles"][0]

    shown = onrecord("articles", "show", article["id"], "--library", limited.library)

    assert shown.code == 0
    assert "does not let the whole text be shown" in shown.out


def test_a_wrong_policy_stops_the_command_with_what_is_wrong(tmp_path: Path) -> None:
    policy = tmp_path / "rights.toml"
    policy.write_text('["Post"]\nquote_wrds = 5\n', encoding="utf-8")

    ran = onrecord("ingest", "--samples", "--library", tmp_path / "library", env={"ONRECORD_RIGHTS": str(policy)})

    assert ran.code == 2
    assert 'rights.toml: ["Post"] has an unknown key quote_wrds; did you mean quote_words?' in ran.err
