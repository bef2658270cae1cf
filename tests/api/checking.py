"""What must hold of every answer, checked from outside: nothing of the code under test is used to check it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from tests.serving import ROOT

SUMMIT = "what did Peskov say about a summit?"
REASONS = {"no_evidence", "weak_evidence", "model_declined", "nothing_verified"}
_QUOTED = re.compile(r"“([^“”]*)”|\"([^\"]*)\"|«([^«»]*)»|„([^„“”]*)[“”]")
_FOLD = str.maketrans("“”„«»‘’‚\u00a0", '"""""\'\'\' ')


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and the answer to it."""

    request: dict[str, Any]
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event, its data read as JSON."""

    name: str
    data: dict[str, Any]


@cache
def golden_cases() -> dict[str, dict[str, Any]]:
    """The golden questions as request bodies, by their ids."""
    lines = (ROOT / "evals" / "datasets" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip()]
    asks = ("question", "conversation", "filters", "as_of")
    return {case["id"]: {name: case[name] for name in asks if name in case} for case in cases}


def ask(client: httpx.Client, request: dict[str, Any]) -> Asked:
    """Asked with the evidence included."""
    response = client.post("/v1/ask", json=request | {"include": ["evidence"]})
    assert response.status_code == 200, response.text
    return Asked(request, response.json())


def stream(client: httpx.Client, request: dict[str, Any]) -> list[Event]:
    with client.stream("POST", "/v1/ask", json=request | {"stream": True}) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(_events(response.iter_lines()))


def _events(lines: Iterator[str]) -> Iterator[Event]:
    name, data = "message", list[str]()
    for line in lines:
        if line.startswith("event:"):
            name = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            data.append(line.removeprefix("data:").removeprefix(" "))
        elif not line and data:
            yield Event(name, json.loads("\n".join(data)))
            name, data = "message", []


def check_citation(client: httpx.Client, citation: dict[str, Any]) -> None:
    """The citation is the words that stand there in the article as it is served."""
    article = client.get(f"/v1/articles/{citation['article']['id']}").json()
    start, end, body = citation["start"], citation["end"], article["body"]
    assert 0 <= start < end <= len(body)
    assert body[start:end] == citation["quote"]
    assert citation["quote"].strip()
    assert body[:start].endswith(citation["before"])
    assert body[end:].startswith(citation["after"])
    for name in ("id", "title", "outlet", "authors", "url", "published_at", "revision"):
        assert citation["article"][name] == article[name]
    assert citation["reader"] == f"/articles/{article['id']}?revision={article['revision']}&start={start}&end={end}"


def check_offsets(answer: dict[str, Any]) -> None:
    """`text` is the claims, each followed by the markers of its citations; numbers count from 1 as they are met."""
    text, claims = answer["text"], answer["claims"]
    for claim in claims:
        assert text[claim["start"] : claim["end"]] == claim["text"]
        assert claim["supported"] is True
        assert claim["citations"], "a claim that nothing supports"
    assert text == "\n".join(f"{c['text']} {''.join(f'[{n}]' for n in c['citations'])}" for c in claims)
    numbers = [citation["number"] for citation in answer["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert list(dict.fromkeys(n for claim in claims for n in claim["citations"])) == numbers


def check_quotation_marks(answer: dict[str, Any]) -> None:
    """Words between quotation marks stand, verbatim, in what their own claim cites; no mark is without its partner."""
    quotes = {citation["number"]: folded(citation["quote"]) for citation in answer["citations"]}
    for claim in answer["claims"]:
        cited = [quotes[number] for number in claim["citations"]]
        for match in _QUOTED.finditer(claim["text"]):
            words = folded(next(group for group in match.groups() if group is not None))
            assert words, "quotation marks around nothing"
            # The full stop or comma before the closing mark may belong to the sentence that quotes.
            assert any(words.rstrip(".,") in quote for quote in cited), f"{words!r} stands in none of {cited}"
        assert not re.search(r"[“”„«»\"]", _QUOTED.sub("", claim["text"]))


def check_abstention(answer: dict[str, Any]) -> None:
    """Either claims, or one of the four reasons and nothing else."""
    if answer["answered"]:
        assert answer["abstention"] is None
        assert answer["claims"]
        return
    assert answer["abstention"]["reason"] in REASONS
    assert answer["abstention"]["detail"].strip()
    assert (answer["text"], answer["claims"], answer["citations"]) == ("", [], [])


def folded(text: str) -> str:
    """Typographic quotation marks and white space as one kind."""
    return " ".join(text.translate(_FOLD).split())
