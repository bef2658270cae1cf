"""A Chainlit app of some lines on our API: what its documentation has for an OpenAI-compatible server, with the sources."""

import os

import chainlit as cl
from openai import AsyncOpenAI, OpenAIError

client = AsyncOpenAI(
    base_url=f"{os.environ['ONRECORD_URL']}/v1", api_key=os.environ.get("ONRECORD_KEY", "none is needed")
)


@cl.on_message
async def answer(asked: cl.Message) -> None:
    shown = cl.Message(content="")
    model = "gpt-9" if asked.content.startswith("wrong model:") else "onrecord"
    results = []
    try:
        stream = await client.chat.completions.create(model=model, messages=cl.chat_context.to_openai(), stream=True)
        async for chunk in stream:
            results = (chunk.model_extra or {}).get("search_results") or results
            if chunk.choices and chunk.choices[0].delta.content:
                await shown.stream_token(chunk.choices[0].delta.content)
    except OpenAIError as error:
        await shown.stream_token(f"{error}")
    # Chainlit makes a link of each element's name where it stands in the text.
    shown.elements = [
        cl.Text(name=f"[{n}]", content=f"{result['snippet']}\n\n{result['url']}", display="side")
        for n, result in enumerate(results, 1)
    ]
    await shown.send()
