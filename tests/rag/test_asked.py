"""Whose words a question asks for."""

from __future__ import annotations

import pytest

from rag.asked import asked_for, asks_who_is
from rag.known import KnownNames
from rag.ports import Names
from rag.spoken import Naming

KNOWN = KnownNames(
    Names(),
    [Naming("Oda Brekke", "harbour master", 5), Naming("Ivo Falk", "mayor of Tarn", 4), Naming("Rune Sand", None, 3)],
)


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("What did Brekke and Falk say about the quay?", ("Brekke", "Falk")),
        ("what did brekke and falk say about the quay", ("brekke", "falk")),
        ("What did Brekke, Falk and Sand say about the quay?", ("Brekke", "Falk", "Sand")),
        ("What have both Anna Lund and Per Holt said about the quay?", ("Anna Lund", "Per Holt")),
        ("How did the mayor and the harbour master respond to the flood?", ("mayor", "harbour master")),
        ("Did Falk and Tresk deny it?", ("Falk", "Tresk")),
    ],
)
def test_speakers_who_are_joined_are_each_asked_for(question: str, speakers: tuple[str, ...]) -> None:
    asked = asked_for(question, KNOWN)

    assert asked is not None
    assert asked.speakers == speakers


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("What did the Ministry of Trade and Industry say about tariffs?", "Ministry of Trade and Industry"),
        ("What did Pallas & Rowe say about the shares?", "Pallas & Rowe"),
        ("What did the health and safety officer say about the crane?", "health and safety officer"),
        ("What did Trinidad and Tobago say about fish?", "Trinidad and Tobago"),
    ],
)
def test_one_name_with_an_and_in_it_stays_one(question: str, speaker: str) -> None:
    asked = asked_for(question, KNOWN)

    assert asked is not None
    assert asked.speakers == (speaker,)


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("What did Brekke tell the council about the quay?", "the quay"),
        ("What did Brekke tell the harbour board?", ""),
        ("What did Brekke tell about the quay?", "the quay"),
        ("What did the coach tell her players at half-time?", "at half-time"),
    ],
)
def test_who_was_told_is_not_what_it_was_about(question: str, about: str) -> None:
    asked = asked_for(question, KNOWN)

    assert asked is not None
    assert asked.about.strip() == about


def test_a_surname_that_ends_as_adverbs_do_is_kept() -> None:
    asked = asked_for("What did Tora Reilly say about the quay?", KNOWN)

    assert asked is not None
    assert asked.speakers == ("Tora Reilly",)
    manner = asked_for("What did Tora Reilly reportedly say about the quay?", KNOWN)
    assert manner is not None
    assert manner.speakers == ("Tora Reilly",)


def test_a_long_role_is_a_speaker() -> None:
    asked = asked_for("What did the deputy director of the harbour office of the Veld Islands say about fees?", KNOWN)

    assert asked is not None
    assert asked.speakers == ("deputy director of the harbour office of the Veld Islands",)


@pytest.mark.parametrize(
    ("question", "speaker", "about"),
    [
        ("In July, what was Anna Lund's position on lowering rates?", "Anna Lund", "lowering rates"),
        ("Last week, what did Brekke say about the quay?", "Brekke", "the quay"),
        ("What is Brekke saying about the quay?", "Brekke", "the quay"),
        ("What was Brekke quoted as saying about the quay?", "Brekke", "the quay"),
        ("According to the ministry, why was the quay closed?", "ministry", "why was the quay closed"),
        (
            "What happened to the quay, according to a harbour official?",
            "harbour official",
            "What happened to the quay",
        ),
        ("According to Anna Lund, what comes first?", "Anna Lund", "what comes first"),
    ],
)
def test_whose_words_are_asked_for_in_other_forms(question: str, speaker: str, about: str) -> None:
    asked = asked_for(question, KNOWN)

    assert asked is not None
    assert asked.speakers == (speaker,)
    assert asked.about.strip(" ,?") == about


@pytest.mark.parametrize(
    "question",
    [
        "Was the head of the harbour aware of the leak before customers told the company?",
        "What is the ferry that burned called?",
        "According to the report, how many boats sank?",
        "According to the article, what was the cause?",
    ],
)
def test_a_question_for_nobodys_words_is_none(question: str) -> None:
    assert asked_for(question, KNOWN) is None


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who is Anna Lund?", "Anna Lund"),
        ("who's Ludwig van Beek", "Ludwig van Beek"),
        ("Who was Brekke?", "Brekke"),
        ("Who is the mayor of Tarn?", ""),
        ("Who is leading the talks?", ""),
        ("Who said that?", ""),
    ],
)
def test_who_somebody_is_is_asked_by_their_name(question: str, name: str) -> None:
    assert asks_who_is(question) == name


@pytest.mark.parametrize(
    "question",
    [
        "Does the Tarn Gazette article on Brekke and Falk suggest that the quay is safe?",
        "Did the Tarn Gazette report on 7 October 2023, concerning Falk's comments on the quay, change anything?",
        "Between the report from the Tarn Gazette on the quay's position in June and that of July, was there a change?",
        "Which harbour, in the news for its master's response to a storm, has closed its quay?",
        "Did the Gazette recommend the ferry before the Lantern suggested a bus?",
    ],
)
def test_a_clause_that_ends_in_a_saying_verb_is_nobodys_name(question: str) -> None:
    assert asked_for(question, KNOWN) is None


def test_a_report_can_be_asked_for_what_it_says() -> None:
    asked = asked_for("What did the engineers' report say about the quay?", KNOWN)

    assert asked is not None
    assert asked.about.strip() == "the quay"
