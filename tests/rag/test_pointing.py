"""From what a model writes, in whatever pieces, to stretches and what they point at."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.pointing import Pointed, PointerParser, read_addresses


def parsed(*pieces: str) -> list[Pointed]:
    parser = PointerParser()
    found = [stretch for piece in pieces for stretch in parser.feed(piece)]
    return found + parser.close()


def test_a_sentence_ends_with_its_pointer() -> None:
    found = parsed("The line opens on Monday [1.2]. It costs two euros [2.1].")

    assert found == [
        Pointed("The line opens on Monday.", ((1, 2),)),
        Pointed("It costs two euros.", ((2, 1),)),
    ]


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("So it is [1.2].", [(1, 2)]),
        ("So it is. [1.2]", [(1, 2)]),
        ("So it is [1.2, 3.1].", [(1, 2), (3, 1)]),
        ("So it is [1.2; 3.1].", [(1, 2), (3, 1)]),
        ("So it is [1.2][3.1].", [(1, 2), (3, 1)]),
        ("So it is [1.2] [3.1].", [(1, 2), (3, 1)]),
        ("So it is [1.2-1.4].", [(1, 2), (1, 3), (1, 4)]),
        ("So it is [1.2–4].", [(1, 2), (1, 3), (1, 4)]),
        ("So it is [1.2 - 1.4].", [(1, 2), (1, 3), (1, 4)]),
        ("So it is [1.9-2.1].", [(1, 9), (2, 1)]),
        ("So it is [3].", [(3, None)]),
        ("So it is 【1.2】.", [(1, 2)]),
        ("So it is [1.2, 1.2].", [(1, 2)]),
    ],
)
def test_pointers_are_read_in_every_form_that_models_write(
    written: str, addresses: list[tuple[int, int | None]]
) -> None:
    assert parsed(written) == [Pointed("So it is.", tuple(addresses))]


@pytest.mark.parametrize(
    "text",
    ["He said [laughter] it.", "He [sic] said it.", "See [the deal] now.", "In [a.b] now.", "An open [1.2", "[] here."],
)
def test_other_brackets_are_text(text: str) -> None:
    assert parsed(text) == [Pointed(text)]


def test_pointers_within_a_sentence_are_all_its_own() -> None:
    found = parsed("Ana said yes [1.2], and Ben said no [2.1].")

    assert found == [Pointed("Ana said yes, and Ben said no.", ((1, 2), (2, 1)))]


def test_a_full_stop_after_a_closed_quotation_is_not_doubled() -> None:
    assert parsed("She said: “We open on Monday.” [1.2].") == [Pointed("She said: “We open on Monday.”", ((1, 2),))]


def test_a_line_ends_a_stretch() -> None:
    assert parsed("- one [1.1]\n- two [1.2]\n\nthree") == [
        Pointed("- one", ((1, 1),)),
        Pointed("- two", ((1, 2),)),
        Pointed("three"),
    ]


def test_a_range_and_a_list_are_bounded() -> None:
    assert len(parsed("All of it [1.1-1.999].")[0].addresses) <= 12
    assert len(parsed("All of it [" + ", ".join(f"1.{n}" for n in range(1, 15)) + "].")[0].addresses) <= 12


def test_a_stretch_that_never_ends_is_cut_and_marked() -> None:
    (found,) = parsed("a b " * 10_000 + "[1.1].")

    assert found.cut
    assert len(found.text) <= 2_000


def test_what_is_left_at_the_end_is_known_for_whole_or_half() -> None:
    whole, pointed, half = PointerParser(), PointerParser(), PointerParser()
    whole.feed("It opens on Monday.")
    pointed.feed("It opens on Monday [1.2]")
    half.feed("It opens on Mon")

    assert (whole.ended, pointed.ended, half.ended) == (True, True, False)


_PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["[1.2]", "[1.2", ", 3.4]", "[", "]", "【2.1】", ". ", "\n", "“", "”", "[9999999]", "[1.2-1.9]", " "]
    ),
)


@given(st.lists(_PIECES, max_size=30), st.randoms())
def test_how_the_text_is_cut_into_pieces_changes_nothing(pieces: list[str], random: object) -> None:
    text = "".join(pieces)

    assert parsed(*pieces) == parsed(text) == parsed(*text)


@given(st.lists(_PIECES, max_size=40))
def test_whatever_is_written_stretches_are_short_and_addresses_small(pieces: list[str]) -> None:
    for stretch in parsed(*pieces):
        assert len(stretch.text) <= 2_000
        assert len(stretch.addresses) <= 12
        assert all(0 <= passage <= 1007 and (n is None or 0 <= n <= 1007) for passage, n in stretch.addresses)


@given(st.text(alphabet="0123456789.,;-–— ", max_size=80))
def test_any_inside_of_brackets_is_addresses_or_not_a_pointer(inside: str) -> None:
    addresses = read_addresses(inside)

    assert addresses is None or addresses


@pytest.mark.parametrize("unit", ["word ", "[1.2]", "[", "[1.2", "[1.1, 2.2-3.3; ", "“a. ", "a [1.2].\n", "]【", "."])
def test_the_work_grows_with_the_length_of_what_is_written_and_no_faster(unit: str) -> None:
    """Counted in calls, which are the same on every machine: twice the text is twice the calls."""

    def calls(text: str) -> int:
        made = 0

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal made
            made += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            parsed(text)
        finally:
            sys.setprofile(None)
        return made

    assert calls(unit * 4_000) <= 2.05 * calls(unit * 2_000) + 1_000
