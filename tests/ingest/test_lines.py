"""Lines that markup took apart or wrote twice are as they were meant; others stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cleaning import clean_text
from ingest.lines import reset_lines

STORY = (
    "The council of Lower Fenwick voted on Tuesday to rebuild the old bridge, which was closed in May after a flood."
)


def test_an_entry_of_a_list_loses_the_end_of_the_one_before_it() -> None:
    split = "When: Friday, March 7\n\nFriday, March 7 Where: Fenwick Hall\n\nFenwick Hall Time: 7 p.m.\n\n7 p.m. TV: Channel 4"

    assert reset_lines(split) == "When: Friday, March 7\n\nWhere: Fenwick Hall\n\nTime: 7 p.m.\n\nTV: Channel 4"


def test_a_colon_that_was_repeated_with_the_value_goes_too() -> None:
    split = f"{STORY}\nTides : 6 feet\n: 6 feet Wind : 9 knots\n: 9 knots Waves : 2 feet\n{STORY}"

    assert reset_lines(split) == f"{STORY}\nTides : 6 feet\nWind : 9 knots\nWaves : 2 feet\n{STORY}"


@pytest.mark.parametrize(
    "text",
    [
        "Winner: Hallin Rovers\n\nHallin Rovers Coach: Ada Prow",
        "Winner: Hallin Rovers\n\nHallin Rovers won the cup for the third time.\n\nHallin Rovers were founded in 1902.",
        "The score: 2 to 1\n\nThe venue: Marsk\n\nThe crowd: 900",
        "Thorne: No\n\nNo Marsh: Yes\n\nYes Lee: Why",
        f"{STORY}\n\n{STORY}",
    ],
    ids=["one line", "sentences", "nothing repeated", "too short to tell", "prose"],
)
def test_a_line_that_repeats_no_list_stays(text: str) -> None:
    assert reset_lines(text) == text


@pytest.mark.parametrize("place", ["CNN —", "(CNN) —", "LONDON (AP) —", "FENWICK, March 4 (FWA) —"])
def test_a_place_alone_stands_before_the_paragraph_it_opens(place: str) -> None:
    assert reset_lines(f"{place}\n\n{STORY}\n\nMore.") == f"{place} {STORY}\n\nMore."


def test_a_place_that_stands_alone_under_a_note_opens_its_paragraph() -> None:
    note = "Editor’s Note: Ada Prow keeps the light. Her views are her own."

    assert reset_lines(f"{note}\n\nSARN (CNN) —\n\n{STORY}") == f"{note}\n\nSARN (CNN) — {STORY}"


@pytest.mark.parametrize("place", ["(FWA)", "Lower Fenwick, Sarn (FWA)", "FENWICK(FWA)"])
def test_a_place_that_lost_its_blank_gets_it_back(place: str) -> None:
    assert reset_lines(f"{place}{STORY}\n\n{place}{STORY}") == f"{place} {STORY}\n\n{place}{STORY}"


@pytest.mark.parametrize(
    "text",
    [
        f"Fenwick —\n\n{STORY}",
        "CNN —\n\nThree things to know",
        f"{STORY}\n\nCNN —\n\n{STORY}",
        f"CNN — {STORY}\n\n{STORY}",
        "CNN —",
        f"Editor’s Note: {STORY}",
    ],
    ids=["no agency", "no paragraph", "not at the top", "joined", "alone", "a note alone"],
)
def test_another_opening_stays(text: str) -> None:
    assert reset_lines(text) == text


@given(
    st.lists(
        st.sampled_from(
            [
                "When: May",
                "May Where: Hall",
                "Hall : Six",
                ": Six At: Ten",
                "CNN —",
                STORY,
                "",
                "Hall Hall : Six Six : x",
            ]
        )
    )
)
def test_what_is_clean_stays_clean(lines: list[str]) -> None:
    reset = reset_lines(clean_text("\n".join(lines)))

    assert clean_text(reset) == reset


@pytest.mark.parametrize("hostile", ["a : " * 20_000, ": " * 20_000, "abc : abc " * 10_000, "A" * 50_000 + " —"])
def test_a_hostile_line_is_weighed_in_no_time(hostile: str) -> None:
    assert len(reset_lines(clean_text(f"{hostile}\n" * 3))) > 0
