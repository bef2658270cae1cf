"""txtai with hybrid=True and what ours puts before each passage: headline, outlet and day, which its documentation does not."""

from collections.abc import Callable
from pathlib import Path

from plain_txtai import opened as plainly_opened
from plain_txtai import pieces, transform
from txtai import Embeddings

from evals.benchmarks.peer_process import run


def ingest(articles: Path, store: Path, words: int | None) -> int:
    embeddings = Embeddings(method="external", transform=transform, content=True, hybrid=True)
    embeddings.index(
        f"{piece['title']} — {piece['source']}, {piece['published_at'][:10]}\n{piece['text']}"
        for piece in pieces(articles, words)
    )
    embeddings.save(str(store))
    return int(embeddings.count())


def opened(store: Path) -> Callable[[str], list[str]]:
    search = plainly_opened(store)
    return lambda question: [text.partition("\n")[2] for text in search(question)]


if __name__ == "__main__":
    run(ingest, opened)
