"""When a question says that its evidence was published: dates, ranges and the news' own words for time. Pure.

Counted from a base: the moment as of which is asked, else the library's newest article ("last week" of an archive is
its own last week). English is read by the patterns here; dates in other languages are left to dateparser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rag.domain import Period, Span
from rag.quantities import MONTHS, WEEKDAYS

# News of a day is also published on the two days after it.
_AFTERMATH = timedelta(days=2)
_DAY = timedelta(days=1)
_MONTH = (
    r"(?P<month>january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATE = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_UNIT = r"(?P<unit>hour|day|week|weekend|month|year)"
_COUNT = r"(?P<count>\d{1,3}|one|two|three|four|five|six|seven|ten|twelve|a|an|few|couple of|several)"
_AFTER_WORD_OF_TIME = "(?:{})".format(
    "|".join(rf"(?<={word} )" for word in "in since until before after during from of early late".split())
)
_NUMBERS = {
    "one": 1, "a": 1, "an": 1, "two": 2, "couple of": 2, "three": 3, "few": 3, "four": 4, "several": 4, "five": 5, "six": 6,
    "seven": 7, "ten": 10, "twelve": 12,
}  # fmt: skip
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<iso>\d{4}-\d{2}-\d{2})(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?",
        rf"\b{_MONTH}\s+{_DATE}(?![\d:%])(?:,?\s+{_YEAR}\b)?",
        rf"\b(?:the\s+)?{_DATE}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?(?!\w)",
        rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}\b",
        # "may" and "march" are months where a word of time stands before them.
        rf"{_AFTER_WORD_OF_TIME}{_MONTH}(?![\w-])",
        rf"{_AFTER_WORD_OF_TIME}{_YEAR}(?![\w-])",
        rf"\b(?:(?:over|in|during|for|from|within)\s+)?(?:the\s+)?(?:past|last|previous)\s+{_COUNT}\s+{_UNIT}s?\b",
        rf"\b{_COUNT}\s+{_UNIT}s?\s+(?P<ago>ago)\b",
        rf"\b(?:earlier\s+|later\s+)?(?P<which>this|last|past|previous|over the)\s+{_UNIT}\b(?:['’]s)?",
        r"\b(?P<near>yesterday(?:['’]s)?|today|this morning|this afternoon|this evening|tonight|last night)\b(?!['’])",
        rf"\b(?:on|last|this)\s+(?P<weekday>{'|'.join(WEEKDAYS)})\b",
    )
)
_UP_TO = re.compile(r"\b(?:before|prior to|earlier than|ahead of)\s+(?:the\s+)?$", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|up to|through|no later than|by)\s+(?:the\s+)?$", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|starting|beginning|starting from)\s+(?:the\s+)?$", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|following|later than)\s+(?:the\s+)?$", re.IGNORECASE)
_SAID_YEAR = re.compile(r"(?:19|20)\d\d")
_CALENDAR = re.compile(rf"\d{{4}}|{_MONTH}", re.IGNORECASE)
_LEADING = re.compile(r"\b(?:in|on|at|of|from|since|before|after|until|by|during|over)\s+(?:the\s+)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$", re.IGNORECASE)
_TO = re.compile(r"^\s*(?:and|to|until|till|through|-|–)\s*(?:the\s+)?$", re.IGNORECASE)
# Said of a text, and not of what happened: "published on", "the report of", "articles from".
_OF_A_TEXT = re.compile(
    r"\b(?:publi(?:shed|cation)|report(?:s|ed|ing)?|article|articles|stor(?:y|ies)|news|headlines|coverage|posted|dated|piece"
    r"|pieces|wrote|written|issued|released|updated|interview|appeared|said|says|say|stated|announced)\b"
    r"[\s'\"‘“(]*(?:\w+\s+){0,2}?(?:(?:between|from|since|before|after|until|by|on|in|of|at|over|during|for|within|\(|\w+day,?)\s*)*"
    r"(?:the\s+)?['\"‘“]?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A period where the question has it; `published` where it is said of a text's appearing, not of an event.

    `relative` is what is counted from now ("last week"): its words stand in no article.
    """

    span: Span
    period: Period
    published: bool
    relative: bool


def periods_in(text: str, base: datetime, *, language: str | None = None) -> list[Dated]:
    """The periods that a question names, in order. `base` is with a zone, and the days are that zone's."""
    spans = list(_in_english(text, base) if language in (None, "en") else _in_another_language(text, base, language))
    found: list[Dated] = []
    at = 0
    while at < len(spans):
        span, start, end = spans[at]
        before = text[: span.start]
        after: datetime | None
        until: datetime | None
        if at + 1 < len(spans) and _BETWEEN.search(before) and _TO.match(text[span.end : spans[at + 1][0].start]):
            other = spans[at + 1]
            if not _SAID_YEAR.search(span.of(text)) and _SAID_YEAR.search(other[0].of(text)):
                start = min(start.replace(year=other[1].year), other[1])
            span, end, at = Span(span.start, other[0].end), max(end, other[2]), at + 1
            after, until = start, end
        else:
            after, until = _directed(before, start, end)
        published = bool(_OF_A_TEXT.search(before))
        if until is not None and not published and (after is None or until - after <= _DAY):
            until += _AFTERMATH if after is not None else timedelta(0)
        words = span.of(text).strip()
        found.append(Dated(span, Period(words, after, until), published, not _CALENDAR.search(words)))
        at += 1
    return found


