from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.ranking import hits_at, reciprocal_rank
from evals.statistics import bootstrap_interval, paired_difference, proportion_interval

RANKINGS = st.lists(st.booleans(), max_size=20)
SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=30)
FEW = 50


def test_a_hit_at_rank_three_counts_from_k_of_three_on() -> None:
    relevant = [False, False, True, False]

    assert [hits_at(relevant, k=k) for k in (1, 2, 3, 4)] == [0.0, 0.0, 1.0, 1.0]


def test_the_reciprocal_rank_is_of_the_first_relevant_item_alone() -> None:
    assert reciprocal_rank([False, False, True, True], k=10) == pytest.approx(1 / 3)
    assert reciprocal_rank([True, False, True], k=10) == 1.0


def test_a_relevant_item_below_the_cut_scores_nothing() -> None:
    assert reciprocal_rank([False, False, True], k=2) == 0.0
    assert hits_at([False] * 10 + [True], k=10) == 0.0


def test_nothing_found_scores_nothing() -> None:
    assert hits_at([], k=10) == 0.0
    assert reciprocal_rank([], k=10) == 0.0


@pytest.mark.parametrize("k", [0, -1])
def test_a_cut_before_the_first_rank_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match="ranks count from 1"):
        hits_at([True], k=k)
    with pytest.raises(ValueError, match="ranks count from 1"):
        reciprocal_rank([True], k=k)


@given(RANKINGS, st.integers(1, 20))
def test_a_ranking_has_a_reciprocal_rank_of_at_least_one_in_k_exactly_where_it_has_a_hit(
    relevant: list[bool], k: int
) -> None:
    reciprocal = reciprocal_rank(relevant, k=k)

    assert (reciprocal > 0) == (hits_at(relevant, k=k) == 1.0)
    assert reciprocal == 0 or reciprocal >= 1 / k


@given(RANKINGS, st.integers(1, 19))
def test_looking_further_never_scores_less(relevant: list[bool], k: int) -> None:
    assert hits_at(relevant, k=k) <= hits_at(relevant, k=k + 1)
    assert reciprocal_rank(relevant, k=k) <= reciprocal_rank(relevant, k=k + 1)


def test_scores_that_are_all_the_same_leave_no_doubt() -> None:
    estimate = bootstrap_interval([0.25] * 40)

    assert (estimate.value, estimate.low, estimate.high) == (0.25, 0.25, 0.25)


def test_the_interval_of_a_fair_coin_is_about_that_of_the_normal_distribution() -> None:
    estimate = bootstrap_interval([0.0, 1.0] * 200)

    # Its standard error is 0.5 over the root of 400, and 1.96 of them are 0.049.
    assert estimate.value == 0.5
    assert estimate.low == pytest.approx(0.451, abs=0.01)
    assert estimate.high == pytest.approx(0.549, abs=0.01)


def test_a_lower_level_gives_a_narrower_interval() -> None:
    wide, narrow = bootstrap_interval([0.0, 1.0] * 50), bootstrap_interval([0.0, 1.0] * 50, level=0.5)

    assert wide.low < narrow.low < narrow.high < wide.high


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    scores = [n / 97 for n in range(97)]

    assert bootstrap_interval(scores, seed=1) == bootstrap_interval(scores, seed=1)
    assert bootstrap_interval(scores, seed=1) != bootstrap_interval(scores, seed=2)


def test_the_mean_of_no_scores_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one case"):
        bootstrap_interval([])


@given(SCORES)
def test_an_interval_lies_within_the_scores(scores: list[float]) -> None:
    estimate = bootstrap_interval(scores, resamples=FEW)

    assert min(scores) - 1e-9 <= estimate.low <= estimate.high <= max(scores) + 1e-9


def test_a_small_gain_on_every_case_is_certain_though_the_two_intervals_overlap() -> None:
    theirs = [0.0, 0.9] * 50
    ours = [score + 0.1 for score in theirs]

    difference = paired_difference(ours, theirs)

    assert bootstrap_interval(ours).low < bootstrap_interval(theirs).high
    assert difference.value == pytest.approx(0.1)
    assert difference.low == pytest.approx(0.1)


@given(SCORES)
def test_a_system_does_not_differ_from_itself(scores: list[float]) -> None:
    difference = paired_difference(scores, scores, resamples=FEW)

    assert (difference.value, difference.low, difference.high) == (0.0, 0.0, 0.0)


def test_scores_of_different_cases_are_not_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        paired_difference([1.0, 0.0], [1.0])


def test_a_proportion_has_an_interval_also_where_every_case_agrees() -> None:
    most, every = proportion_interval(8, 10), proportion_interval(10, 10)

    assert (most.value, most.low, most.high) == pytest.approx((0.8, 0.490, 0.943), abs=1e-3)
    assert (every.value, every.low, every.high) == pytest.approx((1.0, 0.722, 1.0), abs=1e-3)
    assert proportion_interval(0, 10).low == 0.0


def test_a_proportion_of_no_case_is_refused() -> None:
    with pytest.raises(ValueError, match="no cases"):
        proportion_interval(0, 0)
