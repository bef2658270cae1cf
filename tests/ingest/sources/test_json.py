"""JSON documents: an object, an array, an object that holds the array."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.ingest.sources.reading import article, format_of, reason, records, skipped, titles

BODY = "The ferry to Orsay Point sails again on Monday after five weeks in dock."
ONE = {"headline": "Ferry sails again", "text": BODY, "date": "2025-03-02", "source": "The Orsay Bell"}
TWO = {"title": "Pier to close", "body": "The pier closes for the winter, the port said on Friday."}


@pytest.mark.parametrize("indent", [None, 2])
def test_one_object_is_one_article(indent: int | None) -> None:
    found = article(json.dumps(ONE, indent=indent))

    assert (found.title, found.body, found.outlet) == ("Ferry sails again", BODY, "The Orsay Bell")
    assert found.published_at == datetime(2025, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_is_an_article_an_object_each_with_its_number(indent: int | None) -> None:
    found = records(json.dumps([ONE, TWO], indent=indent))

    assert [record.where for record in found] == ["news#1", "news#2"]
    assert titles(json.dumps([ONE, TWO], indent=indent)) == ["Ferry sails again", "Pier to close"]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["articles", "items", "docs", "data"])
def test_an_object_that_holds_the_array_is_read_by_it(name: str, indent: int | None) -> None:
    assert titles(json.dumps({"count": 2, name: [ONE, TWO]}, indent=indent)) == ["Ferry sails again", "Pier to close"]


def test_an_article_with_items_of_its_own_is_still_one_article() -> None:
    assert article(json.dumps(ONE | {"items": [1, 2]}, indent=1)).title == "Ferry sails again"


def test_a_bad_object_in_an_array_is_skipped_alone() -> None:
    data = json.dumps([ONE, {"title": "No text"}, 5, TWO])

    assert titles(data) == ["Ferry sails again", "Pier to close"]
    assert [each.where for each in skipped(data)] == ["news#2", "news#3"]
    assert skipped(data)[0].reason.startswith("body is missing")
    assert skipped(data)[1].reason == "JSON, but not an object with title, body, ..."


def test_broken_json_names_the_line() -> None:
    data = json.dumps([ONE, TWO], indent=1)[:-20]

    assert [each.where for each in skipped(data)] == [f"news:{data.count(chr(10)) + 1}"]
    assert reason(data).startswith("broken JSON: ")


def test_json_that_is_not_utf8_says_so() -> None:
    assert reason(b'[\n{"title": "Caf\xe9"}]') == "not UTF-8: byte 16 is 0xe9"


def test_arrays_nested_without_end_are_no_crash() -> None:
    assert reason(b"[{" + b'"a":[{' * 100_000).startswith("broken JSON: ")
    assert reason("[" * 1 + json.dumps({"data": [{"data": [{"data": [{"data": [ONE]}]}]}]}) + "]").startswith(
        "title is"
    )


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('{"title": "a", "body": "b"}\n{"title": "c"', "JSON Lines"),
        ('{"title": "a",\n{"title": "c", "body": "d"}\n', "JSON Lines"),
        ('{"title": "a"\n{"title": "c", "body": "d"}\n', "JSON Lines"),
        ('{\n  "title": "a"', "JSON"),
        ('{"articles": [\n{"title": "a"', "JSON"),
        ('{"title": "a",\n "body": "b"}', "JSON"),
        ('\ufeff[{"title": "a"', "JSON"),
        ("[Updated] Pier to close\nText", "plain text"),
        ("[]", "JSON"),
    ],
)
def test_a_document_is_told_from_an_object_a_line(head: str, name: str) -> None:
    assert format_of(head) == name
