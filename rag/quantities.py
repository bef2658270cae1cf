"""Numbers and days in a text, as values that can be compared: "1,200" is "1.2 thousand", "Monday" is a day.

Pure. A number may be read in more than one way ("5m", "half"): two numbers agree where one reading of each does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0, "k": 1e3,
    "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12,
}  # fmt: skip
_UNITS = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
        " eighteen nineteen".split()
    )
} | {
    word: 10.0 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_ORDINALS = {
    word: float(value)
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
        " sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {"thirtieth": 30.0}
# Words with a number in them that no text is held to: they stand for too much else ("the first half", "a quarter").
_LOOSE: dict[str, frozenset[float]] = {
    "half": frozenset({0.5, 50.0}), "quarter": frozenset({0.25, 25.0, 4.0}), "both": frozenset({2.0}),
    "couple": frozenset({2.0}), "pair": frozenset({2.0}), "twice": frozenset({2.0}), "double": frozenset({2.0}),
    "doubled": frozenset({2.0}), "twins": frozenset({2.0}), "trio": frozenset({3.0}), "triple": frozenset({3.0}),
    "tripled": frozenset({3.0}), "decade": frozenset({10.0}), "century": frozenset({100.0}), "fortnight": frozenset({2.0, 14.0}),
    "week": frozenset({7.0}), "third": frozenset({3.0, 33.0}), "thirds": frozenset({67.0, 66.0}), "once": frozenset({1.0}),
}  # fmt: skip
_SPELLED = "|".join(sorted([*_UNITS, *_ORDINALS], key=len, reverse=True))
_DIGITS = re.compile(
    r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![A-Za-z_])\d+(?:\.\d+)?",
)
_SUFFIX = re.compile(r"(?:st|nd|rd|th|s)\b")
_SCALE = re.compile(r"[\s-]?(hundred|thousand|million|billion|trillion|dozen|mln|mn|bn|tn|[kmb])\b", re.IGNORECASE)
_WORDS = re.compile(
    rf"\b(?:(?:an?|half an?|{_SPELLED})[\s-]+)?(?:hundred|thousand|million|billion|trillion|dozen)\b|\b(?:{_SPELLED})\b",
    re.IGNORECASE,
)
_JOIN = re.compile(r"(?:[\s-]|\s+and\s+)$", re.IGNORECASE)
_LOOSE_WORD = re.compile(rf"\b(?:{'|'.join(_LOOSE)})\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:about|around|roughly|approximately|some|nearly|almost|over|above|under|below|more than|less than|fewer than"
    r"|at least|up to|close to|an estimated|estimated|upwards of)\s+(?:an?\s+)?[$€£¥]?\s*$",
    re.IGNORECASE,
)
_TOLERANCE = 0.1
# "the two", "all four": those named before, counted by whoever tells it.
_THOSE = re.compile(r"\b(?:the|these|those|all|other|between|his|her|their|its)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `[start, end)`. `hedged`: "about", "nearly", ... stands before it; `strict`: it must be met."""

    start: int
    end: int
    text: str
    readings: frozenset[float]
    hedged: bool = False
    strict: bool = True

    def agrees(self, values: frozenset[float]) -> bool:
        """Whether it is one of these values; a hedged one may be a tenth off."""
        if self.readings & values:
            return True
        if not self.hedged:
            return False
        return any(abs(own - other) <= _TOLERANCE * abs(own) for own in self.readings for other in values)


def numbers(text: str) -> list[Number]:
    """Every number of the text, digits, words and loose words, in no set order."""
    found = [*_in_digits(text), *_in_words(text)]
    taken = {at for number in found for at in range(number.start, number.end)}
    for match in _LOOSE_WORD.finditer(text):
        if match.start() not in taken:
            readings = _LOOSE[match.group().lower()]
            found.append(Number(match.start(), match.end(), match.group(), readings, strict=False))
    return found


def values(text: str) -> frozenset[float]:
    """Every reading of every number of the text."""
    return frozenset(reading for number in numbers(text) for reading in number.readings)


