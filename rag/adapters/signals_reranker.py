"""A reranker without a model call: the signals of `rag/signals.py`, weighed by coefficients that were fitted.

They stand in `signals_reranker.json`, with what they were fitted on; `python -m evals.ranker_fitting` makes it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Protocol

import numpy as np

from rag.domain import Part, Period, Query
from rag.errors import SettingsError
from rag.known import KnownNames
from rag.ranking import Candidate
from rag.signals import SIGNALS, Asked, Floats, question_words, rarity, signals


class Counts(Protocol):
    """What is asked of the library."""

    async def document_frequencies(self, words: Sequence[str]) -> list[int]: ...

    async def passage_count(self) -> int: ...

    async def names(self) -> KnownNames: ...


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model: the score of a passage is the sum of its signals, each times its coefficient."""

    coefficients: tuple[float, ...]

    def scores(self, rows: Floats) -> Floats:
        """One for each row of signals, `(candidates, len(SIGNALS))`."""
        return np.asarray(rows @ np.asarray(self.coefficients, dtype=np.float64))


def shipped_weights() -> Weights:
    """The model in the package. Raises SettingsError where it was fitted on other signals than this code computes."""
    text = (resources.files("rag") / "adapters" / "signals_reranker.json").read_text(encoding="utf-8")
    weights = json.loads(text)["coefficients"]
    if tuple(weights) != SIGNALS:
        raise SettingsError(
            f"signals_reranker.json weighs {', '.join(weights)}, and rag/signals.py computes {', '.join(SIGNALS)}: run"
            " `python -m evals.ranker_fitting`"
        )
    return Weights(tuple(float(each) for each in weights.values()))


class SignalsReranker:
    """The `Reranker` port: a few milliseconds for each part of a question, the same on every run."""

    name = "signals"

    def __init__(self, counts: Counts, weights: Weights, *, depth: int) -> None:
        self.depth = depth
        self._counts, self._weights = counts, weights

    async def scores(self, query: Query, part: Part, candidates: Sequence[Candidate]) -> list[float]:
        """See the port."""
        rows = await self.signals(query, part, candidates)
        return [float(score) for score in self._weights.scores(rows)]

    async def signals(self, query: Query, part: Part, candidates: Sequence[Candidate]) -> Floats:
        """`(candidates, len(SIGNALS))`."""
        language = query.language or "en"
        words = question_words(part.text, language)
        frequencies = await self._counts.document_frequencies(words)
        passages = await self._counts.passage_count()
        weights = {word: rarity(n, passages) for word, n in zip(words, frequencies, strict=True)}
        time = await self._time(query, part)
        asked = Asked(weights, language)
        return await asyncio.to_thread(signals, asked, candidates, time=time, one_source=bool(part.outlets))

    async def _time(self, query: Query, part: Part) -> Period | None:
        """The time that is asked about; None where there is none."""
        if named := part.period or query.period:
            return named
        moment = query.as_of
        if moment is None and query.latest:
            moment = (await self._counts.names()).newest
        return None if moment is None else Period("", moment, moment)
