"""OpenAI's routes, asked by OpenAI's own client: what chat UIs and SDKs see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam

from tests.serving import Served

QUESTION = "what did Peskov say about a summit?"
UNANSWERABLE = "Who won the chess match on the moon?"
WORDS = "A summit can and must be the full stop at the end of the settlement"


def user(content: Any) -> list[ChatCompletionMessageParam]:
    return [{"role": "system", "content": "Answer as a pirate."}, {"role": "user", "content": content}]


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none is needed", max_retries=0) as client:
        yield client


def test_the_models_are_listed_and_each_can_be_looked_up(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]

    assert names == ["onrecord", "onrecord-extractive", "onrecord-links", "onrecord-sources"]
    assert [client.models.retrieve(name).id for name in names] == names


def test_a_completion_marks_its_citations_where_its_annotations_say(client: openai.OpenAI) -> None:
    message = client.chat.completions.create(model="onrecord", messages=user(QUESTION)).choices[0].message

    assert WORDS in (message.content or "")
    marks = [each.url_citation for each in message.annotations or []]
    assert [(message.content or "")[mark.start_index : mark.end_index] for mark in marks] == ["[1]"]
    assert marks[0].url.startswith("https://meridian-wire.example/")
    assert marks[0].title == "Kremlin says a summit can only seal a finished peace deal"


def test_a_completion_has_the_sources_as_perplexity_gives_them_and_the_answer_as_we_do(
    client: openai.OpenAI, server: Served
) -> None:
    completion = client.chat.completions.create(model="onrecord", messages=user(QUESTION))

    more = completion.model_extra or {}
    native = httpx.post(f"{server.url}/v1/ask", json={"question": QUESTION}, trust_env=False).json()
    assert [result["snippet"] for result in more["search_results"]] == [c["quote"] for c in native["citations"]]
    assert more["citations"] == [result["url"] for result in more["search_results"]]
    assert more["onrecord"]["claims"] == native["claims"]
    assert more["onrecord"]["citations"] == native["citations"]


@pytest.mark.parametrize("model", ["onrecord", "onrecord-extractive", "onrecord-links"])
@pytest.mark.parametrize("question", [QUESTION, UNANSWERABLE])
def test_what_is_streamed_is_what_comes_at_once(client: openai.OpenAI, model: str, question: str) -> None:
    whole = client.chat.completions.create(model=model, messages=user(question))
    text, annotations, ends, usages = "", [], [], []
    options = {"include_usage": True}
    stream = client.chat.completions.create(
        model=model,
        messages=user(question),
        stream=True,
        stream_options=options,  # type: ignore[call-overload]
    )
    for chunk in stream:
        usages += [chunk.usage] if chunk.usage else []
        for choice in chunk.choices:
            text += choice.delta.content or ""
            annotations += (choice.delta.model_extra or {}).get("annotations", [])
            ends += [choice.finish_reason] if choice.finish_reason else []

    said = whole.choices[0].message
    assert text == said.content
    assert annotations == [each.model_dump() for each in said.annotations or []]
    assert (ends, usages) == (["stop"], [whole.usage])


def test_a_stream_opens_with_the_role_and_ends_with_done(server: Served) -> None:
    body = {"model": "onrecord", "messages": user(QUESTION), "stream": True}
    with httpx.stream("POST", f"{server.url}/v1/chat/completions", json=body, trust_env=False) as response:
        lines = [line.removeprefix("data: ") for line in response.iter_lines() if line.startswith("data:")]

    assert json.loads(lines[0])["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert lines[-1] == "[DONE]"


def test_links_are_those_of_the_cited_articles_alone_and_the_sources_are_listed(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="onrecord-links", messages=user(QUESTION))

    text = completion.choices[0].message.content or ""
    address = (completion.model_extra or {})["citations"][0]
    assert f"[[1]]({address})" in text
    assert f"Sources:\n\n1. [Kremlin says a summit can only seal a finished peace deal]({address})" in text
    assert text.count("](") == 2


def test_what_is_not_in_the_articles_is_said_not_to_be_there(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="onrecord", messages=user(UNANSWERABLE))

    assert (completion.choices[0].message.content or "").startswith("Not in these articles.")
    assert (completion.model_extra or {})["onrecord"]["abstention"]["reason"] in ("no_evidence", "weak_evidence")


def test_a_follow_up_is_read_with_what_was_asked_before(client: openai.OpenAI) -> None:
    before: list[ChatCompletionMessageParam] = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": "He spoke of a full stop."},
        {"role": "user", "content": [{"type": "text", "text": "When did he say that?"}]},
    ]
    completion = client.chat.completions.create(model="onrecord", messages=before)

    assert "Peskov" in (completion.model_extra or {})["onrecord"]["query"]["text"]


def test_dates_limit_the_search_as_perplexitys_do(client: openai.OpenAI) -> None:
    until = {"search_before_date_filter": "07/25/2025"}
    completion = client.chat.completions.create(model="onrecord", messages=user(QUESTION), extra_body=until)

    answer = (completion.model_extra or {})["onrecord"]
    assert answer["query"]["filters"] == {"published_before": "2025-07-25T00:00:00Z"}
    assert not [c for c in answer["citations"] if c["article"]["published_at"] >= "2025-07-25"]


@pytest.mark.parametrize(
    ("domains", "found"),
    [
        (["meridian-wire.example"], True),
        (["https://www.meridian-wire.example/", "nobody.example"], True),
        (["-meridian-wire.example"], False),
        (["wire.example"], False),
        (["example", "-wire.example"], True),
    ],
)
def test_domains_limit_the_search_as_perplexitys_do(client: openai.OpenAI, domains: list[str], found: bool) -> None:
    limits = {"search_domain_filter": domains}
    completion = client.chat.completions.create(model="onrecord", messages=user(QUESTION), extra_body=limits)

    answer = (completion.model_extra or {})["onrecord"]
    assert (WORDS in answer["text"]) is found
    assert answer["query"]["filters"].get("sites", []) == [
        domain.removeprefix("https://www.").rstrip("/") for domain in domains if not domain.startswith("-")
    ]


@pytest.mark.parametrize(
    ("wrong", "status", "message", "param"),
    [
        ({"model": "gpt-9"}, 404, "no model 'gpt-9' here; those there are: onrecord,", "model"),
        ({"messages": []}, 400, "messages: ", "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, 400, "has the role 'user'", "messages"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}]},
            400, "a part of type 'image_url' cannot be read; ask in text", "messages[0].content",
        ),
        ({"messages": [{"role": "user", "content": " "}]}, 400, "the question is empty", "question"),
        ({"n": 2}, 400, "n: ", "n"),
        ({"search_after_date_filter": "2025-07-25"}, 400, "MM/DD/YYYY", "search_after_date_filter"),
        ({"search_domain_filter": ["-"]}, 400, "write one such as example.com", "search_domain_filter"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_what_is_wrong_is_told_in_openais_shape(
    server: Served, stream: bool, wrong: dict[str, object], status: int, message: str, param: str
) -> None:
    body = {"model": "onrecord", "messages": user(QUESTION), "stream": stream} | wrong
    response = httpx.post(f"{server.url}/v1/chat/completions", json=body, trust_env=False)

    error = response.json()["error"]
    assert response.status_code == status
    assert message in error["message"]
    assert (error["type"], error["param"]) == ("invalid_request_error", param)


def test_an_image_of_an_earlier_message_does_not_spoil_the_conversation(client: openai.OpenAI) -> None:
    earlier: list[ChatCompletionMessageParam] = [
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]},
        {"role": "assistant", "content": None},
        {"role": "user", "content": QUESTION},
    ]
    completion = client.chat.completions.create(model="onrecord", messages=earlier)

    assert WORDS in (completion.choices[0].message.content or "")


def test_a_response_has_one_text_whose_annotations_are_marked_in_it(client: openai.OpenAI) -> None:
    response = client.responses.create(model="onrecord", input=QUESTION)

    marks = response.model_dump()["output"][0]["content"][0]["annotations"]
    assert WORDS in response.output_text
    assert [response.output_text[mark["start_index"] : mark["end_index"]] for mark in marks] == ["[1]"]


def test_a_streamed_response_adds_up_to_the_whole(client: openai.OpenAI) -> None:
    with client.responses.stream(model="onrecord", input=[{"role": "user", "content": QUESTION}]) as stream:
        events = list(stream)
        whole = stream.get_final_response()

    assert [event.sequence_number for event in events] == list(range(len(events)))
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == whole.output_text
    assert events[-1].type == "response.completed"


@pytest.mark.parametrize("item", [{}, {"role": 3}, {"role": "user", "content": 3}])
def test_a_message_that_cannot_be_read_is_told_of(server: Served, item: dict[str, object]) -> None:
    response = httpx.post(f"{server.url}/v1/responses", json={"model": "onrecord", "input": [item]}, trust_env=False)

    assert response.status_code == 400
    assert "input: a message’s " in response.json()["error"]["message"]


def test_what_we_do_not_have_is_told_in_openais_shape(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match=r"/v1/embeddings: not found; /docs lists what there is"):
        client.embeddings.create(model="onrecord", input="x")


def test_a_response_cannot_go_on_from_an_earlier_one(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="send the conversation"):
        client.responses.create(model="onrecord", input="and when?", previous_response_id="resp_1")
