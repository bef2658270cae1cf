"""The zone of a date that states none: its outlet's, by a setting. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from ingest.dates import UNSTATED
from rag.domain import Article


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


def written_down(said: Article) -> Article:
    """As it can be stored before its outlet is known for certain: its moments that state no zone have none at all."""
    return _with_zones(said, UNSTATED, None)


def read_back(said: Article) -> Article:
    """What `written_down` was given."""
    return _with_zones(said, None, UNSTATED)


def _with_zones(said: Article, old: tzinfo | None, new: tzinfo | None) -> Article:
    def moved(moment: datetime | None) -> datetime | None:
        return moment.replace(tzinfo=new) if moment is not None and moment.tzinfo is old else moment

    return replace(said, published_at=moved(said.published_at), updated_at=moved(said.updated_at))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
