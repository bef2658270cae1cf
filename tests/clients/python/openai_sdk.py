"""OpenAI's client for Python."""

from __future__ import annotations

import asyncio
import json
import urllib.request

import openai
from checking import (
    ASTRAL,
    IMAGE,
    KEY,
    QUESTION,
    SEVERAL,
    UNANSWERABLE,
    URL,
    WORDS,
    check,
    finish,
    marks,
    numbered,
    raises,
)

client = openai.OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)


def ask(question: object, model: str = "onrecord", **more: object) -> object:
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": question}], **more)


names = [model.id for model in client.models.list()]
check(
    "models are listed", {"onrecord", "onrecord-extractive", "onrecord-links", "onrecord-sources"} <= set(names), names
)
check("a model is looked up", client.models.retrieve("onrecord").id == "onrecord")

for question in (QUESTION, ASTRAL, SEVERAL):
    message = ask(question).choices[0].message
    notes = [note.url_citation for note in message.annotations or []]
    found = marks(message.content, [(note.start_index, note.end_index) for note in notes])
    check(f"annotations stand at their markers ({question})", numbered(found), found)
    check(
        "each has an address and a title",
        all(note.url.startswith("http") and note.title for note in notes),
        notes[0].url,
    )
check("the words are there", WORDS in ask(QUESTION).choices[0].message.content)

whole = ask(QUESTION, temperature=0, seed=7, top_p=1, user="me", tools=[], extra_body={"unknown": True})
text, annotations, usage, finish_reason = "", [], None, None
for chunk in ask(QUESTION, stream=True, stream_options={"include_usage": True}):
    usage = chunk.usage or usage
    for choice in chunk.choices:
        text += choice.delta.content or ""
        annotations += (choice.delta.model_extra or {}).get("annotations") or []
        finish_reason = choice.finish_reason or finish_reason
check("a stream adds up to the whole", text == whole.choices[0].message.content, text[:60])
check("so do its annotations", annotations == [note.model_dump() for note in whole.choices[0].message.annotations])
check("usage and the end arrive", usage is not None and finish_reason == "stop", usage)

with client.chat.completions.stream(model="onrecord", messages=[{"role": "user", "content": QUESTION}]) as stream:
    final = stream.get_final_completion()
check("the stream helper ends with the same text", final.choices[0].message.content == text)

reply = client.responses.create(model="onrecord", input=QUESTION)
notes = reply.output[0].content[0].annotations
check("a response has its text", WORDS in reply.output_text)
found = marks(reply.output_text, [(note.start_index, note.end_index) for note in notes])
check("and typed annotations at their markers", numbered(found) and notes[0].type == "url_citation", found)
with client.responses.stream(model="onrecord", input=QUESTION) as stream:
    kinds = [event.type for event in stream]
    last = stream.get_final_response()
check("a streamed response ends completed", kinds[-1] == "response.completed" and last.output_text == reply.output_text)
check("its annotations arrive as events", "response.output_text.annotation.added" in kinds, len(kinds))

links = ask(QUESTION, "onrecord-links").choices[0].message.content
check("onrecord-links has links and sources in the text", "[[1]](http" in links and "Sources:" in links)
sources = ask(QUESTION, "onrecord-sources").model_extra["sources"]
check("onrecord-sources has Open WebUI's sources", WORDS in sources[0]["document"][0])
gone = ask(QUESTION, extra_body={"search_domain_filter": ["-meridian-wire.example"]}).choices[0].message.content
check("search_domain_filter leaves a site out", WORDS not in gone)
check("an abstention says so", ask(UNANSWERABLE).choices[0].message.content.startswith("Not in these articles."))

raises("an unknown model", openai.NotFoundError, lambda: ask(QUESTION, "gpt-9"))
raises("an unknown model, streamed", openai.NotFoundError, lambda: ask(QUESTION, "gpt-9", stream=True))
raises("an image", openai.BadRequestError, lambda: ask(IMAGE))
raises("no question", openai.BadRequestError, lambda: ask(" "))
raises(
    "a previous response",
    openai.BadRequestError,
    lambda: client.responses.create(model="onrecord", input="x", previous_response_id="resp_1"),
)
raises(
    "an address that we do not have",
    openai.NotFoundError,
    lambda: client.embeddings.create(model="onrecord", input="x"),
)


async def concurrently() -> list[str]:
    async with openai.AsyncOpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0) as many:
        replies = await asyncio.gather(
            *(
                many.chat.completions.create(model="onrecord", messages=[{"role": "user", "content": QUESTION}])
                for _ in range(8)
            )
        )
        return [reply.choices[0].message.content for reply in replies]


check("eight at once, async, agree", set(asyncio.run(concurrently())) == {text})
cited = whole.model_extra["onrecord"]["citations"][0]
with urllib.request.urlopen(f"{URL}/v1/articles/{cited['article']['id']}") as response:
    body = json.load(response)["body"]
check(
    "the cited words stand in the article where it is said",
    body[cited["start"] : cited["end"]] == cited["quote"],
    cited["quote"][:50],
)
finish()
