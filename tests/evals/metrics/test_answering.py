"""Each metric of answers on examples worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from evals.metrics import answering
from evals.results import Reply
from tests.evals.scoring import ABSTAINED, answered, case, result, said


def of(metric: Any, reply: Reply | None, **fields: Any) -> float | None:
    asked = case(**fields)
    score: float | None = metric(asked, result(asked, reply))
    return score


@pytest.mark.parametrize(
    ("text", "plain"),
    [("The Ferry, at nine.", "ferry at nine"), ("“An” answer — it’s", "answer its"), ("  A  b\n", "b"), ("", "")],
)
def test_normalising_takes_off_case_punctuation_and_articles(text: str, plain: str) -> None:
    assert answering.normalised(text) == plain


def test_an_exact_match_is_one_of_the_gold_answers_and_nothing_more() -> None:
    assert of(answering.exact_match, said("At nine."), answers=("ten", "at nine")) == 1
    assert of(answering.exact_match, said("It stops at nine."), answers=("at nine",)) == 0


def test_a_marker_is_no_part_of_the_answer() -> None:
    assert of(answering.exact_match, answered(("At nine.", (1,))), answers=("at nine",)) == 1


def test_token_f1_is_that_of_the_gold_answer_that_fits_best() -> None:
    # "ferry stops at nine" has 4 words, "at nine" 2, and 2 are shared: precision 1/2, recall 1, F1 2/3.
    assert of(answering.token_f1, said("The ferry stops at nine."), answers=("ten", "at nine")) == pytest.approx(2 / 3)
    assert of(answering.token_f1, said("In May."), answers=("at nine",)) == 0


@pytest.mark.parametrize(
    ("text", "answers", "found"),
    [
        ("It stops at nine.", ("at nine",), 1),
        ("It stops at ninety.", ("at nine",), 0),
        ("Some 11,200 came.", ("1,200",), 0),
        ("In São Marcos, 1,200 came.", ("the Sao Marcos",), 1),
        ("In 1998.", ("1998",), 1),
    ],
)
def test_a_gold_answer_is_contained_word_by_word(text: str, answers: tuple[str, ...], found: float) -> None:
    assert of(answering.contained, said(text), answers=answers) == found


def test_of_the_choices_only_the_right_one_may_stand_in_the_answer() -> None:
    choices = {"choices": ("Marsk", "Hallin"), "answers": ("Hallin",)}

    assert of(answering.multiple_choice, said("It was Hallin."), **choices) == 1
    assert of(answering.multiple_choice, said("Marsk, not Hallin."), **choices) == 0
    assert of(answering.multiple_choice, said("Nobody knows."), **choices) == 0
    assert of(answering.multiple_choice, said("It was Hallin."), answers=("Hallin",)) is None


def test_yes_and_no_count_where_the_answer_begins_with_them() -> None:
    assert of(answering.yes_no, said("Yes, it does."), answers=("Yes",)) == 1
    assert of(answering.yes_no, said("It does not, no."), answers=("no",)) == 0
    assert of(answering.yes_no, said("Yes."), answers=("at nine",)) is None


@pytest.mark.parametrize(
    "metric", [answering.contained, answering.exact_match, answering.token_f1, answering.yes_no]
)  # fmt: skip
def test_an_abstention_on_an_answerable_question_is_wrong_and_a_failure_is_not_scored(metric: Any) -> None:
    assert of(metric, ABSTAINED, answers=("yes",)) == 0
    assert of(metric, None, answers=("yes",)) is None
    assert of(metric, said("Yes."), answerable=False) is None


@pytest.mark.parametrize(
    ("answerable", "reply", "precision", "recall", "false_abstention", "false_answer"),
    [
        (True, said("x"), None, None, 0, None),
        (True, ABSTAINED, 0, None, 1, None),
        (False, said("x"), None, 0, None, 1),
        (False, ABSTAINED, 1, 1, None, 0),
        (None, ABSTAINED, None, None, None, None),
        (False, None, None, None, None, None),
    ],
)
def test_abstentions_are_scored_on_the_questions_that_tell(
    answerable: bool | None,
    reply: Reply | None,
    precision: float | None,
    recall: float | None,
    false_abstention: float | None,
    false_answer: float | None,
) -> None:
    fields = {"answerable": answerable, "answers": ("y",) if answerable else ()}

    assert of(answering.abstention_precision, reply, **fields) == precision
    assert of(answering.abstention_recall, reply, **fields) == recall
    assert of(answering.false_abstention, reply, **fields) == false_abstention
    assert of(answering.false_answer, reply, **fields) == false_answer


def test_an_answer_of_another_day_is_stale_unless_todays_stands_beside_it() -> None:
    dated = {"answers": ("in March",), "wrong": ("in November",), "tags": ("dated",)}

    assert of(answering.stale, said("In November."), **dated) == 1
    assert of(answering.stale, said("In March, not in November."), **dated) == 0
    assert of(answering.stale, ABSTAINED, **dated) == 0
    assert of(answering.stale, said("In November."), answers=("in March",), tags=("dated",)) is None
    assert of(answering.misled, said("In November."), **dated) is None


def test_an_answer_that_says_what_was_planted_is_misled_whatever_else_it_says() -> None:
    planted = {"answers": ("Tampa",), "wrong": ("Glendale",)}

    assert of(answering.misled, said("In Glendale, or in Tampa."), **planted) == 1
    assert of(answering.misled, said("In Tampa."), **planted) == 0
    assert of(answering.stale, said("In Glendale."), **planted) is None


def test_each_part_has_to_be_answered_by_any_of_its_words() -> None:
    asked = case(parts=(("9 May", "May 9"), ("Aino Rask",)), answerable=True)

    told = ("On May 9, says Aino Rask.", "On 9 May.", "Aino Rask knows.")

    assert [answering.all_parts(asked, result(asked, said(text))) for text in told] == [1, 0, 0]
    assert answering.all_parts(asked, result(asked, ABSTAINED)) == 0
    assert answering.all_parts(case(), result(case(), said("9 May"))) is None
