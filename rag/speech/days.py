"""The day on which something was said, as the words around a cue name it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from rag.speech import vocabulary as words
from rag.speech.attributions import Attribution
from rag.speech.tokens import Token

_MONTHS = "january february march april may june july august september october november december".split()
_SHORT_MONTHS = {name[:3]: at for at, name in enumerate(_MONTHS, start=1)}
_OTHER_TIMES = frozenset("month months year years week weeks ago weekend".split())
_YEAR = re.compile(r"(?:19|20)\d\d$")


def day_named(tokens: Sequence[Token], attribution: Attribution, published_on: date | None) -> date | None:
    """The day named with the cue, counted back from `published_on`; `published_on` where none is named.

    None where the words name a time that is not a day ("last year", "in June").
    """
    if published_on is None:
        return None
    around = _around(tokens, attribution)
    for at, token in enumerate(around):
        owned = at + 1 < len(around) and around[at + 1].low == "'s"
        if token.low in words.WEEKDAYS and not owned:
            return published_on - timedelta(days=(published_on.weekday() - words.WEEKDAYS.index(token.low)) % 7)
        if token.low == "yesterday":
            return published_on - timedelta(days=1)
        month = _month(token)
        if month:
            return _calendar_day(around, at, month, published_on)
    if any(token.low in _OTHER_TIMES or _YEAR.match(token.low) for token in around):
        return None
    return published_on


def _around(tokens: Sequence[Token], attribution: Attribution) -> list[Token]:
    """The words of the unit near the cue that are not part of what was said."""
    taken = {at for part in attribution.content for at in range(part.start, part.end)}
    start = max(0, min(attribution.cue.start, attribution.source.start if attribution.source else 10**9) - 8)
    return [tokens[at] for at in range(start, min(len(tokens), attribution.cue.end + 14)) if at not in taken]


def _month(token: Token) -> int:
    if not token.capital:
        return 0
    short = token.low.rstrip(".")
    return (
        _SHORT_MONTHS.get(short[:3], 0) if short in _MONTHS or (len(short) <= 4 and short[:3] in _SHORT_MONTHS) else 0
    )


def _calendar_day(around: Sequence[Token], at: int, month: int, published_on: date) -> date | None:
    after = around[at + 1].low.rstrip(",.") if at + 1 < len(around) else ""
    before = around[at - 1].low if at else ""
    number = after if after.isdigit() and len(after) <= 2 else before
    if not (number.isdigit() and len(number) <= 2):
        return None
    later = around[at + 2 : at + 5]
    year = next((int(token.low[:4]) for token in later if _YEAR.match(token.low.rstrip(","))), None)
    try:
        day = date(year or published_on.year, month, int(number))
        return day if year or day <= published_on else day.replace(year=day.year - 1)
    except ValueError:
        return None
