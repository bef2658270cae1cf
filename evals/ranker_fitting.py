"""Fit the weights of the reranker by signals to questions whose evidence is known, and write them into the package.

    python -m evals.ranker_fitting ../shared/data --libraries DIR

Read are MultiHop-RAG's dev queries and RealTime QA 2024, each question once as it is and once as of its day. `DIR` holds a
library for each; what is missing is built. No text is kept, only the coefficients. They are those under which the passages
that answer, taken together, are likeliest to come first in their ranking (a softmax over the ranking: Cao et al., Learning to
Rank, ICML 2007), less a ridge, and none is negative, since each signal speaks for a passage or says nothing.
Printed with it: figures out of fold, where no passage that answers a question of the fold was seen in fitting, and figures on
each set from the others alone.
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
from evals.benchmarks.subject import Subject, build, opened, subject_of
from evals.benchmarks.tables import Cell, Table, rendered
from evals.metrics.ranking import hits_at, reciprocal_rank
from evals.ranking_cases import RankingCase
from evals.statistics import bootstrap_interval, paired_difference
from rag.adapters.signals_reranker import SignalsReranker, Weights
from rag.domain import Part, ScoredPassage
from rag.fusion import Fused, interleaved
from rag.library import Library
from rag.questions import understand
from rag.ranking import Candidate
from rag.retrieval import rankings_of
from rag.settings import Settings, read_settings
from rag.signals import SIGNALS, Floats

MODEL = Path(rag.adapters.__file__).with_name("signals_reranker.json")
_READ = ("multihop_rag", "realtimeqa_2024", "realtimeqa_2024_dated")
_FOLDS = 5
_SEED = 7
_STEPS = 400
_METRICS: dict[str, Callable[[Sequence[bool]], float]] = {
    "Hits@10": lambda found: hits_at(found, k=10),
    "Hits@5": lambda found: hits_at(found, k=5),
    "Hits@4": lambda found: hits_at(found, k=4),
    "MRR@10": lambda found: reciprocal_rank(found, k=10),
}


@dataclass(frozen=True, slots=True)
class Ranking:
    """What the search found for one part of a case's question: keys and signals `(passages, len(SIGNALS))`, best first."""

    case: int
    keys: tuple[int, ...]
    rows: Floats
    relevant: NDArray[np.bool_]


async def rankings(subject: Subject, settings: Settings) -> list[Ranking]:
    """Of all cases of the subject, in order."""
    found = []
    async with opened(subject, settings) as (library, _):
        reranker = SignalsReranker(library, Weights((0.0,) * len(SIGNALS)), depth=settings.rerank.depth)
        for number, case in enumerate(subject.cases):
            found += await _of_case(number, case, library, reranker, settings)
    return found


async def _of_case(
    number: int, case: RankingCase, library: Library, reranker: SignalsReranker, settings: Settings
) -> list[Ranking]:
    found = []
    query = understand(case.question, known=await library.names(), as_of=case.as_of)
    parts = query.parts or (Part(query.text),)
    for part, ranking in zip(parts, await rankings_of(query, library, settings.retrieval), strict=True):
        head = ranking[: reranker.depth]
        stored = await library.passages([each.key for each in head])
        kept = [each for each in head if each.key in stored]
        if not kept:
            continue
        candidates = [Candidate(stored[each.key], each.score, each.channels) for each in kept]
        shown = [ScoredPassage(c.stored.passage, c.stored.article, c.score, 1, {}) for c in candidates]
        rows = await reranker.signals(query, part, candidates)
        hits = np.array(case.judge(shown), dtype=bool)
        found.append(Ranking(number, tuple(each.key for each in kept), rows, hits))
    return found


def fit(sets: Sequence[Sequence[Ranking]], *, ridge: float) -> Weights:
    """Each set counts alike, and so does each of its cases. Raises ValueError where no ranking has anything to learn from."""
    lists, shares = [], []
    for each in sets:
        useful = [ranking for ranking in each if ranking.relevant.any() and not ranking.relevant.all()]
        parts = {case: sum(r.case == case for r in useful) for case in {r.case for r in useful}}
        lists += useful
        shares += [1 / (parts[ranking.case] * len(parts) * len(sets)) for ranking in useful]
    if not lists:
        raise ValueError("no ranking has both a passage that answers and one that does not")
    rows = np.vstack([ranking.rows for ranking in lists])
    starts = np.concatenate([[0], np.cumsum([len(ranking.rows) for ranking in lists])[:-1]])
    of = np.repeat(np.arange(len(lists)), [len(ranking.rows) for ranking in lists])
    relevant = np.concatenate([ranking.relevant for ranking in lists]).astype(np.float64)
    weight = np.asarray(shares, dtype=np.float64)
    scale = np.where(rows.std(axis=0) < 1e-6, 1.0, rows.std(axis=0))
    inputs = rows / scale

    def slope(beta: Floats) -> Floats:
        scores = inputs @ beta
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[of])
        every, right = np.add.reduceat(raised, starts), np.add.reduceat(raised * relevant, starts)
        pull = weight[of] * (raised * relevant / np.maximum(right, 1e-300)[of] - raised / every[of])
        return np.asarray(inputs.T @ pull - ridge * beta)

    beta = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        beta = np.maximum(beta + 2.0 * slope(beta), 0.0)
    return Weights(tuple(float(value) for value in beta / scale))


