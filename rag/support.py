"""The port to the support check: how likely it is that a claim is borne out by the sentences that it cites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Claimed:
    """One sentence of an answer with the sentences that it cites, each whole.

    `context` is what a reader knows beside them: title, outlet and date of the cited articles, and the question. A date
    in it, such as "Wednesday 12 April 2017", says what "Monday" means in the cited sentences.
    """

    text: str
    cited: tuple[str, ...]
    context: str = ""


class Support(Protocol):
    """Scores claims. Below `threshold` a claim counts as unsupported."""

    name: str
    threshold: float

    async def scores(self, claims: Sequence[Claimed]) -> list[float]:
        """For each claim, in order, the probability that it is supported, 0 to 1.

        Raises:
            ProviderTimeoutError: a model that it asks did not answer in time; safe to retry.
            ProviderError: anything else that such a model did.
        """
        ...
