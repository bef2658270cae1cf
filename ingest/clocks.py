"""The zone of a date that states none: its outlet's, by a setting. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.dates import UNSTATED


def at_its_outlet(
    moment: datetime | None, outlet: str | None, *, zone: str, outlets: Mapping[str, str]
) -> datetime | None:
    """The moment with a real zone: as written where the source wrote one, else the clock time in its outlet's zone.

    `zone` is for the outlets that `outlets` does not name; names match whole, case and white space aside.
    """
    if moment is None or moment.tzinfo is not UNSTATED:
        return moment
    wanted = _plain(outlet or "")
    named = next((name for each, name in outlets.items() if _plain(each) == wanted), zone)
    there = moment.replace(tzinfo=ZoneInfo(named))
    # The offset itself is kept, since the store and every client can read it.
    return datetime.fromisoformat(there.isoformat())


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
