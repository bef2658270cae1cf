"""Addresses that open an article at the cited words: what is encoded is the words, and nothing but http leads out."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.links import link_to, reader_link
from rag.domain import Article, Span
from tests.api.checking import SUMMIT, ask

MARK = "#:~:text="
ARTICLE = Article("a1", "A lamp", "Before. The lamp burns, red-hot & bright. After.", url="https://paper.example/a?b=1")
LETTERS = st.characters(exclude_categories=("Cs", "Cc"))
WORDS = st.lists(
    st.text(st.sampled_from("ab-,&=#?%+/“”’é😀") | LETTERS, min_size=1, max_size=8), min_size=1, max_size=30
)


def directive(address: str) -> str:
    """What stands behind the mark of a text fragment."""
    assert address.count(MARK) == 1
    return address.partition(MARK)[2]


def test_a_short_quote_is_encoded_whole() -> None:
    address = link_to(ARTICLE, Span(8, 41))

    assert address == "https://paper.example/a?b=1#:~:text=The%20lamp%20burns%2C%20red%2Dhot%20%26%20bright."
    assert unquote(directive(address)) == "The lamp burns, red-hot & bright."


@given(WORDS, st.text(LETTERS, max_size=20), st.text(LETTERS, max_size=20))
def test_decoding_a_fragment_gives_the_words_back(words: list[str], before: str, after: str) -> None:
    quote = " ".join(words)
    article = replace(ARTICLE, body=f"{before} {quote} {after}")

    address = link_to(article, Span(len(before) + 1, len(before) + 1 + len(quote)))

    # White space of every kind is one blank there: browsers match it so.
    start, comma, end = directive(address).partition(",")
    folded = " ".join(quote.split())
    if comma:
        assert folded.startswith(unquote(start))
        assert folded.endswith(unquote(end))
        assert len(folded) > len(unquote(start))
    else:
        assert unquote(start) == folded


@given(WORDS)
def test_what_has_a_meaning_in_a_fragment_is_encoded(words: list[str]) -> None:
    body = " ".join(words)

    fragment = directive(link_to(replace(ARTICLE, body=body), Span(0, len(body))))

    assert fragment.isascii()
    assert not set(fragment) & set("-&#?=+/ \n\"'<>")
    assert fragment.count(",") <= 1


def test_a_long_quote_names_its_first_and_its_last_words() -> None:
    body = "one two three four five six seven eight nine ten eleven twelve"

    assert directive(link_to(replace(ARTICLE, body=body), Span(0, len(body)))) == (
        "one%20two%20three%20four%20five,eight%20nine%20ten%20eleven%20twelve"
    )


def test_a_quote_of_two_paragraphs_is_named_to_its_end() -> None:
    body = "“It rained.\n“It rained again for the whole of the long and miserable night,” she said."

    start, comma, end = directive(link_to(replace(ARTICLE, body=body), Span(0, len(body)))).partition(",")

    assert comma
    assert unquote(start).startswith("“It rained.")
    assert unquote(end).endswith("she said.")


def test_a_fragment_of_the_publishers_own_is_replaced() -> None:
    address = link_to(replace(ARTICLE, url="https://paper.example/a#comments"), Span(8, 16))

    assert address == "https://paper.example/a#:~:text=The%20lamp"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)//https://paper.example",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "//evil.example/x",
        "paper.example/a",
        "",
        None,
    ],
)
def test_an_address_that_is_not_http_never_goes_out(url: str | None) -> None:
    assert link_to(replace(ARTICLE, url=url), Span(8, 16)) == "/articles/a1?revision=1&start=8&end=16"


@given(st.text(max_size=40))
def test_a_link_is_http_or_our_own_whatever_the_address(url: str) -> None:
    try:
        address = link_to(replace(ARTICLE, url=url), Span(8, 16))
    except ValueError:  # what urlsplit refuses is refused at the door
        return

    assert urlsplit(address).scheme in ("http", "https") or address.startswith("/articles/a1?")


@given(st.text(min_size=1), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_reader_link_gives_back_what_it_was_made_of(article_id: str, one: int, other: int) -> None:
    start, end = sorted((one, other))

    address = reader_link(replace(ARTICLE, id=article_id), Span(start, end))

    parts = urlsplit(address)
    assert unquote(parts.path.removeprefix("/articles/")) == article_id
    assert parse_qs(parts.query) == {"revision": ["1"], "start": [str(start)], "end": [str(end)]}


def test_a_reader_link_without_a_span_opens_the_article() -> None:
    assert reader_link(ARTICLE) == "/articles/a1"


def test_every_link_of_an_answer_leads_to_its_own_article(client: httpx.Client) -> None:
    citations = ask(client, {"question": SUMMIT}).answer["citations"]

    assert citations
    for citation in citations:
        page, mark, fragment = citation["link"].partition(MARK)
        assert (page, mark) == (citation["article"]["url"], MARK)
        assert all(unquote(part) in citation["quote"] for part in fragment.split(","))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://paper.example/x"])
def test_an_article_at_such_an_address_is_not_stored(url: str, editor: httpx.Client) -> None:
    fields = {"title": "A lamp", "body": "The lamp on the corner was lit at seven.", "url": url}

    assert editor.put("/v1/articles/lamp-elsewhere", json=fields).status_code == 422
    assert editor.get("/v1/articles/lamp-elsewhere").status_code == 404
