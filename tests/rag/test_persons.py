"""People merged across articles by name, with care."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.persons import is_personal, merge, name_keys, spelled
from rag.spoken import Naming


def grouped(*namings: tuple[str, str | None] | str) -> set[frozenset[str]]:
    made = [Naming(each) if isinstance(each, str) else Naming(*each) for each in namings]
    return {person.names for person in merge(made)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dmitry Peskov", "Dmitri Peskov"),
        ("Volodymyr Zelensky", "Volodymyr Zelenskyy"),
        ("Dmitry Peskov", "Peskov"),
        ("Dmitry Peskov", "Mr Peskov"),
        ("Dmitry Peskov", "Dmitry Sergeyevich Peskov"),
        ("Volodymyr Zelensky", "Zelenskiy"),
        ("Émile Zöller", "Emile Zoller"),
        ("Ursula von der Leyen", "von der Leyen"),
        ("Robert Marsh", "Bob Marsh"),
        ("Ada Thorne", "A. Thorne"),
        ("Søren Hølm", "Soren Holm"),
        ("Sergei O’Hara", "Sergey O'Hara"),
    ],
)
def test_ways_of_writing_one_name_are_one_person(one: str, other: str) -> None:
    assert grouped(one, other) == {frozenset({one, other})}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "Jane Smith"),
        ("Boris Johnson", "Boris Johnston"),
        ("John Q. Smith", "John R. Smith"),
        ("Martin Hale", "Martin Hale Jr."),
        ("Hans Meier", "Meyer"),
        ("Ada Thorne", "Thornton"),
        ("the ministry", "the council"),
    ],
)
def test_two_of_like_names_stay_two(one: str, other: str) -> None:
    assert grouped(one, other) == {frozenset({one}), frozenset({other})}


def test_a_bare_surname_that_two_have_is_neither_of_them() -> None:
    assert grouped("John Smith", "Jane Smith", "Smith") == {
        frozenset({each}) for each in ("John Smith", "Jane Smith", "Smith")
    }


def test_a_bare_surname_that_two_have_is_the_one_whose_role_it_comes_with() -> None:
    found = grouped(("John Smith", "the mayor of Elm"), ("Jane Smith", "a goalkeeper"), ("Smith", "Mayor"))

    assert found == {frozenset({"John Smith", "Smith"}), frozenset({"Jane Smith"})}


def test_initials_that_fit_two_people_are_neither() -> None:
    assert len(grouped("John Smith", "Jane Smith", "J. Smith")) == 3


def test_a_name_without_its_middle_initial_joins_nobody_where_two_differ_in_it() -> None:
    assert len(grouped("George W. Bush", "George H. Bush", "George Bush")) == 3


def test_the_name_shown_is_the_usual_one_that_has_a_first_name() -> None:
    people = merge(
        [Naming("Peskov", "spokesman", 40), Naming("Dmitri Peskov", None, 2), Naming("Dmitry Peskov", None, 9)]
    )

    assert [(person.name, person.count) for person in people] == [("Dmitry Peskov", 51)]


@pytest.mark.parametrize(
    "name", ["the ministry", "officials", "Department of Justice", "a spokeswoman for Elm", "G20", "President"]
)
def test_what_has_not_the_form_of_a_persons_name_is_none(name: str) -> None:
    assert not is_personal(name)


@pytest.mark.parametrize("name", ["Dmitry Peskov", "Ursula von der Leyen", "Al Gore Jr.", "Anne-Marie O’Neill", "Pelé"])
def test_a_persons_name_is_one(name: str) -> None:
    assert is_personal(name)


_NAMES = st.sampled_from(
    "Smith|John Smith|Jane Smith|J. Smith|John Q. Smith|Jon Smith|Dmitry Peskov|Dmitri Peskov|Peskov|Mr Peskov|the ministry"
    "|Ursula von der Leyen|von der Leyen|Leyen|Al Gore Jr.|Al Gore|Gore|Hans Meyer|Hans Meier|Meyer|Bob Marsh|Robert Marsh".split(
        "|"
    )
)
_NAMINGS = st.lists(
    st.builds(Naming, _NAMES, st.sampled_from([None, "mayor", "a goalkeeper", "mayor of Elm"]), st.integers(1, 9)),
    max_size=25,
)


@given(_NAMINGS, st.randoms(use_true_random=False))
def test_the_order_of_the_namings_does_not_matter(namings: list[Naming], chance: random.Random) -> None:
    shuffled = list(namings)
    chance.shuffle(shuffled)

    assert {p.namings for p in merge(shuffled)} == {p.namings for p in merge(namings)}


@given(_NAMINGS)
def test_every_naming_is_one_persons(namings: list[Naming]) -> None:
    merged = [naming for person in merge(namings) for naming in person.namings]

    assert sorted(merged, key=repr) == sorted(namings, key=repr)


@given(_NAMINGS)
def test_one_person_has_no_two_first_names(namings: list[Naming]) -> None:
    for person in merge(namings):
        assert not {"John Smith", "Jane Smith"} <= person.names


@given(st.text(max_size=30))
@example("ᴬ")
def test_any_text_can_be_looked_up(text: str) -> None:
    assert all(name_keys(text))
    assert spelled(spelled(text)) == spelled(text)


@pytest.mark.parametrize(
    ("name", "somebody"),
    [
        ("Runa Falk", True),
        ("the transport ministry", True),
        ("Halden Terminals", True),
        ("its governor", False),
        ("a spokesman for the ministry", False),
        ("officials", False),
    ],
)
def test_a_role_alone_is_nobodys_name(name: str, somebody: bool) -> None:
    assert merge([Naming(name)])[0].is_somebody is somebody
