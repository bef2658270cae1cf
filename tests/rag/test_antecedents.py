"""Whom "he", "she" and "the envoy" mean: by who spoke, who was the subject and who was named beside."""

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
        # in a list of others, or behind "like", nobody speaks
        (
            "Ivo Voss, a cook, wants the seat. He is on the list with Carl Reed, Tom Holm and Per Aas.\n\n“I win,” he said.",
            "Ivo Voss",
        ),
        (
            "“It is so,” said Carl Holm.\n\nHe thought, like the economist Per Aalto, of the tides.\n\n“It will stop,” he said.",
            "Carl Holm",
        ),
        # who is only an owner gives way to whoever does something there
        ("Tom Reed ran. Carl Holm's boat passed Tom Reed.\n\nReed smiled.\n\n“It was cold,” he said.", "Tom Reed"),
        # who is introduced behind a preposition is spoken of
        (
            "“It is hard,” said Ines Voss.\n\nIt weighed on Raya Holm, a student in Elm.\n\n“I was alone,” she said.",
            "Raya Holm",
        ),
        # a sentence that begins with "he" goes on with him
        (
            "Carl Holm runs the port. He met nobody but the owners of Tom Reed's yard.\n\n“It is old,” he said.",
            "Carl Holm",
        ),
        # a surname that nothing tells more of comes before somebody further off
        (
            "“It is new,” said Tom Reed.\n\nMcQuist said the bridge is old.\n\n“It is wrong,” he said.",
            "McQuist",
        ),
        # a friend stands beside whoever the text is about
        ("Ines Voss was at home.\n\nA friend told Voss to leave.\n\n“I took the car,” she said.", "Ines Voss"),
        # whom a sentence names by an office alone
        (
            "Governor Tom Reed came late. Carl Holm left.\n\nThe governor walked in.\n\n“It is old,” he said.",
            "Tom Reed",
        ),
        # Jr. is a man, whatever his first name
        (
            "Tom Reed left.\n\nMeredith Griffin Jr., a member of the board, was in favor of it.\n\n“It is fine,” he said.",
            "Meredith Griffin Jr.",
        ),
    ],
)
def test_a_pronoun_means_whoever_was_spoken_of_last_and_best(body: str, speaker: str) -> None:
    assert speaker_of_last(body) == speaker


@pytest.mark.parametrize(
    "body",
    [
        "“It is new,” said Tom Reed.\n\nWashington said it was sorry.\n\n“It is wrong,” he said.",
        "“It is new,” said Tom Reed.\n\nAnyone thinks so.\n\n“It is wrong,” he said.",
        "“It is new,” said Tom Reed.\n\nCarl Holm/Elm Post\n\n“It is wrong,” he said.",
    ],
)
def test_a_city_anyone_or_a_photographer_is_not_he(body: str) -> None:
    assert speaker_of_last(body) == "Tom Reed"


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("“It is new,” said Ida Holm.\n\n“It is wrong,” the Norland envoy said.", "Ida Holm"),
        ("Labour Party leader Tom Reed came.\n\n“It is wrong,” the opposition leader said.", "Tom Reed"),
        (
            "Ida Holm has a son, Rocky, 11.\n\n“It is new,” she wrote.\n\nThe Cruel Harbour actor added: “It is wrong.”",
            "Ida Holm",
        ),
        ("“It is wrong,” her brother, the Rev. Tom Holm, said.", "Tom Holm"),
        ("His counterpart, Sen. Carl Voss, called it “a good part of it all”.", "Carl Voss"),
        (
            "Tom Reed left. “It is wrong,” the Vice President of the Elm Foundation, Ida Maria Holm, said.",
            "Ida Maria Holm",
        ),
    ],
)
def test_a_description_means_the_person_so_introduced(body: str, speaker: str) -> None:
    assert speaker_of_last(body) == speaker


def test_whoever_is_brought_in_as_somebodys_father_is_nobody_named() -> None:
    body = "Elm prosecutor Tom Reed spoke on Monday. A man known as his father came. “He is good,” the father said."

    assert speaker_of_last(body) == "the father"


def test_a_letter_says_what_it_says_and_not_who_got_it() -> None:
    body = "Tom Jordan is chairman. He was shown a letter dated March 7 to Jordan saying that “the office gave no answer at all”."

    assert speaker_of_last(body) != "Tom Jordan"


def test_who_speaks_in_a_statement_to_a_paper_is_not_the_paper() -> None:
    body = "Harbour Foods in a statement to the Elm Post said the recall “was made with great care”."

    assert speaker_of_last(body) == "Harbour Foods"


def test_a_text_in_which_every_sentence_begins_with_he_is_read_to_its_end() -> None:
    body = "Tom Reed came. " + "He ran on and on. " * 3_000 + "“It is wrong,” he said."

    assert speaker_of_last(body) in {"Tom Reed", None}
