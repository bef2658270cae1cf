"""A support check without a model call: the features of `rag/overlap.py`, weighed by a logistic regression.

The coefficients stand in `weighed_support.json`, with what they were fitted on; `python -m evals.support_fitting` makes it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from importlib import resources

import numpy as np

from rag.errors import SettingsError
from rag.matching import WordVectors
from rag.overlap import FEATURES, features
from rag.support import Claimed
from rag.weighing import Weighing, read_weighing


def shipped_weighing() -> Weighing:
    """The model in the package. Raises SettingsError where it was fitted on other features than this code computes."""
    text = (resources.files("rag") / "adapters" / "weighed_support.json").read_text(encoding="utf-8")
    try:
        return read_weighing(json.loads(text), FEATURES)
    except ValueError as error:
        raise SettingsError(f"weighed_support.json: {error}: run `python -m evals.support_fitting`") from error


# A claim that has hardly a word of what it cites is none that a summary of it has, and so none that the weights were fitted
# on: they would let most of them pass. Of RAGTruth's supported sentences 1.2 % lie below, of the invented ones 13 %.
_LEAST_COVERED = 0.4


class WeighedSupport:
    """Some milliseconds a claim, the same on every run. Blind to who does what to whom: words in another order pass."""

    name = "weighed"

    def __init__(self, vectors: WordVectors, weighing: Weighing | None = None) -> None:
        self._vectors = vectors
        self._weighing = weighing or shipped_weighing()
        self.threshold = self._weighing.threshold

    async def scores(self, claims: Sequence[Claimed]) -> list[float]:
        """A claim without a cited sentence has no support: 0."""
        return await asyncio.to_thread(self._scored, claims)

    def _scored(self, claims: Sequence[Claimed]) -> list[float]:
        if not claims:
            return []
        rows = np.asarray([features(claim, self._vectors) for claim in claims], dtype=np.float64)
        covered = rows[:, FEATURES.index("covered")]
        probabilities = self._weighing.probabilities(rows) * np.minimum(covered / _LEAST_COVERED, 1.0)
        return [float(p) if any(claim.cited) else 0.0 for p, claim in zip(probabilities, claims, strict=True)]
