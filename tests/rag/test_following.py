"""A follow-up as it stands alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Kind, Query, Turn
from rag.errors import QuestionError
from rag.known import KnownNames
from rag.ports import Names
from rag.questions import understand
from rag.spoken import Naming

KNOWN = KnownNames(
    Names(newest=datetime(2025, 12, 1, tzinfo=UTC)),
    [Naming("Runa Falk", "harbour master", 5), Naming("Per Holt", "mayor", 4)],
)
OYSTERS = "What did Runa Falk say about the oyster beds in March?"


def follow(question: str, *before: str) -> Query:
    """The question after those; every second of them is an answer."""
    turns = [Turn("assistant" if n % 2 else "user", content) for n, content in enumerate(before)]
    return understand(question, conversation=turns, known=KNOWN)


def test_another_speaker_is_asked_the_same() -> None:
    query = follow("And Holt?", OYSTERS)

    assert (query.speakers, query.topic) == (("Holt",), "oyster beds")
    assert query.period is not None
    assert query.period.words == "March"


def test_another_subject_is_asked_of_the_same_speaker_also_two_turns_later() -> None:
    query = follow("And about the mussels?", OYSTERS, "Nothing.", "And Holt?", "Nothing.")

    assert (query.speakers, query.topic) == (("Holt",), "mussels")


def test_a_pronoun_means_the_speaker_before() -> None:
    assert follow("What did she say about fares?", OYSTERS).speakers == ("Runa Falk",)
    both = "What did Falk and Holt say about the quay?"
    assert follow("What did both say about fares?", both).speakers == ("Falk", "Holt")


def test_a_pronoun_means_whom_the_answer_names_where_the_question_names_nobody() -> None:
    query = follow("What did he say about fares?", "Who runs the town?", "The town is run by Per Holt.")

    assert query.speakers == ("Per Holt",)


def test_another_time_alone_limits_and_keeps_the_kind_of_answer() -> None:
    query = follow("And in July?", "When did the ferry run in August?")

    assert (query.kind, query.topic, query.limits) == (Kind.WHEN, "ferry run July", ("period",))
    assert query.period is not None
    assert query.period.words == "July"
    assert "August" not in query.text
    assert follow("When did the ferry run in July?").limits == ()


@pytest.mark.parametrize("question", ["When did she say that?", "When did Falk say so?", "On which day was that said?"])
def test_when_something_was_said_recalls_the_answer(question: str) -> None:
    query = follow(question, OYSTERS, "Runa Falk: “They are full.” [1]")

    assert query.recalls == "Runa Falk: “They are full.” [1]"
    assert query.speakers == ("Runa Falk",)
    assert not follow("When did she say that the beds were full?", OYSTERS, "They are full.").recalls


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the Norrby delegation?",
        "Did Holt say that the quay is safe?",
        "What did Holt say about his budget?",
        "Is there a ferry to Brannay?",
        "Which dredger ran aground this week?",
        "Why was the Kellan Bridge shut?",
    ],
)
def test_a_question_that_names_what_it_means_is_not_mixed_with_the_one_before(question: str) -> None:
    assert follow(question, OYSTERS).text == question


@given(st.lists(st.text(max_size=80), max_size=6), st.text(max_size=80))
def test_any_conversation_is_understood_or_refused(before: list[str], question: str) -> None:
    try:
        query = follow(question, *before)
    except QuestionError:
        return

    assert query.text
    assert query.parts