def without_periods(text: str, base: datetime, *, language: str | None = None) -> str:
    """The text without the words for its periods, and without a word such as "in" that leads to one."""
    kept, at = [], 0
    for each in periods_in(text, base, language=language):
        kept.append(_LEADING.sub("", text[at : each.span.start]))
        at = each.span.end
    return " ".join("".join([*kept, text[at:]]).split())


def _directed(before: str, start: datetime, end: datetime) -> tuple[datetime | None, datetime | None]:
    """The range that the words before a date make of it."""
    if _UP_TO.search(before):
        return None, start
    if _UNTIL.search(before):
        return None, end
    if _AFTER.search(before):
        return end, None
    if _SINCE.search(before):
        return start, None
    return start, end


def _in_english(text: str, base: datetime) -> Iterator[tuple[Span, datetime, datetime]]:
    found: list[tuple[Span, datetime, datetime]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            span = Span(match.start(), match.end())
            shouted = (
                match.group().isalpha() and match.group().isupper() and not text.isupper()
            )  # "USA TODAY" is a name
            if match.group() and not shouted and not any(span.overlaps(other) for other, _, _ in found):
                named = {name: value.lower() for name, value in match.groupdict().items() if value}
                if (range_ := _range(named, base)) is not None:
                    found.append((span, *range_))
    yield from sorted(found, key=lambda each: each[0])


def _range(named: dict[str, str], base: datetime) -> tuple[datetime, datetime] | None:
    """`[start, end)` of what the groups of a form say; None where it is no date ("February 30")."""
    today = base.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        if "iso" in named:
            start = datetime.fromisoformat(named["iso"]).replace(tzinfo=base.tzinfo)
            return start, start + _DAY
        if "month" in named:
            return _calendar(named, base)
        if "year" in named:
            start = today.replace(year=int(named["year"]), month=1, day=1)
            return start, start.replace(year=start.year + 1)
        if "count" in named:
            return _counted(named, base)
        if "which" in named:
            return _this_or_last(named["unit"], today, back=named["which"] != "this")
        if "weekday" in named:
            start = today - timedelta(days=(today.weekday() - WEEKDAYS.index(named["weekday"])) % 7 or 7)
            return start, start + _DAY
        back = 1 if named["near"].startswith(("yesterday", "last")) else 0
        return today - back * _DAY, today + (1 - back) * _DAY
    except (ValueError, OverflowError):
        return None


def _calendar(named: dict[str, str], base: datetime) -> tuple[datetime, datetime]:
    month = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(named["month"][:3]))
    year, day = int(named.get("year", base.year)), int(named.get("day", 1))
    start = datetime(year, month, day, tzinfo=base.tzinfo)
    if "year" not in named and start > base:
        start = start.replace(year=year - 1)  # news is of what has been
    return start, start + _DAY if "day" in named else _months_on(start, 1)


def _counted(named: dict[str, str], base: datetime) -> tuple[datetime, datetime]:
    count = int(named["count"]) if named["count"].isdigit() else _NUMBERS[named["count"]]
    unit = named["unit"].replace("weekend", "week")
    if unit in ("month", "year"):
        start = _months_on(base, -count * (12 if unit == "year" else 1))
    else:
        start = base - timedelta(**{f"{unit}s": count})
    if "ago" not in named:
        return start, base + _DAY
    # Said of the day, or of about that time.
    about = timedelta(days={"hour": 0, "day": 0, "week": 4, "month": 16, "year": 183}[unit])
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - about, day + _DAY + about


def _this_or_last(unit: str, today: datetime, *, back: bool) -> tuple[datetime, datetime]:
    if unit in ("month", "year"):
        start = today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
        months = 1 if unit == "month" else 12
        start = _months_on(start, -months) if back else start
        return start, _months_on(start, months)
    if unit in ("week", "weekend"):
        monday = today - timedelta(days=today.weekday())
        if unit == "weekend":
            saturday = monday + timedelta(days=5 if today.weekday() > 4 and not back else -2)
            return saturday, saturday + 3 * _DAY  # it is reported on Monday, too
        start = monday - timedelta(days=7) if back else monday
        # "Last week" is also said of the last seven days.
        return start, today + _DAY if back else start + timedelta(days=7)
    start = today - _DAY if back else today
    return start, start + _DAY


def _months_on(moment: datetime, months: int) -> datetime:
    """The same day of another month, or that month's last."""
    at = moment.year * 12 + moment.month - 1 + months
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=at // 12, month=at % 12 + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=at // 12, month=at % 12 + 1, day=min(moment.day, 28))


def _in_another_language(text: str, base: datetime, language: str | None) -> Iterator[tuple[Span, datetime, datetime]]:
    # Slow to import, and needed for few questions.
    from dateparser.date import DateDataParser
    from dateparser.search import search_dates

    settings = {"RELATIVE_BASE": base.replace(tzinfo=None), "PREFER_DATES_FROM": "past"}
    try:
        found = search_dates(text[:400], languages=[language], settings=settings) or []
        reader = DateDataParser(languages=[language], settings=settings)
    except ValueError:
        return  # a language that it does not know
    at = 0
    for words, moment in found:
        begins = text.find(words, at)
        if begins < 0 or sum(c.isalnum() for c in words) < 4:
            continue
        at = begins + len(words)
        start = moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=base.tzinfo)
        grain = reader.get_date_data(words).period
        if grain in ("month", "year"):
            start = start.replace(day=1) if grain == "month" else start.replace(month=1, day=1)
            end = _months_on(start, 1 if grain == "month" else 12)
        else:
            end = start + (timedelta(days=7) if grain == "week" else _DAY)
        yield Span(begins, at), start, end
