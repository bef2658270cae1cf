"""Every metric by its name. A new one is a function, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from evals.by_ragas.unjudged import UNJUDGED, Unjudged
from evals.cases import Case
from evals.metrics import answering, certainty, citing, costing, ranking
from evals.results import Result
from evals.supporting import Verdict

Verdicts = tuple[Verdict, ...] | None
Score = Callable[[Case, Result], float | None]


@dataclass(frozen=True, slots=True)
class Metric:
    """A score for a case, None where it has none. `better`: whether higher or lower is. `group` is how it is shown.

    Of `of`, `judged` and `by_ragas` one is set; `judged` reads the support check's verdicts.
    """

    group: Literal["ranking", "citing", "answering", "cost", "ragas"]
    better: Literal["higher", "lower"]
    of: Score | None = None
    judged: Callable[[Verdicts], float | None] | None = None
    by_ragas: Unjudged | None = None

    async def __call__(self, case: Case, result: Result, verdicts: Verdicts) -> float | None:
        if self.by_ragas is not None:
            return await self.by_ragas(case, result)
        if self.judged is not None:
            return self.judged(verdicts)
        assert self.of is not None
        return self.of(case, result)


def _ranked(score: Score) -> Metric:
    return Metric("ranking", "higher", score)


METRICS: dict[str, Metric] = {
    "contained": Metric("answering", "higher", answering.contained),
    "exact_match": Metric("answering", "higher", answering.exact_match),
    "token_f1": Metric("answering", "higher", answering.token_f1),
    "all_parts": Metric("answering", "higher", answering.all_parts),
    "multiple_choice": Metric("answering", "higher", answering.multiple_choice),
    "yes_no": Metric("answering", "higher", answering.yes_no),
    "abstention_precision": Metric("answering", "higher", answering.abstention_precision),
    "abstention_recall": Metric("answering", "higher", answering.abstention_recall),
    "false_abstention": Metric("answering", "lower", answering.false_abstention),
    "false_answer": Metric("answering", "lower", answering.false_answer),
    "stale": Metric("answering", "lower", answering.stale),
    "misled": Metric("answering", "lower", answering.misled),
    "brier": Metric("answering", "lower", certainty.brier),
    "invalid_spans": Metric("citing", "lower", citing.invalid_spans),
    "dangling_pointers": Metric("citing", "lower", citing.dangling_pointers),
    "loose_quotations": Metric("citing", "lower", citing.loose_quotations),
    "citation_recall": Metric("citing", "higher", judged=citing.citation_recall),
    "citation_precision": Metric("citing", "higher", judged=citing.citation_precision),
    "coverage": Metric("citing", "higher", citing.coverage),
    "gold_cited": Metric("citing", "higher", citing.gold_cited),
    "right_speaker": Metric("citing", "higher", citing.right_speaker),
    "hits@1": _ranked(ranking.passage_score(lambda r, _: ranking.hits_at(r, k=1))),
    "hits@4": _ranked(ranking.passage_score(lambda r, _: ranking.hits_at(r, k=4))),
    "hits@10": _ranked(ranking.passage_score(lambda r, _: ranking.hits_at(r, k=10))),
    "recall@10": _ranked(ranking.passage_score(lambda r, total: ranking.recall_at(r, total=total, k=10))),
    "mrr@10": _ranked(ranking.passage_score(lambda r, _: ranking.reciprocal_rank(r, k=10))),
    "map@10": _ranked(ranking.passage_score(lambda r, total: ranking.average_precision(r, total=total, k=10))),
    "ndcg@10": _ranked(ranking.passage_score(lambda r, total: ranking.discounted_gain(r, total=total, k=10))),
    "article_hits@4": _ranked(ranking.article_score(lambda r, _: ranking.hits_at(r, k=4))),
    "article_recall@10": _ranked(ranking.article_score(lambda r, total: ranking.recall_at(r, total=total, k=10))),
    "article_mrr@10": _ranked(ranking.article_score(lambda r, _: ranking.reciprocal_rank(r, k=10))),
    "article_map@10": _ranked(ranking.article_score(lambda r, total: ranking.average_precision(r, total=total, k=10))),
    "article_ndcg@10": _ranked(ranking.article_score(lambda r, total: ranking.discounted_gain(r, total=total, k=10))),
    "official_hits@10": _ranked(ranking.official(partial(ranking.hits_at, k=10))),
    "official_hits@4": _ranked(ranking.official(partial(ranking.hits_at, k=4))),
    "official_mrr@10": _ranked(ranking.official(partial(ranking.reciprocal_rank, k=10))),
    "seconds": Metric("cost", "lower", costing.seconds),
    "first_claim_s": Metric("cost", "lower", costing.first_claim),
    "tokens": Metric("cost", "lower", costing.tokens),
    **{name: Metric("ragas", "higher", by_ragas=score) for name, score in UNJUDGED.items()},
}
