"""Haystack's hybrid pipeline: its BM25 and its vectors joined by reciprocal ranks. Its tutorial ends with a cross-encoder:
no wheel has one, so there is none here."""

from collections.abc import Callable
from pathlib import Path

from haystack import Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from plain_haystack import SameTextEmbedder, ingest

from evals.benchmarks.peer_process import run


def opened(store: Path) -> Callable[[str], list[str]]:
    document_store = InMemoryDocumentStore.load_from_disk(str(store / "documents.json"))
    pipeline = Pipeline()
    pipeline.add_component("embedder", SameTextEmbedder())
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(document_store, top_k=10))
    pipeline.add_component("bm25", InMemoryBM25Retriever(document_store, top_k=10))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=10))
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("bm25", "joiner")

    def search(question: str) -> list[str]:
        found = pipeline.run({"embedder": {"text": question}, "bm25": {"query": question}})
        return [document.content for document in found["joiner"]["documents"]]

    return search


if __name__ == "__main__":
    run(ingest, opened)
