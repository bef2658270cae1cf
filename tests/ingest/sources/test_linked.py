"""What a feed says and what the page says, put together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.sources.linked import page_record
from ingest.sources.record import Found, Linked, Skipped
from rag.domain import Article

URL = "https://bell.example/ferry"
STORY = "The ferry to Orsay Point sails again on Monday after five weeks in dock, its owner said in the harbour office."
PAGE = f"""<!doctype html><html lang="fr"><head><title>Ferry sails | Bell</title>
<meta property="og:site_name" content="Bell online"><meta name="author" content="Desk">
<meta property="article:published_time" content="2025-03-02T08:00:00Z">
<meta property="article:modified_time" content="2025-03-03T08:00:00Z">
<link rel="canonical" href="https://www.bell.example/ferry-sails"></head>
<body><article><h1>Ferry sails</h1><p>{STORY}</p><p>{STORY.upper()}</p></article></body></html>"""
SAID = Article(
    id="",
    title="Ferry and pier",
    body="A teaser.",
    url=URL,
    outlet="The Orsay Bell",
    authors=("Ada Quill",),
    published_at=datetime(2025, 3, 2, 9, tzinfo=UTC),
    updated_at=datetime(2025, 3, 2, 10, tzinfo=UTC),
    language="en",
)


def read(said: Article, page: str | bytes = PAGE, content_type: str = "text/html", url: str = URL) -> Found | Skipped:
    data = page.encode() if isinstance(page, str) else page
    return page_record(Linked("feed#1", said), data, url=url, content_type=content_type, charset="utf-8")


def article(said: Article, page: str = PAGE, url: str = URL) -> Article:
    record = read(said, page, url=url)
    assert isinstance(record, Found)
    return record.article


def test_what_the_source_states_wins_and_the_text_is_the_pages() -> None:
    found = article(SAID)

    assert (found.title, found.outlet, found.authors) == ("Ferry and pier", "The Orsay Bell", ("Ada Quill",))
    assert found.published_at == datetime(2025, 3, 2, 9, tzinfo=UTC)
    assert STORY in found.body
    assert "teaser" not in found.body


def test_what_the_source_does_not_state_is_the_pages() -> None:
    found = article(Article(id="", title="", body="", url=URL))

    assert (found.title, found.outlet, found.authors) == ("Ferry sails", "Bell online", ("Desk",))
    assert found.published_at == datetime(2025, 3, 2, 8, tzinfo=UTC)


def test_a_correction_of_the_page_alone_is_seen_in_its_date() -> None:
    assert article(SAID).updated_at == datetime(2025, 3, 3, 8, tzinfo=UTC)


def test_the_pages_own_language_is_believed() -> None:
    assert article(SAID).language == "fr"


def test_a_page_may_name_another_address_of_its_site_but_not_of_another() -> None:
    foreign = PAGE.replace("https://www.bell.example/ferry-sails", "https://courier.example/their-scoop")

    assert article(SAID).url == "https://www.bell.example/ferry-sails"
    assert article(SAID, foreign).url == URL


def test_a_page_that_redirects_has_the_address_at_the_end() -> None:
    page = PAGE.replace('<link rel="canonical" href="https://www.bell.example/ferry-sails">', "")

    assert article(SAID, page, url="https://new.example/ferry").url == "https://new.example/ferry"


@pytest.mark.parametrize(
    ("data", "content_type", "says"),
    [
        (b"%PDF-1.7 ...", "application/pdf", "not HTML (content-type: application/pdf)"),
        (b'{"title": "x"}', "application/json", "not HTML (content-type: application/json)"),
        (b"\x89PNG\r\n\x1a\n", "text/html", "not HTML (content-type: text/html)"),
        (b" \n", "text/html", "its page is empty"),
        (b"<!doctype html><title>x</title>", "text/html", "no article text in the page"),
    ],
)
def test_a_page_that_is_no_article_is_skipped_with_its_address(data: bytes, content_type: str, says: str) -> None:
    record = read(SAID, data, content_type)

    assert isinstance(record, Skipped)
    assert record.where == URL
    assert says in record.reason


def test_html_that_is_sent_as_something_else_is_read() -> None:
    assert isinstance(read(SAID, PAGE, "application/octet-stream"), Found)
