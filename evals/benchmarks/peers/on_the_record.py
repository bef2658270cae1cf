"""On the Record itself, in process as the peers are, with its defaults."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from evals.benchmarks.peer_process import run
from evals.filling import fill
from rag import NewsRetriever
from rag.settings import read_settings


def ingest(articles: Path, store: Path, words: int | None) -> int:
    return asyncio.run(fill([str(articles)], read_settings(library=store).alone())).passages


def opened(store: Path) -> Callable[[str], list[str]]:
    retriever = NewsRetriever(library=store, k=10)
    return lambda question: [document.page_content for document in retriever.invoke(question)]


if __name__ == "__main__":
    run(ingest, opened)
