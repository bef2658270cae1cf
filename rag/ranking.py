"""The port to the reranker: what looks once more at the best passages of a search, each beside the question. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rag.domain import Part, Query
from rag.ports import StoredPassage


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that the search found, with its fused score and each channel's own."""

    stored: StoredPassage
    score: float
    channels: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.stored.passage.span.of(self.stored.article.body)

    @property
    def document(self) -> str:
        """The passage under its header, as the indexes have it."""
        return f"{self.stored.article.header}\n{self.text}"


class Reranker(Protocol):
    """Scores passages for one part of a question. Only the order of the scores counts. At most `depth` are looked at."""

    name: str
    depth: int

    async def scores(self, query: Query, part: Part, candidates: Sequence[Candidate]) -> list[float]:
        """One for each candidate, in their order; higher is better. `candidates` come best first.

        Raises:
            ProviderTimeoutError: a model that it asks did not answer in time; safe to retry.
            ProviderError: anything else that such a model did.
        """
        ...
