"""A record of named fields made an article."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.fields import NAMES, article_from_fields
from rag.errors import ArticleError

REQUIRED: dict[str, Any] = {"title": "A title", "body": "A body of words."}
VALUES: dict[str, tuple[Any, Any]] = {
    "title": ("Fares rise", "Fares rise"),
    "body": ("The fares rise.", "The fares rise."),
    "outlet": ("Gazette", "Gazette"),
    "authors": ("Jo Marsh", ("Jo Marsh",)),
    "published_at": ("2025-07-25", datetime(2025, 7, 25, tzinfo=UTC)),
    "updated_at": ("2025-07-26", datetime(2025, 7, 26, tzinfo=UTC)),
    "url": ("https://g.example/1", "https://g.example/1"),
    "language": ("en_GB", "en"),
    "section": ("Local", "Local"),
    "rights": ("CC-BY", "CC-BY"),
    "embargoed_until": ("2025-07-27T06:00:00+02:00", datetime(2025, 7, 27, 4, tzinfo=UTC)),
    "expires_at": ("2025-07-28", datetime(2025, 7, 28, tzinfo=UTC)),
}


@pytest.mark.parametrize(("ours", "name"), [(ours, name) for ours, names in NAMES.items() for name in names])
def test_each_documented_name_is_read(ours: str, name: str) -> None:
    written, expected = VALUES[ours]
    fields = {key: value for key, value in REQUIRED.items() if key != ours} | {name: written}

    assert getattr(article_from_fields(fields), ours) == expected


@pytest.mark.parametrize("never", ["9999-12-31", "2999-01-01T00:00:00Z"])
def test_an_expiry_in_a_far_year_means_never(never: str) -> None:
    assert article_from_fields(REQUIRED | {"expires": never}).expires_at is None


def test_an_expiry_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ArticleError, match="expires='next week' is not a date"):
        article_from_fields(REQUIRED | {"expires": "next week"})


@pytest.mark.parametrize("name", ["Published-At", "PUBLISHED_AT", "publishedAt", "date published", "DatePublished"])
def test_case_hyphens_and_underscores_of_a_name_do_not_count(name: str) -> None:
    assert article_from_fields(REQUIRED | {name: "2025-07-25"}).published_at == datetime(2025, 7, 25, tzinfo=UTC)


def test_the_first_name_in_the_table_wins_whatever_their_order() -> None:
    article = article_from_fields({"content": "No.", "text": "No.", "body": "Yes.", "headline": "No", "title": "Yes"})

    assert (article.title, article.body) == ("Yes", "Yes.")


def test_an_empty_or_null_field_gives_way_to_the_next_name() -> None:
    article = article_from_fields({"title": "", "headline": "Yes", "body": None, "text": "Yes."})

    assert (article.title, article.body) == ("Yes", "Yes.")


def test_other_fields_are_left_out() -> None:
    assert article_from_fields(REQUIRED | {"id": 5, "tags": [], "revision": 9}) == article_from_fields(REQUIRED)


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("By Jo Marsh and Émile Zöller", ("Jo Marsh", "Émile Zöller")),
        ("Jo Marsh; Ann Lee & Bo Day, Cy Fox", ("Jo Marsh", "Ann Lee", "Bo Day", "Cy Fox")),
        ("Alexander Sandwell", ("Alexander Sandwell",)),
        (["Marsh, Jo", " Ann  Lee ", "Ann Lee", ""], ("Marsh, Jo", "Ann Lee")),
        ([{"@type": "Person", "name": "Jo Marsh"}], ("Jo Marsh",)),
        ({"name": "Jo Marsh"}, ("Jo Marsh",)),
        ([], ()),
    ],
)
def test_authors_are_read_from_text_lists_and_objects(written: object, authors: tuple[str, ...]) -> None:
    assert article_from_fields(REQUIRED | {"authors": written}).authors == authors


def test_an_organisation_object_is_read_by_its_name() -> None:
    fields = REQUIRED | {"publisher": {"@type": "Organization", "name": "Gazette"}}

    assert article_from_fields(fields).outlet == "Gazette"


@pytest.mark.parametrize(
    ("fields", "message", "field"),
    [
        ({"body": "x"}, r"title is missing \(names read: title, headline\)", "title"),
        ({"title": "x"}, r"body is missing \(names read: body, text, content,", "body"),
        (REQUIRED | {"title": 5}, "title is a number; it should be text", "title"),
        (REQUIRED | {"body": ["a"]}, "body is a list; it should be text", "body"),
        (REQUIRED | {"Source": {"id": 1}}, "Source is an object; it should be text", "Source"),
        (REQUIRED | {"section": True}, "section is true or false; it should be text", "section"),
        (REQUIRED | {"headline": "x" * 3, "title": "x" * 2001}, "title has 2,001 characters; at most 2,000", "title"),
        (REQUIRED | {"byline": 7}, "byline is a number; it should be a name or a list of names", "byline"),
        (
            REQUIRED | {"link": "javascript:alert(1)"},
            "url='javascript:alert.1.' is not an http or https address",
            "link",
        ),
        (REQUIRED | {"url": "www.g.example/1"}, "is not an http or https address", "url"),
        (REQUIRED | {"pubDate": "03/04/2025"}, "pubDate='03/04/2025' has two readings", "pubDate"),
        (REQUIRED | {"date": "soon"}, "date='soon' is not a date that can be read", "date"),
        (REQUIRED | {"language": 1}, "language is a number; it should be text", "language"),
    ],
)
def test_a_field_of_the_wrong_form_is_named_with_what_it_should_be(
    fields: dict[str, Any], message: str, field: str
) -> None:
    with pytest.raises(ArticleError, match=message) as refused:
        article_from_fields(fields)

    assert refused.value.field == field


def test_the_scheme_of_an_address_may_be_in_capitals() -> None:
    assert article_from_fields(REQUIRED | {"url": "HTTPS://g.example/1"}).url == "HTTPS://g.example/1"


def test_an_empty_place_in_a_list_of_authors_is_left_out() -> None:
    article = article_from_fields(REQUIRED | {"authors": ["Jo Marsh", None]})

    assert article.authors == ("Jo Marsh",)


BODY = "Work begins in spring. The town has yet to find the money."
LEAD = "The council of Lower Fenwick voted on Tuesday to rebuild the old bridge."


@pytest.mark.parametrize("name", ["subtitle", "Standfirst", "dek"])
def test_a_sentence_that_stands_apart_from_the_body_opens_it(name: str) -> None:
    article = article_from_fields(REQUIRED | {"body": BODY, name: f" {LEAD}\n"})

    assert article.body == f"{LEAD}\n\n{BODY}"


@pytest.mark.parametrize(
    ("body", "subtitle"),
    [
        (f"{LEAD}\n{BODY}", LEAD),
        (f"FENWICK —\n{LEAD.replace(' on ', chr(10) + 'on ')} {BODY}", LEAD),
        (BODY, "In pictures"),
        (BODY, ""),
        (BODY, None),
        (BODY, ["A list."]),
        (BODY, "Long. " * 400 + "End."),
    ],
    ids=["in the body", "in the body on two lines", "a label", "empty", "null", "no text", "too long"],
)
def test_a_subtitle_that_adds_no_sentence_is_left_out(body: str, subtitle: object) -> None:
    assert article_from_fields(REQUIRED | {"body": body, "subtitle": subtitle}).body == body


def test_a_subtitle_is_no_body() -> None:
    with pytest.raises(ArticleError, match="body is missing"):
        article_from_fields({"title": "A title", "subtitle": LEAD})
