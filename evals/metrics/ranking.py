"""How well a ranking does, from which of its items are relevant, best first. Pure.

Ranks and `k` count from 1. A question without anything relevant to find has no score here: leave it out, never score it 0.
"""

from __future__ import annotations

from collections.abc import Sequence


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


def _first(relevant: Sequence[bool], k: int) -> Sequence[bool]:
    if k < 1:
        raise ValueError(f"k={k}: ranks count from 1")
    return relevant[:k]
