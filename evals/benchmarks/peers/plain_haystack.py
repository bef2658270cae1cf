"""Haystack as its tutorials build it: a pipeline that splits by words, embeds and writes to the store in memory."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from haystack import Document, Pipeline, component
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore

from evals.benchmarks.peer_process import run
from evals.benchmarks.peer_vectors import Vectors

VECTORS = Vectors()


@component
class SameDocumentEmbedder:
    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        rows = VECTORS.rows([document.content or "" for document in documents])
        return {"documents": [replace(each, embedding=row) for each, row in zip(documents, rows, strict=True)]}


@component
class SameTextEmbedder:
    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, list[float]]:
        return {"embedding": VECTORS.rows([text])[0]}


def ingest(articles: Path, store: Path, words: int | None) -> int:
    documents = []
    with articles.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            documents.append(Document(content=article["body"], meta={"title": article["title"], "url": article["url"]}))
    document_store = InMemoryDocumentStore()
    pipeline = Pipeline()
    pipeline.add_component("splitter", DocumentSplitter(split_by="word", split_length=words or 200, split_overlap=0))
    pipeline.add_component("embedder", SameDocumentEmbedder())
    pipeline.add_component("writer", DocumentWriter(document_store))
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    pipeline.run({"splitter": {"documents": documents}})
    document_store.save_to_disk(str(store / "documents.json"))
    return document_store.count_documents()


def opened(store: Path) -> Callable[[str], list[str]]:
    document_store = InMemoryDocumentStore.load_from_disk(str(store / "documents.json"))
    pipeline = Pipeline()
    pipeline.add_component("embedder", SameTextEmbedder())
    pipeline.add_component("retriever", InMemoryEmbeddingRetriever(document_store, top_k=10))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")

    def search(question: str) -> list[str]:
        found = pipeline.run({"embedder": {"text": question}})
        return [document.content for document in found["retriever"]["documents"]]

    return search


if __name__ == "__main__":
    run(ingest, opened)
