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
        ("Elm Mayor Luis B. “Ace” Holm Jr. left. “It leaks,” Holm said.", "Luis B. Holm Jr."),
        ("It is old. “It leaks,” said Rovers’ Dylan Voss.", "Dylan Voss"),
        ("Tom Voss of the dockers’ union told the council that it leaks.", "Tom Voss"),
        ("“It leaks,” said the dockers’ leader, Tom Voss.", "Tom Voss"),
        ("“It leaks,” Rep. Ines Voss, D-Elm, chair of the board, said.", "Ines Voss"),
        ("Coach Erik ten Hag smiled. Ten Hag left. “It leaks,” Ten Hag said.", "Erik ten Hag"),
        ("Sculptor Carl Voss came. “It leaks,” Voss said.", "Carl Voss"),
        ("She is Director of Content Carolyn Voss. “It leaks,” Voss said.", "Carolyn Voss"),
        ("GO DEEPER Elm keeper Jordan Voss was late. “It leaks,” he said.", "Jordan Voss"),
        ("Norland’s Ida Voss confesses as much, calling it “a very old bridge”.", "Ida Voss"),
        ("House Speaker Ferrand Martin Holm left. “It leaks,” Holm said.", "Ferrand Martin Holm"),
        ("For J.J. Holm it was late. “It leaks,” Holm said.", "J.J. Holm"),
        ("Dean Holm went to Elm. “It leaks,” Holm said.", "Dean Holm"),
        ("Dr Eamon Voss came late. Dr Eamon Voss left. “It leaks,” said Voss.", "Eamon Voss"),
        (
            "It was the Minister of Health and Welfare Cho Kyu-min who left. “It leaks,” said Cho Kyu-min.",
            "Cho Kyu-min",
        ),
        ("President of Norland Orrut Pell left. “It leaks,” Pell said.", "Orrut Pell"),
        ("The head of the Elm Committee Orrut Pell left. “It leaks,” Pell said.", "Orrut Pell"),
        ("Getty Images Richard Voss left. “It leaks,” Voss said.", "Richard Voss"),
        ("It was Qassim al-Voss who left. “It leaks,” Voss said.", "Qassim al-Voss"),
        ("Osama al-Voss, a student, left. “It leaks,” al-Voss said.", "Osama al-Voss"),
        ("“It leaks,” said cook Jeast Street. “And it is old,” Street said.", "Jeast Street"),
        ("The police chief, Khalid Abu Voss, left. “It leaks,” Mr Khalid said.", "Khalid Abu Voss"),
        ("“It leaks,” said Will Smithson, an actor. “And it is old,” Will said.", "Will Smithson"),
        ("Backers of Yoon Sek Yol came. “It leaks,” Yoon said.", "Yoon Sek Yol"),
        ("Pope Emeritus Tarsus left. “It leaks,” Tarsus said.", "Tarsus"),
        ("The tolls take much. Take Vikki Voss. “It leaks,” Voss said.", "Vikki Voss"),
        ("Mike Reed left. Mike Voss, a cook, stayed. “It leaks,” Mike said.", "Mike Voss"),
        ("Zemun Voss, a student, left. “It leaks,” Zemun said.", "Zemun Voss"),
        ("It is new, says He Min-Su, a cook. “It leaks,” says He Min-Su.", "He Min-Su"),
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


def test_a_company_is_not_named_by_another_one_that_begins_alike() -> None:
    assert (
        speaker_of_last("Harbour Freight said it grew. Harbour Freight is new. “We grew,” Harbour said.") == "Harbour"
    )


def test_a_surname_that_goes_with_he_is_not_his_wife() -> None:
    body = "Voss said he came. Voss had his boat. Voss knew he won. Jill Voss, his wife, sang. “It leaks,” Voss said."

    assert speaker_of_last(body) == "Voss"


def test_a_name_behind_said_with_a_verb_of_its_own_is_spoken_of() -> None:
    assert (
        speaker_of_last("Expert Kate Voss, author of “The Long Harbour”, said Reed is “much better off”.")
        == "Kate Voss"
    )


def test_a_case_and_an_adverb_are_nobody() -> None:
    body = "After the end of Roe v Wade, writer John Voss sang. Interestingly, the mayor held a talk. “It is new,” he said."

    assert speaker_of_last(body) == "John Voss"


def test_a_mother_who_was_heard_speaks_on_and_not_her_child() -> None:
    body = "Lucas Voss is 10. Lucas Voss ran. “He is well,” said Jessica Voss, his mother. “He eats,” said Voss."

    assert speaker_of_last(body) == "Jessica Voss"


def test_a_headlines_word_before_a_name_is_no_part_of_it() -> None:
    assert (
        speaker_of_last("Henry Voss sang. “It leaks,” Voss said.", "The film turns 40: Star Henry Voss looks back")
        == "Henry Voss"
    )


