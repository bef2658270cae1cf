"""Verdicts of a support check on what an answer cites, for the metrics after ALCE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.results import Citation, Claim, Result
from rag.facts import missing_facts
from rag.support import Claimed, Support


@dataclass(frozen=True, slots=True)
class Verdict:
    """One claim. `cited` are its numbers; of them, `alone` bear it out by themselves; `spare` are those without which the
    others still do. `score` is the check's own for all together."""

    cited: tuple[int, ...]
    whole: bool
    alone: frozenset[int]
    spare: frozenset[int]
    score: float

    def needs(self, number: int) -> bool:
        """Whether the citation is of use to the claim."""
        return self.whole and (number in self.alone or number not in self.spare)


async def verdicts(result: Result, support: Support) -> tuple[Verdict, ...] | None:
    """One for each claim of the answer, in order; None where there is no answer, or its citations have no words.

    A claim is borne out where the check scores it at its threshold or above and no number, day or name in it is missing.
    """
    reply = result.reply
    if reply is None or not reply.answered or not reply.claims:
        return None
    if any(citation.quote is None for citation in reply.citations):
        return None
    known = {citation.number: citation for citation in reply.citations if citation.quote}
    asked = [list(_subsets(claim, known)) for claim in reply.claims]
    every = [
        _claimed(claim.text, cited, result) for claim, sets in zip(reply.claims, asked, strict=True) for cited in sets
    ]
    scores = iter(await support.scores(every))
    claimed = iter(every)
    made = []
    for claim, sets in zip(reply.claims, asked, strict=True):
        scored = [(next(scores), bool(missing_facts(next(claimed)))) for _ in sets]
        made.append(
            _verdict(claim, sets, [score >= support.threshold and not lacks for score, lacks in scored], scored[0][0])
        )
    return tuple(made)


def _subsets(claim: Claim, known: dict[int, Citation]) -> Iterator[tuple[Citation, ...]]:
    """All that it cites; then each alone; then all but each, where there are several."""
    cited = tuple(known[number] for number in claim.citations if number in known)
    yield cited
    if len(cited) > 1:
        yield from ((each,) for each in cited)
        yield from (tuple(other for other in cited if other is not each) for each in cited)


def _verdict(claim: Claim, sets: Sequence[tuple[Citation, ...]], held: Sequence[bool], score: float) -> Verdict:
    cited = sets[0]
    whole = held[0] and bool(cited)
    if len(cited) <= 1:
        numbers = frozenset(each.number for each in cited) if whole else frozenset[int]()
        return Verdict(claim.citations, whole, numbers, _unknown(claim, cited), score)
    alone, without = held[1 : 1 + len(cited)], held[1 + len(cited) :]
    return Verdict(
        claim.citations,
        whole,
        frozenset(each.number for each, holds in zip(cited, alone, strict=True) if holds),
        frozenset(each.number for each, holds in zip(cited, without, strict=True) if holds) | _unknown(claim, cited),
        score,
    )


def _unknown(claim: Claim, cited: Sequence[Citation]) -> frozenset[int]:
    """What points at nothing is of no use, whatever the others do."""
    return frozenset(claim.citations) - {each.number for each in cited}


def _claimed(text: str, cited: Sequence[Citation], result: Result) -> Claimed:
    """With what a reader sees beside the citations: headline, outlet, day and speaker; and the question."""
    known = [result.case.question]
    for each in cited:
        day = each.published_at.strftime("%A %-d %B %Y") if each.published_at else None
        known.append(" — ".join(part for part in (each.title, each.outlet, day) if part))
        if each.speaker:
            known.append(each.speaker)
    return Claimed(text, tuple(each.quote or "" for each in cited), "\n".join(dict.fromkeys(filter(None, known))))
