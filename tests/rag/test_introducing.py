"""Who somebody is, and what somebody denied."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rag.domain import Article, Reading, Span
from rag.introducing import find_introduction
from rag.sentences import sentence_spans
from rag.settings import Settings
from tests.rag.asking import HARBOUR, ask


def reading(*sentences: str) -> Reading:
    body = " ".join(sentences)
    spans = tuple(Span(*span) if not isinstance(span, Span) else span for span in sentence_spans(body))
    return Reading(Article("a", "News", body, published_at=datetime(2025, 1, 1, tzinfo=UTC)), spans, (), ())


@pytest.mark.parametrize(
    "telling",
    [
        "It was led by Oda Brekke, a retired judge.",
        "Oda Brekke is the mayor of Tarn.",
        "Oda Brekke, 44, who ran the quay, left.",
        "Oda Brekke, chief economist at the bank, left.",
        "Oda Brekke, Tarn's mayor, left on Monday.",
        "The hospital’s director, Oda Brekke, left on Monday.",
        "The course was set by Governor Oda Brekke in May.",
    ],
)
def test_the_sentence_that_says_who_somebody_is_is_found(telling: str) -> None:
    found = find_introduction(
        ["Oda Brekke"], [reading("Oda Brekke left early on Monday.", telling)], lambda reading, n: True
    )

    assert found is not None
    assert telling in found.text


@pytest.mark.parametrize(
    "beside",
    [
        "Oda Brekke left early on Monday.",
        "On Monday, Oda Brekke left.",
        "Oda Brekke, however, stayed.",
        "Brekke is a quay.",
    ],
)
def test_a_sentence_that_only_has_the_name_says_nothing_of_who_it_is(beside: str) -> None:
    assert find_introduction(["Oda Brekke"], [reading(beside)], lambda reading, n: True) is None


def test_the_plainest_comes_first_and_what_may_not_answer_is_passed_over() -> None:
    told = reading("Governor Oda Brekke left early.", "Oda Brekke is a judge.", "Oda Brekke is the mayor.")

    first = find_introduction(["Oda Brekke"], [told], lambda reading, n: True)
    second = find_introduction(["Oda Brekke"], [told], lambda reading, n: n != 1)

    assert first is not None
    assert first.text.endswith("Oda Brekke is a judge.")
    assert second is not None
    assert second.text.endswith("Oda Brekke is the mayor.")


def test_who_is_asked_is_answered_by_what_they_are(settings: Settings) -> None:
    answer = ask(settings, "Who is Per Aalto?", [HARBOUR])

    assert "a dredging engineer from Norrby" in answer.claims[0].text


def test_what_somebody_denied_is_what_is_shown(settings: Settings) -> None:
    answer = ask(settings, "Did Ivo Lindqvist deny anything?", [HARBOUR])

    assert "denied that the town had been warned" in answer.claims[0].text


def test_who_denied_nothing_is_not_answered_with_what_they_said(settings: Settings) -> None:
    answer = ask(settings, "What did Marta Lindqvist deny?", [HARBOUR])

    assert answer.abstention is not None
    assert "denial" in answer.abstention.detail


def test_what_a_body_says_is_what_is_so_according_to_it(settings: Settings) -> None:
    answer = ask(settings, "According to the harbour board, when will the port close?", [HARBOUR])

    assert "4 May" in answer.text
