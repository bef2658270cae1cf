"""How sentences that may answer are weighed: the model that ships with the package.

It stands in `weighed_answers.json`, with what it was fitted on; `python -m evals.answer_fitting` makes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from rag.choosing import SIGNALS, SURENESS, Choice, Kept
from rag.errors import SettingsError
from rag.weighing import read_weighing, written


def shipped_choice() -> Choice:
    """The model in the package. Raises SettingsError where it was fitted on other signals than this code computes."""
    text = (resources.files("rag") / "adapters" / "weighed_answers.json").read_text(encoding="utf-8")
    return read_choice(json.loads(text))


def read_choice(model: Mapping[str, Any]) -> Choice:
    """As `choice_written` writes it. Raises SettingsError."""
    weights = model["signals"]
    try:
        if tuple(weights) != SIGNALS:
            raise ValueError(f"it weighs {', '.join(weights)}, and the code computes {', '.join(SIGNALS)}")
        sureness = read_weighing(model["confidence"], SURENESS)
    except ValueError as error:
        raise SettingsError(f"weighed_answers.json: {error}: run `python -m evals.answer_fitting`") from error
    curve = tuple(Kept(*map(float, point)) for point in model["curve"])
    return Choice(tuple(map(float, weights.values())), sureness, curve)


def choice_written(choice: Choice) -> dict[str, Any]:
    """What the model's file holds of it."""
    return {
        "signals": dict(zip(SIGNALS, (round(weight, 3) for weight in choice.weights), strict=True)),
        "confidence": written(choice.sureness),
        "curve": [[round(each, 3) for each in (k.confidence, k.coverage, k.precision)] for k in choice.curve],
    }
