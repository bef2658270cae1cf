"""Words as they are compared."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.terms import fold, is_stopword, stem, stems, words


@given(st.text())
def test_a_word_stands_where_it_says(text: str) -> None:
    found = words(text)

    assert all(text[word.start : word.end] == word.text for word in found)
    assert [word.start for word in found] == sorted({word.start for word in found})


@given(st.text())
def test_any_text_has_stems(text: str) -> None:
    assert "" not in {stem(word.text) for word in words(text)}
    assert stems(text) == stems(text)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Zelenskyy’s", "zelenskyy"),
        ("ministers’", "ministers"),
        ("Zöller", "zoller"),
        ("DON’T", "don't"),
        ("Straße", "strasse"),
        ("ﬁsh", "fish"),
    ],
)
def test_case_diacritics_possessives_and_apostrophes_fold_away(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("exchanged", "exchanges"),
        ("Prisoners", "prisoner’s"),
        ("1,200", "1200"),
        ("summits", "summit"),
        ("café", "CAFES"),
    ],
)
def test_forms_of_one_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("war", "warm"), ("1.5", "15"), ("May", "mayor"), ("40", "400")])
def test_different_words_have_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_stop_words_carry_no_subject() -> None:
    assert stems("What did the mayor say about a bridge, and don’t you know?") == {"mayor", "say", "bridg", "know"}
    assert is_stopword("Don’t")
    assert not is_stopword("bridge")


def test_a_hyphenated_word_counts_whole_and_in_its_parts() -> None:
    assert stems("a cease-fire") == {stem("cease-fire"), "ceas", "fire"}


def test_numbers_are_words_with_their_separators() -> None:
    assert [word.text for word in words("In 2025, 1,200 people paid 3.50 at 10:30.")] == [
        "In", "2025", "1,200", "people", "paid", "3.50", "at", "10:30",
    ]  # fmt: skip


def test_threads_that_stem_at_the_same_time_find_the_stems_that_one_alone_finds() -> None:
    asked = [f"{letter}{part}ationalities" for letter in "bcdfglmnprst" for part in ("on", "r", "ern", "ess", "iv")] * 8
    wait = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # so that one thread is stopped within a word, every time
    try:
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(stem.__wrapped__, asked))
    finally:
        sys.setswitchinterval(wait)

    assert found == [stem(word) for word in asked]
