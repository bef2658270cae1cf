"""How well a support check finds what a source does not bear out, on RAGTruth (see evals/datasets/ragtruth.py).

    python -m evals.ragtruth ../shared/data/ragtruth --split held-out --adapter weighed

A sentence of an answer is checked against the one to three sentences of its source that bear it out best, as an answer of
ours cites them (`--cited whole`: against all of them). An answer counts as invented if any of its sentences scores below a
threshold, and that threshold is chosen on the split `fit`. Beside it in the same run: "always invented".
"""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evals.datasets.ragtruth import TASKS, Response, load
from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.adapters.weighed_support import WeighedSupport
from rag.facts import missing_facts
from rag.matching import WordVectors
from rag.overlap import nearest
from rag.support import Claimed, Support

Cited = Literal["nearest", "whole"]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

# Of upstream's test split; F1 of "always invented" is .370 and .302 there.
TEST_SHARE = {"news": 204 / 900, "marco": 160 / 900}
_SENTENCE_THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97)
_RESAMPLES = 1000


def claims(response: Response, vectors: WordVectors, cited: Cited = "nearest") -> Iterator[Claimed]:
    """The sentences of an answer with what they cite. The news have no title here: the first sentence stands in for it."""
    context = response.question or next(iter(response.sources), "")
    for sentence in response.sentences:
        at = nearest(sentence.text, response.sources, vectors) if cited == "nearest" else range(len(response.sources))
        yield Claimed(sentence.text, tuple(response.sources[n] for n in at), context)


@dataclass(frozen=True, slots=True)
class Scored:
    """One answer: each sentence's score, whether it is invented, and whether a fact of it is missing."""

    source: int
    invented: bool
    scores: Floats
    labels: Flags
    missing: Flags

    @property
    def lowest(self) -> float:
        return float(self.scores.min(initial=1.0))


@dataclass(frozen=True, slots=True)
class Detection:
    """How well "invented" is found; `share` is how many truly supported ones are flagged."""

    precision: float
    recall: float
    share: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def detection(flagged: Flags, invented: Flags, *, prevalence: float | None = None) -> Detection:
    """Precision, recall and false alarms; with `prevalence`, precision as it is where so many are invented.

    Raises ValueError where there are none of one kind: a share of nothing is not 0.
    """
    if invented.all() or not invented.any():
        raise ValueError("precision and recall need both invented and supported cases")
    recall, alarms = float(flagged[invented].mean()), float(flagged[~invented].mean())
    share = float(invented.mean()) if prevalence is None else prevalence
    found = share * recall + (1 - share) * alarms
    return Detection(share * recall / found if found else 0.0, recall, alarms)


def best_threshold(scores: Floats, invented: Flags) -> float:
    """The threshold below which flagging gives the best F1."""
    order = np.argsort(scores)
    hits = np.cumsum(invented[order])
    f1 = 2 * hits / (np.arange(1, len(scores) + 1) + invented.sum())
    # A threshold cannot part equal scores.
    f1[:-1][scores[order][:-1] == scores[order][1:]] = 0.0
    return float(np.nextafter(scores[order][int(f1.argmax())], 2.0))


def interval(cases: Sequence[Scored], threshold: float, prevalence: float | None = None) -> tuple[float, float]:
    """The middle 95 % of the answers' F1 over resamples of sources: answers to one source are no independent cases."""
    by_source = [list(group) for _, group in groupby(sorted(cases, key=lambda c: c.source), key=lambda c: c.source)]
    draw = random.Random(7)
    found: list[float] = []
    for _ in range(_RESAMPLES):
        drawn = [case for group in draw.choices(by_source, k=len(by_source)) for case in group]
        flagged = np.array([case.lowest < threshold for case in drawn])
        invented = np.array([case.invented for case in drawn])
        if invented.any() and not invented.all():
            found.append(detection(flagged, invented, prevalence=prevalence).f1)
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


