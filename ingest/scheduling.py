"""When a feed is polled again, and when a page is looked at again. Pure: moments in, moments out."""

from __future__ import annotations

from datetime import datetime, timedelta

# A site that asks for more than this has been left behind by its operator, or means harm.
_LONGEST_RETRY_AFTER = timedelta(days=7)
# A fresh article is corrected within hours, an old one hardly ever: each wait is as long as all before it together.
_FIRST_VISIT = timedelta(hours=1)
_FIRST_RETRY = timedelta(minutes=15)
_LONGEST_RETRY = timedelta(days=1)
_RETRIES = 6


def next_poll(now: datetime, *, every_s: int) -> datetime:
    """After a poll that went well."""
    return now + timedelta(seconds=every_s)


def next_try(
    now: datetime, *, every_s: int, failures: int, longest_s: int, retry_after_s: float | None = None
) -> datetime:
    """After the `failures`th failure in a row: twice as long each time, up to `longest_s`, and never sooner than asked.

    A feed that is polled more seldom than that keeps its own interval.
    """
    doubled_s = every_s * 2.0 ** min(failures - 1, 30)
    wait = timedelta(seconds=max(every_s, min(doubled_s, longest_s)))
    return now + max(wait, _asked_for(retry_after_s))


def next_visit(now: datetime, *, first_at: datetime, days: float) -> datetime | None:
    """When a page that was had is looked at again: 1, 2, 4, ... hours after it was first seen; None after `days` days."""
    visit_at = now + max(_FIRST_VISIT, now - first_at)
    return visit_at if visit_at - first_at <= timedelta(days=days) else None


def next_page_try(now: datetime, *, failures: int, retry_after_s: float | None = None) -> datetime | None:
    """After a page could not be had for the `failures`th time in a row; None where it is given up."""
    if failures >= _RETRIES:
        return None
    wait = min(_FIRST_RETRY * 2.0 ** (failures - 1), _LONGEST_RETRY)
    return now + max(wait, _asked_for(retry_after_s))


def _asked_for(retry_after_s: float | None) -> timedelta:
    return min(timedelta(seconds=min(retry_after_s or 0.0, 1e9)), _LONGEST_RETRY_AFTER)
