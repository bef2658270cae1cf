"""A question as it is understood, by rules."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Filters, Kind, Turn
from rag.errors import FilterError, QuestionError
from rag.questions import names_in, understand


@pytest.mark.parametrize(
    ("question", "speaker", "topic"),
    [
        ("what did Peskov say about a summit?", "Peskov", "summit"),
        ("What has Agnes Torvald said about interest rates?", "Agnes Torvald", "interest rates"),
        ("how did mayor Varga explain the delay to the council", "mayor Varga", "delay council"),
        ("Why did Jonas Pell say the bridge was safe?", "Jonas Pell", "bridge safe"),
        ("What is Torvald's latest view on interest rates?", "Torvald", "interest rates"),
        ("what was the minister’s reaction to the strike?", "minister", "strike"),
    ],
)
def test_a_question_for_somebodys_words_names_them_and_the_topic(question: str, speaker: str, topic: str) -> None:
    query = understand(question)

    assert query.kind is Kind.SAID
    assert query.speakers == (speaker,)
    assert query.topic == topic


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who leads the delegation?", Kind.WHO),
        ("When will the bridge reopen?", Kind.WHEN),
        ("Where was the gust recorded?", Kind.WHERE),
        ("Why was the bridge shut?", Kind.WHY),
        ("How many jars were recalled?", Kind.HOW_MANY),
        ("How big is the meadow?", Kind.HOW_MUCH),
        ("How long did the meeting last?", Kind.HOW_LONG),
        ("Is the mayor related to the union leader?", Kind.YES_NO),
        ("What were they looking for when they found it?", Kind.OTHER),
    ],
)
def test_the_kind_of_answer_that_is_wanted_is_told_from_the_question(question: str, kind: Kind) -> None:
    assert understand(question).kind is kind


def test_names_are_runs_of_capitals_and_a_possessive_ends_one() -> None:
    assert names_in("Did Russia's Dmitry Peskov meet Elena Varga?") == ("Russia", "Dmitry Peskov", "Elena Varga")


@pytest.mark.parametrize("question", ["", "   ", "?!"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        understand(question)


def test_a_question_that_is_too_long_is_told_the_limit() -> None:
    with pytest.raises(QuestionError, match="at most 4,000"):
        understand("word " * 20_000)


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    backwards = Filters(
        published_after=datetime(2025, 2, 1, tzinfo=UTC), published_before=datetime(2025, 1, 1, tzinfo=UTC)
    )

    with pytest.raises(FilterError, match="ends before it starts"):
        understand("anything", filters=backwards)


def test_as_of_keeps_the_moment_itself_and_nothing_after_it() -> None:
    moment = datetime(2025, 2, 1, 12, tzinfo=UTC)

    before = understand("anything", as_of=moment).filters.published_before

    assert before is not None
    assert before > moment
    assert (before - moment).total_seconds() < 0.001


def test_the_stricter_of_as_of_and_a_filter_counts() -> None:
    limit = Filters(published_before=datetime(2025, 1, 1, tzinfo=UTC))

    query = understand("anything", filters=limit, as_of=datetime(2025, 2, 1, tzinfo=UTC))

    assert query.filters == limit


def test_a_question_that_stands_alone_is_not_mixed_with_the_one_before() -> None:
    before = (Turn("user", "Who won the cup?"),)

    assert understand("How many jars did Orrin Foods recall in June?", conversation=before).text.startswith("How many")


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        query = understand(text)
    except QuestionError:
        return

    assert query.text


def test_what_a_follow_up_leaves_unsaid_is_that_of_the_question_before() -> None:
    before = [Turn("user", "What did Runa Falk say in March about the oyster beds?")]
    then = understand("And in October?", conversation=before, as_of=datetime(2025, 12, 1, tzinfo=UTC))
    other = understand("What about the mussels?", conversation=before, as_of=datetime(2025, 12, 1, tzinfo=UTC))

    assert (then.kind, then.speakers, then.topic) == (Kind.SAID, ("Runa Falk",), "oyster beds")
    assert then.period is not None
    assert then.period.words == "October"
    assert (other.speakers, other.topic) == (("Runa Falk",), "mussels")
