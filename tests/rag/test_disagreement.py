"""Where articles disagree, both are shown with who says what and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rag.disagreement import figures
from rag.domain import Article
from rag.settings import Settings
from tests.rag.asking import ask


def told(outlet: str, day: int, body: str, *, title: str = "Fire at the Orlo mill") -> Article:
    return Article(
        id=f"{outlet}-{day}",
        title=title,
        body=body,
        outlet=outlet,
        published_at=datetime(2025, 5, day, 9, tzinfo=UTC),
    )


DIED = "How many people died in the fire at the Orlo mill?"


def test_two_outlets_with_two_figures_are_both_shown(settings: Settings) -> None:
    answer = ask(
        settings,
        DIED,
        [
            told("Coast Herald", 6, "The fire at the Orlo mill killed 12 people on Monday, the police said."),
            told(
                "Veld Messenger", 6, "At least 15 people died in the fire at the Orlo mill, according to doctors there."
            ),
        ],
    )

    said = [claim.text for claim in answer.claims]
    assert any(text.startswith("Coast Herald (6 May 2025): The fire") and "12 people" in text for text in said)
    assert any(text.startswith("Veld Messenger (6 May 2025): At least 15") for text in said)


def test_a_toll_that_grew_is_shown_newest_first_and_the_old_one_as_earlier(settings: Settings) -> None:
    answer = ask(
        settings,
        DIED,
        [
            told("Coast Herald", 6, "The fire at the Orlo mill killed 12 people, the police said on Tuesday."),
            told("Veld Messenger", 8, "The number of people who died in the fire at the Orlo mill has risen to 19."),
        ],
    )

    assert answer.claims[0].text.startswith("Veld Messenger (8 May 2025): The number of people")
    assert answer.claims[1].text.startswith("Earlier, Coast Herald (6 May 2025): The fire at the Orlo mill killed 12")
    assert len(answer.claims) == 2


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (DIED, "The fire at the Orlo mill killed 12 people.", "Twelve people died in the fire at the Orlo mill."),
        (DIED, "The fire at the Orlo mill killed 12 people.", "The fire at the Orlo mill destroyed 40 looms."),
        (DIED, "The fire at the Orlo mill killed 12 people.", "In the fire at the Brannay depot 4 people died."),
        (
            "How much will the Orlo mill cost to rebuild?",
            "It will cost about 8 million crowns to rebuild the Orlo mill.",
            "To rebuild the Orlo mill will cost 8.4 million crowns.",
        ),
        (
            "How many visitors came to the Orlo mill?",
            "In April 1,200 visitors came to the Orlo mill.",
            "In March 900 visitors came to the Orlo mill.",
        ),
        (
            "When will the Orlo mill open again?",
            "The Orlo mill will open again on 4 June, the owner said.",
            "The Orlo mill will open again on 4 June, the mayor said.",
        ),
    ],
)
def test_what_agrees_or_is_another_matter_is_no_disagreement(
    settings: Settings, question: str, one: str, other: str
) -> None:
    answer = ask(settings, question, [told("Coast Herald", 6, one), told("Veld Messenger", 8, other)])

    assert not any(outlet in claim.text for claim in answer.claims for outlet in ("Herald (", "Messenger ("))


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "When will the Orlo mill open again?",
            "The Orlo mill will open again on 4 June.",
            "The Orlo mill will not open again before 20 July, its owner said.",
        ),
        (
            "How much will the Orlo mill cost to rebuild?",
            "It will cost 8 million crowns to rebuild the Orlo mill.",
            "To rebuild the Orlo mill will cost 11 million crowns.",
        ),
        (
            "Who will lead the inquiry at the Orlo mill?",
            "Judge Miriam Oduya will lead the inquiry at the Orlo mill.",
            "The inquiry at the Orlo mill will be led by Judge Anton Quillan.",
        ),
    ],
)
def test_days_sums_and_names_are_held_against_each_other(
    settings: Settings, question: str, one: str, other: str
) -> None:
    answer = ask(settings, question, [told("Coast Herald", 6, one), told("Veld Messenger", 6, other)])

    assert {citation.article.outlet for citation in answer.citations} == {"Coast Herald", "Veld Messenger"}
    assert all(" (6 May 2025): " in claim.text for claim in answer.claims)


def test_the_latest_says_its_day(settings: Settings) -> None:
    answer = ask(
        settings,
        "What is the latest on the fire at the Orlo mill?",
        [told("Coast Herald", 6, "The fire at the Orlo mill went out after six hours.")],
    )

    assert answer.claims[0].text.startswith("Coast Herald (6 May 2025): The fire")


def test_days_years_and_clock_times_are_no_figures() -> None:
    text = "On 4 May 2025 at 5.15 p.m. some 27,000 vehicles and 14 ships waited; a boy aged 12 counted them for $30."

    found = {figure.number.text: sorted(figure.unit) for figure in figures(text)}

    assert found == {"27,000": ["vehicl"], "14": ["ship", "wait"], "30": ["dollar"]}
