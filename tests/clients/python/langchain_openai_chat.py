"""LangChain's ChatOpenAI, over chat completions and over the Responses API."""

from __future__ import annotations

import asyncio

import openai
from checking import IMAGE, KEY, QUESTION, UNANSWERABLE, URL, WORDS, check, finish, marks, numbered, raises
from langchain_core.messages import HumanMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI


def model(name: str = "onrecord", **more: object) -> ChatOpenAI:
    return ChatOpenAI(model=name, base_url=f"{URL}/v1", api_key=KEY, max_retries=0, **more)


def citations(message: object) -> list[dict[str, object]]:
    return [note for block in message.content_blocks for note in block.get("annotations", [])]


def places(message: object) -> list[str]:
    text = message.text
    return marks(text, [(note["start_index"], note["end_index"]) for note in citations(message)])


message = model().invoke(QUESTION)
check("chat completions: the text", WORDS in message.text)
check("chat completions: the markers stay in it", "[1]" in message.text)
chunks = list(model().stream(QUESTION))
check("streamed: the same text", "".join(chunk.text for chunk in chunks) == message.text, len(chunks))
check("async: the same text", asyncio.run(model().ainvoke(QUESTION)).text == message.text)

response = model(use_responses_api=True).invoke(QUESTION)
check("Responses API: the text", WORDS in response.text)
check("Responses API: citations in content_blocks, at their markers", numbered(places(response)), places(response))
check(
    "Responses API: with url and title",
    citations(response)[0]["url"].startswith("http") and citations(response)[0]["title"],
    citations(response)[0]["type"],
)
whole = None
for chunk in model(use_responses_api=True).stream(QUESTION):
    whole = chunk if whole is None else whole + chunk
check(
    "Responses API, streamed: text and citations add up",
    whole.text == response.text and places(whole) == places(response),
    places(whole),
)

chain = (
    ChatPromptTemplate.from_messages([("system", "Answer as a pirate."), ("user", "{question}")])
    | model()
    | StrOutputParser()
)
check("a chain", WORDS in chain.invoke({"question": QUESTION}))
check("an abstention", model().invoke(UNANSWERABLE).text.startswith("Not in these articles."))
raises("an unknown model", openai.NotFoundError, lambda: model("gpt-9").invoke(QUESTION))
raises("an image", openai.BadRequestError, lambda: model().invoke([HumanMessage(IMAGE)]))
finish()
