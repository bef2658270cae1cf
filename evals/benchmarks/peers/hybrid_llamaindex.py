"""LlamaIndex with its BM25 beside its vectors, fused by reciprocal ranks, as its documentation shows it."""

from collections.abc import Callable
from pathlib import Path

from llama_index.core import StorageContext, load_index_from_storage
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.retrievers.bm25 import BM25Retriever
from plain_llamaindex import ingest

from evals.benchmarks.peer_process import run


def opened(store: Path) -> Callable[[str], list[str]]:
    index = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(store)))
    retrievers = [
        index.as_retriever(similarity_top_k=10),
        BM25Retriever.from_defaults(docstore=index.docstore, similarity_top_k=10),
    ]
    # One query is the question as it is; more would be written by a model, and it wants one all the same.
    fused = QueryFusionRetriever(
        retrievers, llm=MockLLM(), similarity_top_k=10, num_queries=1, mode="reciprocal_rerank", use_async=False
    )
    return lambda question: [found.text for found in fused.retrieve(question)]


if __name__ == "__main__":
    run(ingest, opened)
