"""What an answer's confidence is worth, and what abstaining below a threshold would buy. Pure.

Where the service states no `confidence`, the margin of the best passage over the next orders the answers instead: it says
which are surer, and not how sure, so that there is a curve of precision against coverage and no reliability. (The best
passage's own score will not do: fusion makes it the same for every question.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.metrics.certainty import right
from evals.results import Result
from evals.statistics import Estimate
from rag.choosing import Kept

_RESAMPLES = 1000


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


@dataclass(frozen=True, slots=True)
class Calibration:
    """The expected calibration error, and what would be seen of it by chance, by the mean and in one sample of twenty.

    Few answers a bin make an error by themselves: `by_chance` is what answers show that are right just as often as they say.
    """

    error: Estimate
    by_chance: float
    seldom: float
    answers: int

    @property
    def in_words(self) -> str:
        error = f"{self.error.value:.3f} [{self.error.low:.3f}, {self.error.high:.3f}]"
        return (
            f"expected calibration error {error} over {self.answers} answers; were each right as often as it says,"
            f" {self.by_chance:.3f} would be seen, and seldom more than {self.seldom:.3f}"
        )


def calibration(answers: Sequence[Sure]) -> Calibration | None:
    """The error with its 95 % interval over resamples of the answers; None where there is none.

    Source: Bröcker and Smith, Increasing the Reliability of Reliability Diagrams, Weather and Forecasting 2007, for what
    chance shows.
    """
    error = expected_error(answers)
    if error is None:
        return None
    chooser, many = np.random.default_rng(7), len(answers)
    drawn = [expected_error([answers[n] for n in chooser.integers(0, many, many)]) or 0.0 for _ in range(_RESAMPLES)]
    fair = [
        expected_error(
            [Sure(each.confidence, float(chance < each.confidence)) for each, chance in zip(answers, row, strict=True)]
        )
        or 0.0
        for row in chooser.random((_RESAMPLES, many))
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    estimate = Estimate(error, float(low), float(high))
    return Calibration(estimate, float(np.mean(fair)), float(np.percentile(fair, 95)), many)


def stated_calibration(results: Sequence[Result]) -> Calibration | None:
    """Of the confidence that a service states; None where it states none."""
    answers, stated = judged(results)
    return calibration(answers) if stated else None


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
