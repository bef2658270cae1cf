"""LangChain with Chroma, as its tutorial on retrieval-augmented generation builds it: pieces of 1,000 characters, by likeness."""

import json
from collections.abc import Callable
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from evals.benchmarks.peer_process import run
from evals.benchmarks.peer_vectors import Vectors


class SameEmbeddings(Embeddings):
    def __init__(self) -> None:
        self.vectors = Vectors()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.vectors.rows(texts)

    def embed_query(self, text: str) -> list[float]:
        return self.vectors.rows([text])[0]


def split(articles: Path, words: int | None) -> list[Document]:
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    if words is not None:
        splitter = RecursiveCharacterTextSplitter(
            chunk_size=words, chunk_overlap=0, length_function=lambda text: len(text.split())
        )
    documents = []
    with articles.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            metadata = {"title": article["title"], "source": article["url"], "published_at": article["published_at"]}
            documents.append(Document(page_content=article["body"], metadata=metadata))
    return splitter.split_documents(documents)


def ingest(articles: Path, store: Path, words: int | None) -> int:
    pieces = split(articles, words)
    Chroma.from_documents(pieces, SameEmbeddings(), collection_name="articles", persist_directory=str(store))
    return len(pieces)


def opened(store: Path) -> Callable[[str], list[str]]:
    chroma = Chroma(collection_name="articles", embedding_function=SameEmbeddings(), persist_directory=str(store))
    return lambda question: [document.page_content for document in chroma.similarity_search(question, k=10)]


if __name__ == "__main__":
    run(ingest, opened)
