"""The formats of Open WebUI, the Vercel AI SDK and Dify: each says what /v1/ask says, with the words and their places."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.serving import Served, serving

QUESTION = "what did Peskov say about a summit?"
UNANSWERABLE = "Who won the chess match on the moon?"
SEVERAL = "What did ministers say?"


def native(client: httpx.Client, question: str = QUESTION) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/v1/ask", json={"question": question}).json()
    return answer


def streamed(client: httpx.Client, path: str, body: dict[str, Any]) -> tuple[httpx.Headers, list[dict[str, Any]]]:
    with client.stream("POST", path, json=body) as response:
        assert response.status_code == 200
        lines = [line.removeprefix("data: ") for line in response.iter_lines() if line.startswith("data:")]
    assert lines[-1] == "[DONE]"
    return response.headers, [json.loads(line) for line in lines[:-1]]


# --- Open WebUI -----------------------------------------------------------------------------------------------------


def completion(question: str = QUESTION, **more: Any) -> dict[str, Any]:
    return {"model": "onrecord-sources", "messages": [{"role": "user", "content": question}], **more}


def test_open_webui_gets_one_source_for_each_marker_and_no_annotations(client: httpx.Client) -> None:
    whole = client.post("/v1/chat/completions", json=completion(SEVERAL)).json()

    message, sources = whole["choices"][0]["message"], whole["sources"]
    cited = whole["onrecord"]["citations"]
    assert "annotations" not in message
    assert [source["document"] for source in sources] == [[citation["quote"]] for citation in cited]
    assert len(cited) > 1
    assert f"[{len(cited)}]" in message["content"]
    # Open WebUI numbers its sources by these, in order.
    keys = [source["metadata"][0]["source"] for source in sources]
    assert len(set(keys)) == len(keys) == len(cited)


def test_open_webui_gets_its_sources_in_a_chunk_that_says_nothing_else(client: httpx.Client) -> None:
    _, chunks = streamed(client, "/v1/chat/completions", completion(stream=True))

    whole = client.post("/v1/chat/completions", json=completion()).json()
    having = [chunk for chunk in chunks if "sources" in chunk]
    assert [chunk["sources"] for chunk in having] == [whole["sources"]]
    assert having[0]["choices"][0]["delta"] == {}
    assert not any("annotations" in choice["delta"] for chunk in chunks for choice in chunk["choices"])


def test_an_abstention_has_no_sources(client: httpx.Client) -> None:
    _, chunks = streamed(client, "/v1/chat/completions", completion(UNANSWERABLE, stream=True))

    assert not any("sources" in chunk for chunk in chunks)


def test_our_reader_is_offered_for_a_frame_only_where_it_may_be_shown_in_one(samples: Path, tmp_path: Path) -> None:
    origins = ["https://chat.example", "http://127.0.0.1:8080"]
    env = {"ONRECORD_SERVER__FRAME_ANCESTORS": json.dumps(origins)}
    library = Path(shutil.copytree(samples, tmp_path / "library"))
    with serving(library, tmp_path / "log", env=env) as served, httpx.Client(base_url=served.url) as client:
        framed = client.post("/v1/chat/completions", json=completion(), timeout=60).json()["sources"][0]["source"]
        page = client.get(framed["embed_url"])

    assert framed["embed_url"].startswith(f"{served.url}/?article=")
    assert f"frame-ancestors {' '.join(origins)}" in page.headers["content-security-policy"]


def test_without_leave_no_page_may_frame_ours_and_no_source_offers_it(client: httpx.Client) -> None:
    source = client.post("/v1/chat/completions", json=completion()).json()["sources"][0]["source"]

    assert "embed_url" not in source
    assert "frame-ancestors 'none'" in client.get("/").headers["content-security-policy"]


# --- the Vercel AI SDK ----------------------------------------------------------------------------------------------


def chat(*texts: str, **more: Any) -> dict[str, Any]:
    """As DefaultChatTransport sends it; texts are the user's and the assistant's in turn."""
    messages = [
        {"id": f"m{n}", "role": ("user", "assistant")[n % 2], "parts": [{"type": "text", "text": text}]}
        for n, text in enumerate(texts)
    ]
    return {"id": "chat-1", "trigger": "submit-message", "messages": messages, **more}


def test_a_ui_message_is_the_answer_with_its_sources(client: httpx.Client) -> None:
    headers, chunks = streamed(client, "/v1/ui/chat", chat(QUESTION))

    answer = native(client)
    assert headers["x-vercel-ai-ui-message-stream"] == "v1"
    assert [chunk["type"] for chunk in chunks[:3]] == ["start", "start-step", "text-start"]
    assert [chunk["type"] for chunk in chunks[-3:]] == ["text-end", "finish-step", "finish"]
    text = "".join(chunk["delta"] for chunk in chunks if chunk["type"] == "text-delta")
    assert text == "\n\n".join(answer["text"].split("\n"))
    sources = [chunk for chunk in chunks if chunk["type"] == "source-url"]
    words = [chunk["providerMetadata"]["onrecord"] for chunk in sources]
    assert [chunk["sourceId"] for chunk in sources] == [str(c["number"]) for c in answer["citations"]]
    assert [each["quote"] for each in words] == [c["quote"] for c in answer["citations"]]
    body = client.get(f"/v1/articles/{words[0]['article']}").json()["body"]
    assert body[words[0]["start"] : words[0]["end"]] == words[0]["quote"]
    assert chunks[-1]["messageMetadata"]["onrecord"]["claims"] == answer["claims"]


def test_a_source_follows_the_words_that_name_it_first(client: httpx.Client) -> None:
    _, chunks = streamed(client, "/v1/ui/chat", chat(SEVERAL))

    said = ""
    for chunk in chunks:
        said += chunk.get("delta", "")
        if chunk["type"] == "source-url":
            assert f"[{chunk['sourceId']}]" in said
    assert "[1]" in said


def test_a_ui_chat_goes_on_from_what_was_asked_before(client: httpx.Client) -> None:
    _, chunks = streamed(client, "/v1/ui/chat", chat(QUESTION, "He spoke of a full stop.", "When did he say that?"))

    assert "Peskov" in chunks[-1]["messageMetadata"]["onrecord"]["query"]["text"]


def test_a_ui_chat_says_that_something_is_not_in_the_articles(client: httpx.Client) -> None:
    _, chunks = streamed(client, "/v1/ui/chat", chat(UNANSWERABLE))

    assert "".join(chunk.get("delta", "") for chunk in chunks).startswith("Not in these articles.")
    assert chunks[-1]["messageMetadata"]["onrecord"]["abstention"]["reason"] in ("no_evidence", "weak_evidence")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"messages": []}, 422, "messages"),
        (chat(QUESTION, model="gpt-9"), 404, "no model 'gpt-9' here"),
        ({"messages": [{"role": "user", "parts": [{"type": "file", "url": "data:,"}]}]}, 422, "'file' cannot be read"),
        (chat(" "), 422, "the question is empty"),
    ],
)
def test_a_wrong_ui_chat_is_refused_before_it_streams(
    client: httpx.Client, body: dict[str, Any], status: int, words: str
) -> None:
    response = client.post("/v1/ui/chat", json=body)

    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert words in response.json()["detail"]


# --- Dify -----------------------------------------------------------------------------------------------------------


def retrieve(client: httpx.Client, *conditions: dict[str, Any], **setting: Any) -> httpx.Response:
    body = {
        "knowledge_id": "news",
        "query": "summit settlement Kremlin",
        "retrieval_setting": {"top_k": 5, "score_threshold": 0.0} | setting,
    }
    if conditions:
        body["metadata_condition"] = {"logical_operator": "and", "conditions": list(conditions)}
    return client.post("/v1/dify/retrieval", json=body, headers={"authorization": "Bearer any"})


def test_difys_records_are_passages_at_their_places(client: httpx.Client) -> None:
    records = retrieve(client).json()["records"]

    assert [record["score"] for record in records] == sorted((r["score"] for r in records), reverse=True)
    assert records[0]["score"] == 1
    for record in records:
        about = record["metadata"]
        body = client.get(f"/v1/articles/{about['article_id']}").json()["body"]
        assert body[about["start"] : about["end"]] == record["content"]
        assert None not in about.values()


def test_difys_threshold_and_its_count_leave_the_lower_ones_out(client: httpx.Client) -> None:
    scores = [record["score"] for record in retrieve(client).json()["records"]]

    assert len(retrieve(client, top_k=2).json()["records"]) == 2
    kept = retrieve(client, score_threshold=scores[1]).json()["records"]
    assert [record["score"] for record in kept] == [score for score in scores if score >= scores[1]]


def condition(name: Any, operator: str, value: Any) -> dict[str, Any]:
    return {"name": name, "comparison_operator": operator, "value": value}


@pytest.mark.parametrize(
    ("wanted", "field", "holds"),
    [
        (condition("outlet", "is", "Meridian Wire (sample)"), "outlet", "Meridian Wire (sample)"),
        (condition(["outlet"], "in", ["Meridian Wire (sample)"]), "outlet", "Meridian Wire (sample)"),
        (condition("site", "is", "meridian-wire.example"), "outlet", "Meridian Wire (sample)"),
    ],
)
def test_difys_conditions_are_our_filters(client: httpx.Client, wanted: Any, field: str, holds: str) -> None:
    records = retrieve(client, wanted).json()["records"]

    assert {record["metadata"][field] for record in records} == {holds}


def test_difys_other_conditions_leave_out(client: httpx.Client) -> None:
    elsewhere = retrieve(client, condition("site", "is not", "meridian-wire.example")).json()["records"]
    before = retrieve(client, condition("published_at", "before", "2025-07-25")).json()["records"]

    assert elsewhere
    assert "Meridian Wire (sample)" not in {record["metadata"]["outlet"] for record in elsewhere}
    assert before
    assert all(record["metadata"]["published_at"] < "2025-07-25" for record in before)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ([condition("mood", "is", "good")], "no condition 'mood' 'is' here: outlet,"),
        ([condition("outlet", "start with", "M")], "no condition 'outlet' 'start with' here"),
        ([condition("site", "is", "two words")], "'two words' is not a domain"),
        ([condition("published_at", "after", "soon")], "'soon' is not ISO 8601"),
        ([condition("outlet", "is", "A"), condition("outlet", "is", "B")], "two conditions on 'outlet'"),
    ],
)
def test_what_difys_conditions_cannot_say_is_refused_in_difys_shape(
    client: httpx.Client, wrong: list[dict[str, Any]], words: str
) -> None:
    response = retrieve(client, *wrong)

    assert (response.status_code, response.json()["error_code"]) == (422, 422)
    assert words in response.json()["error_msg"]


def test_difys_check_of_the_address_finds_it(server: Served) -> None:
    # Dify posts nothing at all, and takes 404, 403 and 502 as faults of the address.
    response = httpx.post(f"{server.url}/v1/dify/retrieval", headers={"authorization": "Bearer any"}, trust_env=False)

    assert (response.status_code, set(response.json())) == (422, {"error_code", "error_msg"})
