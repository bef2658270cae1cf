"""Fit which sentence answers and how sure that is, and write the model into the package.

    python -m evals.answer_fitting ../shared/data --libraries DIR

Read are MultiHop-RAG's dev queries and RealTime QA 2024, as of each question's day. `DIR` holds a library for
each; what is missing is built. No text is kept, only coefficients. Those of the signals make the sentences that answer,
taken together, likeliest to come first (a softmax over the sentences of a question; none is negative); those of the
confidence are a logistic regression on whether the first is right, each set with an intercept of its own, whose mean is
written; evals/answer_sets.py says which sentences are right.
Printed with it: each set by folds and from the other sets alone, with its expected calibration error and Brier score.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import rag.adapters
from evals.answer_sets import SETS, Sentences, read
from evals.calibration import Sure, expected_error, precision_by_coverage
from evals.statistics import bootstrap_interval
from evals.support_fitting import fit as fit_weighing
from rag.adapters.weighed_answers import choice_written
from rag.choosing import SURENESS, Choice, Kept, ahead
from rag.weighing import Floats, Weighing

MODEL = Path(rag.adapters.__file__).with_name("weighed_answers.json")
_FOLDS = 5
_SEED = 7
_STEPS = 2000
_AHEAD = SURENESS.index("ahead")


def fit_signals(sets: Sequence[Sequence[Sentences | None]], *, ridge: float = 0.003) -> tuple[float, ...]:
    """The weights under which the right sentences of a question, taken together, are likeliest to be first; none negative.

    Sets count alike. Raises ValueError where no question has both right and wrong sentences.
    """
    lists, shares = [], []
    for each in sets:
        useful = [s for s in each if s is not None and s.right.any() and not s.right.all()]
        lists += useful
        shares += [1 / (len(useful) * len(sets)) for _ in useful]
    if not lists:
        raise ValueError("no question has both a sentence that answers and one that does not")
    spread = np.sqrt(np.mean([s.signals.var(axis=0) for s in lists], axis=0))
    scale = np.where(spread < 1e-6, 1.0, spread)
    likelihood = _FirstRight(
        np.vstack([s.signals for s in lists]) / scale,
        np.concatenate([s.right for s in lists]).astype(np.float64),
        np.asarray([len(s.right) for s in lists]),
        np.asarray(shares),
        ridge,
    )
    return tuple(float(value) for value in least(likelihood, len(scale)) / scale)


@dataclass(frozen=True, slots=True)
class _FirstRight:
    """How unlikely the right sentences are to come first: the loss of the signals' weights, with its slope.

    `inputs` are all sentences, `(sentences, signals)`, `counts` how many of them each question has, `shares` what it counts.
    """

    inputs: Floats
    right: Floats
    counts: NDArray[np.int_]
    shares: Floats
    ridge: float

    def __call__(self, weights: Floats) -> tuple[float, Floats]:
        starts = np.concatenate([[0], np.cumsum(self.counts)[:-1]])
        of = np.repeat(np.arange(len(self.counts)), self.counts)
        sums = self.inputs @ weights
        raised = np.exp(sums - np.maximum.reduceat(sums, starts)[of])
        every = np.add.reduceat(raised, starts)
        hits = np.maximum(np.add.reduceat(raised * self.right, starts), 1e-300)
        loss = float(self.shares @ np.log(every / hits)) + self.ridge * float(weights @ weights)
        pull = self.shares[of] * (raised / every[of] - raised * self.right / hits[of])
        return loss, self.inputs.T @ pull + 2 * self.ridge * weights


def least(loss: Callable[[Floats], tuple[float, Floats]], count: int, *, close: float = 1e-5) -> Floats:
    """The weights, none negative, at which the loss is least. Raises ValueError where it does not come to rest.

    Source: Beck and Teboulle, FISTA, SIAM J. Imaging Sciences 2009, with backtracking; begun anew where it overshoots
    (O'Donoghue and Candes 2015).
    """
    now = ahead_of = np.zeros(count)
    pace, steepness = 1.0, 1.0
    for _ in range(_STEPS):
        value, slope = loss(ahead_of)
        while True:
            then = np.maximum(ahead_of - slope / steepness, 0.0)
            moved = then - ahead_of
            if loss(then)[0] <= value + slope @ moved + steepness / 2 * moved @ moved + 1e-12:
                break
            steepness *= 2
        if np.abs(then - now).max() < close:
            return np.asarray(then)
        faster = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        overshot = slope @ (then - now) > 0
        ahead_of = then if overshot else then + (pace - 1) / faster * (then - now)
        now, pace, steepness = then, 1.0 if overshot else faster, steepness * 0.9
    raise ValueError(f"the weights did not come to rest in {_STEPS} steps")


def firsts(found: Sequence[Sentences | None], weights: Sequence[float]) -> tuple[Floats, NDArray[np.bool_]]:
    """Of each question that has any: what tells how sure its first sentence is, and whether that is right."""
    rows, right = [], []
    for each in found:
        if each is None:
            continue
        sums = each.signals @ np.asarray(weights)
        first = int(sums.argmax())
        row = each.sureness[first].copy()
        row[_AHEAD] = ahead(sums)
        rows.append(row)
        right.append(each.right[first])
    return np.asarray(rows).reshape(-1, len(SURENESS)), np.asarray(right, dtype=bool)


def fit(sets: Sequence[Sequence[Sentences | None]]) -> Choice:
    """Both parts. The intercepts of the sets differ by how many of their questions can be answered; their mean is kept."""
    weights = fit_signals(sets)
    each = [firsts(found, weights) for found in sets]
    rows, right = np.vstack([r for r, _ in each]), np.concatenate([h for _, h in each])
    own = np.repeat(np.arange(len(sets)), [len(h) for _, h in each])[:, None] == np.arange(1, len(sets))
    names = (*SURENESS, *(f"set {n}" for n in range(1, len(sets))))
    fitted = fit_weighing(np.hstack([rows, own.astype(np.float64)]), right, threshold=0.0, names=names, ridge=2.0)
    count = len(SURENESS)
    extra = zip(fitted.coefficients[count:], fitted.means[count:], fitted.scales[count:], strict=True)
    intercept = fitted.intercept + sum(beta * (1 / len(sets) - mean) / scale for beta, mean, scale in extra)
    cut = slice(0, count)
    weighing = Weighing(
        SURENESS, fitted.means[cut], fitted.scales[cut], fitted.coefficients[cut], float(intercept), 0.0
    )
    return Choice(weights, weighing)


def answers(found: Sequence[Sentences | None], choice: Choice) -> list[Sure]:
    """The first sentence of each question, with its confidence, were none withheld."""
    rows, right = firsts(found, choice.weights)
    if not len(rows):
        return []
    return [Sure(float(p), float(r)) for p, r in zip(choice.sureness.probabilities(rows), right, strict=True)]


def by_folds(sets: Sequence[Sequence[Sentences | None]]) -> list[list[Sure]]:
    """Of each set, the answers to questions that were not fitted on."""
    kept: list[list[Sure]] = [[] for _ in sets]
    folds = [np.random.default_rng(_SEED).permutation(len(each)) % _FOLDS for each in sets]
    for fold in range(_FOLDS):
        seen = [
            [s for s, at in zip(each, own, strict=True) if at != fold] for each, own in zip(sets, folds, strict=True)
        ]
        choice = fit(seen)
        for n, (each, own) in enumerate(zip(sets, folds, strict=True)):
            kept[n] += answers([s for s, at in zip(each, own, strict=True) if at == fold], choice)
    return kept


def curve(kept: Sequence[Sequence[Sure]], counts: Sequence[int], points: int = 20) -> tuple[Kept, ...]:
    """What was kept at confidences one apart by a point, sets alike; as far as any was."""
    found = []
    for n in range(points):
        least = n / points
        given = [[a for a in each if a.confidence >= least] for each in kept]
        answered = [len(g) / count for g, count in zip(given, counts, strict=True)]
        right = [sum(a.right for a in g) / count for g, count in zip(given, counts, strict=True)]
        if sum(answered) > 0:
            found.append(Kept(least, sum(answered) / len(counts), sum(right) / sum(answered)))
    return tuple(found)


def told(name: str, kept: Sequence[Sure], questions: int) -> str:
    """A line of figures."""
    errors = [(each.confidence - each.right) ** 2 for each in kept]
    brier = bootstrap_interval(errors)
    points = precision_by_coverage(kept, questions)
    at = ", ".join(
        f"{point.precision:.3f} right of {point.coverage:.2f}"
        for share in (0.2, 0.4, 0.6)
        if (point := next((p for p in points if p.coverage >= share), None)) is not None
    )
    within = f"{brier.value:.3f} [{brier.low:.3f}, {brier.high:.3f}]"
    return f"{name}: {questions} questions, ECE {expected_error(kept) or 0:.3f}, Brier {within}; {at}"


# --- what is printed and written -------------------------------------------------------------------------------------


def report(sets: dict[str, list[Sentences | None]]) -> Choice:
    """The model of all sets, with the curve of those out of fold; prints the figures."""
    kept = by_folds(list(sets.values()))
    for (name, found), own in zip(sets.items(), kept, strict=True):
        print(told(f"{name}, out of fold", own, len(found)))
        others = [each for other, each in sets.items() if other[:5] != name[:5]]
        if others:
            print(told(f"{name}, from the other sets", answers(found, fit(others)), len(found)), flush=True)
    choice = fit(list(sets.values()))
    return Choice(choice.weights, choice.sureness, curve(kept, [len(found) for found in sets.values()]))


def document(choice: Choice) -> dict[str, object]:
    """What the model's file holds."""
    return {
        "trained_on": "MultiHop-RAG's dev queries (ODC-BY 1.0) and RealTime QA 2024, each question as of its day. No text"
        " is kept.",
        "meaning": "score = sum of weight * signal; rag/choosing.py says what the signals are. curve: confidence, share of"
        " questions answered from it on, share of these right, out of fold.",
        **choice_written(choice),
    }


async def _main(options: argparse.Namespace) -> None:
    sets = {
        name: await read(name, options.data, options.libraries / name.removesuffix("_dated"), options.most)
        for name in SETS
    }
    text = json.dumps(document(report(sets)), indent=2) + "\n"
    options.out.write_text(text, encoding="utf-8")
    print(text)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and write; print the figures and the coefficients."""
    parser = argparse.ArgumentParser(prog="python -m evals.answer_fitting", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("--libraries", type=Path, required=True, help="a folder with a library for each data set")
    parser.add_argument("--most", type=int, help="questions of each set, to try it")
    parser.add_argument("--out", type=Path, default=MODEL)
    asyncio.run(_main(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