async def score(responses: Sequence[Response], support: Support, vectors: WordVectors, cited: Cited) -> list[Scored]:
    """Each answer with its scores, in order."""
    found: list[Scored] = []
    for response in responses:
        made = list(claims(response, vectors, cited))
        found.append(
            Scored(
                response.source,
                response.invented,
                np.asarray(await support.scores(made), dtype=np.float64),
                np.array([sentence.invented for sentence in response.sentences], dtype=bool),
                np.array([bool(missing_facts(claim)) for claim in made], dtype=bool),
            )
        )
    return found


def report(task: str, fitted: Sequence[Scored], tested: Sequence[Scored]) -> Iterator[str]:
    """Lines for a terminal: answers, sentences, thresholds, calibration."""
    invented = np.array([case.invented for case in tested])
    lowest = np.array([case.lowest for case in tested])
    threshold = best_threshold(np.array([case.lowest for case in fitted]), np.array([case.invented for case in fitted]))
    yield f"{task}: {len(tested)} answers, {invented.mean():.3f} of them invented; flagged below {threshold:.3f} (best on fit)"
    for name, share in (("as drawn", None), ("at the test split's share", TEST_SHARE[task])):
        ours = detection(lowest < threshold, invented, prevalence=share)
        always = detection(np.ones(len(tested), dtype=bool), invented, prevalence=share)
        low, high = interval(tested, threshold, share)
        yield (
            f"  answers, {name}: F1 {ours.f1:.3f} [{low:.3f}, {high:.3f}] P {ours.precision:.3f} R {ours.recall:.3f};"
            f" always {always.f1:.3f}"
        )
    scores, labels, missing = (
        np.concatenate([getattr(c, part) for c in tested]) for part in ("scores", "labels", "missing")
    )
    yield f"  {len(labels)} sentences, {labels.mean():.3f} of them invented: precision, recall, share of supported ones dropped"
    yield f"    facts alone {_shown(detection(missing, labels))}"
    for limit in _SENTENCE_THRESHOLDS:
        below = scores < limit
        either = _shown(detection(below | missing, labels))
        yield f"    below {limit:.3f} {_shown(detection(below, labels))}; or a fact missing {either}"
    yield "  calibration, tenths of sentences by score: " + " ".join(_calibration(scores, labels))


def _shown(found: Detection) -> str:
    return f"{found.precision:.3f} {found.recall:.3f} {found.share:.3f}"


def _calibration(scores: Floats, labels: Flags) -> Iterator[str]:
    order = np.argsort(scores)
    for part in np.array_split(order, min(10, len(order))):
        yield f"{scores[part].mean():.2f}={1 - labels[part].mean():.2f}"


def sampled(responses: list[Response], most: int | None) -> list[Response]:
    return responses if most is None or most >= len(responses) else random.Random(7).sample(responses, most)


def parser(description: str | None) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("path", type=Path, help="the folder with the files of RAGTruth")
    made.add_argument("--cited", choices=("nearest", "whole"), default="nearest")
    return made


async def run(options: argparse.Namespace) -> None:
    """The threshold comes from `fit`, every figure from the other split."""
    vectors = WordVectorCache(StaticEmbeddings())
    support = WeighedSupport(vectors)
    for task in options.tasks:
        found = {
            part: await score(sampled(load(options.path, task, part), options.sample), support, vectors, options.cited)
            for part in ("fit", options.split)
        }
        for line in report(task, found["fit"], found[options.split]):
            print(line)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of each task."""
    made = parser(__doc__)
    made.add_argument("--split", choices=("held-out", "test"), default="held-out")
    made.add_argument("--tasks", nargs="+", choices=sorted(TASKS), default=sorted(TASKS, reverse=True))
    made.add_argument("--adapter", choices=("weighed",), default="weighed")
    made.add_argument("--sample", type=int, help="so many answers of each split alone")
    asyncio.run(run(made.parse_args(arguments)))


if __name__ == "__main__":
    main()
