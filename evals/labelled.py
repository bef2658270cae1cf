"""What a judge's verdicts are worth: held against people's labels on RAGTruth's answers (evals/datasets/ragtruth.py).

People marked what its source does not bear out, so an answer is invented or not. A judge flags an answer as soon as it finds
one statement of it unfaithful. Half of the answers that are drawn are invented and half are not, each has a source of its own,
and precision is weighed back to the share of invented ones in the held-out split. Beside the judge, on the same answers: the
support check of our own, and "all are invented".
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from evals.cases import Case
from evals.datasets.ragtruth import TASKS, Response, load
from evals.ragtruth import Flags, claims, detection
from evals.results import Claim, Passage, Reply, Result
from evals.statistics import Estimate, bootstrap_interval
from evals.verdicts import Judgement
from rag.facts import missing_facts
from rag.matching import WordVectors
from rag.support import Claimed, Support

Read = Literal["whole", "nearest"]
_ASKED = {"news": "What does the article say?", "marco": ""}
_RESAMPLES = 1000
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Labelled:
    """An answer as a result that can be judged, with what people say of it, and its claims for our own check."""

    result: Result
    invented: bool
    claims: tuple[Claimed, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """Answers that are judged; `share` is how many are invented where they were drawn from."""

    answers: tuple[Labelled, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well flags find the invented answers. `precision` and `always` are as at the split's share of invented ones.

    `always` is the F1 of flagging all; `kappa` is of the drawn answers, half of which are invented.
    """

    name: str
    answers: int
    agreement: Estimate
    kappa: Estimate
    precision: Estimate
    recall: Estimate
    f1: Estimate
    always: float


def draw(
    folder: Path,
    vectors: WordVectors,
    *,
    most: int,
    longest: int | None = None,
    read: Read = "whole",
    seed: int = 7,
) -> Draw:
    """So many held-out answers at most, of at most `longest` sentences, the tasks and both kinds in turn.

    `read`: the judge is given the whole source, or the sentences that bear each sentence of the answer out best. Raises
    SourceError where the folder does not hold RAGTruth.
    """
    every = [response for task in sorted(TASKS) for response in load(folder, task, "held-out")]
    fitting = [r for r in every if r.sentences and (longest is None or len(r.sentences) <= longest)]
    random.Random(seed).shuffle(fitting)
    drawn: list[Response] = []
    kinds = [(task, invented) for task in sorted(TASKS) for invented in (True, False)]
    for n in range(most):
        task, invented = kinds[n % len(kinds)]
        used = {(each.task, each.source) for each in drawn}
        fit = (r for r in fitting if (r.task, r.invented) == (task, invented) and (task, r.source) not in used)
        if (found := next(fit, None)) is not None:
            drawn.append(found)
    share = sum(r.invented for r in fitting) / max(1, len(fitting))
    return Draw(tuple(_labelled(response, vectors, read) for response in drawn), share)


def _labelled(response: Response, vectors: WordVectors, read: Read) -> Labelled:
    made = tuple(claims(response, vectors))
    near = {sentence for claim in made for sentence in claim.cited}
    kept = [sentence for sentence in response.sources if read == "whole" or sentence in near]
    name = f"{response.task}-{response.id}"
    reply = Reply(
        answered=True,
        text=" ".join(sentence.text for sentence in response.sentences),
        claims=tuple(Claim(text=sentence.text) for sentence in response.sentences),
        passages=(Passage(id=name, article=name, text=" ".join(kept)),),
    )
    question = response.question or _ASKED[response.task]
    return Labelled(Result(case=Case(id=name, question=question), reply=reply), response.invented, made)


def flagged_by_judge(answers: Sequence[Labelled], judgements: Sequence[Judgement]) -> list[bool | None]:
    """Whether the judge found anything unfaithful, by the mean of its verdicts; None where it gave none."""
    scores: dict[str, list[float]] = {}
    for each in judgements:
        if each.score is not None:
            scores.setdefault(each.case, []).append(each.score)
    of = (scores.get(each.result.case.id) for each in answers)
    return [None if found is None else sum(found) / len(found) < 1 - _ROUNDING for found in of]


async def flagged_by_support(answers: Sequence[Labelled], support: Support) -> list[bool | None]:
    """Whether our own check finds a sentence unsupported, or a number, day or name of it missing."""
    flags: list[bool | None] = []
    for each in answers:
        scores = await support.scores(each.claims)
        pairs = zip(scores, each.claims, strict=True)
        flags.append(any(score < support.threshold or bool(missing_facts(claim)) for score, claim in pairs))
    return flags


def agreement(name: str, flags: Sequence[bool | None], invented: Sequence[bool], share: float) -> Agreement | None:
    """Over the answers that have a flag; None where these are all invented, or none of them is."""
    kept = [(flag, truth) for flag, truth in zip(flags, invented, strict=True) if flag is not None]
    found, truth = np.array([flag for flag, _ in kept], dtype=bool), np.array([label for _, label in kept], dtype=bool)
    if not truth.any() or truth.all():
        return None
    return Agreement(
        name=name,
        answers=len(kept),
        agreement=bootstrap_interval([float(each) for each in found == truth]),
        kappa=_resampled(kappa, found, truth),
        precision=_resampled(lambda f, t: detection(f, t, prevalence=share).precision, found, truth),
        recall=_resampled(lambda f, t: detection(f, t).recall, found, truth),
        f1=_resampled(lambda f, t: detection(f, t, prevalence=share).f1, found, truth),
        always=detection(np.ones(len(kept), dtype=bool), truth, prevalence=share).f1,
    )


def kappa(flags: Flags, truth: Flags) -> float:
    """Agreement beyond chance: 1 all agree, 0 as by chance; 0 too where both say the same of everything.

    Source: Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 1960.
    """
    seen = float((flags == truth).mean())
    chance = float(flags.mean() * truth.mean() + (1 - flags.mean()) * (1 - truth.mean()))
    return (seen - chance) / (1 - chance) if chance < 1 else 0.0


def _resampled(of: Callable[[Flags, Flags], float], flags: Flags, truth: Flags) -> Estimate:
    """The figure with its 95 % interval over resamples of the answers, each of which has a source of its own."""
    chooser = np.random.default_rng(7)
    found: list[float] = []
    for _ in range(_RESAMPLES):
        at = chooser.integers(0, len(truth), len(truth))
        if truth[at].any() and not truth[at].all():
            found.append(of(flags[at], truth[at]))
    low, high = np.percentile(found, [2.5, 97.5])
    return Estimate(of(flags, truth), float(low), float(high))
