"""RSS and Atom from a file."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.ingest.sources.reading import article, reason, records, skipped, titles

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


def test_an_entry_with_only_a_teaser_comes_in_with_it() -> None:
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
