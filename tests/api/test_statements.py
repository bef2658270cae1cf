"""/v1/statements and /v1/people: who said what, each at its place in its article."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

OFFSHORE = {
    "title": "Harbour director speaks on the dredging",
    "body": (
        "The dredging of Quay Four began on Monday. “The silt has to go before the winter,” said Ottoline Brask, the harbour"
        " director.\n\nBrask denied that the contract had been split. She said the tug would stay.\n\n“We were never asked,” said"
        " Piet Brask, a pilot."
    ),
    "outlet": "The Mere Gazette",
    "published_at": "2025-05-06T08:30:00Z",
    "url": "https://mere-gazette.example/dredging",
    "language": "en",
}


@pytest.fixture
def quay(editor: httpx.Client) -> httpx.Client:
    assert editor.put("/v1/articles/dredging", json=OFFSHORE).status_code in (200, 201)
    return editor


def statements(client: httpx.Client, **wanted: Any) -> dict[str, Any]:
    response = client.get("/v1/statements", params=wanted)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_every_statement_stands_in_its_article_where_it_says(client: httpx.Client) -> None:
    listed = statements(client, limit=200)["statements"]

    assert len(listed) > 40
    for statement in listed:
        body = client.get(f"/v1/articles/{statement['article']['id']}").json()["body"]
        assert body[statement["start"] : statement["end"]] == statement["quote"]
        assert all(body[quote["start"] : quote["end"]] == quote["text"] for quote in statement["quotes"])
        assert statement["passage_id"].startswith(f"{statement['article']['id']}:{statement['article']['revision']}:")


def test_the_seed_speaker_is_heard_on_the_summit(client: httpx.Client) -> None:
    listed = statements(client, speaker="Peskov", about="summit")

    assert listed["speakers"] == ["Dmitry Peskov"]
    assert [(s["speaker"]["name"], s["kind"], s["said_on"]) for s in listed["statements"]] == [
        ("Dmitry Peskov", "direct", "2025-07-25")
    ]


def test_statements_of_one_of_two_namesakes_are_not_the_others(quay: httpx.Client) -> None:
    listed = statements(quay, speaker="Ottoline Brask")

    assert sorted((s["quote"], s["kind"]) for s in listed["statements"]) == [
        ("the contract had been split", "denial"),
        ("the tug would stay", "indirect"),
        ("“The silt has to go before the winter,”", "direct"),
    ]
    assert statements(quay, speaker="Brask")["speakers"] == ["Ottoline Brask", "Piet Brask"]


def test_pages_go_on_from_their_cursor_in_order_of_day(client: httpx.Client) -> None:
    whole = [s["id"] for s in statements(client, limit=200)["statements"]]
    first = statements(client, limit=3)

    second = statements(client, limit=3, cursor=first["next"])

    assert [s["id"] for s in first["statements"] + second["statements"]] == whole[:6]
    days = [date.fromisoformat(s["said_on"]) for s in statements(client, limit=200, kind="direct")["statements"]]
    assert days == sorted(days, reverse=True)


def test_people_are_found_by_name_and_by_role(quay: httpx.Client) -> None:
    def found(words: str) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = quay.get("/v1/people", params={"q": words}).json()["people"]
        return people

    (brask,) = found("Ottoline Brask")
    assert (brask["name"], brask["roles"], brask["statements"]) == ("Ottoline Brask", ["harbour director"], 3)
    assert brask["outlets"] == ["The Mere Gazette"]
    assert found("harbour director")[0]["name"] == "Ottoline Brask"
    assert found("Nobody Ofthatname") == []


def test_everybody_is_listed_by_how_much_they_say(client: httpx.Client) -> None:
    people = client.get("/v1/people").json()["people"]

    counts = [person["statements"] for person in people]
    assert "Dmitry Peskov" in [person["name"] for person in people]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"after": "2025-07-02", "before": "2025-07-01"}, "ends before it starts"),
        ({"cursor": "tomorrow"}, "take it from `next`"),
        ({"after": "soon"}, "after"),
        ({"kind": "shouted"}, "kind"),
        ({"speaker": ""}, "speaker"),
        ({"who": "Peskov"}, "who"),
    ],
)
def test_what_is_wrong_is_said(client: httpx.Client, wanted: dict[str, str], told: str) -> None:
    response = client.get("/v1/statements", params=wanted)

    assert response.status_code == 422
    assert told in response.json()["detail"]


def test_articles_are_listed_by_whose_words_they_hold(quay: httpx.Client) -> None:
    def ids(speaker: str) -> list[str]:
        return [a["id"] for a in quay.get("/v1/articles", params={"speaker": speaker}).json()["articles"]]

    assert ids("Ottoline Brask") == ["dredging"]
    assert ids("Mr Brask") == ["dredging"]
    assert ids("Nobody Ofthatname") == []


def test_a_search_within_one_persons_words_knows_their_other_names(client: httpx.Client) -> None:
    wanted = {"query": "summit", "filters": {"speakers": ["Mr Peskov"]}}
    results = client.post("/v1/search", json=wanted).json()["results"]

    assert results
    assert {each["article"]["title"] for each in results} == {
        "Kremlin says a summit can only seal a finished peace deal"
    }


def test_where_somebody_says_nothing_on_a_subject_the_answer_tells_what_they_do_speak_about(
    client: httpx.Client,
) -> None:
    answer = client.post("/v1/ask", json={"question": "What did Peskov say about grain exports?"}).json()

    assert answer["answered"] is False
    assert "summit" in answer["abstention"]["spoke_about"]
    assert "summit" in answer["abstention"]["detail"]


def test_what_somebody_denied_is_shown_as_a_denial(quay: httpx.Client) -> None:
    answer = quay.post("/v1/ask", json={"question": "What did Ottoline Brask say about the contract?"}).json()

    assert answer["claims"][0]["text"].endswith("Brask denied that the contract had been split.")
