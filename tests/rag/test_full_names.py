"""Whom a surname, a pronoun or a role means in an article, by the full name that it gives them."""

from __future__ import annotations

import pytest

from rag.statements import statements


def speaker_of_last(body: str, title: str = "") -> str | None:
    """The name of whoever makes the last statement."""
    said = statements(body, (), title=title)[-1]
    return said.speaker.name if said.speaker else None


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("The tower was shut by Bill Reed. “It leaks,” Reed said.", "Bill Reed"),
        ("It was Marcus Hall who built it. “It leaks,” said Hall.", "Marcus Hall"),
        ("“It leaks,” said cook Andrew Baker. “And it is old,” Baker said.", "Andrew Baker"),
        ("Secretary of State Rex Okafor left. “It leaks,” Okafor said.", "Rex Okafor"),
        ("Elm County Recorder Adrian Voss left. “It leaks,” Voss said.", "Adrian Voss"),
        ("“It leaks,” said former Rover Eddie Voss. “And it is old,” he said.", "Eddie Voss"),
        ("KJ Holm, the mayor of Elm, left. “It leaks,” Holm said.", "KJ Holm"),
        ("It is about Ida “Ace” Holm, a sailor. “It leaks,” Holm said.", "Ida Holm"),
        ("“It leaks,” said Luis Reyes Ortega, the mayor. “And it is old,” Reyes said.", "Luis Reyes Ortega"),
        ("Dean Holm went to Elm. “It leaks,” Holm said.", "Dean Holm"),
        ("The Queen of Harbour Pop Ida Holm left. Ida Holm is a singer. “It leaks,” said Holm.", "Ida Holm"),
    ],
)
def test_a_surname_means_the_full_name_however_its_words_look(body: str, speaker: str) -> None:
    assert speaker_of_last(body) == speaker


@pytest.mark.parametrize(
    "body",
    [
        "The Elm Council met in Maple Hall. “It leaks,” said Hall.",
        "Officials went to the bank. “It leaks,” the Police said.",
    ],
)
def test_a_hall_or_the_police_are_no_person(body: str) -> None:
    assert speaker_of_last(body) in {"Hall", "the Police"}


def test_a_country_that_is_host_is_nobody() -> None:
    body = (
        "Tom Reed spoke in Norland. Shops in Norland closed. Reed was asked about the summit's host Norland."
        " “It leaks,” he said."
    )

    assert speaker_of_last(body) == "Tom Reed"
