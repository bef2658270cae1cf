"""LlamaIndex' OpenAILike."""

from __future__ import annotations

import asyncio

import openai
from checking import KEY, QUESTION, UNANSWERABLE, URL, WORDS, check, finish, marks, numbered, raises
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike


def model(name: str = "onrecord") -> OpenAILike:
    return OpenAILike(
        model=name, api_base=f"{URL}/v1", api_key=KEY, is_chat_model=True, context_window=8000, max_retries=0
    )


def ask(question: str) -> list[ChatMessage]:
    return [ChatMessage(role="system", content="Answer as a pirate."), ChatMessage(role="user", content=question)]


reply = model().chat(ask(QUESTION))
check("chat: the text", WORDS in reply.message.content)
notes = [note.url_citation for note in reply.raw.choices[0].message.annotations]
found = marks(reply.message.content, [(note.start_index, note.end_index) for note in notes])
check("chat: annotations in `raw`, at their markers", numbered(found), found)
check("chat: the whole answer in `raw`", WORDS in reply.raw.model_extra["onrecord"]["citations"][0]["quote"])
parts = list(model().stream_chat(ask(QUESTION)))
check("stream_chat: the same text", parts[-1].message.content == reply.message.content, len(parts))
check("complete: the same text", model().complete(QUESTION).text == reply.message.content)
check("stream_complete: the same text", list(model().stream_complete(QUESTION))[-1].text == reply.message.content)
check("achat: the same text", asyncio.run(model().achat(ask(QUESTION))).message.content == reply.message.content)
check("an abstention", model().complete(UNANSWERABLE).text.startswith("Not in these articles."))
raises("an unknown model", openai.NotFoundError, lambda: model("gpt-9").complete(QUESTION))
raises("no question", openai.BadRequestError, lambda: model().complete(" "))
finish()
