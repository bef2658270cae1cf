"""When an article may be shown, and how many of its words: the one place that decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.adapters.rights_file import read_rights
from rag.domain import Span
from rag.errors import SettingsError
from rag.quoting import quoted_within
from rag.rights import ALWAYS, Policy, Rights, Window, within_limit, word_spans
from tests.newsroom import BRIDGE, UNDATED

PUBLISHED = BRIDGE.published_at or datetime.now(UTC)
NOON = datetime(2025, 3, 5, 12, tzinfo=UTC)
CAME_IN = 1_000_000.0


def window(policy: Policy, **stated: datetime) -> Window:
    return Rights({"harbour courier": policy}).window(replace(BRIDGE, **stated), recorded_at=CAME_IN)  # type: ignore[arg-type]


def test_without_policy_and_statement_an_article_is_shown_always() -> None:
    assert window(Policy()) == ALWAYS


def test_what_the_source_states_holds_without_a_policy() -> None:
    later = NOON + timedelta(days=3)

    assert window(Policy(), embargoed_until=NOON, expires_at=later) == Window(NOON.timestamp(), later.timestamp())


def test_the_stricter_of_source_and_policy_wins() -> None:
    policy = Policy(expires_after_days=2, embargo_hours=1)

    found = window(policy, embargoed_until=NOON, expires_at=NOON + timedelta(days=365))

    assert found == Window(NOON.timestamp(), (PUBLISHED + timedelta(days=2)).timestamp())


def test_an_article_without_a_date_counts_from_when_it_came_in() -> None:
    rights = Rights({"*": Policy(expires_after_days=1)})

    assert rights.window(UNDATED, recorded_at=CAME_IN).shown_until == CAME_IN + 86_400


def test_what_is_not_to_be_shown_is_shown_at_no_moment() -> None:
    until = window(Policy(show=False)).shown_until

    assert until is not None
    assert until < datetime(1600, 1, 1, tzinfo=UTC).timestamp()


def test_a_limit_on_quotes_withholds_the_full_text_unless_the_policy_says_otherwise() -> None:
    rights = Rights(
        {"a": Policy(quote_words=20), "b": Policy(quote_words=20, full_text=True), "c": Policy(full_text=False)}
    )

    assert [rights.shows_full_text(outlet) for outlet in ("A", "b", "C", "d", None)] == [False, True, False, True, True]


# --- the policy file -------------------------------------------------------------------------------------------------


def policies(folder: Path, text: str) -> Rights:
    path = folder / "rights.toml"
    path.write_text(text, encoding="utf-8")
    return read_rights(path)


def test_an_outlet_starts_from_what_holds_for_all(tmp_path: Path) -> None:
    rights = policies(tmp_path, '["*"]\nquote_words = 60\nembargo_hours = 1.5\n["The  Post"]\nquote_words = 25\n')

    assert rights.policy("the post") == Policy(quote_words=25, embargo_hours=1.5)
    assert rights.policy("Another") == rights.policy(None) == Policy(quote_words=60, embargo_hours=1.5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('["Post"]\nquote_word = 5', '["Post"] has an unknown key quote_word; did you mean quote_words?'),
        ('["Post"]\ncolour = 5', "the keys are show, quote_words, full_text, expires_after_days, embargo_hours"),
        ('["Post"]\nquote_words = 0', "quote_words = 0 should be a whole number of words, 1 or more"),
        ('["Post"]\nquote_words = true', "quote_words = True should be a whole number"),
        ('["*"]\nshow = "no"', "[\"*\"] show = 'no' should be true or false"),
        ('["Post"]\nexpires_after_days = -1', "should be a number of days above 0"),
        ('["Post"]\nembargo_hours = inf', "should be a number of hours above 0"),
        ("quote_words = 5", 'quote_words stands outside a table; write it under ["OUTLET"] or ["*"]'),
        ('["Post"]\n["post"]', "are one outlet"),
        ("[Post", "is not TOML"),
    ],
)
def test_a_wrong_policy_names_file_key_and_what_would_be_right(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as raised:
        policies(tmp_path, text)

    assert told in str(raised.value)
    assert str(tmp_path / "rights.toml") in str(raised.value)


def test_a_policy_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"ONRECORD_RIGHTS=.*nowhere\.toml cannot be read: No such file"):
        read_rights(tmp_path / "nowhere.toml")


def test_no_file_is_no_policy() -> None:
    assert read_rights(None) == Rights()


# --- limits on words -------------------------------------------------------------------------------------------------

_BODIES = st.lists(
    st.sampled_from(["ferry ", "sails, ", "Bo. ", "“no” ", "渡轮", "5,000 ", "\n\n", "it’s ", "a-b ", "— "]),
    min_size=1,
    max_size=40,
).map("".join)


@given(_BODIES, st.data(), st.integers(1, 12))
def test_a_cut_is_whole_words_from_the_span_and_no_more_than_allowed(body: str, data: st.DataObject, most: int) -> None:
    start = data.draw(st.integers(0, len(body)))
    span = Span(start, data.draw(st.integers(start, len(body))))

    cut = within_limit(body, span, most)

    assert span.holds(cut)
    assert cut.start == span.start
    words = word_spans(span.of(body))
    assert len(word_spans(cut.of(body))) <= most
    assert [w.of(cut.of(body)) for w in word_spans(cut.of(body))] == [w.of(span.of(body)) for w in words][
        : len(word_spans(cut.of(body)))
    ]
    assert len(words) > most or cut == span


def test_a_cut_ends_with_a_clause_where_one_ends_late_enough() -> None:
    body = "The ferry sails on Monday, the harbour master said, and nobody minds the rain."

    assert within_limit(body, Span(0, len(body)), 8).of(body) == "The ferry sails on Monday,"
    assert within_limit(body, Span(0, len(body)), 4).of(body) == "The ferry sails on"


SAID = (
    "“We will not wait for another flood,” the mayor, Ada Thorne, told the meeting. “We begin when the frost is gone.”"
)


def test_a_claim_quotes_no_more_than_its_citation_may() -> None:
    claim = "Ada Thorne, mayor (Courier): “We will not wait for another flood” … “We begin when the frost is gone.”"

    quoted = quoted_within(claim, SAID, Span(0, len(SAID)), 7)

    assert quoted.span.of(SAID) == "“We will not wait for another flood,”"
    assert quoted.text == "Ada Thorne, mayor (Courier): “We will not wait for another flood” …"


def test_the_citation_begins_where_the_claim_begins_to_quote() -> None:
    claim = "The mayor said: “We begin when the frost is gone.”"

    quoted = quoted_within(claim, SAID, Span(0, len(SAID)), 8)

    assert quoted.span.of(SAID).startswith("“We begin when the frost is gone.")
    assert quoted.text == claim


@given(_BODIES, st.integers(1, 10))
def test_a_claim_that_is_the_whole_body_is_cut_to_what_is_allowed(body: str, most: int) -> None:
    quoted = quoted_within(" ".join(body.split()), body, Span(0, len(body)), most)

    assert len(word_spans(quoted.span.of(body))) <= most
    assert len(word_spans(quoted.text)) <= max(most, 2)
