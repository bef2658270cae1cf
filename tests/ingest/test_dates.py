"""Dates as sources write them: read where they have one reading, refused where they have none or two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import parse_date
from rag.errors import ArticleError

MORNING = datetime(2025, 7, 25, 10, tzinfo=UTC)
MIDNIGHT = datetime(2025, 7, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2025-07-25T10:00:00Z",
        "2025-07-25T12:00:00+02:00",
        "2025-07-25 10:00",
        "20250725T100000Z",
        "Fri, 25 Jul 2025 12:00:00 +0200",
        "Fri, 25 Jul 2025 05:00:00 -0500",
        "Fri, 25 Jul 2025 03:00 -0700",
        "Fri, 25 Jul 2025 10:00:00 GMT",
        "25 July 2025 10:00 GMT",
        "25 July 2025, 11:00 BST",
        "July 25, 2025, 6:00 am EDT",
        " 2025-07-25T10:00:00.000Z ",
        1753437600,
        1753437600.0,
        1753437600000,
    ],
)
def test_a_moment_is_read_in_any_of_the_usual_forms(written: object) -> None:
    assert parse_date(written, field="date") == MORNING


@pytest.mark.parametrize(
    "written",
    [
        "2025-07-25",
        "20250725",
        "25 July 2025",
        "July 25, 2025",
        "25 Jul 2025",
        "25/07/2025",
        "07/25/2025",
        "25.07.2025",
        "2025/07/25",
    ],
)
def test_a_bare_day_is_its_first_moment_in_utc(written: str) -> None:
    assert parse_date(written, field="date") == MIDNIGHT


@pytest.mark.parametrize("written", ["03/04/2025", "3.4.2025", "03-04-2025", "3/4/25 10:00", " 12/11/2025"])
def test_a_date_of_two_readings_is_refused_and_says_so(written: str) -> None:
    with pytest.raises(
        ArticleError, match=r"date='.*' has two readings \(day or month first\?\); write it as"
    ) as refused:
        parse_date(written, field="date")

    assert refused.value.field == "date"


@pytest.mark.parametrize(
    "written", ["Fri, 03/04/2025", "10:00 03/04/2025", "03 / 04 / 2025", "on 3.4.2025", "1/2 2025"]
)
def test_a_date_of_two_readings_is_refused_wherever_it_stands(written: str) -> None:
    with pytest.raises(ArticleError):
        parse_date(written, field="date")


def test_a_day_and_month_of_one_number_have_one_reading() -> None:
    assert parse_date("04/04/2025", field="date") == datetime(2025, 4, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "10:00", "12-25", "2025-13-45", "31 February 2025", "Tuesday", "1753437600", "n/a", "25 July"],
)
def test_what_is_no_date_is_refused_and_shows_the_form(written: str) -> None:
    with pytest.raises(ArticleError, match=r"published='.*' is not a date that can be read; write it as 2025-07-25T"):
        parse_date(written, field="published")


@pytest.mark.parametrize("written", [True, None, [], {}, b"2025"])
def test_what_is_not_text_or_a_number_is_refused(written: object) -> None:
    with pytest.raises(ArticleError, match="date is not a date"):
        parse_date(written, field="date")


@pytest.mark.parametrize("written", [float("nan"), float("inf"), 10**400, -(10**18)])
def test_a_number_that_is_no_time_is_refused(written: float) -> None:
    with pytest.raises(ArticleError, match=r"date=.* is not a time since 1970"):
        parse_date(written, field="date")


@pytest.mark.parametrize("written", ["1599-12-31", "2999-01-01", "0001-01-01T00:00:00Z"])
def test_a_date_that_no_article_has_is_refused(written: object) -> None:
    with pytest.raises(ArticleError, match="lies outside 1600 to ten years from now"):
        parse_date(written, field="date")


@pytest.mark.parametrize(
    "written", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00", "10:00 2025-07-25 +99:99"]
)
def test_a_zone_that_leads_out_of_the_calendar_is_the_records_fault(written: str) -> None:
    with pytest.raises(ArticleError):
        parse_date(written, field="date")


@pytest.mark.parametrize("zone", ["AEST", "IST", "JST"])
def test_an_unknown_zone_is_refused_and_not_taken_for_utc(zone: str) -> None:
    with pytest.raises(ArticleError):
        parse_date(f"25 July 2025 10:00 {zone}", field="date")


@given(
    st.datetimes(datetime.fromisoformat("1700-01-01"), datetime.fromisoformat("2030-01-01")),
    st.integers(-14 * 60, 14 * 60),
)
def test_every_iso_moment_is_read_as_itself(naive: datetime, minutes_ahead: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes_ahead)))

    assert parse_date(moment.isoformat(), field="date") == moment
