"""The tools for agents, called by the MCP SDK's own client over both transports."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import CallToolResult

from tests.serving import Served, environment

QUESTION = "what did Peskov say about a summit?"
WORDS = "A summit can and must be the full stop at the end of the settlement"
Use = Callable[[Client], Any]


def over_http(served: Served) -> Client:
    return Client(f"{served.url}/mcp")


def over_stdio(library: Path) -> Client:
    arguments = ["-m", "api.cli", "mcp", "--library", str(library)]
    return Client(stdio_client(StdioServerParameters(command=sys.executable, args=arguments, env=environment())))


def called(client: Client, tool: str, **arguments: Any) -> CallToolResult:
    async def call() -> CallToolResult:
        async with client:
            return await client.call_tool(tool, arguments)

    return anyio.run(call)


def content(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


def test_the_tools_say_what_they_take(server: Served) -> None:
    async def listed() -> dict[str, set[str]]:
        async with over_http(server) as client:
            tools = (await client.list_tools()).tools
            return {tool.name: set(tool.input_schema["properties"]) for tool in tools}

    assert anyio.run(listed) == {
        "search": {"query"},
        "fetch": {"id"},
        "ask": {"question"},
        "statements": {"speaker", "about"},
    }


def test_what_search_finds_can_be_fetched(server: Served) -> None:
    found = content(called(over_http(server), "search", query="summit settlement Kremlin"))["results"]
    fetched = content(called(over_http(server), "fetch", id=found[0]["id"]))

    assert len({each["id"] for each in found}) == len(found)
    assert WORDS in fetched["text"]
    assert (fetched["id"], fetched["title"], fetched["url"]) == (found[0]["id"], found[0]["title"], found[0]["url"])


def test_an_answer_is_that_of_the_http_interface_with_the_words_that_it_cites(server: Served) -> None:
    answer = content(called(over_http(server), "ask", question=QUESTION))
    native = httpx.post(f"{server.url}/v1/ask", json={"question": QUESTION}, trust_env=False).json()

    assert (answer["answered"], answer["text"]) == (True, native["text"])
    assert [each["quote"] for each in answer["citations"]] == [each["quote"] for each in native["citations"]]
    assert answer["citations"][0]["speaker"] == "Dmitry Peskov"


def test_what_is_not_in_the_articles_is_said_not_to_be_there(server: Served) -> None:
    answer = content(called(over_http(server), "ask", question="Who won the chess match on the moon?"))

    assert (answer["answered"], answer["citations"]) == (False, [])
    assert answer["text"].startswith("Not in these articles.")


def test_statements_are_somebodys_own_words(server: Served) -> None:
    page = content(called(over_http(server), "statements", speaker="Peskov", about="summit"))

    assert page["speakers"] == ["Dmitry Peskov"]
    assert any(WORDS in each["quote"] for each in page["statements"])


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("fetch", {"id": "nosucharticle"}, "no article 'nosucharticle' is stored"),
        ("ask", {"question": " "}, "the question is empty"),
        ("search", {}, "query"),
    ],
)
def test_what_is_wrong_is_told_to_the_agent(server: Served, tool: str, arguments: dict[str, str], words: str) -> None:
    result = called(over_http(server), tool, **arguments)

    assert result.is_error
    assert words in str(result.content)


def test_another_sites_page_may_not_call_the_tools(server: Served) -> None:
    listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"accept": "application/json, text/event-stream", "origin": "https://evil.example"}
    response = httpx.post(f"{server.url}/mcp", json=listing, headers=headers, trust_env=False)

    assert response.status_code == 403


def test_the_same_tools_answer_on_standard_input_and_output(samples: Path, tmp_path: Path) -> None:
    library = Path(shutil.copytree(samples, tmp_path / "library"))

    answer = content(called(over_stdio(library), "ask", question=QUESTION))

    assert WORDS in answer["text"]


def test_beside_a_server_they_ask_it(server: Served) -> None:
    answer = content(called(over_stdio(server.library), "ask", question=QUESTION))

    assert WORDS in answer["text"]
