"""Claims that have their source the other way round, and claims that only put it otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.acts import acts
from rag.roles import exchanges


def kinds(claim: str, *cited: str) -> set[str]:
    return {found.kind for found in exchanges(claim, cited)}


@pytest.mark.parametrize(
    ("kind", "claim", "cited"),
    [
        ("roles", "The union sued the council.", "The council sued the union over the strike."),
        ("roles", "The council was sued by the union.", "The union was sued by the council."),
        ("roles", "Okafor was criticised.", "Okafor criticised the mayor, and she left."),
        ("order", "Tarvia is larger than Ostland.", "Ostland is larger than Tarvia."),
        ("order", "The storm came before the strike.", "The strike came before the storm."),
        ("order", "She moved from Ness to Veld.", "She moved from Veld to Ness."),
        ("figures", "It has 3 schools and 14 libraries.", "It has 14 schools and 3 libraries."),
        ("direction", "Rents in Veld fell in May.", "Rents in Veld rose in May."),
        ("direction", "Exports decreased in May.", "Exports increased in May."),
        ("negation", "The board approved the plan.", "The board has not approved the plan."),
        ("negation", "Brandt signed the treaty.", "Brandt refused to sign the treaty."),
    ],
)
def test_what_is_the_other_way_round_is_found(kind: str, claim: str, cited: str) -> None:
    assert kind in kinds(claim, cited)


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("The union was sued by the council.", "The council sued the union over the strike."),
        ("Brandt met Okafor.", "Okafor met Brandt in Ness."),
        ("Brandt did not sign the treaty.", "Brandt refused to sign the treaty."),
        ("The crew was given no vaccine.", "No vaccine was given to the crew."),
        ("Prices rose after they had fallen.", "Prices fell, and then rose."),
        ("It has 3 libraries and 14 schools.", "It has 14 schools and 3 libraries."),
        ("The firm cannot promise that the ferry will sail.", "The firm cannot promise the ferry will sail."),
        ("Veld beat Norrby and lost to Ness.", "Veld beat Norrby; Ness beat Veld."),
        ("The bridge was closed.", "Engineers closed the bridge."),
    ],
)
def test_what_is_only_put_otherwise_is_not(claim: str, cited: str) -> None:
    assert kinds(claim, cited) == set()


def test_one_source_that_has_it_the_same_way_is_enough() -> None:
    swapped, same = "Norrby beat Veld in March.", "Veld beat Norrby in April."

    assert kinds("Veld beat Norrby.", swapped) == {"roles"}
    assert kinds("Veld beat Norrby.", swapped, same) == set()


def test_the_sides_of_a_verb_change_places_in_the_passive() -> None:
    (active,) = acts("The council sued the union.")
    (passive,) = acts("The union was sued by the council.")

    assert (active.agent, active.patient) == (passive.agent, passive.patient)


@given(st.text(max_size=300))
def test_a_text_never_contradicts_itself_whatever_it_is(text: str) -> None:
    assert not {"roles", "order", "figures"} & kinds(text, text)