def test_a_country_that_is_host_is_nobody() -> None:
    body = (
        "Tom Reed spoke in Norland. Shops in Norland closed. Reed was asked about the summit's host Norland."
        " “It leaks,” he said."
    )

    assert speaker_of_last(body) == "Tom Reed"


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        # a possessive is less of a subject than whoever did it
        (
            "A picture of Tom Reed's boat was posted by Carl Voss on Friday.\n\n“She is back,” he wrote.",
            "Carl Voss",
        ),
        # the pronoun beside a name tells whose it is
        (
            "“I was away,” said Ari Holm of Elm.\n\nHis partner, Raya Voss, stays at home with her son.\n\n“I left,” he said.",
            "Ari Holm",
        ),
        # whose plan it is does not judge it
        ("Ines Voss, a pilot, met the council. Tom Reed's plan is “much too old,” she said.", "Ines Voss"),
        # "her" may be somebody else
        (
            "Ines Voss met Per Aalto.\n\nDeputy mayor Ivo Voss, who is not related to her, had a plan. But he said “it fails”.",
            "Ivo Voss",
        ),
        # women and men are called Taylor
        ("Tom Reed met Taylor Voss. Taylor Voss sang. “It was cold,” she said.", "Taylor Voss"),
        ("The report was sent to Reed. Quist disagreed. “It is wrong,” Quist said. “All of it is,” he said.", "Quist"),
    ],
)
def test_a_pronoun_means_whoever_the_text_is_about(body: str, speaker: str) -> None:
    assert speaker_of_last(body) == speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (
            "Ida Holm was fined on Monday. A lawyer representing Holm said the fine is too high.",
            "a lawyer representing Holm",
        ),
        (
            "It took years to persuade Senator Jesse Voss, the lawmaker who had called it “a waste of good money”.",
            "Jesse Voss",
        ),
        ("Ida Holm opened the hall. “It was dark,” she said.\n\n“We sang all night,” the Elm singer said.", "Ida Holm"),
        ("Tom Reed, 54, opened the hall.\n\n“We sang all night,” the 54-year-old said.", "Tom Reed"),
        ("Ida Holm met the judge. “It was dark,” the judge said. “And it was cold,” he said.", "the judge"),
        ("Tom Reed met Carl Voss, a cook. Voss was angry. Reed is “a man of plans” by contrast, he said.", "Carl Voss"),
        ("“It was dark,” Ida Holm, a senior fellow at the Elm Institute told the Post.", "Ida Holm"),
        ("She has a friendship with Ida Holm, who once called her “the best lawyer of all”.", "Ida Holm"),
        ("Carl Voss spoke. “It is a long way down,” The Economist wrote.", "the Economist"),
        # one who spoke, and not whoever else is named
        (
            "“I ran,” said Tom Hand. They came with Dr. Orla Voss, an expert.\n\n“I have lost sleep,” the father said.",
            "Tom Hand",
        ),
        ("Chris Voss is now the mayor of Elm. Ida Voss cooks. “It was dark,” says the mayor.", "Chris Voss"),
        ("Tom Reed opened the hall. A singer was there. “We sang all night,” the singer said.", "the singer"),
        (
            "Actor Paul Reed spoke first. " + "It rained on the hall and on the square before it. " * 14 + "Carl Voss"
            " was next.\n\n“It was cold,” the actor said.",
            "Carl Voss",
        ),
    ],
)
def test_a_role_means_the_person_it_is_said_of(body: str, speaker: str) -> None:
    assert speaker_of_last(body) == speaker


@pytest.mark.parametrize(
    "body",
    [
        "Tom Reed sang. Additional shows include: “The Long Harbour”.",
        "WINNER: “The Long Harbour Tonight”",
        "Related: “the harbour is shut and nobody knows for how long”",
        "READ MORE: ‘It is our own fault’: Elm tells of the end",
    ],
)
def test_a_label_before_a_title_says_nothing(body: str) -> None:
    assert [said for said in statements(body, ()) if said.quotes] == []


@pytest.mark.parametrize(
    "body",
    [
        "(Example from the filing: “the harbour is shut and nobody knows for how long”)",
        "Here’s the key piece of it: “the harbour is shut and nobody knows for how long.”",
    ],
)
def test_a_label_before_quoted_words_is_not_their_speaker(body: str) -> None:
    assert speaker_of_last(body) is None


@pytest.mark.parametrize(
    "body",
    [
        "Tom Reed is a singer who wrote “The Long Harbour Tonight.”",
        "She is on the road, and truly back with “Harbour Nights Forever.”",
        "Owners should aim for a ‘good’ score of 690 or better.",
        "It won little, yet a mother lode compared with the haul of “The Long Harbour”.",
        "He later identified as a rider whose “happy sailor” style is known.",
    ],
)
def test_what_is_done_with_a_work_or_may_be_done_at_all_is_not_said(body: str) -> None:
    assert [said for said in statements(body, ()) if said.quotes] == []


def test_what_somebody_shouts_in_capitals_is_said_and_no_title() -> None:
    assert speaker_of_last("“DO NOT BUY THE OLD BOATS,” Ida Holm wrote.") == "Ida Holm"
