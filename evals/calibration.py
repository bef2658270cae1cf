"""What an answer's confidence is worth, and what abstaining below a threshold would buy. Pure.

Where the service states no `confidence`, the margin of the best passage over the next orders the answers instead: it says
which are surer, and not how sure, so that there is a curve of precision against coverage and no reliability. (The best
passage's own score will not do: fusion makes it the same for every question.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.metrics.certainty import right
from evals.results import Result
from rag.choosing import Kept


@dataclass(frozen=True, slots=True)
class Sure:
    """One answered case: how sure the service was, and whether it was right."""

    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like confidence: their mean confidence, their share of right ones, how many."""

    confidence: float
    right: float
    cases: int


def judged(results: Sequence[Result]) -> tuple[list[Sure], bool]:
    """The answers that can be told right or wrong, and whether their confidence is stated.

    An answer to a question without one is wrong.
    """
    stated = any(result.reply and result.reply.confidence is not None for result in results)
    found = []
    for result in results:
        confidence, truth = _confidence(result, stated=stated), right(result.case, result)
        if confidence is not None and truth is not None:
            found.append(Sure(confidence, truth))
    return found, stated


def reliability(answers: Sequence[Sure], bins: int = 10) -> list[Bin]:
    """Equal steps of confidence from 0 to 1, the empty ones left out."""
    at: dict[int, list[Sure]] = {}
    for each in answers:
        at.setdefault(min(bins - 1, int(each.confidence * bins)), []).append(each)
    return [
        Bin(sum(e.confidence for e in group) / len(group), sum(e.right for e in group) / len(group), len(group))
        for _, group in sorted(at.items())
    ]


def expected_error(answers: Sequence[Sure], bins: int = 10) -> float | None:
    """ECE: how far confidence lies from the share of right answers, over bins weighed by their cases.

    Source: Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks, ICML 2017.
    """
    if not answers:
        return None
    found = reliability(answers, bins)
    return sum(each.cases * abs(each.confidence - each.right) for each in found) / len(answers)


def precision_by_coverage(answers: Sequence[Sure], questions: int) -> list[Kept]:
    """The surest answers first: one point each time the threshold falls below a further answer's confidence.

    Source: El-Yaniv and Wiener, On the Foundations of Noise-free Selective Classification, JMLR 2010.
    """
    kept: list[Kept] = []
    right = 0.0
    ordered = sorted(answers, key=lambda each: -each.confidence)
    for n, each in enumerate(ordered, 1):
        right += each.right
        if n == len(ordered) or ordered[n].confidence < each.confidence:
            kept.append(Kept(each.confidence, n / questions, right / n))
    return kept


def _confidence(result: Result, *, stated: bool) -> float | None:
    if result.reply is None or not result.reply.answered:
        return None
    if stated:
        return result.reply.confidence
    scores = [passage.score for passage in result.reply.passages or () if passage.score is not None]
    return scores[0] - (scores[1] if len(scores) > 1 else 0.0) if scores else None
