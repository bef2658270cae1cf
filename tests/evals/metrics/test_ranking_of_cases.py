"""Rankings by passage and by article: worked out by hand, and the sums against ir-measures."""

from __future__ import annotations

import asyncio

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import AP, RR, R, Success, nDCG

from evals.metrics.ranking import (
    average_precision,
    by_article,
    by_passage,
    discounted_gain,
    hits_at,
    official,
    recall_at,
    reciprocal_rank,
)
from evals.metrics.table import METRICS
from evals.results import Passage, Reply
from tests.evals.scoring import ABSTAINED, answered, case, gold, passage, result, said

NINE, FARES = gold("stops at nine", "ferry"), gold("Fares rise", "fares")


def found(*passages: Passage) -> Reply:
    return answered(passages=passages)


def test_sums_of_a_ranking_worked_out_by_hand() -> None:
    relevant = [False, True, False, True, True]

    assert recall_at(relevant, total=4, k=4) == 2 / 4
    # Precision 1/2 at rank 2 and 2/4 at rank 4, over four relevant ones.
    assert average_precision(relevant, total=4, k=4) == pytest.approx((1 / 2 + 2 / 4) / 4)
    # Gains at ranks 2 and 4 are 1/log2(3) and 1/log2(5); the best four are 1 + 1/log2(3) + 1/2 + 1/log2(5).
    assert discounted_gain(relevant, total=4, k=4) == pytest.approx((0.63093 + 0.43068) / 2.56161, abs=1e-5)


def test_where_nothing_is_relevant_the_sums_are_refused() -> None:
    with pytest.raises(ValueError, match="no score"):
        recall_at([False], total=0, k=1)


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(0, 5), st.integers(1, 12))
def test_the_sums_agree_with_ir_measures(relevant: list[bool], missed: int, k: int) -> None:
    total = sum(relevant) + missed
    if total == 0:
        return
    names = [f"d{n}" for n in range(len(relevant) + missed)]
    judged = {
        "q": {name: 1 for name, is_relevant in zip(names, [*relevant, *[True] * missed], strict=True) if is_relevant}
    }
    ranking = {"q": {name: float(-n) for n, name in enumerate(names[: len(relevant)])}}
    wanted = {
        R @ k: recall_at(relevant, total=total, k=k),
        AP @ k: average_precision(relevant, total=total, k=k),
        nDCG @ k: discounted_gain(relevant, total=total, k=k),
        RR @ k: reciprocal_rank(relevant, k=k),
        Success @ k: hits_at(relevant, k=k),
    }

    theirs = ir_measures.calc_aggregate(list(wanted), judged, ranking)

    assert {str(measure): score for measure, score in theirs.items()} == pytest.approx(
        {str(measure): score for measure, score in wanted.items()}, abs=1e-6
    )


def test_a_passage_counts_where_it_holds_a_fact_of_its_own_article_that_none_above_it_holds() -> None:
    asked = case(evidence=(NINE, FARES))
    ranking = (
        passage("Fares rise.", "ferry"),  # the words of the other article's fact
        passage("It stops at\nnine.", "ferry"),
        passage("It stops at nine, again.", "ferry"),
        passage("Fares rise in May.", "fares"),
    )

    assert by_passage(asked, result(asked, found(*ranking))) == ([False, True, False, True], 2)


def test_two_facts_in_one_passage_are_found_together() -> None:
    asked = case(evidence=(NINE, gold("Fares rise", "ferry")))

    assert by_passage(asked, result(asked, found(passage("It stops at nine. Fares rise.")))) == ([True], 1)


def test_a_fact_of_several_copies_is_found_in_any_of_them() -> None:
    asked = case(evidence=(NINE, gold("stops at nine", "copy")))

    assert by_passage(asked, result(asked, found(passage("It stops at nine.", "copy")))) == ([True], 1)


def test_an_article_stands_at_the_rank_of_its_best_passage() -> None:
    asked = case(evidence=(FARES,))
    ranking = (passage("Late.", "ferry"), passage("Later.", "ferry"), passage("Early.", "fares"))

    assert by_article(asked, result(asked, found(*ranking))) == ([False, True], 1)


def test_without_evidence_or_without_a_ranking_there_is_nothing_to_score() -> None:
    asked = case(evidence=(NINE,))

    assert by_passage(asked, result(asked, said("Nine."))) is None
    assert by_article(asked, result(asked, said("Nine."))) is None
    assert by_passage(case(), result(case(), found())) is None
    assert by_passage(asked, result(asked, None)) is None


def test_the_official_rule_counts_a_fact_in_any_article_and_only_on_its_own_data_set() -> None:
    hits = official(lambda relevant: hits_at(relevant, k=1))
    ranking = found(passage("It stops\nat nine.", "copied elsewhere"))
    asked, other = case(evidence=(NINE,), tags=("multihop-rag",)), case(evidence=(NINE,))

    assert hits(asked, result(asked, ranking)) == 1
    assert hits(other, result(other, ranking)) is None


@pytest.mark.parametrize("metric", [name for name, metric in METRICS.items() if metric.group == "ranking"])
def test_every_ranking_metric_is_1_where_the_best_passage_has_it_all_and_0_where_none_has(metric: str) -> None:
    asked = case(evidence=(NINE,), tags=("multihop-rag",))

    assert asyncio.run(METRICS[metric](asked, result(asked, found(passage("It stops at nine."))), None)) == 1
    assert asyncio.run(METRICS[metric](asked, result(asked, found(passage("Late.", "other"))), None)) == 0
    assert asyncio.run(METRICS[metric](asked, result(asked, ABSTAINED), None)) is None
