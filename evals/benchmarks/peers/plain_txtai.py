"""txtai: paragraphs by its Segmentation, vectors by its external method, content kept in its own database."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from txtai import Embeddings
from txtai.pipeline import Segmentation

from evals.benchmarks.peer_process import run
from evals.benchmarks.peer_vectors import Vectors

VECTORS = Vectors()


def transform(texts: list[str]) -> NDArray[np.float32]:
    return VECTORS.matrix(texts)


def pieces(articles: Path, words: int | None) -> Iterator[dict[str, str]]:
    segment = Segmentation(paragraphs=True)
    if words is not None:
        segment = Segmentation(chunker="sentence", tokenizer="word", chunk_size=words, chunk_overlap=0)
    with articles.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            for text in segment(article["body"]):
                yield {"text": text, "title": article["title"], "url": article["url"]}


def ingest(articles: Path, store: Path, words: int | None, *, hybrid: bool = False) -> int:
    embeddings = Embeddings(method="external", transform=transform, content=True, hybrid=hybrid)
    embeddings.index(pieces(articles, words))
    embeddings.save(str(store))
    return int(embeddings.count())


def opened(store: Path) -> Callable[[str], list[str]]:
    embeddings = Embeddings()
    embeddings.load(str(store), config={"transform": transform})
    return lambda question: [found["text"] for found in embeddings.search(question, 10)]


if __name__ == "__main__":
    run(ingest, opened)
