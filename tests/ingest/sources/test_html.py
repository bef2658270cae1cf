"""HTML pages: the story found among the rest, and what the page says of itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ingest.sources.html import decoded, html_record
from ingest.sources.record import Found
from tests.ingest.sources.reading import article, format_of, reason, records

STORY = (
    "<p>The ferry to Orsay Point sails again on Monday after five weeks in dock, the port said on Sunday evening.</p>"
    "<p>“She has a new engine and a new captain,” said Ada Prow, who runs the port. “Nobody will miss the old one.”</p>"
    "<p>Passengers had to take the bus around the bay, which took two hours and cost twice as much as the crossing.</p>"
)
BODY = [
    "The ferry to Orsay Point sails again on Monday after five weeks in dock, the port said on Sunday evening.",
    "“She has a new engine and a new captain,” said Ada Prow, who runs the port. “Nobody will miss the old one.”",
    "Passengers had to take the bus around the bay, which took two hours and cost twice as much as the crossing.",
]
LD = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "Not this"},
        {
            "@type": ["NewsArticle"],
            "headline": "Ferry sails &amp; sails",
            "datePublished": "2025-03-02T10:00:00+01:00",
            "dateModified": "2025-03-02T12:00:00+01:00",
            "author": [{"@type": "Person", "name": "Ada Quill"}, {"@type": "Person", "name": "Bo Stern"}],
            "publisher": {"@type": "Organization", "name": "The Orsay Bell"},
            "mainEntityOfPage": {"@id": "https://bell.example/ferry"},
            "articleSection": ["Transport", "Local"],
            "inLanguage": "en-GB",
        },
    ],
}
META = """
<meta property="og:title" content="Open ferry"><meta property="og:site_name" content="Open Bell">
<meta property="og:url" content="https://bell.example/open"><meta name="author" content="By Cy Fox and Di Gull">
<meta property="article:published_time" content="2025-03-01T08:00:00Z"><meta name="copyright" content="© Bell">
<meta property="article:modified_time" content="2025-03-01T09:00:00Z"><meta property="article:section" content="Sea">
"""


def page(head: str = "", before: str = "", story: str = STORY) -> str:
    menu = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(8))
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>Ferry | Bell</title>{head}</head><body><nav><ul>{menu}</ul></nav>'
        f"<main><article>{before}{story}</article></main><footer><p>Cookies. Contact.</p></footer></body></html>"
    )


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_the_story_comes_without_menu_and_footer_in_paragraphs() -> None:
    assert article(page("<h1>Ferry</h1>")).body.split("\n\n") == BODY


def test_json_ld_wins_over_meta() -> None:
    found = article(page(META + ld(LD)))

    assert (found.title, found.outlet, found.section) == ("Ferry sails & sails", "The Orsay Bell", "Transport")
    assert (found.authors, found.url) == (("Ada Quill", "Bo Stern"), "https://bell.example/ferry")
    assert found.published_at == datetime(2025, 3, 2, 9, tzinfo=UTC)
    assert found.updated_at == datetime(2025, 3, 2, 11, tzinfo=UTC)
    assert found.language == "en"


def test_open_graph_and_meta_are_read_where_there_is_no_json_ld() -> None:
    found = article(page(META))

    assert (found.title, found.outlet, found.section, found.rights) == ("Open ferry", "Open Bell", "Sea", "© Bell")
    assert (found.authors, found.url) == (("Cy Fox", "Di Gull"), "https://bell.example/open")
    assert found.published_at == datetime(2025, 3, 1, 8, tzinfo=UTC)
    assert found.updated_at == datetime(2025, 3, 1, 9, tzinfo=UTC)


def test_headline_time_and_canonical_link_are_read_from_the_page_itself() -> None:
    before = '<h1>Ferry sails again</h1><time datetime="2025-03-02T10:00:00Z">today</time>'

    found = article(page('<link rel="canonical" href="https://bell.example/c">', before))

    assert (found.title, found.url, found.language) == ("Ferry sails again", "https://bell.example/c", "en")
    assert found.published_at == datetime(2025, 3, 2, 10, tzinfo=UTC)


def test_the_title_element_is_the_last_resort_for_a_headline() -> None:
    assert article(page()).title == "Ferry | Bell"


def test_a_broken_json_ld_or_date_gives_way_to_the_next() -> None:
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
    odd = ld({"@type": "NewsArticle", "datePublished": "soon", "author": 5, "publisher": [], "headline": ["x"]})

    found = article(page(broken + odd + META))

    assert (found.title, found.outlet, found.authors) == ("Open ferry", "Open Bell", ("Cy Fox", "Di Gull"))
    assert found.published_at == datetime(2025, 3, 1, 8, tzinfo=UTC)


def test_where_a_page_was_fetched_is_its_address_when_it_states_none() -> None:
    relative = page('<link rel="canonical" href="/ferry">').encode()

    plain = html_record(page().encode(), where="w", url="https://bell.example/x")
    joined = html_record(relative, where="w", url="https://bell.example/x")

    assert isinstance(plain, Found)
    assert isinstance(joined, Found)
    assert (plain.article.url, joined.article.url) == ("https://bell.example/x", "https://bell.example/ferry")


def test_an_address_that_is_no_web_address_is_not_taken() -> None:
    head = '<link rel="canonical" href="javascript:alert(1)"><meta property="og:url" content="file:///etc/passwd">'

    assert article(page(head)).url is None


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<meta charset=windows-1251><p>Паром".encode("cp1251"), None),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Паром'.encode("cp1251"), None),
        ("<meta charset=utf-8><p>Паром".encode("cp1251"), "windows-1251"),
        ("<p>Паром".encode(), None),
        ("<p>Паром".encode("utf-8-sig"), "latin-1"),
        ("<meta charset=nonsense><p>Паром".encode(), "utf-9000"),
    ],
)
def test_the_charset_is_found(data: bytes, charset: str | None) -> None:
    assert decoded(data, charset).endswith("<p>Паром")


def test_one_damaged_byte_leaves_the_rest_of_a_page_as_it_is() -> None:
    assert decoded(("é" * 300).encode() + b"\xff") == "é" * 300 + "\ufffd"
    assert decoded("“café”".encode("cp1252")) == "“café”"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("<!doctype html><html><body>" + STORY, "no headline: neither JSON-LD, og:title, <h1> nor <title>"),
        ("<html><head><title>Nothing</title></head><body></body></html>", "no article text in the page"),
        ("<!doctype html>", "no"),
    ],
)
def test_a_page_that_is_no_article_says_why(data: str, message: str) -> None:
    assert reason(data).startswith(message)


def test_markup_nested_without_end_is_no_crash() -> None:
    deep = "<!doctype html><title>Deep</title>" + "<div>" * 50_000 + "words " * 50

    assert format_of(deep) == "HTML"
    assert len(records(deep)) == 1


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("\n<!-- x --><!DOCTYPE HTML PUBLIC '-//W3C'><HTML>", "HTML"),
        ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "HTML"),
        ('<?xml version="1.0"?><kml>', "XML of other kinds"),
        ('<?xml version="1.0"?><!-- a --><rss version="2.0">', "RSS, Atom"),
        ("<p>A fragment.", "HTML"),
        ("<3 from the ferry\ntext", "plain text"),
    ],
)
def test_html_is_told_by_its_root(head: str, name: str) -> None:
    assert format_of(head) == name
