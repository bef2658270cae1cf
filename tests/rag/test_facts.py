"""What a claim says and its sources do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.facts import missing_facts
from rag.support import Claimed

HEADER = "Ferry strike enters second day — Coast Radio, Wednesday 12 April 2017"


def missing(text: str, *cited: str, context: str = HEADER) -> list[tuple[str, str]]:
    return [(fact.kind, fact.text) for fact in missing_facts(Claimed(text, cited, context))]


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("The port lost 1,200 jobs.", "Some 1.2 thousand jobs went at the port."),
        ("It cost $1.2 million.", "The bill came to 1,200,000 dollars."),
        ("About 1.2 million people voted.", "In all 1,187,000 people voted."),
        ("Twenty-one ferries stayed in port.", "The company kept 21 ferries in port."),
        ("The 21st ferry was late.", "Ferry number twenty-one was late."),
        ("He moved there in the 1990s.", "He moved there in the '90s."),
        ("The two met in secret.", "Brandt met Okafor in secret."),
        ("Two hundred and fifty people waited.", "A crowd of 250 waited."),
        ("Half a million people were stranded.", "It stranded 500,000 people."),
    ],
)
def test_a_number_is_met_however_it_is_written(claim: str, cited: str) -> None:
    assert missing(claim, cited) == []


@pytest.mark.parametrize(
    ("claim", "cited", "number"),
    [
        ("The port lost 1,300 jobs.", "The port lost 1,200 jobs.", "1,300"),
        ("The port lost 12 million euros.", "The port lost 12 thousand euros.", "12 million"),
        ("Seven ferries stayed in port.", "Six ferries stayed in port.", "Seven"),
        ("About 1.5 million people voted.", "In all 1,187,000 people voted.", "1.5 million"),
        ("Prices rose by 3.5 %.", "Prices rose by 5.3 %.", "3.5"),
    ],
)
def test_another_number_is_missing(claim: str, cited: str, number: str) -> None:
    assert missing(claim, cited) == [("number", number)]


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("The strike began on Tuesday.", "The strike began yesterday."),
        ("The strike began on 11 April 2017.", "The strike began on Tuesday."),
        ("It ends on Thursday.", "It ends on April 13."),
        ("The plan was made in 2016.", "The plan was made last year."),
        ("The ministry said in April that it would wait.", "The ministry will wait, it said."),
        ("The ship may sail.", "The ship might sail."),
    ],
)
def test_a_day_is_met_in_the_articles_own_time(claim: str, cited: str) -> None:
    assert missing(claim, cited) == []


def test_a_day_that_no_source_means_is_missing() -> None:
    assert missing("The strike began on Monday.", "The strike began yesterday.") == [("day", "Monday")]
    assert missing("The strike began in March 2017.", "The strike began yesterday.") == [("day", "March")]


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("President Ines Brandt signed it.", "Brandt signed it."),
        ("Brandt signed it.", "Mayor Ines Brandt signed it."),
        ("Zelenskyy called for calm.", "Zelensky called for calm."),
        ("José Ñandú won.", "Jose Nandu won."),
        ("The UN sent food.", "The United Nations sent food."),
        ("The United Nations sent food.", "The UN sent food."),
        ("U.S. farmers sold grain.", "American farmers sold grain."),
        ("French farmers sold grain.", "Farmers in France sold grain."),
        ("A Karachi-based bank failed.", "A bank in Karachi failed."),
        ("Brandt's plan failed.", "The plan of Brandt failed."),
        ("Residents waited at the port.", "People who live there waited at the port."),
    ],
)
def test_a_name_is_met_by_its_other_forms(claim: str, cited: str) -> None:
    assert missing(claim, cited) == []


@pytest.mark.parametrize(
    ("claim", "cited", "name"),
    [
        ("The plan came from Okafor.", "The plan came from Brandt.", "Okafor"),
        ("The money came from the World Bank.", "The money came from the Harbour Bank.", "World Bank"),
        ("The NATO plan failed.", "The United Nations plan failed.", "NATO"),
        ("It was made by Klaus Brandt.", "It was made by Ines Brandt.", "Klaus Brandt"),
        ("Okafor said no.", "She said no.", "Okafor"),
        ("The German plan failed.", "The French plan failed.", "German"),
    ],
)
def test_another_name_is_missing(claim: str, cited: str, name: str) -> None:
    assert missing(claim, cited) == [("name", name)]


def test_what_is_missing_can_be_told_to_a_reader() -> None:
    (fact,) = missing_facts(Claimed("The port lost 1,300 jobs.", ("The port lost 1,200 jobs.",)))

    assert str(fact) == "the number '1,300'"


def test_nothing_is_missing_from_words_that_are_cited_as_they_stand() -> None:
    sentence = "On Monday, 5 of the 12 ferries of Harbour Lines (HL) sailed for Port Ness, Ms. Ada Okafor told the BBC."

    assert missing(sentence, sentence, context="") == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read_and_a_text_is_missing_nothing_of_itself(text: str, other: str) -> None:
    missing_facts(Claimed(text, (other,)))

    assert missing_facts(Claimed(text, (text,))) == ()
