"""How often the evidence is found: the default retrieval beside each of its channels alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evals.benchmarks.subject import Subject, opened
from evals.benchmarks.tables import Cell, Table
from evals.datasets.multihop_rag import MultiHopQuery, relevant
from evals.metrics.ranking import hits_at, reciprocal_rank
from evals.statistics import bootstrap_interval, paired_difference
from rag.library import Library
from rag.questions import understand
from rag.retrieval import retrieve
from rag.settings import RetrievalSettings, Settings

_K = 10
_METRICS: dict[str, Callable[[Sequence[bool]], float]] = {
    "Hits@10": lambda found: hits_at(found, k=10),
    "Hits@4": lambda found: hits_at(found, k=4),
    "MRR@10": lambda found: reciprocal_rank(found, k=10),
}
# Lexical with the header alone, measured before there was a service; the default must not fall below it.
_TO_REACH = {"Hits@10": 0.942, "Hits@4": 0.837, "MRR@10": 0.703}


async def retrieval(subject: Subject, settings: Settings) -> list[Table]:
    """One table: a row per metric, a column per system, and the difference that the dense channel makes."""
    queries = [query for query in subject.queries if query.answerable]
    async with opened(subject, settings) as (library, held):
        found = {name: await _judged(queries, library, each) for name, each in _systems(settings.retrieval).items()}
    rows: list[tuple[Cell, ...]] = []
    for metric, score in _METRICS.items():
        scores = {name: [score(hits) for hits in judged] for name, judged in found.items()}
        default, lexical = scores["default"], scores["lexical"]
        better = sum(one > other for one, other in zip(default, lexical, strict=True))
        worse = sum(one < other for one, other in zip(default, lexical, strict=True))
        intervals = [bootstrap_interval(scores[name]) for name in ("default", "lexical", "dense")]
        difference = paired_difference(default, lexical)
        rows.append((metric, *intervals, difference, f"{better} / {worse}", _TO_REACH[metric]))
    return [
        Table(
            "Retrieval: is an evidence fact in the passages found?",
            f"{len(queries)} queries, null queries left out; {held}",
            ("", "default", "lexical alone", "dense alone", "default - lexical", "better / worse", "to reach"),
            tuple(rows),
            digits=3,
            notes=(f"default: dense_weight={settings.retrieval.dense_weight}; 95 % bootstrap intervals over queries",),
        )
    ]


def _systems(settings: RetrievalSettings) -> dict[str, RetrievalSettings]:
    dense = {"dense_weight": 1.0, "dense_depth": max(100, settings.dense_depth)}
    return {
        "default": settings,
        "lexical": settings.model_copy(update={"dense_weight": 0.0}),
        "dense": settings.model_copy(update=dense),
    }


async def _judged(queries: Sequence[MultiHopQuery], library: Library, settings: RetrievalSettings) -> list[list[bool]]:
    """For each query, which of its passages are hits, best first."""
    judged = []
    known = await library.names()
    for query in queries:
        found = await retrieve(understand(query.text, known=known), library, settings, k=_K)
        judged.append(relevant([passage.text for passage in found.passages], query))
    return judged
