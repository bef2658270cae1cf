"""When feeds are polled and pages are visited again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.scheduling import next_page_try, next_poll, next_try, next_visit

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def waits(count: int, *, every_s: int = 900, longest_s: int = 7200, retry_after_s: float | None = None) -> list[int]:
    """Seconds after the first, the second, ... failure in a row."""
    return [
        round(
            (
                next_try(NOW, every_s=every_s, failures=n, longest_s=longest_s, retry_after_s=retry_after_s) - NOW
            ).total_seconds()
        )
        for n in range(1, count + 1)
    ]


def test_a_good_poll_is_followed_by_the_next_in_its_interval() -> None:
    assert next_poll(NOW, every_s=900) == NOW + timedelta(minutes=15)


def test_each_failure_doubles_the_wait_up_to_the_longest() -> None:
    assert waits(6) == [900, 1800, 3600, 7200, 7200, 7200]


def test_a_feed_that_is_polled_seldom_is_not_polled_more_often_when_it_fails() -> None:
    assert waits(3, every_s=86_400) == [86_400, 86_400, 86_400]


def test_the_site_may_ask_for_longer_but_not_for_shorter_and_not_for_ever() -> None:
    assert waits(2, retry_after_s=50_000) == [50_000, 50_000]
    assert waits(2, retry_after_s=1) == [900, 1800]
    assert waits(1, retry_after_s=1e300) == [7 * 86_400]


def test_a_page_is_visited_after_one_two_four_hours_and_so_on() -> None:
    at, visits = NOW, []
    while (following := next_visit(at, first_at=NOW, days=7)) is not None:
        at = following
        visits.append((at - NOW) // HOUR)

    assert visits == [1, 2, 4, 8, 16, 32, 64, 128]


def test_no_page_is_visited_where_the_setting_is_no_days() -> None:
    assert next_visit(NOW, first_at=NOW, days=0) is None


def test_a_page_that_cannot_be_had_is_tried_six_times() -> None:
    tries = [next_page_try(NOW, failures=n) for n in range(1, 7)]

    assert [at and (at - NOW) // timedelta(minutes=1) for at in tries] == [15, 30, 60, 120, 240, None]
    assert next_page_try(NOW, failures=1, retry_after_s=DAY.total_seconds()) == NOW + DAY


@given(
    failures=st.integers(1, 10**6),
    every_s=st.integers(60, 30 * 86_400),
    longest_s=st.integers(60, 30 * 86_400),
    retry_after_s=st.none() | st.floats(0, allow_nan=False),
)
def test_whatever_happens_a_feed_is_polled_again(
    failures: int, every_s: int, longest_s: int, retry_after_s: float | None
) -> None:
    following = next_try(NOW, every_s=every_s, failures=failures, longest_s=longest_s, retry_after_s=retry_after_s)

    assert timedelta(seconds=every_s) <= following - NOW <= 30 * DAY
