"""Intervals as people write them: 90s, 15m, 2h, 1d."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"\s*(\d{1,9})\s*([smhd]?)\s*")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
SHORTEST_S, LONGEST_S = 60, 30 * 86_400


def seconds_of(written: str | int, *, longest_s: int = LONGEST_S) -> int:
    """Whole seconds; a number without a unit is of seconds. Raises ValueError, outside a minute to `longest_s` too."""
    match = _WRITTEN.fullmatch(str(written).lower())
    if match is None:
        raise ValueError(f"{str(written)[:40]!r} is not an interval; write 90s, 15m, 2h or 1d")
    seconds = int(match[1]) * _SECONDS[match[2]]
    if not SHORTEST_S <= seconds <= longest_s:
        raise ValueError(f"{str(written)[:40]!r} is not between 1m and {interval(longest_s)}")
    return seconds


def read_interval(value: object, *, such_as: str, longest_s: int = LONGEST_S) -> int:
    """An interval as JSON has it, text or a whole number of seconds, the same way. For a field's validator."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"should be an interval such as {such_as}, or a whole number of seconds")
    return seconds_of(value, longest_s=longest_s)


def interval(seconds: int) -> str:
    """In the largest unit that fits it exactly."""
    return next(f"{seconds // size}{unit}" for unit, size in reversed(_SECONDS.items()) if unit and seconds % size == 0)
