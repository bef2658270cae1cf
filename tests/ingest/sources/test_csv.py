"""CSV: a header with our names, and rows that may be damaged."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.ingest.sources.reading import article, format_of, reason, records, skipped, titles

HEADER = "Title,Body,Publish Date,Author,Notes\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_row_is_an_article_whatever_separates_its_cells(delimiter: str) -> None:
    row = [
        "Ferry sails",
        f'"It sails{delimiter} on Monday.\n\nAt ""noon""."',
        "2025-03-02",
        "Ada Prow and Bo Stern",
        "x",
    ]

    found = article("\ufeff" + HEADER.replace(",", delimiter) + delimiter.join(row) + "\r\n")

    assert (found.title, found.body) == ("Ferry sails", f'It sails{delimiter} on Monday.\n\nAt "noon".')
    assert found.authors == ("Ada Prow", "Bo Stern")
    assert found.published_at == datetime(2025, 3, 2, tzinfo=UTC)


def test_damaged_rows_are_skipped_alone_by_the_line_they_begin_at() -> None:
    data = (
        HEADER.encode()
        + b'One,"Text of\nthe first.",,,\n'
        + b"Two,Too few\n"
        + b"Three,Caf\xe9 text.,,,\n"
        + b"\n"
        + b"Four,Text.,soon,,\n"
        + b"Five,Text.,,,\n"
    )

    assert titles(data) == ["One", "Five"]
    assert [(each.where, each.reason[:24]) for each in skipped(data)] == [
        ("news:4", "the row has 2 cells and "),
        ("news:5", "not UTF-8"),
        ("news:7", "Publish Date='soon' is n"),
    ]
    assert [record.where for record in records(data)][::4] == ["news:2", "news:8"]


def test_a_quote_that_is_never_closed_is_no_crash() -> None:
    data = HEADER + "One,Text.,,,\n" + 'Two,"Text,,,\n' * 50

    assert "One" in titles(data)


def test_a_cell_larger_than_any_article_is_skipped() -> None:
    data = HEADER + f"One,{'x' * 10_000_001},,,\nTwo,Text.,,,\n"

    assert [(each.where, each.reason) for each in skipped(data)] == [
        ("news:2", "the row cannot be read: field larger than field limit (10000000)")
    ]
    assert titles(data) == ["Two"]


def test_a_header_alone_has_no_articles() -> None:
    assert records(HEADER) == []


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (HEADER, "CSV"),
        ('"headline";"text"\n', "CSV"),
        ("url,title,date\n", "CSV"),
        ("Title, or not\nText", "plain text"),
        ("Author, source and text\nA report.", "plain text"),
        ("Date: today\n", "plain text"),
    ],
)
def test_csv_is_told_by_its_header(head: str, name: str) -> None:
    assert format_of(head) == name


def test_a_file_with_no_body_column_says_so_row_by_row() -> None:
    assert reason("url,title,date\nhttps://a.example,One,2025-03-02\n").startswith("body is missing")
