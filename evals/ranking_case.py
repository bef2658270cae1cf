"""What is asked in a measurement, and what counts as found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.domain import ScoredPassage

# Which of these passages hold what the question needs, in their order.
Judge = Callable[[Sequence[ScoredPassage]], list[bool]]


@dataclass(frozen=True, slots=True)
class RankingCase:
    """A question that something in the library answers; `kind` is what figures are broken down by."""

    question: str
    judge: Judge
    kind: str = ""
