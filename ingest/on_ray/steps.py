"""Reading, cleaning, splitting and embedding on a cluster, each behind the door where the same is done here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from ingest.on_ray.cluster import Cluster, cluster
from ingest.on_ray.work import Embedding, read_whole
from ingest.sources.record import Read
from ingest.splitting import clean_all, handed_over, spare_cores, split_apart
from rag.domain import Article, Document
from rag.errors import ArticleError, ClusterError
from rag.ports import Matrix
from rag.settings import IngestSettings, RaySettings, Settings

T = TypeVar("T")

# A larger file is read here, as a stream.
_MOST_SENT_BYTES = 4_000_000
# Lots whose vectors may wait to be asked for: one is stored, one is split.
_LOTS_AHEAD = 3


class ReadingOnRay:
    """Files' bytes are read here, since the nodes need not see them, and made records by workers."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.ahead = 2 * cluster.cores

    def begin(self, path: Path, where: str) -> Future[list[Read] | None] | None:
        """Its records, or a None in the future or instead of it where the file is to be read here."""
        try:
            if not path.is_file() or path.stat().st_size > _MOST_SENT_BYTES:
                return None
            data = path.read_bytes()
        except OSError:
            return None
        return self._cluster.submit(read_whole, data, where)


class EmbeddingOnRay:
    """The embedding that a settings string names, on actors: an `Embedder` that can be told beforehand what will be asked.

    Raises as the embedding does, and ClusterError.
    """

    def __init__(self, cluster: Cluster, name: str, settings: RaySettings) -> None:
        self.name = name
        self._timeout_s = cluster.timeout_s
        self._actors = cluster.actors(Embedding, name, settings)
        # Replaced as a whole: it is read on other threads.
        self._begun: tuple[tuple[dict[str, int], list[Future[Matrix]]], ...] = ()
        # Said now, and not once a library was made for an embedding that there is not.
        for loading in [call("ready") for call in self._actors]:
            had(loading, self._timeout_s)

    def begin(self, texts: Sequence[str]) -> None:
        """Have these embedded while others are stored."""
        if texts:
            lot = ({text: row for row, text in enumerate(texts)}, self._shares(texts))
            self._begun = (*self._begun, lot)[-_LOTS_AHEAD:]

    def passages(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, one row per text, in order."""
        for rows, coming in reversed(self._begun):
            if all(text in rows for text in texts):
                found = _joined(coming, self._timeout_s)
                return found[[rows[text] for text in texts]]
        return _joined(self._shares(texts), self._timeout_s)

    def question(self, text: str) -> Matrix:
        vector: Matrix = had(self._actors[0]("question", text), self._timeout_s)
        return vector

    def _shares(self, texts: Sequence[str]) -> list[Future[Matrix]]:
        share = max(1, -(-len(texts) // len(self._actors)))
        lots = [list(texts[start : start + share]) for start in range(0, len(texts), share)]
        return [call("passages", lot) for call, lot in zip(self._actors, lots, strict=False)]


class SplittingOnRay:
    """A `Splitter` whose work is done by a cluster, a share of each lot on each core.

    With an `embedding`, what was split is embedded at once.
    """

    def __init__(self, cluster: Cluster, embedding: EmbeddingOnRay | None) -> None:
        self._cluster, self._embedding = cluster, embedding

    def clean(self, articles: Sequence[Article], settings: IngestSettings) -> list[Article | ArticleError]:
        coming = handed_over(self._cluster.submit, self._cluster.cores, clean_all, articles, settings)
        return [each for part in coming for each in had(part, self._cluster.timeout_s)]

    async def split(self, articles: Sequence[Article], settings: IngestSettings) -> list[Document]:
        coming = handed_over(self._cluster.submit, self._cluster.cores, split_apart, articles, settings)
        parts = await asyncio.gather(*(_awaited(part, self._cluster.timeout_s) for part in coming))
        found = [document for part in parts for document in part]
        documents = [replace(each, article=article) for each, article in zip(found, articles, strict=True)]
        if self._embedding is not None:
            self._embedding.begin([text for document in documents for text in _embedded_texts(document)])
        return documents


def _embedded_texts(document: Document) -> list[str]:
    article = document.article
    return [article.under_header(article.body[span.start : span.end]) for span in document.passages]


def _joined(coming: Sequence[Future[Matrix]], timeout_s: float) -> Matrix:
    parts = [had(part, timeout_s) for part in coming]
    return np.concatenate(parts) if parts else np.zeros((0, 0), dtype=np.float32)


def had(coming: Future[T], timeout_s: float) -> T:
    """Blocks. Raises ClusterError where it does not come in time, and what the work raised."""
    try:
        return coming.result(timeout_s)
    except TooLate as error:
        raise _late(timeout_s) from error


async def _awaited(coming: Future[T], timeout_s: float) -> T:
    try:
        return await asyncio.wait_for(asyncio.wrap_future(coming), timeout_s)
    except TimeoutError as error:
        raise _late(timeout_s) from error


def _late(timeout_s: float) -> ClusterError:
    return ClusterError(
        f"the Ray cluster did not return a piece of work within {timeout_s:.0f} s: has it a node that is alive, and the GPUs"
        " that ONRECORD_RAY__EMBEDDER_GPUS asks for? ONRECORD_RAY__TIMEOUT_S is how long to wait"
    )


@dataclass(frozen=True, slots=True)
class OnRay:
    """What an ingest hands to a cluster: `embedding` is None for a run that stores nothing."""

    reading: ReadingOnRay
    splitting: SplittingOnRay
    embedding: EmbeddingOnRay | None


@contextmanager
def on_ray(address: str, settings: Settings, *, embeds: bool) -> Iterator[OnRay]:
    """The steps on the cluster at that address while the context lasts. Raises as `cluster`, and SettingsError."""
    with cluster(address, settings.ray, cores=spare_cores(settings.ingest.processes)) as opened:
        embedding = EmbeddingOnRay(opened, settings.embedding, settings.ray) if embeds else None
        yield OnRay(ReadingOnRay(opened), SplittingOnRay(opened, embedding), embedding)
