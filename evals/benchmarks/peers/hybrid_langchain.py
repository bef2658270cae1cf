"""LangChain's EnsembleRetriever over Chroma and BM25, half and half, as its documentation shows it."""

from collections.abc import Callable
from pathlib import Path

from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from plain_langchain import SameEmbeddings, ingest

from evals.benchmarks.peer_process import run


def opened(store: Path) -> Callable[[str], list[str]]:
    chroma = Chroma(collection_name="articles", embedding_function=SameEmbeddings(), persist_directory=str(store))
    # BM25Retriever has no store of its own: it is made anew from Chroma's texts.
    held = chroma.get()
    bm25 = BM25Retriever.from_texts(held["documents"], metadatas=held["metadatas"])
    bm25.k = 10
    both = EnsembleRetriever(retrievers=[bm25, chroma.as_retriever(search_kwargs={"k": 10})], weights=[0.5, 0.5])
    return lambda question: [document.page_content for document in both.invoke(question)[:10]]


if __name__ == "__main__":
    run(ingest, opened)
