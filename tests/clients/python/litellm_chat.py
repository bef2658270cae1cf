"""litellm, as a gateway or in a program."""

from __future__ import annotations

import asyncio

import litellm
from checking import IMAGE, KEY, QUESTION, UNANSWERABLE, URL, WORDS, check, finish, marks, numbered, raises

litellm.telemetry = False


def ask(question: object, model: str = "onrecord", **more: object) -> object:
    messages = [{"role": "user", "content": question}]
    return litellm.completion(
        model=f"openai/{model}", api_base=f"{URL}/v1", api_key=KEY, messages=messages, max_retries=0, **more
    )


message = ask(QUESTION).choices[0].message
check("the text", WORDS in message.content)
notes = [note["url_citation"] for note in message.annotations]
found = marks(message.content, [(note["start_index"], note["end_index"]) for note in notes])
check("annotations at their markers", numbered(found), found)
text, annotations = "", []
for chunk in ask(QUESTION, stream=True):
    text += chunk.choices[0].delta.content or ""
    annotations += getattr(chunk.choices[0].delta, "annotations", None) or []
check("streamed: the same text", text == message.content)
check(
    "streamed: the annotations",
    [dict(note) for note in annotations] == [dict(note) for note in message.annotations],
    len(annotations),
)
reply = litellm.responses(model="openai/onrecord", api_base=f"{URL}/v1", api_key=KEY, input=QUESTION)
check(
    "responses: the text with its annotations",
    WORDS in reply.output[0].content[0].text and reply.output[0].content[0].annotations,
)


async def later() -> str:
    reply = await litellm.acompletion(
        model="openai/onrecord", api_base=f"{URL}/v1", api_key=KEY, messages=[{"role": "user", "content": QUESTION}]
    )
    return reply.choices[0].message.content


check("async: the same text", asyncio.run(later()) == text)
check("an abstention", ask(UNANSWERABLE).choices[0].message.content.startswith("Not in these articles."))
raises("an unknown model", litellm.NotFoundError, lambda: ask(QUESTION, "gpt-9"))
raises("an image", litellm.BadRequestError, lambda: ask(IMAGE))
finish()
