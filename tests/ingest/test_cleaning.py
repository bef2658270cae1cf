"""The text as it is stored, and the id that it is found again by."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ingest.cleaning import article_id, canonical_url, clean_article, clean_line, clean_text
from ingest.mending import mend
from rag.domain import Article
from rag.errors import ArticleError
from tests.newsroom import BRIDGE

TEXTS = st.text() | st.text(
    alphabet=st.sampled_from(list("ab é.\n\r\t\u00a0\u200b\u200d\u2028\x00\x85\u0301\u00ad\ufeff\U000e0041")),
    max_size=60,
)
INVISIBLE = "\x00\x07\x7f\x9f\u00ad\u200b\u200e\u202e\u2060\u2066\ufeff\U000e0041"


@given(TEXTS)
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    once = clean_text(text)

    assert clean_text(once) == once


@given(TEXTS)
def test_clean_text_has_no_edge_no_run_of_blanks_and_nothing_invisible(text: str) -> None:
    cleaned = clean_text(text)

    assert cleaned == cleaned.strip()
    assert not any(run in cleaned for run in ("  ", " \n", "\n ", "\n\n\n", "\r", "\t", "\u00a0"))
    assert not set(cleaned) & set(INVISIBLE)


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P"])))
def test_visible_characters_are_kept_but_for_their_composition(text: str) -> None:
    assume(mend(text) == text)

    assert clean_text(text) == unicodedata.normalize("NFC", text)


def test_paragraphs_stay_apart() -> None:
    assert clean_text("One\r\n\r\n\r\n\r\nTwo \r Three\u2029Four\x0cFive") == "One\n\nTwo\nThree\nFour\nFive"


@pytest.mark.parametrize("character", INVISIBLE)
def test_what_cannot_be_seen_is_taken_out(character: str) -> None:
    assert clean_text(f"Mer{character}kel spoke") == "Merkel spoke"


def test_joiners_that_scripts_need_are_kept() -> None:
    assert clean_text("می\u200cخواهم 👩\u200d🚒") == "می\u200cخواهم 👩\u200d🚒"


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert clean_text("a\ud800b") == "a\ufffdb"


def test_a_line_has_no_breaks_and_nothing_left_is_none() -> None:
    assert clean_line(" A\n\nheadline\u200b ") == "A headline"
    assert clean_line(" \u200b\n") is None
    assert clean_line(None) is None


# --- addresses and ids -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://Harbour.EXAMPLE:443/Bridge#comments", "https://harbour.example/Bridge"),
        ("http://harbour.example:8080", "http://harbour.example:8080/"),
        ("https://harbour.example./a?id=7&utm_source=x&fbclid=y&UTM_medium=z", "https://harbour.example/a?id=7"),
        (" https://harbour.example/a?b=&a=1&b=2 ", "https://harbour.example/a?b=&a=1&b=2"),
    ],
)
def test_an_address_loses_what_does_not_tell_articles_apart(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize("port", ["99999", "x"])
def test_a_port_that_is_none_is_the_records_fault(port: str) -> None:
    with pytest.raises(ArticleError, match="port"):
        canonical_url(f"https://harbour.example:{port}/a")


def test_an_ipv6_address_keeps_its_brackets() -> None:
    assert canonical_url("http://[2001:db8::1]:8080/a") == "http://[2001:db8::1]:8080/a"


@pytest.mark.parametrize(
    "url", ["https://[harbour/a", "https://harbour.example/\ud800", "https://harbour.example/?q=\ud800"]
)
def test_an_address_that_cannot_be_one_is_the_records_fault(url: str) -> None:
    with pytest.raises(ArticleError):
        clean_article(replace(BRIDGE, id="", url=url), max_chars=10_000)


@pytest.mark.parametrize(
    "url",
    [
        "http://harbour.example/bridge",
        "https://harbour.example/bridge/",
        "https://HARBOUR.example/bridge?utm_campaign=spring",
        "https://harbour.example:443/bridge?fbclid=1#top",
    ],
)
def test_one_article_has_one_id_whatever_way_its_address_is_written(url: str) -> None:
    assert article_id(replace(BRIDGE, url=url)) == article_id(BRIDGE)


@pytest.mark.parametrize(
    "url",
    ["https://harbour.example/Bridge", "https://harbour.example/bridge?page=2", "https://www.harbour.example/bridge"],
)
def test_another_address_has_another_id(url: str) -> None:
    assert article_id(replace(BRIDGE, url=url)) != article_id(BRIDGE)


def test_without_an_address_outlet_title_and_day_make_the_id() -> None:
    base = replace(BRIDGE, url=None)

    same = replace(
        base, body="Another body.", title=base.title.upper(), published_at=datetime(2025, 3, 4, 23, tzinfo=UTC)
    )
    others = [
        replace(base, title="Another"),
        replace(base, outlet="Another"),
        replace(base, published_at=datetime(2025, 3, 5, tzinfo=UTC)),
        replace(base, published_at=None),
    ]

    assert article_id(same) == article_id(base)
    assert len({article_id(each) for each in [base, *others]}) == 5


@pytest.mark.parametrize(
    "text", ["Mer\u200dkel spoke", "Mer\u200ckel spoke", "\u200dMerkel spoke\u200c", "Merkel\u200d spoke"]
)
def test_joiners_that_join_nothing_are_taken_out(text: str) -> None:
    assert clean_text(text) == "Merkel spoke"


@pytest.mark.parametrize("mark", "\u061c\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")
def test_no_mark_can_turn_the_direction_of_what_follows(mark: str) -> None:
    assert clean_text(f"paid {mark}001 euros") == "paid 001 euros"


def test_what_was_damaged_and_hidden_at_once_is_mended_in_one_go() -> None:
    assert clean_text("&am\u200bp;amp;quot;We\u00adll&quot;") == '"Well"'


# --- articles --------------------------------------------------------------------------------------------------


def test_a_cleaned_article_cleans_to_itself() -> None:
    once = clean_article(
        replace(BRIDGE, id="", title=" A\u200b  title ", authors=(" Jo\nMarsh ", "\u200b")), max_chars=9999
    )

    assert (once.title, once.authors) == ("A title", ("Jo Marsh",))
    assert clean_article(once, max_chars=9999) == once


LEAD = "The council of Lower Fenwick voted on Tuesday to rebuild the old bridge before the winter sets in"


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        (f"{LEAD}.", f"{LEAD}."),
        (f"{LEAD}, and to pay for it from the harbour dues.", f"{LEAD}, and to pay for it…"),
        ("a" * 150 + ".", "a" * 120 + "…"),
    ],
    ids=["whole", "cut after a word", "one long word"],
)
def test_a_long_body_without_a_title_has_its_first_sentence_for_one(sentence: str, title: str) -> None:
    body = sentence + " Work begins in spring." * 20

    cleaned = clean_article(replace(BRIDGE, title=" \u200b ", body=body), max_chars=9999)

    assert cleaned.title == title
    assert clean_article(cleaned, max_chars=9999) == cleaned


@given(
    st.lists(
        st.sampled_from(
            [
                "When: May",
                "May Where: The hall",
                "The hall Read more: A headline",
                "A headline More: Ten",
                "CNN —",
                "Jo Marsh",
                "Reuters",
                "A fare source. Source: Agencies",
                "Read more: A headline",
                "A story of several words.",
                "",
                "RELATED:",
                "Share",
                "“Sign up,” he said.",
            ]
        )
    )
)
def test_an_article_cleans_to_itself_whatever_lines_it_has(lines: list[str]) -> None:
    article = replace(BRIDGE, body="\n".join([*lines, BRIDGE.body, *lines]))

    once = clean_article(article, max_chars=9999)

    assert clean_article(once, max_chars=9999) == once


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Bridge to be rebuilt | The Harbour Courier", "Bridge to be rebuilt"),
        ("Bridge to be rebuilt | the harbour courier | The Harbour Courier", "Bridge to be rebuilt"),
        ("Bridge to be rebuilt | CNN Politics", "Bridge to be rebuilt"),
        ("Bridge to be rebuilt | CNN ...", "Bridge to be rebuilt"),
        ("Bridge to be rebuilt | The Week UK", "Bridge to be rebuilt"),
        ("Bridge to be rebuilt | Mary Marsh", "Bridge to be rebuilt | Mary Marsh"),
        ("Why we left | CNN is not amused", "Why we left | CNN is not amused"),
        ("Bridge to be rebuilt | Island Gazette", "Bridge to be rebuilt"),
        ("Bridge to be rebuilt | The ...", "Bridge to be rebuilt"),
        ("Bridge to be rebuilt | harbour.example", "Bridge to be rebuilt"),
        ("Live | Harbour vote", "Live | Harbour vote"),
        ("Bridge to be rebuilt | what we know so far", "Bridge to be rebuilt | what we know so far"),
        ("Inside the Harbour Courier", "Inside the Harbour Courier"),
        ("| CNN", "| CNN"),
    ],
)
def test_a_title_loses_the_name_of_its_outlet(title: str, headline: str) -> None:
    cleaned = clean_article(replace(BRIDGE, title=title, outlet="The Harbour Courier"), max_chars=9999)

    assert cleaned.title == headline
    assert clean_article(cleaned, max_chars=9999) == cleaned


def test_a_list_that_was_cut_up_is_put_right_before_lines_go() -> None:
    body = f"{BRIDGE.body}\n\nWhen: Friday\n\nFriday Where: The hall\n\nThe hall Read more: A headline\n\nThe end."

    cleaned = clean_article(replace(BRIDGE, body=body), max_chars=9999)

    assert cleaned.body == f"{BRIDGE.body}\n\nWhen: Friday\n\nWhere: The hall\n\nThe end."


def test_a_page_of_boilerplate_is_no_article() -> None:
    body = "Advertisement\n\nSign up for our newsletter and never miss a thing\n\nThis site uses cookies to work well."

    with pytest.raises(ArticleError, match="no story") as refused:
        clean_article(replace(BRIDGE, body=body), max_chars=9999)

    assert refused.value.kind == "boilerplate"


def test_a_given_id_is_kept() -> None:
    assert clean_article(BRIDGE, max_chars=9999).id == "bridge"


@pytest.mark.parametrize(
    ("article", "message", "field"),
    [
        (replace(BRIDGE, title=" \u200b "), "title is empty", "title"),
        (replace(BRIDGE, body=" \n\u200b "), "body is empty", "body"),
        (replace(BRIDGE, body="Hello"), "body has 1 words; an article has at least 5", "body"),
        (replace(BRIDGE, body="a " * 600), r"body has 1,199 characters; at most 1,000 \(ONRECORD_INGEST__MAX", "body"),
    ],
)
def test_what_is_no_article_is_refused_by_field(article: Article, message: str, field: str) -> None:
    with pytest.raises(ArticleError, match=message) as refused:
        clean_article(article, max_chars=1000)

    assert refused.value.field == field


def test_a_body_in_a_script_without_spaces_is_long_enough() -> None:
    body = "市議会は火曜日に古い橋を架け替えることを決めた。工事は春に始まり、二年かかる見込みだと市長は述べた。"

    assert clean_article(replace(BRIDGE, body=body), max_chars=1000).body == body
