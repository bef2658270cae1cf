"""Markdown: the headline or the front matter, and the marks taken out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.sources.markdown import plain
from tests.ingest.sources.reading import article, format_of, reason


def test_the_heading_is_the_headline() -> None:
    found = article("\ufeff# Ferry *sails* again #\r\n\r\nThe ferry sails on Monday.\r\n\r\nIt was in dock.\r\n")

    assert (found.title, found.body) == ("Ferry sails again", "The ferry sails on Monday.\n\nIt was in dock.")


def test_front_matter_gives_the_fields() -> None:
    found = article(
        "---\ntitle: 'Ferry sails: again'\ndate: 2025-03-02T10:00:00Z\nauthors:\n  - Ada Prow\n  - \"Bo Stern\"\n"
        "outlet: The Orsay Bell  # ours\nlang: en\nurl: https://orsay.example/ferry\nlayout: post\n---\n\nIt sails on Monday.\n"
    )

    assert (found.title, found.outlet, found.language) == ("Ferry sails: again", "The Orsay Bell", "en")
    assert found.authors == ("Ada Prow", "Bo Stern")
    assert found.published_at == datetime(2025, 3, 2, 10, tzinfo=UTC)
    assert (found.url, found.body) == ("https://orsay.example/ferry", "It sails on Monday.")


def test_a_heading_after_front_matter_without_a_title_is_the_headline() -> None:
    found = article("---\nauthor: [Ada Prow, Bo Stern]\n---\n# Ferry sails\nOn Monday.")

    assert (found.title, found.body, found.authors) == ("Ferry sails", "On Monday.", ("Ada Prow", "Bo Stern"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("see [the port](https://a.example/x_(y)) now", "see the port now"),
        ("[the port][1]\n\n[1]: https://a.example", "the port"),
        ("a ![gull](g.png) flew", "a  flew"),
        ("[![gull](g.png) the gull](g.html)", "the gull"),
        ("**bold**, *slanted*, ***both***, __bold__, _slanted_, ~~gone~~", "bold, slanted, both, bold, slanted, gone"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("## Heading ##\ntext", "Heading\ntext"),
        ("> He said so.\n> Twice.", "He said so.\nTwice."),
        ("- one\n* two\n3. three", "one\ntwo\nthree"),
        ("a\n\n---\n\nb", "a\n\n\n\nb"),
        ("`code` and <https://a.example> and <b>bold</b><!-- no -->", "code and https://a.example and bold"),
        (r"1\. not a list, \*no emphasis\*", "1. not a list, *no emphasis*"),
        ("Profits rose 5-10 % at AT&T <3", "Profits rose 5-10 % at AT&T <3"),
    ],
)
def test_the_marks_are_taken_out_and_the_words_stay(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("---\ntitle: x\nno end", "its front matter has no end"),
        ("# Only a headline\n", "body is missing"),
        ("---\nauthor: Ada\n---\n\nText without a headline.", "title is missing"),
        ("---\ntitle: x\ndate: soon\n---\nText.", "date='soon' is not a date"),
        (b"# Caf\xe9\n\nIt closed.", "not UTF-8: byte 5 is 0xe9"),
    ],
)
def test_a_file_that_is_no_article_says_why(data: str | bytes, message: str) -> None:
    assert reason(data).startswith(message)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("---\nauthor: x\n---\ntext", "Markdown"),
        ("---\n\nA line of dashes.", "plain text"),
        ("#1 in the table\ntext", "plain text"),
        ("# Heading\ntext", "Markdown"),
    ],
)
def test_markdown_is_told_from_plain_text(head: str, name: str) -> None:
    assert format_of(head) == name
