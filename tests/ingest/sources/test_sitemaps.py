"""News sitemaps and indexes of them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from ingest.sources.record import Elsewhere, Linked, Skipped
from tests.ingest.sources.reading import WHERE, format_of, reads, reason, skipped

SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
NEWS = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset {SPACES}>
<url><loc> https://bell.example/ferry </loc><lastmod>2025-03-02T11:30:00+01:00</lastmod>
<news:news><news:publication><news:name>The Orsay Bell</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2025-03-02T10:00:00+01:00</news:publication_date>
<news:title>Ferry &amp; pier</news:title></news:news>
<image:image><image:loc>https://bell.example/ferry.jpg</image:loc></image:image></url>
<url><loc>https://bell.example/plain</loc></url>
</urlset>"""
INDEX = f"""<sitemapindex {SPACES}>
<sitemap><loc>https://bell.example/march.xml.gz</loc><lastmod>2025-03-02</lastmod></sitemap>
<sitemap><loc>https://bell.example/april.xml</loc></sitemap>
</sitemapindex>"""


def test_a_news_sitemap_gives_each_page_with_what_it_says_of_it() -> None:
    first, second = reads(NEWS)

    assert isinstance(first, Linked)
    said = first.said
    assert (first.where, first.url) == (f"{WHERE}#1", "https://bell.example/ferry")
    assert (said.title, said.outlet, said.language, said.body) == ("Ferry & pier", "The Orsay Bell", "en", "")
    assert said.published_at == datetime(2025, 3, 2, 9, tzinfo=UTC)
    assert said.updated_at == datetime(2025, 3, 2, 10, 30, tzinfo=UTC)
    assert isinstance(second, Linked)
    assert (second.url, second.said.title, second.said.published_at) == ("https://bell.example/plain", "", None)


def test_an_index_gives_its_sitemaps() -> None:
    assert reads(INDEX) == [
        Elsewhere(f"{WHERE}#1", "https://bell.example/march.xml.gz", "2025-03-02"),
        Elsewhere(f"{WHERE}#2", "https://bell.example/april.xml", None),
    ]


def test_a_packed_sitemap_is_read() -> None:
    assert reads(gzip.compress(NEWS.encode())) == reads(NEWS)


def test_a_sitemap_in_a_file_says_what_would_fetch_its_pages() -> None:
    assert [each.where for each in skipped(NEWS)] == [
        f"{WHERE}#1 (https://bell.example/ferry)",
        f"{WHERE}#2 (https://bell.example/plain)",
    ]
    assert "ONRECORD_FETCH__FOLLOW_FILES=true" in skipped(NEWS)[0].reason
    assert "a sitemap in an index" in skipped(INDEX)[0].reason


@pytest.mark.parametrize("loc", ["", "ftp://bell.example/x", "javascript:alert(1)", "file:///etc/passwd", "/ferry"])
def test_an_entry_without_a_web_address_is_skipped_alone(loc: str) -> None:
    first, second = reads(NEWS.replace(" https://bell.example/ferry ", loc))

    assert isinstance(first, Skipped)
    assert "is not an http or https address" in first.reason
    assert isinstance(second, Linked)


def test_a_date_that_cannot_be_read_is_named_with_its_page() -> None:
    first, second = reads(NEWS.replace("2025-03-02T10:00:00+01:00", "the day before"))

    assert isinstance(first, Skipped)
    assert first.where == f"{WHERE}#1 (https://bell.example/ferry)"
    assert "published_at='the day before' is not a date" in first.reason
    assert isinstance(second, Linked)


def test_a_sitemap_cut_short_gives_the_pages_before_the_cut() -> None:
    first, second = reads(NEWS[: NEWS.index("<url><loc>https://bell.example/plain") + 20])

    assert isinstance(first, Linked)
    assert isinstance(second, Skipped)
    assert second.where == f"{WHERE}:8"
    assert second.reason.startswith("broken XML")
    assert second.reason.endswith("1 entries before it were read")


def test_an_entity_bomb_is_refused() -> None:
    bomb = f'<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{NEWS.partition("?>")[2]}'.replace(
        "Ferry &amp;", "&b;"
    )

    assert reason(bomb) == "it has a document type or entities, which is not safe to read"


def test_a_sitemap_without_entries_says_so() -> None:
    assert reason(f"<urlset {SPACES}></urlset>") == "a sitemap without entries"


def test_other_xml_is_not_taken_for_a_sitemap() -> None:
    assert format_of('<?xml version="1.0"?><urls><url/></urls>') == "XML of other kinds"
    assert format_of(INDEX) == format_of(NEWS) == "sitemap"
