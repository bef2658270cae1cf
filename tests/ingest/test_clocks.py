"""Dates without a zone are their outlet's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.dates import parse_date
from ingest.splitting import clean
from rag.domain import Article
from rag.errors import ArticleError, SettingsError
from rag.settings import IngestSettings, read_settings
from tests.world import GERMAN, RUSSIAN

SETTINGS = IngestSettings(timezone="Europe/London", outlet_timezones={"Seebote": "Europe/Berlin"})


def published(article: Article, written: object, settings: IngestSettings = SETTINGS) -> str:
    cleaned = clean(replace(article, published_at=parse_date(written, field="date")), settings)
    assert cleaned.published_at is not None
    return cleaned.published_at.isoformat()


def test_a_date_without_a_zone_is_on_its_outlets_clock_in_summer_and_in_winter() -> None:
    assert published(replace(GERMAN, outlet=" SEEBOTE "), "2025-07-25 10:00") == "2025-07-25T10:00:00+02:00"
    assert published(GERMAN, "2025-01-25 10:00") == "2025-01-25T10:00:00+01:00"


def test_an_outlet_that_is_not_named_has_the_default_zone() -> None:
    assert published(RUSSIAN, "25 июля 2025 г. 10:30") == "2025-07-25T10:30:00+01:00"
    assert published(RUSSIAN, "2025-07-25") == "2025-07-25T00:00:00+01:00"
    assert published(RUSSIAN, "2025-07-25", IngestSettings()) == "2025-07-25T00:00:00+00:00"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2025-07-25T10:00:00Z", "2025-07-25T10:00:00+00:00"),
        ("2025-07-25T10:00:00-07:00", "2025-07-25T10:00:00-07:00"),
        ("Fri, 25 Jul 2025 10:00:00 GMT", "2025-07-25T10:00:00+00:00"),
        (1753437600, "2025-07-25T10:00:00+00:00"),
    ],
)
def test_a_zone_that_is_written_is_kept(written: object, stored: str) -> None:
    assert published(GERMAN, written) == stored


@pytest.mark.parametrize(
    "written",
    [
        "25 июля 2025",
        "25. Juli 2025",
        "Freitag, 25. Juli 2025",
        "2025年7月25日",
        "25 يوليو 2025",
        "٢٥ يوليو ٢٠٢٥",
        "25 juillet 2025",
    ],
)
def test_a_month_is_read_in_its_own_language(written: str) -> None:
    assert parse_date(written, field="date") == datetime(2025, 7, 25, tzinfo=UTC)


@pytest.mark.parametrize("written", ["вчера", "июль 2025", "10 июля", "vor 2 Stunden", "昨天", "Juli"])
def test_a_date_that_leaves_out_a_part_is_refused_in_any_language(written: str) -> None:
    with pytest.raises(ArticleError, match="not a date"):
        parse_date(written, field="date")


def test_zones_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_INGEST__TIMEZONE", "Asia/Shanghai")
    monkeypatch.setenv("ONRECORD_INGEST__OUTLET_TIMEZONES", json.dumps({"Seebote": "Europe/Berlin"}))

    ingest = read_settings().ingest

    assert published(GERMAN, "2025-07-25", ingest) == "2025-07-25T00:00:00+02:00"
    assert published(RUSSIAN, "2025-07-25", ingest) == "2025-07-25T00:00:00+08:00"


@pytest.mark.parametrize(
    ("name", "value"),
    [("TIMEZONE", "Europe/Atlantis"), ("TIMEZONE", "../etc/passwd"), ("OUTLET_TIMEZONES", '{"Seebote": "CEST time"}')],
)
def test_an_unknown_zone_is_refused_with_the_setting_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ONRECORD_INGEST__{name}", value)

    with pytest.raises(SettingsError, match=rf"ONRECORD_INGEST__{name}.*no time zone; write one as Europe/Berlin"):
        read_settings()
