"""What readers said of answers -> candidate cases, for a person to accept. Pure.

A right answer gives its citations as evidence. Of a wrong one only the question is known: whoever accepts the case says what
is right. The last word on an answer counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evals.cases import Case, GoldEvidence


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of /v1/feedback; `cited` are the words that the answer pointed at, where they can still be read."""

    answer_id: str
    verdict: str
    note: str
    request: dict[str, Any]
    answered: bool
    cited: tuple[GoldEvidence, ...] = ()


def cases_from(feedback: Sequence[Said]) -> tuple[Case, ...]:
    """One case for each answer that somebody spoke of, in the order in which they last did.

    An answer that was right and whose words are gone makes no case: nothing is left to tell a right one by.
    """
    last = {said.answer_id: said for said in feedback}
    ordered = sorted(last.values(), key=feedback.index)
    return tuple(_cases(ordered))


def _cases(feedback: Iterable[Said]) -> Iterable[Case]:
    for said in feedback:
        nothing = said.verdict == "nothing_there" or (said.verdict == "right" and not said.answered)
        right = said.verdict == "right" and said.answered
        if right and not said.cited:
            continue
        yield Case(
            id=f"feedback-{said.answer_id}",
            **said.request,
            answerable=True if right else False if nothing else None,
            evidence=said.cited if right else (),
            tags=("candidate", "feedback", said.verdict),
            note=said.note,
        )
