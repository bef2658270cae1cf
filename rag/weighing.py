"""A fitted logistic model: what weighed features say of a probability. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weighing:
    """Log odds = intercept + sum of coefficient * (feature - mean) / scale. Below `threshold` it does not hold."""

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float
    threshold: float

    def probabilities(self, rows: Floats) -> Floats:
        """One for each row of features, `(rows, features)`."""
        standard = (rows - np.asarray(self.means)) / np.asarray(self.scales)
        return np.asarray(1.0 / (1.0 + np.exp(-(self.intercept + standard @ np.asarray(self.coefficients)))))


def read_weighing(model: Mapping[str, Any], names: Sequence[str]) -> Weighing:
    """As `written` writes it. Raises ValueError where it weighs other features than `names`."""
    weights = model["features"]
    if tuple(weights) != tuple(names):
        raise ValueError(f"it weighs {', '.join(weights)}, and the code computes {', '.join(names)}")
    rows = weights.values()
    return Weighing(
        tuple(weights),
        tuple(float(row["mean"]) for row in rows),
        tuple(float(row["scale"]) for row in rows),
        tuple(float(row["coefficient"]) for row in rows),
        float(model["intercept"]),
        float(model["threshold"]),
    )


def written(weighing: Weighing) -> dict[str, Any]:
    """What a model's file holds of it, to four digits."""
    columns = zip(weighing.names, weighing.means, weighing.scales, weighing.coefficients, strict=True)
    return {
        "meaning": "log odds = intercept + sum of coefficient * (feature - mean) / scale",
        "features": {
            name: {"coefficient": round(coefficient, 4), "mean": round(mean, 4), "scale": round(scale, 4)}
            for name, mean, scale, coefficient in columns
        },
        "intercept": round(weighing.intercept, 4),
        "threshold": weighing.threshold,
    }
