"""What is asked in a measurement, and what counts as found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rag.domain import ScoredPassage

# Which of these passages hold what the question needs, in their order.
Judge = Callable[[Sequence[ScoredPassage]], list[bool]]


@dataclass(frozen=True, slots=True)
class RankingCase:
    """A question that something in the library answers; `kind` is what figures are broken down by, and `as_of` the day
    on which it was asked, where that is told."""

    question: str
    judge: Judge
    kind: str = ""
    as_of: datetime | None = None