def judged(found: Sequence[Ranking], cases: int, scores: Sequence[Floats]) -> list[list[bool]]:
    """For each case, which of its first ten are right: the parts' rankings in these orders, taking turns as in a search."""
    of_case: dict[int, list[list[Fused]]] = {}
    right: dict[int, set[int]] = {}
    for ranking, own in zip(found, scores, strict=True):
        order = np.argsort(-own, kind="stable")
        ladder = ranking.rows[:, 0]
        of_case.setdefault(ranking.case, []).append(
            [Fused(ranking.keys[n], float(score), {}) for n, score in zip(order, ladder, strict=True)]
        )
        hits = {key for key, hit in zip(ranking.keys, ranking.relevant, strict=True) if hit}
        right.setdefault(ranking.case, set()).update(hits)
    return [
        [each.key in right[case] for each in interleaved(of_case[case])[:10]] if case in of_case else []
        for case in range(cases)
    ]


def out_of_fold(sets: Sequence[Sequence[Ranking]], counts: Sequence[int], *, ridge: float) -> list[list[Floats]]:
    """The scores of each set's rankings by weights that saw neither their cases nor the passages that answer those."""
    folds = [np.random.default_rng(_SEED).permutation(count) % _FOLDS for count in counts]
    scores: list[list[Floats]] = [[np.zeros(len(r.rows)) for r in each] for each in sets]
    for fold in range(_FOLDS):
        seen = []
        for each, own in zip(sets, folds, strict=True):
            kept_out = {
                key for r in each if own[r.case] == fold for key, hit in zip(r.keys, r.relevant, strict=True) if hit
            }
            seen.append([_without(r, kept_out) for r in each if own[r.case] != fold])
        weights = fit(seen, ridge=ridge)
        for number, (each, own) in enumerate(zip(sets, folds, strict=True)):
            for place, ranking in enumerate(each):
                if own[ranking.case] == fold:
                    scores[number][place] = weights.scores(ranking.rows)
    return scores


def _without(ranking: Ranking, keys: set[int]) -> Ranking:
    kept = np.array([key not in keys for key in ranking.keys], dtype=bool)
    left = tuple(key for key in ranking.keys if key not in keys)
    return Ranking(ranking.case, left, ranking.rows[kept], ranking.relevant[kept])


def table(name: str, cases: int, search: list[list[bool]], ranked: dict[str, list[list[bool]]]) -> Table:
    """A row for each metric: the search alone, and each way of reranking with its difference."""
    rows: list[tuple[Cell, ...]] = []
    for metric, score in _METRICS.items():
        alone = [score(found) for found in search]
        row: list[Cell] = [metric, bootstrap_interval(alone)]
        for found in ranked.values():
            own = [score(each) for each in found]
            row += [bootstrap_interval(own).value, paired_difference(own, alone)]
        rows.append(tuple(row))
    columns = ["", "search alone", *(column for way in ranked for column in (way, f"{way} - search"))]
    return Table(f"Reranking by signals: {name}", f"{cases} questions", tuple(columns), tuple(rows), digits=3)


async def _main(options: argparse.Namespace) -> None:
    subjects = {name: subject for name in _READ if (subject := subject_of(name, options.data)) is not None}
    sets: dict[str, list[Ranking]] = {}
    for name, asked in subjects.items():
        settings = read_settings(library=options.libraries / name.removesuffix("_dated")).alone()
        await build(asked, settings)
        sets[name] = await rankings(asked, settings)
    counts = {name: len(asked.cases) for name, asked in subjects.items()}
    unseen = out_of_fold(list(sets.values()), list(counts.values()), ridge=options.ridge)
    for (name, found), scores in zip(sets.items(), unseen, strict=True):
        others = [each for other, each in sets.items() if other[:4] != name[:4]]
        elsewhere = fit(others, ridge=options.ridge) if others else None
        ways = {"out of fold": judged(found, counts[name], scores)}
        if elsewhere is not None:
            own = [elsewhere.scores(ranking.rows) for ranking in found]
            ways["from the other set"] = judged(found, counts[name], own)
        alone = judged(found, counts[name], [ranking.rows[:, 0] for ranking in found])
        print(rendered(table(name, counts[name], alone, ways)), end="\n\n", flush=True)
    weights = fit(list(sets.values()), ridge=options.ridge)
    document = {
        "trained_on": "MultiHop-RAG's dev queries (ODC-BY 1.0) and RealTime QA 2024, each question as it is and as of its day."
        " No text is kept.",
        "meaning": "score = sum of coefficient * signal; rag/signals.py says what the signals are",
        "coefficients": dict(zip(SIGNALS, (round(value, 3) for value in weights.coefficients), strict=True)),
    }
    text = json.dumps(document, indent=2) + "\n"
    options.out.write_text(text, encoding="utf-8")
    print(text)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and write; print the figures and the coefficients."""
    parser = argparse.ArgumentParser(prog="python -m evals.ranker_fitting", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("--libraries", type=Path, required=True, help="a folder with a library for each data set")
    parser.add_argument("--ridge", type=float, default=0.05)
    parser.add_argument("--out", type=Path, default=MODEL)
    asyncio.run(_main(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
