"""LlamaIndex as its starter builds it: sentences to pieces of 1,024 tokens, a VectorStoreIndex, kept as its own JSON files."""

import json
from collections.abc import Callable
from pathlib import Path

from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from pydantic import PrivateAttr

from evals.benchmarks.peer_process import run
from evals.benchmarks.peer_vectors import Vectors


class SameEmbedding(BaseEmbedding):
    _vectors: Vectors = PrivateAttr(default_factory=Vectors)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._vectors.rows([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._vectors.rows(texts)

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


Settings.embed_model = SameEmbedding()


def ingest(articles: Path, store: Path, words: int | None) -> int:
    documents = []
    with articles.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            metadata = {"title": article["title"], "source": article["source"], "date": article["published_at"]}
            documents.append(Document(text=article["body"], metadata=metadata))
    splitter = SentenceSplitter()
    if words is not None:
        # It takes the metadata's length off each piece's otherwise, so that one is shorter than was asked.
        splitter = SentenceSplitter(chunk_size=words, chunk_overlap=0, include_metadata=False, tokenizer=str.split)
    index = VectorStoreIndex.from_documents(documents, transformations=[splitter])
    index.storage_context.persist(persist_dir=str(store))
    return len(index.docstore.docs)


def opened(store: Path) -> Callable[[str], list[str]]:
    index = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(store)))
    retriever = index.as_retriever(similarity_top_k=10)
    return lambda question: [found.text for found in retriever.retrieve(question)]


if __name__ == "__main__":
    run(ingest, opened)
