"""RSS and Atom: what an entry gives, and whether that is the article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.sources.record import Found, Linked, Read
from ingest.splitting import clean
from rag.settings import IngestSettings
from tests.ingest.sources.reading import article, reads, reason, records, skipped, titles

TEXT = "The ferry to Orsay Point sails again on Monday."
RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Orsay Bell</title><link>https://bell.example</link><language>en-gb</language><copyright>© Bell</copyright>
<item><title>Ferry &amp;amp; pier</title><link>https://bell.example/ferry</link><dc:creator>Ada Quill and Bo Stern</dc:creator>
<pubDate>Sun, 02 Mar 2025 10:00:00 +0100</pubDate><category>Transport</category><description>A teaser.</description>
<content:encoded><![CDATA[<p>{TEXT}</p><img src="x.png">
<p>It was in dock &#8211; five weeks.</p><script>no()</script>]]></content:encoded></item>
<item><title>Pier to close</title><guid isPermaLink="true">https://bell.example/pier</guid>
<description>The pier closes.</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Die Glocke</title>
<entry><title type="html">Fähre &lt;b&gt;fährt&lt;/b&gt;</title><link rel="alternate" href="https://glocke.example/1"/>
<id>urn:1</id><author><name>Ada Kiel</name></author><author><name>Kiel, Bo</name></author>
<published>2025-03-02T10:00:00Z</published><updated>2025-03-02T12:00:00Z</updated><rights>frei</rights>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{TEXT}</p></div></content></entry></feed>"""


def test_an_rss_entry_is_read_with_its_full_content() -> None:
    first = records(RSS)[0]

    assert first.where == "news#1"
    assert titles(RSS) == ["Ferry & pier", "Pier to close"]


def test_content_wins_over_the_summary_and_loses_its_markup() -> None:
    data = RSS[: RSS.index("<item><title>Pier")] + "</channel></rss>"

    found = article(data)

    assert found.body == f"{TEXT}\n\nIt was in dock – five weeks."
    assert (found.outlet, found.url, found.section) == ("The Orsay Bell", "https://bell.example/ferry", "Transport")
    assert (found.authors, found.language, found.rights) == (("Ada Quill", "Bo Stern"), "en", "© Bell")
    assert found.published_at == datetime(2025, 3, 2, 9, tzinfo=UTC)


def test_an_entry_of_a_file_with_only_a_teaser_comes_in_with_it() -> None:
    data = RSS[: RSS.index("<item><title>Ferry")] + RSS[RSS.index("<item><title>Pier") :]

    assert (article(data).body, article(data).url) == ("The pier closes.", "https://bell.example/pier")
    assert article(data).published_at is None


def test_an_atom_entry_is_read() -> None:
    found = article(ATOM)

    assert (found.title, found.body, found.outlet) == ("Fähre fährt", TEXT, "Die Glocke")
    assert (found.authors, found.url) == (("Ada Kiel", "Kiel, Bo"), "https://glocke.example/1")
    assert (found.language, found.rights) == ("de", "frei")
    assert found.published_at == datetime(2025, 3, 2, 10, tzinfo=UTC)
    assert found.updated_at == datetime(2025, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2025-03-02T10:00:00", "2025-03-02T10:00:00+01:00"),
        ("2025-03-02", "2025-03-02T00:00:00+01:00"),
        ("Sun, 02 Mar 2025 10:00:00", "2025-03-02T10:00:00+01:00"),
        ("Sun Mar 2 10:00:00 2025", "2025-03-02T10:00:00+01:00"),
        ("Sun, 02 Mar 2025 10:00:00 GMT", "2025-03-02T10:00:00+00:00"),
        ("Sun, 02 Mar 2025 10:00:00 -0500", "2025-03-02T10:00:00-05:00"),
        ("Sun, 02 Mar 2025 10:00:00 ET", "2025-03-02T15:00:00+00:00"),
        ("Sun, 02 Mar 2025 10:00:00 AEST", "2025-03-02T10:00:00+01:00"),
        ("2025-03-02T24:00:00Z", "2025-03-03T00:00:00+00:00"),
    ],
)
def test_a_date_without_a_zone_or_in_one_that_nobody_knows_is_on_the_outlets_clock(written: str, stored: str) -> None:
    data = RSS.replace("Sun, 02 Mar 2025 10:00:00 +0100", written)
    settings = IngestSettings(outlet_timezones={"The Orsay Bell": "Europe/Paris"})

    (full,) = (read.article for read in reads(data) if isinstance(read, Found))
    published = clean(full, settings).published_at

    assert published is not None
    assert published.isoformat() == stored


@pytest.mark.parametrize("written", ["2025", "2025-03", "1740909600", "03/04/2025"])
def test_a_date_that_leaves_something_out_is_not_filled_in(written: str) -> None:
    data = RSS.replace("Sun, 02 Mar 2025 10:00:00 +0100", written)

    assert skipped(data)[0].reason.startswith(f"published_at={written!r}")


def test_an_entry_without_a_title_or_a_text_is_skipped_alone() -> None:
    data = RSS.replace("<title>Ferry &amp;amp; pier</title>", "")

    assert titles(data) == ["Pier to close"]
    assert [(each.where, each.reason[:16]) for each in skipped(data)] == [("news#1", "title is missing")]


def test_a_feed_cut_short_gives_the_entries_before_the_cut() -> None:
    assert "Ferry & pier" in titles(RSS[: RSS.index("<description>The pier")])


def test_a_feed_without_entries_says_so() -> None:
    assert reason("<rss><channel><title>x</title></channel></rss>").startswith("a feed without entries")


def test_an_entity_bomb_is_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss>&b;</rss>'

    assert reason(bomb) == "it declares XML entities, which is not safe to read"


def entry(content: str, *, link: str = "<link>https://bell.example/a</link>") -> Read:
    feed = f"<rss version='2.0'><channel><title>Bell</title><item><title>Ferry</title>{link}{content}</item></channel></rss>"
    (found,) = reads(feed)
    return found


def encoded(text: str) -> str:
    return f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>{text}</content:encoded>"


LONG = " ".join(["The ferry sails again on Monday, its owner said."] * 30)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "nothing but a headline"),
        (f"<description>{TEXT}</description>", "a summary"),
        (f"<description>{LONG} …</description>", "a long text that is cut"),
        (f"<description>{LONG} [...] Continue reading</description>", "a cut with a link's words after it"),
        (f"<description>{TEXT}</description>{encoded(TEXT)}", "the summary again as the content"),
        (f"<description>{TEXT}</description>{encoded(LONG + ' [&amp;#8230;]')}", "content that is cut"),
    ],
)
def test_a_teaser_is_a_link_to_its_page(content: str, why: str) -> None:
    found = entry(content)

    assert isinstance(found, Linked), why
    assert (found.url, found.said.title, found.said.outlet) == ("https://bell.example/a", "Ferry", "Bell")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (f"<description>{LONG}</description>", "a summary of the length of an article"),
        (f"<description>A teaser.</description>{encoded(TEXT)}", "content beside a shorter summary"),
        (encoded(LONG), "content alone"),
        (f"<description>{LONG}</description>{encoded(LONG)}", "the article in both places"),
    ],
)
def test_full_content_is_the_article(content: str, why: str) -> None:
    assert isinstance(entry(content), Found), why


def test_a_teaser_without_an_address_comes_in_as_it_is() -> None:
    assert isinstance(entry(f"<description>{TEXT}</description>", link=""), Found)
