"""How often the evidence is found: the default retrieval beside what it is made of, in one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import get_args

from evals.benchmarks.subject import Subject, opened
from evals.benchmarks.tables import Cell, Table
from evals.metrics.ranking import hits_at, reciprocal_rank
from evals.ranking_cases import RankingCase
from evals.statistics import bootstrap_interval, paired_difference
from rag.composition import make_reranker
from rag.domain import Understanding
from rag.library import Library
from rag.questions import understand
from rag.ranking import Reranker
from rag.retrieval import retrieve
from rag.settings import RetrievalSettings, Settings

_K = 10
_METRICS: dict[str, Callable[[Sequence[bool]], float]] = {
    "Hits@10": lambda found: hits_at(found, k=10),
    "Hits@5": lambda found: hits_at(found, k=5),
    "Hits@4": lambda found: hits_at(found, k=4),
    "MRR@10": lambda found: reciprocal_rank(found, k=10),
}
# What lexical or dense search alone does not have: nothing of the question is used but its words.
_UNDERSTOOD: tuple[Understanding, ...] = get_args(Understanding)


async def retrieval(subject: Subject, settings: Settings) -> list[Table]:
    """One table: a row per metric, a column per system, and what the default has over lexical search alone."""
    async with opened(subject, settings) as (library, held):
        reranker = make_reranker(settings.rerank, library)
        only = settings.retrieval
        found = {
            "default": await _judged(subject.cases, library, only, reranker),
            "not reranked": await _judged(subject.cases, library, only, None),
            "lexical alone": await _judged(subject.cases, library, _alone(only, dense_weight=0.0), None, plain=True),
            "dense alone": await _judged(subject.cases, library, _alone(only, dense_weight=1.0), None, plain=True),
        }
    rows: list[tuple[Cell, ...]] = []
    for metric, score in _METRICS.items():
        scores = {name: [score(hits) for hits in judged] for name, judged in found.items()}
        default, lexical = scores["default"], scores["lexical alone"]
        better = sum(one > other for one, other in zip(default, lexical, strict=True))
        worse = sum(one < other for one, other in zip(default, lexical, strict=True))
        intervals = [bootstrap_interval(own) for own in scores.values()]
        over = [paired_difference(default, scores[name]) for name in ("not reranked", "lexical alone")]
        rows.append((metric, *intervals, *over, f"{better} / {worse}", subject.to_reach.get(metric)))
    columns = ("", *found, "default - not reranked", "default - lexical", "better / worse", "to reach")
    return [
        Table(
            "Retrieval: is what answers in the passages found?",
            f"{len(subject.cases)} questions, those without an answer left out; {held}",
            columns,
            tuple(rows),
            digits=3,
            notes=(
                f"default: dense_weight={settings.retrieval.dense_weight}, rerank.by={settings.rerank.by}",
                "95 % bootstrap intervals over questions",
            ),
        )
    ]


def _alone(settings: RetrievalSettings, *, dense_weight: float) -> RetrievalSettings:
    return settings.model_copy(update={"dense_weight": dense_weight, "dense_depth": max(100, settings.dense_depth)})


async def _judged(
    cases: Sequence[RankingCase],
    library: Library,
    settings: RetrievalSettings,
    reranker: Reranker | None,
    *,
    plain: bool = False,
) -> list[list[bool]]:
    """For each case, which of its passages are hits, best first."""
    judged = []
    known = await library.names()
    for case in cases:
        query = understand(case.question, known=known, as_of=case.as_of, ignored=_UNDERSTOOD if plain else ())
        found = await retrieve(query, library, settings, k=_K, reranker=reranker)
        judged.append(case.judge(found.passages))
    return judged
