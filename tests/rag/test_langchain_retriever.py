"""Our retrieval as LangChain sees it: by itself, in a chain and in an agent that asks a chat server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.documents import Document
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough
from langchain_core.tools import create_retriever_tool
from langchain_openai import ChatOpenAI
from pydantic import SecretStr, ValidationError

from evals.standins.chat_script import Reply, ToolCall, turns
from evals.standins.chat_server import ChatServer
from rag import NewsRetriever
from rag.domain import Article, Filters
from rag.errors import LibraryLockedError, QuestionError
from rag.library import Library
from rag.settings import Settings
from tests.newsroom import BRIDGE, FERRY, UNDATED, document
from tests.running import on_library, run

QUESTION = "Who will rebuild the old bridge?"


async def _stock(library: Library) -> None:
    await library.put([document(each) for each in (BRIDGE, FERRY, UNDATED)])


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("retriever") / "library"
    on_library(Settings(library=folder), _stock)
    return folder


@pytest.fixture
def news(stocked: Path) -> Iterator[NewsRetriever]:
    with NewsRetriever(library=stocked, k=2) as retriever:
        yield retriever


def bodies() -> dict[str, Article]:
    return {each.id: document(each).article for each in (BRIDGE, FERRY, UNDATED)}


def joined(documents: list[Document]) -> str:
    return "\n\n".join(f"{each.metadata['outlet']}: {each.page_content}" for each in documents)


def test_what_it_finds_is_verbatim_at_its_place(news: NewsRetriever) -> None:
    found = news.invoke(QUESTION)

    assert [each.metadata["rank"] for each in found] == [1, 2]
    assert found[0].metadata["article_id"] == "bridge"
    for each in found:
        body = bodies()[each.metadata["article_id"]].body
        assert body[each.metadata["start"] : each.metadata["end"]] == each.page_content


def test_it_says_where_its_words_come_from(news: NewsRetriever) -> None:
    best = news.invoke(QUESTION)[0]

    assert best.id == "bridge:1:0"
    told = ("title", "outlet", "authors", "url", "published_at", "revision")
    assert {name: best.metadata[name] for name in told} == {
        "title": BRIDGE.title,
        "outlet": "Harbour Courier",
        "authors": ["Jo Marsh", "Émile Zöller"],
        "url": "https://harbour.example/bridge",
        "published_at": "2025-03-04T09:00:00+00:00",
        "revision": 1,
    }


def test_sync_and_async_callers_of_any_loop_are_served_alike(news: NewsRetriever) -> None:
    found = news.invoke(QUESTION)

    async def several() -> list[list[Document]]:
        return await asyncio.gather(*(news.ainvoke(QUESTION) for _ in range(4)))

    assert all(each == found for _ in range(2) for each in run(several()))
    assert news.batch([QUESTION, QUESTION]) == [found, found]


def test_filters_hold(stocked: Path) -> None:
    with NewsRetriever(library=stocked, filters=Filters(without_sites=("harbour.example",))) as news:
        assert {each.metadata["article_id"] for each in news.invoke("the bridge and the ferry")} == {"ferry", "undated"}


def test_the_library_is_let_go_and_taken_again(stocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_LOCK_WAIT_S", "0")
    news, other = NewsRetriever(library=stocked), NewsRetriever(library=stocked)
    found = news.invoke(QUESTION)
    with pytest.raises(LibraryLockedError, match="a LangChain retriever"):
        other.invoke(QUESTION)
    news.close()

    assert other.invoke(QUESTION) == found
    other.close()
    assert news.invoke(QUESTION) == found
    news.close()


def test_what_is_wrong_is_raised_where_it_is_asked(news: NewsRetriever) -> None:
    with pytest.raises(QuestionError, match="the question is empty"):
        news.invoke(" ")
    with pytest.raises(QuestionError, match="the question is empty"):
        run(news.ainvoke(" "))
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        NewsRetriever(k=0)


def model(url: str) -> ChatOpenAI:
    return ChatOpenAI(model="stand-in", base_url=url, api_key=SecretStr("none"), max_retries=0)


def test_a_chain_is_given_the_words(news: NewsRetriever) -> None:
    prompt = ChatPromptTemplate.from_template("Answer from these articles alone:\n{articles}\n\n{question}")
    server = ChatServer(turns(Reply(text="The council.")))
    with server as url:
        chain = {"articles": news | joined, "question": RunnablePassthrough()} | prompt | model(url) | StrOutputParser()
        assert chain.invoke(QUESTION) == "The council."

    asked = server.requests[0].body["messages"][0]["content"]
    assert "Harbour Courier: The council of Lower Fenwick voted on Tuesday to rebuild the old bridge." in asked
    assert asked.endswith(QUESTION)


@pytest.mark.parametrize("asynchronous", [False, True])
def test_an_agent_looks_things_up_with_it(news: NewsRetriever, asynchronous: bool) -> None:
    tool = create_retriever_tool(news, "news", "Passages of news articles for a question.")
    looks_up = Reply(tool_calls=(ToolCall(name="news", arguments={"query": "old bridge vote"}),))
    server = ChatServer(turns(looks_up, Reply(text="The council of Lower Fenwick.")))
    with server as url:
        agent = create_agent(model(url), tools=[tool])
        asked: Any = {"messages": [{"role": "user", "content": QUESTION}]}
        ended = run(agent.ainvoke(asked)) if asynchronous else agent.invoke(asked)

    assert ended["messages"][-1].content == "The council of Lower Fenwick."
    read = [message for message in server.requests[1].body["messages"] if message["role"] == "tool"]
    assert "The council of Lower Fenwick voted on Tuesday to rebuild the old bridge." in read[0]["content"]


def test_a_quote_is_no_longer_than_its_outlet_allows(
    stocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "rights.toml"
    policy.write_text('["Harbour Courier"]\nquote_words = 5\n')
    monkeypatch.setenv("ONRECORD_RIGHTS", str(policy))
    with NewsRetriever(library=stocked, filters=Filters(outlets=("Harbour Courier",))) as news:
        found = news.invoke(QUESTION)
    monkeypatch.delenv("ONRECORD_RIGHTS")
    on_library(Settings(library=stocked), _untouched)

    assert [each.page_content for each in found] == ["The council of Lower Fenwick"]
    assert BRIDGE.body.startswith(found[0].page_content)


async def _untouched(library: Library) -> None:
    """Opened without the policy again, so that other tests find the library as it was."""
