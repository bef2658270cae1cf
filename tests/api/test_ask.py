"""POST /v1/ask over HTTP: right words, right speaker, citations that check; the same while it streams."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.api.checking import (
    SUMMIT,
    Asked,
    ask,
    check_abstention,
    check_citation,
    check_offsets,
    check_quotation_marks,
    golden_cases,
    stream,
)

Answers = Callable[[str], Asked]
every_golden_question = pytest.mark.parametrize("case", golden_cases())


def test_the_example_question_is_answered_in_the_words_of_dmitry_peskov(client: httpx.Client) -> None:
    answer = ask(client, {"question": SUMMIT}).answer

    assert answer["answered"]
    first = answer["citations"][0]
    assert first["speaker"]["name"] == "Dmitry Peskov"
    assert "“A summit can and must be the full stop" in first["quote"]
    assert "Dmitry Peskov" in answer["text"]


@every_golden_question
def test_every_citation_is_what_stands_in_the_article(case: str, asked: Answers, client: httpx.Client) -> None:
    for citation in asked(case).answer["citations"]:
        check_citation(client, citation)


@every_golden_question
def test_claims_and_markers_stand_where_their_offsets_say(case: str, asked: Answers) -> None:
    check_offsets(asked(case).answer)


@every_golden_question
def test_words_between_quotation_marks_are_verbatim_in_a_cited_quote(case: str, asked: Answers) -> None:
    check_quotation_marks(asked(case).answer)


@every_golden_question
def test_an_abstention_has_a_reason_and_no_claims(case: str, asked: Answers) -> None:
    check_abstention(asked(case).answer)


@every_golden_question
def test_what_is_cited_was_in_the_evidence(case: str, asked: Answers) -> None:
    answer = asked(case).answer

    read = {passage["article"]["id"] for passage in answer["evidence"]}
    assert {citation["article"]["id"] for citation in answer["citations"]} <= read


@every_golden_question
def test_the_stream_says_what_the_whole_answer_says(case: str, asked: Answers, client: httpx.Client) -> None:
    whole = asked(case).answer

    events = stream(client, asked(case).request)

    assert [event.name for event in events] == ["evidence", *["claim"] * len(whole["claims"]), "answer"]
    evidence, *claims, last = (event.data for event in events)
    assert evidence["results"] == whole["evidence"]
    assert [without(claim, "cited") for claim in claims] == last["claims"]
    assert [citation for claim in claims for citation in claim["cited"]] == last["citations"]
    per_run = ("id", "timings_ms", "evidence")
    assert without(last, *per_run) == without(whole, *per_run)


def test_a_streamed_citation_comes_no_later_than_the_claim_that_uses_it(client: httpx.Client) -> None:
    events = stream(client, {"question": SUMMIT})

    come = set[int]()
    for event in events:
        if event.name == "claim":
            come |= {citation["number"] for citation in event.data["cited"]}
            assert set(event.data["citations"]) <= come
    assert come


def test_streamed_citations_are_what_stands_in_the_article(client: httpx.Client) -> None:
    events = stream(client, {"question": SUMMIT})

    cited = [citation for event in events if event.name == "claim" for citation in event.data["cited"]]
    assert cited
    for citation in cited:
        check_citation(client, citation)


@pytest.mark.parametrize(
    ("request_body", "status"),
    [
        ({"question": ""}, 422),
        ({"question": SUMMIT, "filters": {"published_after": "2025-08-01", "published_before": "2025-07-01"}}, 422),
        ({"question": SUMMIT, "mode": "model"}, 422),
        ({"question": SUMMIT, "nope": 1}, 422),
    ],
)
def test_a_request_that_is_wrong_has_its_own_status_also_when_streamed(
    request_body: dict[str, Any], status: int, client: httpx.Client
) -> None:
    response = client.post("/v1/ask", json=request_body | {"stream": True})

    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_evidence_is_in_the_answer_only_where_it_is_asked_for(client: httpx.Client) -> None:
    plain = client.post("/v1/ask", json={"question": SUMMIT}).json()
    full = client.post("/v1/ask", json={"question": SUMMIT, "include": ["evidence"]}).json()

    assert plain.get("evidence") is None
    assert [passage["rank"] for passage in full["evidence"]] == list(range(1, len(full["evidence"]) + 1))


def test_evidence_passages_are_what_stands_in_their_articles(client: httpx.Client) -> None:
    evidence = ask(client, {"question": SUMMIT}).answer["evidence"]

    assert evidence
    for passage in evidence:
        body = client.get(f"/v1/articles/{passage['article']['id']}").json()["body"]
        assert body[passage["start"] : passage["end"]] == passage["text"]


def test_k_limits_the_passages_that_are_read(client: httpx.Client) -> None:
    evidence = ask(client, {"question": SUMMIT, "k": 2}).answer["evidence"]

    assert len(evidence) == 2


@pytest.mark.parametrize(
    "question",
    ["What did Angela Merkel say about nuclear power?", "What did Peskov say about grain exports?"],
)
def test_what_is_not_in_the_articles_is_said_not_to_be_there(question: str, client: httpx.Client) -> None:
    answer = ask(client, {"question": question}).answer

    assert not answer["answered"]
    check_abstention(answer)


def test_the_name_that_no_article_mentions_is_named(client: httpx.Client) -> None:
    answer = ask(client, {"question": "What did Angela Merkel say about nuclear power?"}).answer

    assert answer["abstention"]["reason"] == "no_evidence"
    assert "Merkel" in answer["abstention"]["detail"]


def test_as_of_hides_later_articles(client: httpx.Client) -> None:
    question = {"question": "When will the Kellan Bridge reopen?"}
    moment = "2025-08-10T12:00:00+02:00"

    now, then = (ask(client, question | more).answer for more in ({}, {"as_of": moment}))

    assert any(later_than(passage, moment) for passage in now["evidence"]), "nothing to hide"
    assert then["evidence"]
    assert not any(later_than(found, moment) for found in [*then["evidence"], *then["citations"]])


@pytest.mark.parametrize(
    ("filters", "meets"),
    [
        ({"outlets": ["capital ledger (SAMPLE)"]}, lambda a: a["outlet"] == "Capital Ledger (sample)"),
        ({"sections": ["local", "economy"]}, lambda a: a["section"] in ("local", "economy")),
        ({"authors": ["Nadia Ferrol"]}, lambda a: "Nadia Ferrol" in a["authors"]),
        ({"published_after": "2025-09-01"}, lambda a: a["published_at"] >= "2025-09-01"),
        ({"published_before": "2025-08-01"}, lambda a: a["published_at"] < "2025-08-01"),
        (
            {"published_after": "2025-08-01", "published_before": "2025-09-01", "outlets": ["Meridian Wire (sample)"]},
            lambda a: a["published_at"].startswith("2025-08") and a["outlet"] == "Meridian Wire (sample)",
        ),
    ],
    ids=lambda given: "" if callable(given) else str(given),
)
@pytest.mark.parametrize("question", ["What did Varga say about the bridge?", SUMMIT])
def test_a_filter_limits_what_is_read_and_cited(
    question: str, filters: dict[str, Any], meets: Any, client: httpx.Client
) -> None:
    answer = ask(client, {"question": question, "filters": filters}).answer

    assert answer["evidence"], "a filter that leaves nothing proves nothing"
    for found in [*answer["evidence"], *answer["citations"]]:
        assert meets(client.get(f"/v1/articles/{found['article']['id']}").json())


def test_a_filter_by_article_reads_that_article_alone(client: httpx.Client) -> None:
    chosen = client.get("/v1/articles", params={"limit": 3}).json()["articles"][2]["id"]

    answer = ask(client, {"question": SUMMIT, "filters": {"article_ids": [chosen]}}).answer

    assert {passage["article"]["id"] for passage in answer["evidence"]} == {chosen}


def test_a_filter_that_nothing_meets_ends_in_an_abstention(client: httpx.Client) -> None:
    answer = ask(client, {"question": SUMMIT, "filters": {"outlets": ["No Such Paper"]}}).answer

    assert answer["evidence"] == []
    assert answer["abstention"]["reason"] == "no_evidence"


def test_a_filter_by_speaker_reads_only_articles_in_which_they_speak(client: httpx.Client) -> None:
    answer = ask(client, {"question": SUMMIT, "filters": {"speakers": ["Nobody Of That Name"]}}).answer

    assert answer["evidence"] == []


def test_a_follow_up_is_understood_from_the_conversation(client: httpx.Client) -> None:
    before = {"role": "user", "content": "Who is Dmitry Peskov, the Kremlin spokesman?"}

    alone = ask(client, {"question": "What did he say about a summit?"}).answer
    after = ask(client, {"question": "What did he say about a summit?", "conversation": [before]}).answer

    assert "Peskov" not in alone["query"]["text"]
    assert "Peskov" in after["query"]["text"]


def test_search_finds_the_passage_without_answering(client: httpx.Client) -> None:
    found = client.post("/v1/search", json={"query": "crack in a bridge pier", "k": 3}).json()["results"]

    assert [passage["rank"] for passage in found] == [1, 2, 3]
    assert "crack" in found[0]["text"]
    for passage in found:
        body = client.get(f"/v1/articles/{passage['article']['id']}").json()["body"]
        assert body[passage["start"] : passage["end"]] == passage["text"]


NAMED = "What does the Capital Ledger report on the dockers, while the Harbour Post says last month that the bridge is shut?"


def test_what_is_read_out_of_a_question_is_shown_with_answers_and_searches_alike(client: httpx.Client) -> None:
    searched = client.post("/v1/search", json={"query": NAMED}).json()["query"]
    asked = client.post("/v1/ask", json={"question": NAMED}).json()["query"]

    assert searched == asked
    assert searched["outlets"] == ["Capital Ledger (sample)", "The Harbour Post (sample)"]
    assert [part["outlets"] for part in searched["parts"]] == [
        ["Capital Ledger (sample)"],
        ["The Harbour Post (sample)"],
    ]
    assert searched["period"]["words"] == "last month"
    assert searched["period"]["after"] < searched["period"]["before"]


def test_what_was_read_out_of_a_question_can_be_switched_off(client: httpx.Client) -> None:
    switched_off = {"ignore": ["outlets", "period", "parts"]}

    searched = client.post("/v1/search", json={"query": NAMED} | switched_off).json()["query"]
    asked = client.post("/v1/ask", json={"question": NAMED} | switched_off).json()["query"]

    assert searched == asked
    assert (searched["outlets"], searched["period"], len(searched["parts"])) == ([], None, 1)


def test_what_cannot_be_switched_off_is_named_with_what_can(client: httpx.Client) -> None:
    refused = client.post("/v1/search", json={"query": NAMED, "ignore": ["everything"]})

    assert refused.status_code == 422
    assert "'outlets'" in refused.json()["detail"]


def test_a_search_as_of_a_day_finds_nothing_later(client: httpx.Client) -> None:
    found = client.post("/v1/search", json={"query": "bridge", "k": 50, "as_of": "2025-08-05"}).json()["results"]

    assert found
    assert not any(later_than(passage, "2025-08-05T00:00:00+00:00") for passage in found)


def test_a_story_that_several_outlets_carried_stands_once(client: httpx.Client) -> None:
    found = client.post("/v1/search", json={"query": "ferry passengers taken off, fire in engine room", "k": 20}).json()

    copies = [p for p in found["results"] if p["text"].startswith("All 214 passengers")]
    assert len(copies) == 1
    assert len({copies[0]["article"]["outlet"], *copies[0]["article"]["also_in"]}) == 3


def later_than(found: dict[str, Any], moment: str) -> bool:
    return datetime.fromisoformat(found["article"]["published_at"]) > datetime.fromisoformat(moment)


def without(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}
