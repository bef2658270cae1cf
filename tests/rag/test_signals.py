from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.signals import SIGNALS, Asked, closeness, question_words, rarity, signals, tokens
from tests.contracts.reranker import candidate

ASKED = Asked({"ferry": 1.0, "sail": 0.5, "sorrel": 1.0}, "en")


def column(name: str, *texts: str) -> list[float]:
    found = [candidate(text, name=f"a{n}", score=1 / (n + 1)) for n, text in enumerate(texts)]
    return [float(row[SIGNALS.index(name)]) for row in signals(ASKED, found, time=None)]


def test_words_of_the_question_side_by_side_count_more_than_far_apart() -> None:
    near, far = column("close", "The Sorrel ferry will sail.", "Sorrel." + " word" * 40 + " A ferry.")

    assert near == 1.0
    assert far < near


def test_other_forms_of_a_word_are_that_word() -> None:
    assert column("close", "Ferries sailing to Sorrel’s quay.") == [1.0]


def test_a_name_that_other_articles_tell_too_speaks_for_a_passage_and_its_own_article_does_not() -> None:
    alone, shared, also = column(
        "agreed", "The ferry belongs to Quillan.", "The ferry belongs to Adeyemi.", "Adeyemi has the ferry, it is said."
    )

    assert alone == 0.0
    assert shared > 0.0
    assert also == 1.0


def test_names_of_the_question_are_no_agreement() -> None:
    assert column("agreed", "Sorrel waits.", "Sorrel sails.") == [0.0, 0.0]


def test_a_rarer_word_weighs_more() -> None:
    assert rarity(1, 1000) > rarity(10, 1000) > rarity(900, 1000) > 0


def test_words_that_only_ask_are_left_out() -> None:
    assert question_words("What did the Sorrel do?", "en") == ["sorrel"]


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5), st.text())
def test_signals_are_shares_whatever_stands_in_texts_and_questions(texts: list[str], question: str) -> None:
    asked = Asked(dict.fromkeys(question_words(question, "en"), 0.5), "en")

    rows = signals(asked, [candidate(text, name=f"a{n}") for n, text in enumerate(texts)], time=None)

    assert rows.shape == (len(texts), len(SIGNALS))
    assert ((rows >= 0) & (rows <= 1 + 1e-9)).all()


@given(st.lists(st.sampled_from(["ferry", "sail", "sorrel", "other", "words"]), max_size=120))
def test_the_closest_window_is_that_of_a_search_through_all(words: list[str]) -> None:
    places = ASKED.places(words)
    every = [{n for p, n in places if start <= p <= start + 30} for start in range(len(words))]
    best = max((sum(ASKED.weights[n] for n in held) for held in every), default=0.0)

    assert abs(closeness(ASKED, places, set()) - best / ASKED.total) < 1e-9
    assert list(tokens(" ".join(words))) == words


def test_the_first_passage_of_an_article_counts_most() -> None:
    found = [candidate("The ferry sails.", name="a"), candidate("The ferry sails.", name="b")]
    object.__setattr__(found[1].stored.passage, "ordinal", 3)

    first, fourth = (float(row[SIGNALS.index("early")]) for row in signals(ASKED, found, time=None))

    assert first == 1.0
    assert fourth == 0.25
