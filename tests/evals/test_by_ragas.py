"""ragas' own metrics on examples worked out by hand, where ragas is installed; without it they are left out, and said to be."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from evals.by_ragas.loading import missing
from evals.by_ragas.unjudged import UNJUDGED
from evals.cases import Case
from evals.metrics.table import METRICS
from evals.results import Header, Result, Run
from evals.scoring import default_support, named, score
from rag.errors import SettingsError
from tests.evals.scoring import ABSTAINED, answered, case, gold, passage, result, said

# ragas leaves the file with its user's number open.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
installed = pytest.mark.skipif(missing() is not None, reason="ragas is not installed")
absent = pytest.mark.skipif(missing() is None, reason="ragas is installed")

NINE = gold("It stops at nine.")
ASKED = case(evidence=(NINE,), answers=("nine", "9 pm"), answerable=True)


def run_of(*results: Result) -> Run:
    header = Header(name="x", cases="", count=len(results), target="", started=datetime(2026, 1, 2, tzinfo=UTC))
    return Run(header=header, results=results)


def scored(metric: str, asked: Case, of: Result) -> float | None:
    return asyncio.run(UNJUDGED[metric](asked, of))


def of_answer(metric: str, text: str, asked: Case = ASKED) -> float | None:
    return scored(metric, asked, result(asked, said(text)))


def of_reading(metric: str, *passages: str, asked: Case = ASKED) -> float | None:
    read = tuple(passage(text, f"a{n}") for n, text in enumerate(passages))
    return scored(metric, asked, result(asked, answered(("x", ()), passages=read)))


@installed
def test_an_answer_is_held_against_each_gold_answer_letter_for_letter() -> None:
    assert [of_answer("ragas_exact_match", text) for text in ("9 pm", "Nine")] == [1, 0]
    assert [of_answer("ragas_string_presence", text) for text in ("At 9 pm.", "At Nine.")] == [1, 0]


@installed
def test_string_similarity_is_one_less_the_share_of_letters_to_change() -> None:
    # "It stops at nine." has 17 letters; "five" for "nine" changes two of them.
    assert of_answer("ragas_string_similarity", "It stops at five.") == pytest.approx(1 - 2 / 17)


@installed
def test_bleu_of_one_word_exchanged_in_five_is_worked_out_by_hand() -> None:
    asked = case(evidence=(gold("the ferry stops at nine"),), answerable=True)

    # Runs of 1 to 4 words: 4 of 5, 3 of 4, 2 of 3, 1 of 2; their geometric mean, and no penalty for length.
    assert of_answer("ragas_bleu", "the ferry stops at five", asked) == pytest.approx(
        (4 / 5 * 3 / 4 * 2 / 3 / 2) ** 0.25
    )


@installed
def test_two_sentences_are_like_themselves() -> None:
    two = "The ferry stops at nine. Fares rise in May."
    asked = case(evidence=(gold(two),), answerable=True)

    for metric in ("ragas_bleu", "ragas_chrf", "ragas_string_similarity", "ragas_semantic_similarity"):
        assert of_answer(metric, two, asked) == pytest.approx(1.0), metric


@installed
def test_chrf_of_what_shares_half_of_its_letters_is_worked_out_by_hand() -> None:
    asked = case(evidence=(gold("ab"),), answerable=True)

    # One letter of two, on both sides; no run of two; longer runs are in neither. F2 is the mean precision and recall: 1/4.
    assert of_answer("ragas_chrf", "ac", asked) == pytest.approx(0.25)


@installed
def test_quotations_that_stand_in_what_was_read_are_counted_and_apostrophes_open_none() -> None:
    asked = case()
    read = (passage("“The ferry’s last run is at nine,” she said. It’s late, it’s dark and it’s cold."),)

    def of(text: str) -> float | None:
        return scored("ragas_quoted_spans", asked, result(asked, answered((text, ()), passages=read)))

    assert of("She said: “The ferry’s last run is at nine”. He said: “We are shut for good”.") == 0.5
    assert of("The ferry's timetable, and the harbour's too, says nine.") is None


@installed
def test_a_gold_sentence_counts_as_read_where_a_sentence_of_a_passage_is_like_it() -> None:
    late = case(evidence=(NINE, gold("The council voted against a second bridge over the river.")), answerable=True)

    assert of_reading("ragas_context_recall", "Fares rise. It stops at nine. Dogs pay half.") == 1
    assert of_reading("ragas_context_recall", "Fares rise. It stops at nine.", asked=late) == 0.5
    assert of_reading("ragas_context_recall", "Fares rise.") == 0


@installed
def test_context_precision_falls_with_the_rank_of_the_passage_that_has_it() -> None:
    other, right = "Fares rise in the whole of the county from May on.", "Fares rise. It stops at nine."

    assert of_reading("ragas_context_precision", right, other) == pytest.approx(1.0)
    assert of_reading("ragas_context_precision", other, right) == pytest.approx(0.5)
    assert of_reading("ragas_context_precision", other) == 0


@installed
def test_articles_are_counted_by_their_ids() -> None:
    asked = case(evidence=(gold("x", "a0"), gold("y", "a7")), answerable=True)

    assert of_reading("ragas_article_recall", "x", "z", asked=asked) == 0.5
    assert of_reading("ragas_article_precision", "x", "z", "w", asked=asked) == pytest.approx(1 / 3)


@installed
@pytest.mark.parametrize("metric", UNJUDGED)
def test_what_cannot_be_scored_is_no_zero(metric: str) -> None:
    unanswerable = case(answerable=False)

    assert scored(metric, unanswerable, result(unanswerable, said("Nine."))) is None
    assert scored(metric, ASKED, result(ASKED, None)) is None


@installed
def test_an_abstention_where_there_is_an_answer_is_a_wrong_answer() -> None:
    assert scored("ragas_bleu", ASKED, result(ASKED, ABSTAINED)) == 0
    assert scored("ragas_quoted_spans", ASKED, result(ASKED, ABSTAINED)) is None


@absent
def test_without_ragas_its_metrics_are_left_out_and_that_is_said() -> None:
    scores = asyncio.run(score(run_of(result(ASKED, said("nine"))), default_support()))

    assert not set(UNJUDGED) & set(scores.by_metric)
    assert scores.left_out is not None
    assert "ragas is not installed" in scores.left_out or "are not installed" in scores.left_out


@absent
def test_one_that_is_asked_for_by_name_and_cannot_be_computed_is_an_error_that_says_what_to_install() -> None:
    with pytest.raises(SettingsError, match=r"ragas_bleu.*not installed.*pip install"):
        named(["ragas_bleu"])
    assert asyncio.run(score(run_of(result(ASKED, said("nine"))), default_support(), ["contained"])).left_out is None


def test_each_of_them_stands_in_the_table() -> None:
    assert {name for name, metric in METRICS.items() if metric.group == "ragas"} == set(UNJUDGED)
