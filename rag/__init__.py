"""The answer: from a question to claims that point at the exact words of stored articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.langchain_retriever import NewsRetriever

__all__ = ["NewsRetriever"]


def __getattr__(name: str) -> object:
    # LangChain takes a second to import: only who wants its retriever waits for it.
    if name == "NewsRetriever":
        from rag.langchain_retriever import NewsRetriever

        return NewsRetriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
