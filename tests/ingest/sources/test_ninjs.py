"""IPTC ninjs, both generations."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.ingest.sources.reading import article, reason, titles

FIRST: dict[str, Any] = {
    "uri": "urn:newsml:orsay.example:20250302:17",
    "type": "text",
    "versioncreated": "2025-03-02T11:00:00+01:00",
    "firstcreated": "2025-03-02T09:00:00+01:00",
    "pubstatus": "usable",
    "headline": "Ferry sails again",
    "byline": "By Ada Prow and Bo Stern",
    "language": "en-GB",
    "infosource": [{"name": "Orsay Wire"}],
    "subject": [{"code": "t:1", "name": "Transport"}],
    "usageterms": "Not for use before noon.",
    "copyrightnotice": "© 2025 Orsay Wire",
    "body_xhtml": "<p>The ferry sails <b>again</b> on Monday.</p><p>It was in dock for five weeks.</p>",
}
SECOND: dict[str, Any] = {
    "uri": "https://orsay.example/ferry",
    "versionCreated": "2025-03-02T11:00:00Z",
    "headlines": [{"role": "alternative", "value": "Ahoy"}, {"role": "main", "value": "Ferry sails again"}],
    "bodies": [
        {"contentType": "text/html", "value": "<p>Not this.</p>"},
        {"contentType": "text/plain", "value": "The ferry sails again on Monday, the port said."},
    ],
    "by": "Ada Prow",
    "rightsInfo": {"langid": "odrl", "linkedRights": "https://orsay.example/rights"},
    "copyrightHolder": "Orsay Wire",
}


def test_the_first_generation_is_read() -> None:
    found = article(json.dumps(FIRST))

    assert found.title == "Ferry sails again"
    assert found.body == "The ferry sails again on Monday.\n\nIt was in dock for five weeks."
    assert (found.outlet, found.language, found.section) == ("Orsay Wire", "en", "Transport")
    assert found.authors == ("Ada Prow", "Bo Stern")
    assert found.published_at == datetime(2025, 3, 2, 8, tzinfo=UTC)
    assert found.updated_at == datetime(2025, 3, 2, 10, tzinfo=UTC)
    assert found.rights == "Not for use before noon.; © 2025 Orsay Wire"
    assert found.url is None


def test_the_second_generation_is_read() -> None:
    found = article(json.dumps(SECOND, indent=2))

    assert found.title == "Ferry sails again"
    assert found.body == "The ferry sails again on Monday, the port said."
    assert found.url == "https://orsay.example/ferry"
    assert found.authors == ("Ada Prow",)
    assert found.rights == "© Orsay Wire; https://orsay.example/rights"


def test_items_come_an_object_a_line_and_in_an_array_too() -> None:
    assert titles(json.dumps(FIRST) + "\n" + json.dumps(SECOND)) == ["Ferry sails again"] * 2
    assert titles(json.dumps({"items": [FIRST, SECOND]})) == ["Ferry sails again"] * 2


def test_an_embargo_and_an_expiry_are_kept_with_their_moments() -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    stated = {"embargoed": tomorrow.isoformat(), "expires": "2031-01-01T00:00:00+01:00"}

    found = article(json.dumps(FIRST | stated))

    assert found.embargoed_until == tomorrow
    assert found.expires_at == datetime(2030, 12, 31, 23, tzinfo=UTC)


def test_an_embargo_that_cannot_be_read_keeps_the_item_out() -> None:
    assert reason(json.dumps(FIRST | {"embargoed": "soon"})).startswith("embargoed_until='soon' is not a date")


@pytest.mark.parametrize("status", ["withheld", "canceled", "stat:canceled"])
def test_what_its_publisher_keeps_back_stays_out(status: str) -> None:
    assert reason(json.dumps(FIRST | {"pubstatus": status})).startswith("its publisher's status is ")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"body_xhtml": None}, "body is missing"),
        ({"headline": None}, "title is missing"),
        ({"versioncreated": 7e30, "firstcreated": None}, "published_at="),
        ({"firstcreated": ["x"]}, "published_at is not a date"),
    ],
)
def test_an_item_with_a_part_missing_or_odd_says_which(change: dict[str, Any], message: str) -> None:
    assert reason(json.dumps(FIRST | change)).startswith(message)


def test_lists_where_texts_belong_are_no_crash() -> None:
    odd: dict[str, Any] = {name: [[{"value": [1]}]] for name in FIRST} | {"uri": 5, "pubstatus": {}, "embargoed": None}

    assert reason(json.dumps(odd)).startswith("title is missing")
