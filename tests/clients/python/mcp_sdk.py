"""The MCP SDK's client, over streamable HTTP and over standard input and output."""

from __future__ import annotations

import json
import os

import anyio
from checking import QUESTION, UNANSWERABLE, URL, WORDS, check, finish
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client


async def used(client: Client, way: str) -> None:
    async with client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        check(f"{way}: the tools", set(names) == {"search", "fetch", "ask", "statements"}, names)
        answer = (await client.call_tool("ask", {"question": QUESTION})).structured_content
        check(
            f"{way}: ask answers with its citations",
            WORDS in answer["text"] and WORDS in answer["citations"][0]["quote"],
        )
        found = await client.call_tool("search", {"query": "summit settlement"})
        text = json.loads(found.content[0].text)["results"]
        check(
            f"{way}: search gives id, title and url, also as text",
            {"id", "title", "url"} <= set(text[0]),
            text[0]["title"],
        )
        fetched = (await client.call_tool("fetch", {"id": answer["citations"][0]["id"]})).structured_content
        check(f"{way}: fetch reads what is cited", answer["citations"][0]["quote"] in fetched["text"])
        said = (await client.call_tool("statements", {"speaker": "Peskov"})).structured_content
        check(f"{way}: statements are Peskov's", {each["speaker"] for each in said["statements"]} == {"Dmitry Peskov"})
        nothing = (await client.call_tool("ask", {"question": UNANSWERABLE})).structured_content
        check(f"{way}: an abstention", nothing["answered"] is False, nothing["text"])
        wrong = await client.call_tool("fetch", {"id": "nosucharticle"})
        check(
            f"{way}: an error is an error",
            wrong.is_error and "no article" in wrong.content[0].text,
            wrong.content[0].text,
        )


async def main() -> None:
    await used(Client(f"{URL}/mcp"), "http")
    command, *arguments = json.loads(os.environ["ONRECORD_MCP"])
    await used(Client(stdio_client(StdioServerParameters(command=command, args=arguments))), "stdio")


anyio.run(main)
finish()
