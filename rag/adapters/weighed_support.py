"""A support check without a model call: the features of `rag/overlap.py`, weighed by a logistic regression.

The coefficients stand in `weighed_support.json`, with what they were fitted on; `python -m evals.support_fitting` makes it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from rag.errors import SettingsError
from rag.matching import WordVectors
from rag.overlap import FEATURES, features
from rag.support import Claimed

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weighing:
    """A fitted model: log odds of support = intercept + sum of coefficient * (feature - mean) / scale."""

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float
    threshold: float

    def probabilities(self, rows: Floats) -> Floats:
        """Of support, one for each row of features, `(claims, features)`."""
        standard = (rows - np.asarray(self.means)) / np.asarray(self.scales)
        return np.asarray(1.0 / (1.0 + np.exp(-(self.intercept + standard @ np.asarray(self.coefficients)))))


def shipped_weighing() -> Weighing:
    """The model in the package. Raises SettingsError where it was fitted on other features than this code computes."""
    text = (resources.files("rag") / "adapters" / "weighed_support.json").read_text(encoding="utf-8")
    model = json.loads(text)
    weights = model["features"]
    if tuple(weights) != FEATURES:
        raise SettingsError(
            f"weighed_support.json weighs {', '.join(weights)}, and rag/overlap.py computes {', '.join(FEATURES)}: run"
            " `python -m evals.support_fitting`"
        )
    rows = weights.values()
    return Weighing(
        tuple(weights),
        tuple(float(row["mean"]) for row in rows),
        tuple(float(row["scale"]) for row in rows),
        tuple(float(row["coefficient"]) for row in rows),
        float(model["intercept"]),
        float(model["threshold"]),
    )


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
