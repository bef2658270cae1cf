"""Dates as sources write them, to moments with a zone. Pure.

What has two readings ("03/04/2025") is refused, not guessed: a wrong date is worse than a clear message.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from dateutil import parser as dateutil

from rag.errors import ArticleError

# After a colon stand minutes or seconds, whose zone may follow: "10:00 -0500".
_TWO_READINGS = re.compile(r"(?<![\d:])(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]?\s*(?:\d{4}|\d{2})(?![\d:])")
_ZONES = {
    name: hours * 3600
    for name, hours in {
        "UTC": 0, "GMT": 0, "Z": 0, "BST": 1, "CET": 1, "CEST": 2, "MSK": 3,
        "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    }.items()
}  # fmt: skip
_DEFAULTS = (datetime(1970, 1, 1), datetime(1971, 2, 2))  # noqa: DTZ001 - the zone is the text's, or none
# The zone of a moment whose text has none: UTC's clock, known by identity, until the outlet's is put in (clocks.py).
UNSTATED = timezone(timedelta(0), "unstated")
# Months in other languages, where their names are ASCII; other letters tell by themselves that a text is not English.
_OTHER_MONTHS = re.compile(
    r"\b(?:januar|februar|mai|juni|juli|oktober|dezember|janvier|avril|juin|juillet|septembre|octobre|novembre|enero|febrero"
    r"|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno"
    r"|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|maio|junho|julho|setembro|outubro|novembro|dezembro|januari"
    r"|februari|maart|mei|augustus)\b",
    re.IGNORECASE,
)
_OTHER_LANGUAGES = ("ru", "uk", "de", "ar", "zh", "ja", "ko", "fa", "fr", "es", "it", "pt", "nl", "sv", "pl", "tr")
_EARLIEST = datetime(1600, 1, 1, tzinfo=UTC)
_LATEST_AHEAD = timedelta(days=3660)


def parse_date(value: object, *, field: str) -> datetime:
    """A moment with a zone; `UNSTATED` where none is written, as for a bare day, which is its first moment.

    Read: ISO 8601, RFC 2822, "25 July 2025 10:00 GMT" and the like, also with months in other languages ("25 июля
    2025", "2025年7月25日"), seconds or milliseconds since 1970.

    Raises:
        ArticleError: it has no reading, or two.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ArticleError(f"{field} is not a date: {value!r:.60}; write it as 2025-07-25T10:00:00Z", field=field)
    moment = _from_number(value, field) if isinstance(value, int | float) else _from_text(value.strip(), field)
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UNSTATED)
    try:
        within = _EARLIEST <= moment.astimezone(UTC) <= datetime.now(UTC) + _LATEST_AHEAD
    except (OverflowError, ValueError):
        within = False
    if not within:
        raise ArticleError(f"{field}={value!r:.60} lies outside 1600 to ten years from now", field=field)
    return moment


def _from_number(value: float, field: str) -> datetime:
    try:
        # 1e11 seconds is the year 5138; what is larger was counted in milliseconds.
        return datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise ArticleError(f"{field}={value!r:.60} is not a time since 1970", field=field) from error


def _from_text(text: str, field: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    wrong = ArticleError(
        f"{field}={text[:60]!r} is not a date that can be read; write it as 2025-07-25T10:00:00Z", field=field
    )
    numbers = _TWO_READINGS.search(text)
    if numbers:
        first, second = int(numbers[1]), int(numbers[2])
        if first <= 12 and second <= 12 and first != second:
            raise ArticleError(
                f"{field}={text[:60]!r} has two readings (day or month first?); write it as 2025-07-25", field=field
            )
    try:
        # What the text leaves open is filled in from the default: two readings that differ mean that a part is missing.
        one, other = (
            dateutil.parse(text, tzinfos=_zone, default=default, dayfirst=bool(numbers and int(numbers[1]) > 12))
            for default in _DEFAULTS
        )
    except (ValueError, OverflowError) as error:
        if (moment := _in_another_language(text)) is not None:
            return moment
        raise wrong from error
    if one.date() != other.date():
        raise wrong
    return one


def _in_another_language(text: str) -> datetime | None:
    """A date whose month is named in another language; None where day, month or year is missing or not understood."""
    if len(text) > 80 or not (re.search(r"[^\W\d_a-zA-Z]", text) or _OTHER_MONTHS.search(text)):
        return None
    import dateparser  # slow to import, and hardly ever needed

    found: datetime | None = dateparser.parse(
        text,
        languages=list(_OTHER_LANGUAGES),
        settings={"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"], "STRICT_PARSING": True},
    )
    return found


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone that a text names, if any. Raises ValueError for one that is not known, rather than take it for UTC."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is None:
        return None
    if name.upper() not in _ZONES:
        raise ValueError(f"zone {name!r} is not known")
    return timezone(timedelta(seconds=_ZONES[name.upper()]))
