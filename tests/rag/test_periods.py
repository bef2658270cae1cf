"""Words for time as ranges of publication."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.periods import periods_in
from rag.questions import understand

# A Wednesday.
BASE = datetime(2025, 7, 23, 10, tzinfo=UTC)


def spans(text: str, language: str | None = "en") -> list[tuple[str | None, str | None]]:
    """The days of each period that the text names, `[after, before)`."""
    found = [each.period for each in periods_in(text, BASE, language=language)]
    return [
        (p.after.date().isoformat() if p.after else None, p.before.date().isoformat() if p.before else None)
        for p in found
    ]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("articles published on 5 May 2025", ("2025-05-05", "2025-05-06")),
        ("the report of May 5, 2025, on ports", ("2025-05-05", "2025-05-06")),
        ("published at '2025-05-05T22:42:00+00:00'", ("2025-05-05", "2025-05-06")),
        ("what happened on the 5th of May", ("2025-05-05", "2025-05-08")),
        ("what happened on 5 October", ("2024-10-05", "2024-10-08")),
        ("what happened in June 2025", ("2025-06-01", "2025-07-01")),
        ("news from june", ("2025-06-01", "2025-07-01")),
        ("who marched in March?", ("2025-03-01", "2025-04-01")),
        ("who resigned in 2023", ("2023-01-01", "2024-01-01")),
        ("before 5 June", (None, "2025-06-05")),
        ("until 5 June", (None, "2025-06-06")),
        ("since May", ("2025-05-01", None)),
        ("after 5 June 2025", ("2025-06-06", None)),
        ("between 3 March and 5 April", ("2025-03-03", "2025-04-06")),
        ("from 3 March to 5 April", ("2025-03-03", "2025-04-06")),
        ("from August 15th to August 18th, 2024", ("2024-08-15", "2024-08-19")),
        ("earlier this month", ("2025-07-01", "2025-08-01")),
        ("today", ("2025-07-23", "2025-07-26")),
        ("yesterday", ("2025-07-22", "2025-07-25")),
        ("last week", ("2025-07-14", "2025-07-24")),
        ("this week", ("2025-07-21", "2025-07-28")),
        ("over the weekend", ("2025-07-19", "2025-07-22")),
        ("last month", ("2025-06-01", "2025-07-01")),
        ("this year", ("2025-01-01", "2026-01-01")),
        ("in the past three days", ("2025-07-20", "2025-07-24")),
        ("two days ago", ("2025-07-21", "2025-07-24")),
        ("on Monday", ("2025-07-21", "2025-07-24")),
    ],
)
def test_words_for_time_are_ranges(text: str, span: tuple[str | None, str | None]) -> None:
    assert spans(text) == [span]


@pytest.mark.parametrize(
    "text",
    [
        "How many marched?",
        "the May bill",
        "today's world",
        "on February 30",
        "may I ask",
        "Windows 2000 users",
        "the USA TODAY poll",
    ],
)
def test_other_words_are_no_time(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    ("text", "language", "span"),
    [
        ("Was sagte Scholz am 5. Mai 2025 zum Haushalt?", "de", ("2025-05-05", "2025-05-08")),
        ("¿Qué dijo Sánchez en junio de 2025?", "es", ("2025-06-01", "2025-07-01")),
        ("Что сказал Песков вчера?", "ru", ("2025-07-22", "2025-07-25")),
    ],
)
def test_dates_in_other_languages_are_read(text: str, language: str, span: tuple[str, str]) -> None:
    assert spans(text, language) == [span]


def test_times_are_counted_from_the_moment_that_is_asked_as_of() -> None:
    period = understand("What happened last month?", as_of=datetime(2021, 3, 9, tzinfo=UTC)).period

    assert period is not None
    assert (period.after, period.before) == (datetime(2021, 2, 1, tzinfo=UTC), datetime(2021, 3, 1, tzinfo=UTC))


@given(st.text(alphabet="0123456789 -/.,TZ:lastweekmonthyearJuneoMay", max_size=60))
def test_any_text_gives_ranges_that_are_none_or_in_order(text: str) -> None:
    for each in periods_in(text, BASE):
        if each.period.after and each.period.before:
            assert each.period.after < each.period.before
