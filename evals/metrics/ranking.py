"""How well a ranking does, from which of its items are relevant, best first. Pure.

Ranks and `k` count from 1. A question without anything relevant to find has no score here: leave it out, never score it 0.
Kept by hand, and tested against `ir-measures`: that brings scipy, 100 MB, for these few sums.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2

from evals.cases import Case, GoldEvidence
from evals.datasets.multihop_rag import hold_any
from evals.results import Passage, Result


def hits_at(relevant: Sequence[bool], *, k: int) -> float:
    """Hits@k: 1 if any of the first `k` is relevant, else 0.

    Source: Tang and Yang, MultiHop-RAG, COLM 2024, as its released code computes it; the paper words a share of the evidence.
    """
    return float(any(_first(relevant, k)))


def reciprocal_rank(relevant: Sequence[bool], *, k: int) -> float:
    """RR@k: 1 / rank of the first relevant of the first `k`, 0 where none is; its mean over questions is MRR@k.

    Source: Voorhees, The TREC-8 Question Answering Track Report, TREC 1999.
    """
    return next((1 / rank for rank, is_relevant in enumerate(_first(relevant, k), 1) if is_relevant), 0.0)


def recall_at(relevant: Sequence[bool], *, total: int, k: int) -> float:
    """Recall@k: the share of the `total` relevant items that stand in the first `k`.

    Source: Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, chapter 8.
    """
    return sum(_first(relevant, k)) / _some(total)


def average_precision(relevant: Sequence[bool], *, total: int, k: int) -> float:
    """AP@k: the precision at each relevant item of the first `k`, summed, over `total`; its mean over questions is MAP@k.

    Source: Buckley and Voorhees, Evaluating evaluation measure stability, SIGIR 2000; `map_cut` of trec_eval.
    """
    found, gained = 0, 0.0
    for rank, is_relevant in enumerate(_first(relevant, k), 1):
        if is_relevant:
            found += 1
            gained += found / rank
    return gained / _some(total)


def discounted_gain(relevant: Sequence[bool], *, total: int, k: int) -> float:
    """nDCG@k with gain 1 and discount log2(rank + 1), over that of a ranking with all `total` relevant items first.

    Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS 2002; `ndcg_cut` of trec_eval.
    """
    gained = sum(1 / log2(rank + 1) for rank, is_relevant in enumerate(_first(relevant, k), 1) if is_relevant)
    return gained / sum(1 / log2(rank + 1) for rank in range(1, min(_some(total), k) + 1))


# A ranking as these functions read it: which items are relevant, and how many relevant ones there are.
Judged = tuple[list[bool], int]
Score = Callable[[Case, Result], float | None]


def by_passage(case: Case, result: Result) -> Judged | None:
    """Whether each passage holds a fact that no passage above it holds; None where there is nothing to find or no ranking.

    A fact stands in a passage of one of its articles, white space aside; one that a cut parts stands in none. Facts that
    one passage holds together are found together, and so count once.
    """
    return _judged(case, result, lambda passage, fact: passage.article == fact.key and _stands(fact.quote, passage))


def by_article(case: Case, result: Result) -> Judged | None:
    """The same for articles, each at the rank of its best passage; a fact is found with any of the articles that have it."""
    if result.reply is None or result.reply.passages is None:
        return None
    best = {passage.article: passage for passage in reversed(result.reply.passages)}
    ranked = dict.fromkeys(passage.article for passage in result.reply.passages)
    return _ranked([best[article] for article in ranked], case.facts(), lambda p, fact: p.article == fact.key)


def passage_score(score: Callable[[list[bool], int], float]) -> Score:
    return lambda case, result: None if (judged := by_passage(case, result)) is None else score(*judged)


def article_score(score: Callable[[list[bool], int], float]) -> Score:
    return lambda case, result: None if (judged := by_article(case, result)) is None else score(*judged)


def official(score: Callable[[list[bool]], float]) -> Score:
    """MultiHop-RAG's own rule: a passage of any article is a hit if any fact stands in it (datasets/multihop_rag.py)."""

    def scored(case: Case, result: Result) -> float | None:
        if (
            "multihop-rag" not in case.tags
            or not case.evidence
            or result.reply is None
            or result.reply.passages is None
        ):
            return None
        return score(hold_any([p.text for p in result.reply.passages], [fact.quote for fact in case.evidence]))

    return scored


Holds = Callable[[Passage, GoldEvidence], bool]


def _judged(case: Case, result: Result, holds: Holds) -> Judged | None:
    if result.reply is None or result.reply.passages is None:
        return None
    return _ranked(result.reply.passages, case.facts(), holds)


def _ranked(items: Sequence[Passage], facts: Sequence[Sequence[GoldEvidence]], holds: Holds) -> Judged | None:
    if not facts:
        return None
    left = set(range(len(facts)))
    relevant: list[bool] = []
    total = len(facts)
    for item in items:
        met = {n for n in left if any(holds(item, fact) for fact in facts[n])}
        left -= met
        relevant.append(bool(met))
        total -= max(0, len(met) - 1)
    return relevant, total


def _stands(quote: str, passage: Passage) -> bool:
    return hold_any([passage.text], [quote])[0]


def _first(relevant: Sequence[bool], k: int) -> Sequence[bool]:
    if k < 1:
        raise ValueError(f"k={k}: ranks count from 1")
    return relevant[:k]


def _some(total: int) -> int:
    if total < 1:
        raise ValueError(f"total={total}: where nothing is relevant there is no score")
    return total
