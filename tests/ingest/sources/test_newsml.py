"""NewsML-G2: messages and single items."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.ingest.sources.reading import article, reason, records, skipped, titles

NITF = """<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body>
<body.head><hedline><hl1>Ferry in NITF</hl1></hedline></body.head>
<body.content><p>The ferry to Orsay Point
sails again on <em>Monday</em>.</p><p>It was in dock for five weeks.</p></body.content></body></nitf></inlineXML>"""
XHTML = """<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>no</title></head>
<body><p>The ferry sails.</p><p>On Monday, it seems.</p></body></html></inlineXML>"""


def item(content: str = NITF, *, headline: str = "<headline>Ferry sails again</headline>", meta: str = "") -> str:
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:orsay:1" version="3" xml:lang="en-GB">
<rightsInfo><copyrightHolder literal="Orsay Wire"/><usageTerms>Not before noon.</usageTerms></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><provider literal="orsay"><name>Orsay Wire</name></provider>
<versionCreated>2025-03-02T12:00:00+01:00</versionCreated><firstCreated>2025-03-02T10:00:00+01:00</firstCreated>{meta}
<link rel="irel:seeAlso" href="https://no.example/"/><link rel="canonical" href="https://orsay.example/ferry"/></itemMeta>
<contentMeta><by>Ada Prow and Bo Stern</by><language tag="en"/><subject qcode="t:1"><name>Transport</name></subject>
{headline}</contentMeta><contentSet>{content}</contentSet></newsItem>"""


def message(*items: str) -> str:
    inner = "".join(items)
    return f"""<?xml version="1.0" encoding="UTF-8"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">
<header><sent>2025-03-02T12:00:00Z</sent></header><itemSet>{inner}</itemSet></newsMessage>"""


def test_an_item_with_nitf_inside_is_read() -> None:
    found = article(item())

    assert (found.title, found.outlet, found.section) == ("Ferry sails again", "Orsay Wire", "Transport")
    assert found.body == "The ferry to Orsay Point sails again on Monday.\n\nIt was in dock for five weeks."
    assert (found.authors, found.language) == (("Ada Prow", "Bo Stern"), "en")
    assert (found.url, found.rights) == ("https://orsay.example/ferry", "Not before noon.; © Orsay Wire")
    assert found.published_at == datetime(2025, 3, 2, 9, tzinfo=UTC)
    assert found.updated_at == datetime(2025, 3, 2, 11, tzinfo=UTC)


def test_an_item_with_xhtml_inside_is_read() -> None:
    assert article(item(XHTML)).body == "The ferry sails.\n\nOn Monday, it seems."


def test_inline_data_is_read_as_text_or_html() -> None:
    html = '<inlineData contenttype="text/html">&lt;p&gt;One &amp;amp; two.&lt;/p&gt;</inlineData>'

    assert article(item('<inlineData contenttype="text/plain">One &amp; two.</inlineData>')).body == "One & two."
    assert article(item(html)).body == "One & two."


def test_the_headline_may_stand_in_the_nitf() -> None:
    assert article(item(headline="")).title == "Ferry in NITF"


def test_a_message_is_read_item_by_item() -> None:
    data = message(item(), item("<remoteContent href='x.jpg'/>"), item(XHTML, headline="<headline>Two</headline>"))

    assert titles(data) == ["Ferry sails again", "Two"]
    assert [record.where for record in records(data)] == ["news#1", "news#2", "news#3"]
    assert skipped(data)[0].reason.startswith("body is missing")


def test_an_embargo_is_kept_with_its_moment() -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    assert article(item(meta=f"<embargoed>{tomorrow.isoformat()}</embargoed>")).embargoed_until == tomorrow
    assert reason(item(meta="<embargoed>soon</embargoed>")).startswith("embargoed_until='soon' is not a date")


def test_rights_that_end_are_an_expiry_where_they_are_the_only_ones() -> None:
    rights = "<rightsInfo validto='2025-09-01T00:00:00Z'><usageTerms>Until autumn.</usageTerms></rightsInfo>"
    plain = item().replace("<rightsInfo>", "<rightsInfo validto='2025-09-01T00:00:00Z'>")

    assert article(plain).expires_at == datetime(2025, 9, 1, tzinfo=UTC)
    assert article(plain.replace("</rightsInfo>", f"</rightsInfo>{rights}")).expires_at is None


def test_a_withheld_item_stays_out() -> None:
    assert reason(item(meta='<pubStatus qcode="stat:canceled"/>')) == "its publisher's status is canceled"
    assert article(item(meta='<pubStatus qcode="stat:usable"/>')).title == "Ferry sails again"


def test_a_message_cut_short_gives_the_items_before_the_cut() -> None:
    data = message(item(), item())[:-700]

    assert titles(data) == ["Ferry sails again"]
    assert skipped(data)[0].reason.startswith("broken XML: ")
    assert skipped(data)[0].reason.endswith("1 items before it were read")


@pytest.mark.parametrize(
    "declared",
    [
        '[<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]',
        '[<!ENTITY x SYSTEM "file:///etc/passwd">]',
        'SYSTEM "http://127.0.0.1/x.dtd"',
    ],
)
def test_document_types_and_entities_are_refused(declared: str) -> None:
    data = f"<?xml version='1.0'?><!DOCTYPE newsItem {declared}><newsItem>&b;&x;</newsItem>"

    assert reason(data) == "it has a document type or entities, which is not safe to read"


def test_a_message_without_items_says_so() -> None:
    assert reason(message()) == "a NewsML-G2 message without a newsItem"


def test_an_encoding_that_is_not_known_says_so() -> None:
    assert "encoding" in reason('<?xml version="1.0" encoding="utf-9000"?><newsItem/>')
