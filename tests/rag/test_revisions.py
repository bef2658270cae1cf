"""What changed between two revisions: spans that turn one body into the other, and where cited words stand now."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Span
from rag.revisions import Change, changes, moved

_TEXTS = st.lists(
    st.sampled_from(["ferry ", "sails", ". ", "\n\n", "ä", "🧨", "5,000 ", "“", "。", "渡轮", " the"]), max_size=25
)
OLD = "The weir will be rebuilt next year. It is old.\n\nAnglers are against it."


def applied(old: str, new: str, found: tuple[Change, ...]) -> str:
    pieces, at = [], 0
    for change in found:
        pieces += [old[at : change.old.start], change.new.of(new)]
        at = change.old.end
    return "".join([*pieces, old[at:]])


@given(_TEXTS.map("".join), _TEXTS.map("".join))
def test_the_changes_turn_the_old_body_into_the_new_one(old: str, new: str) -> None:
    found = changes(old, new)

    assert applied(old, new, found) == new
    assert bool(found) == (old != new)
    for one, other in pairwise(found):
        assert one.old.end <= other.old.start
        assert one.new.end <= other.new.start


def test_a_changed_figure_is_the_whole_figure() -> None:
    old, new = "It cost 300,000 crowns.", "It cost 350,000 crowns."

    (change,) = changes(old, new)

    assert (change.old.of(old), change.new.of(new)) == ("300,000", "350,000")


def test_a_paragraph_that_was_added_is_the_whole_paragraph() -> None:
    new = OLD.replace("\n\nAnglers", "\n\nIt was built in 1911.\n\nAnglers")

    (change,) = changes(OLD, new)

    assert change.old.start == change.old.end
    assert change.new.of(new).strip() == "It was built in 1911."


def test_a_changed_figure_beside_a_paragraph_that_was_taken_out_is_a_change_of_its_own() -> None:
    old, new = "It cost 300 crowns.\n\nAnglers are against it.", "It cost 350 crowns."

    found = [(change.old.of(old), change.new.of(new)) for change in changes(old, new)]

    assert found == [("300", "350"), ("\n\nAnglers are against it.", "")]


def test_words_that_stand_where_they_stood_are_found_there() -> None:
    new = "Corrected. 🧨 " + OLD.replace("next year", "in two years")
    start = OLD.index("It is old.")

    stands = moved(Span(start, start + 10), OLD, new, changes(OLD, new))

    assert stands is not None
    assert stands.of(new) == "It is old."


def test_of_several_places_the_one_that_the_changes_lead_to_is_meant() -> None:
    old, new = "Yes. No. Yes.", "Perhaps. Yes. No. Yes."

    assert moved(Span(9, 13), old, new, changes(old, new)) == Span(18, 22)


def test_words_that_changed_do_not_stand() -> None:
    new = OLD.replace("next year", "soon")

    assert moved(Span(0, 35), OLD, new, changes(OLD, new)) is None


@pytest.mark.parametrize("word", ["a ", "a\n", "的"])
def test_hostile_bodies_cost_little(word: str) -> None:
    old, new = word * 60_000 + "b", "c" + word * 59_000

    assert applied(old, new, changes(old, new)) == new
    mixed = ("x y " * 15_000, "y x z " * 10_000)
    assert applied(*mixed, changes(*mixed)) == mixed[1]
