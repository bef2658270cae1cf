"""Whether the confidence that an answer states is worth anything."""

from __future__ import annotations

from evals.cases import Case
from evals.metrics.answering import contained, says_yes_or_no, yes_no
from evals.metrics.citing import gold_cited
from evals.results import Result


def right(case: Case, result: Result) -> float | None:
    """1 where what was answered is right, 0 where it is not; None where nobody can tell, and for an abstention.

    Right is what holds a gold answer, else what cites the gold words. An answer to a question without one is wrong. Where the
    gold answer is a yes or a no, an article's own sentence holds neither, or a "no" by chance: then an answer that begins with
    one is told by that, and any other by what it cites.
    """
    if result.reply is None or not result.reply.answered:
        return None
    if case.answerable is False:
        return 0.0
    if yes_no(case, result) is not None:
        return yes_no(case, result) if says_yes_or_no(result) else gold_cited(case, result)
    held = contained(case, result)
    return held if held is not None else gold_cited(case, result)


def brier(case: Case, result: Result) -> float | None:
    """The squared distance of the stated confidence from 1 where the answer is right, from 0 where it is wrong.

    Source: Brier, Verification of Forecasts Expressed in Terms of Probability, Monthly Weather Review, 1950. Always saying .5
    gives .25. None where no confidence is stated.
    """
    sure = result.reply.confidence if result.reply is not None else None
    truth = right(case, result)
    return None if sure is None or truth is None else (sure - truth) ** 2
