"""What a stated confidence is worth, worked out by hand."""

from __future__ import annotations

import pytest

from evals.metrics.certainty import brier, right
from tests.evals.scoring import ABSTAINED, answered, case, cited, gold, result

AT_NINE = answered(("At nine.", ()), confidence=0.8)


def test_a_sure_and_right_answer_costs_little_and_a_sure_and_wrong_one_much() -> None:
    asked = case(answers=("at nine",), answerable=True)
    assert brier(asked, result(asked, AT_NINE)) == pytest.approx(0.04)
    other = case(answers=("at ten",), answerable=True)
    assert brier(other, result(other, AT_NINE)) == pytest.approx(0.64)


def test_an_answer_to_a_question_without_one_is_wrong() -> None:
    asked = case(answerable=False)
    assert right(asked, result(asked, AT_NINE)) == 0
    assert brier(asked, result(asked, AT_NINE)) == pytest.approx(0.64)


def test_without_gold_answers_the_cited_words_tell() -> None:
    asked = case(evidence=(gold("It stops at nine."),), answerable=True)
    citing = answered(("At nine.", (1,)), citations=(cited(1, "It stops at nine."),), confidence=0.5)
    assert right(asked, result(asked, citing)) == 1
    assert brier(asked, result(asked, citing)) == pytest.approx(0.25)


def test_nothing_is_scored_where_nothing_is_stated_or_known() -> None:
    asked = case(answers=("at nine",), answerable=True)
    assert brier(asked, result(asked, answered(("At nine.", ())))) is None
    assert brier(asked, result(asked, ABSTAINED)) is None
    assert brier(asked, result(asked, None)) is None
    nobody = case()
    assert brier(nobody, result(nobody, AT_NINE)) is None


def test_where_the_gold_answer_is_yes_or_no_a_quoted_sentence_is_told_by_what_it_cites() -> None:
    asked = case(answers=("No",), evidence=(gold("It stops at nine."),), answerable=True)
    quoting = answered(("It stops at nine, and no ferry later.", (1,)), citations=(cited(1, "It stops at nine."),))
    beside = answered(("No ferry is late.", (1,)), citations=(cited(1, "Fares rise."),))
    wrong = answered(("Yes, it does.", (1,)), citations=(cited(1, "It stops at nine."),))

    assert [right(asked, result(asked, each)) for each in (quoting, beside, wrong)] == [1, 1, 0]
    about = answered(("There is no ferry.", (1,)), citations=(cited(1, "Fares rise."),))
    assert right(asked, result(asked, about)) == 0
