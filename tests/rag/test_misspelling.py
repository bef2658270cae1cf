"""Names that a question misspells by a letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.known import KnownNames
from rag.misspelling import doubtful, is_one_off, respelt
from rag.ports import Names
from rag.settings import Settings
from rag.spoken import Naming
from tests.rag.asking import ask

_NAMES = ("Marta Lindqvist", "Oda Brekke", "Ivo Hansen", "Ada Hanson")
KNOWN = KnownNames(Names(), [Naming(name, None, 3) for name in _NAMES])


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("What did Lindqvust say?", "What did Lindqvist say?"),
        ("What did Lindvqist say?", "What did Lindqvist say?"),
        ("What is Marta Lindqvst's view?", "What is Marta Lindqvist's view?"),
        ("Did Brekkes agree?", "Did Brekke agree?"),
    ],
)
def test_a_surname_that_no_article_has_is_read_as_the_one_a_letter_off(question: str, read: str) -> None:
    assert respelt(question, doubtful(question), KNOWN).text == read


@pytest.mark.parametrize(
    "question",
    [
        "What did Jane Lindqvust say?",  # nobody of that first name
        "What did Hansan say?",  # two are as near
        "What did Mindqvist say?",  # people know how a name begins
        "What did Lindkwust say?",  # two letters
        "What did lindqvust say?",
    ],
)
def test_who_may_be_meant_otherwise_is_left_as_written(question: str) -> None:
    assert respelt(question, doubtful(question), KNOWN).text == question


def test_what_an_article_has_is_no_misspelling() -> None:
    assert respelt("What did Lindqvust say?", [], KNOWN).names == ()


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_a_letter_off_is_one_edit(one: str, other: str) -> None:
    cuts = [(one[:n], one[n:]) for n in range(len(one) + 1)]
    edits = {a + b[1:] for a, b in cuts if b} | {a + c + b for a, b in cuts for c in "abc"}
    edits |= {a + c + b[1:] for a, b in cuts if b for c in "abc"}
    edits |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}

    assert is_one_off(one, other) == (other in edits - {one})


def test_a_misspelt_speaker_is_heard_and_the_answer_says_how_the_question_was_read(settings: Settings) -> None:
    question = "What did Marta Lindqvust say about the wreck?"
    answer = ask(settings, question)

    assert "Nobody digs through a wreck" in answer.text
    assert answer.query.spelling == ("Lindqvist",)
    assert answer.query.question == question
    assert "Lindqvist" in answer.query.text


def test_the_reading_can_be_refused(settings: Settings) -> None:
    answer = ask(settings, "What did Marta Lindqvust say about the wreck?", ignored=("spelling",))

    assert answer.query.spelling == ()
    assert not answer.answered
