"""Intervals as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.intervals import LONGEST_S, SHORTEST_S, interval, seconds_of


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("15m", 900), ("90s", 90), (" 2 H ", 7200), ("1d", 86_400), ("900", 900), (900, 900), ("30d", LONGEST_S)],
)
def test_an_interval_is_read_in_seconds(written: str | int, seconds: int) -> None:
    assert seconds_of(written) == seconds


@pytest.mark.parametrize("written", ["", "m", "-5m", "1.5h", "5 parsecs", "15mm", "0x10"])
def test_what_is_no_interval_says_how_to_write_one(written: str) -> None:
    with pytest.raises(ValueError, match="write 90s, 15m, 2h or 1d"):
        seconds_of(written)


@pytest.mark.parametrize("written", ["0", "59s", "31d", 999_999_999])
def test_an_interval_has_bounds(written: str | int) -> None:
    with pytest.raises(ValueError, match="is not between 1m and 30d"):
        seconds_of(written)


@given(st.integers(SHORTEST_S, LONGEST_S))
def test_an_interval_that_is_shown_is_read_again(seconds: int) -> None:
    assert seconds_of(interval(seconds)) == seconds