def _in_digits(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        value, end = float(match.group().replace(",", "")), match.end()
        readings = {value}
        if suffix := _SUFFIX.match(text, end):
            end = suffix.end()
            if suffix.group() == "s" and value < 100:
                readings.add(1900 + value)  # "the '90s"
        elif scale := _SCALE.match(text, end):
            end = scale.end()
            scaled = round(value * _SCALES[scale[1].lower()], 6)
            # "5m" may be metres; "5 million" is nothing else.
            readings = {value, scaled} if len(scale[1]) == 1 else {scaled}
        hedged = bool(_HEDGE.search(text[max(0, match.start() - 24) : match.start()]))
        yield Number(match.start(), end, text[match.start() : end], frozenset(readings), hedged)


def _in_words(text: str) -> Iterator[Number]:
    """Runs of number words as one number: "two hundred and fifty", "twenty-one", "half a million"."""
    run: list[re.Match[str]] = []
    for match in _WORDS.finditer(text):
        if run and not (_joins(run[-1], match) and _JOIN.match(text[run[-1].end() : match.start()] or "x")):
            yield from _spelled(text, run)
            run = []
        run.append(match)
    if run:
        yield from _spelled(text, run)


def _joins(before: re.Match[str], after: re.Match[str]) -> bool:
    """Whether the two words are parts of one number: "twenty one" is, "one two" and "five twenty" are not."""
    left, right = _value(before.group()), _value(after.group())
    return left >= 100 or right >= 100 or (20 <= left < 100 and left % 10 == 0 and right < 10)


def _value(words: str) -> float:
    total = 0.0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in _SCALES and len(word) > 2:
            total = (total or 1.0) * _SCALES[word]
        elif word == "half":
            total = 0.5
        else:
            total += _UNITS.get(word, _ORDINALS.get(word, 0.0))
    return total


def _spelled(text: str, run: list[re.Match[str]]) -> Iterator[Number]:
    start, end = run[0].start(), run[-1].end()
    whole, part = 0.0, 0.0
    for word in re.split(r"[\s-]+", text[start:end].lower()):
        if word in {"and", "a", "an"}:
            continue
        if word in _SCALES:
            part = (part or 1.0) * _SCALES[word]
            if _SCALES[word] >= 1e3:
                whole, part = whole + part, 0.0
        elif word == "half":
            part = 0.5
        else:
            part += _UNITS.get(word, _ORDINALS.get(word, 0.0))
    said = text[start:end]
    # "one" is a pronoun as often as a number, and "first" and "second" an order of telling.
    strict = said.lower() not in {"one", "first", "second", "zero", "third"} and not (
        whole + part <= 10 and _THOSE.search(text[max(0, start - 12) : start])
    )
    readings = {round(whole + part, 6)}
    if re.search(r"\d[\d.,]*[\s-]*$", text[max(0, start - 12) : start]):
        return  # "1.2 million" is read with its digits
    if said.lower() == "third":
        readings.add(33.0)
    hedged = bool(_HEDGE.search(text[max(0, start - 24) : start]))
    yield Number(start, end, said, frozenset(readings), hedged, strict)


MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_RELATIVE = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_MONTH_NAMES = (
    r"January|February|April|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
# "May" and "March" are months only where a day, a year or a word of time stands beside them.
_MONTH = re.compile(
    rf"\b(?:(?P<sure>{_MONTH_NAMES})|(?<=\d )(?P<after>May|March)\b"
    r"|(?:in|of|last|next|since|until|by|from|early|late|this|mid)[ -](?P<worded>May|March)\b(?! [a-z])"
    r"|(?P<before>May|March)(?=,? \d))"
)
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day", re.IGNORECASE)
# "today" also means "nowadays": it is read, and no text is held to it.
_RELATIVE_DAY = re.compile(r"\b(?:yesterday|today|tonight|tomorrow)\b", re.IGNORECASE)
_RELATIVE_SPAN = re.compile(r"\b(last|this|next|earlier this|later this)\s+(year|month)\b", re.IGNORECASE)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH_NAMES}|May|March)(?:,?\s+(\d{{4}}))?")
_MONTH_DAY = re.compile(rf"\b({_MONTH_NAMES}|May|March)\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}}))?")


@dataclass(frozen=True, slots=True)
class DayWord:
    """A word of the calendar at `[start, end)`: `key` is a month, a weekday or "today" and the like, in full."""

    start: int
    end: int
    text: str
    key: str


def day_words(text: str) -> list[DayWord]:
    """The months, weekdays and relative days of a text."""
    found: list[DayWord] = []
    for match in _MONTH.finditer(text):
        group = match.lastgroup or "sure"
        found.append(DayWord(match.start(group), match.end(group), match[group], _month(match[group])))
    found.extend(DayWord(m.start(), m.end(), m.group(), m.group().lower()) for m in _WEEKDAY.finditer(text))
    found.extend(DayWord(m.start(), m.end(), m.group(), m.group().lower()) for m in _RELATIVE_DAY.finditer(text))
    return found


def _month(name: str) -> str:
    return next(month for month in MONTHS if month.startswith(name.lower()[:3]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def dates(text: str, *, year: int | None = None) -> list[date]:
    """The full dates that a text names, "2017-04-12", "12 April 2017", "April 12"; `year` where it names none."""
    found = [_day(int(m[1]), int(m[2]), int(m[3])) for m in _ISO.finditer(text)]
    for pattern, at_day, at_month in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for m in pattern.finditer(text):
            named = int(m[3]) if m[3] else year
            if named:
                found.append(_day(named, MONTHS.index(_month(m[at_month])) + 1, int(m[at_day])))
    return [day for day in found if day is not None]


def meant_days(text: str, published: date) -> list[date]:
    """The days that the text's dates, weekdays and relative days can mean in an article of that day."""
    found = dates(text, year=published.year)
    for word in day_words(text):
        if word.key in _RELATIVE:
            found.append(published + timedelta(days=_RELATIVE[word.key]))
        elif word.key in WEEKDAYS:
            back = (published.weekday() - WEEKDAYS.index(word.key)) % 7
            found.extend([published - timedelta(days=back), published + timedelta(days=7 - back)])
    return found


def meant_spans(text: str, published: date) -> tuple[set[int], set[str]]:
    """The years and months that "last year", "this month", ... can mean in an article of that day."""
    years: set[int] = set()
    months: set[str] = set()
    for match in _RELATIVE_SPAN.finditer(text):
        step = {"last": -1, "next": 1}.get(match[1].lower(), 0)
        if match[2].lower() == "year":
            years.add(published.year + step)
        else:
            months.add(MONTHS[(published.month - 1 + step) % 12])
    return years, months
