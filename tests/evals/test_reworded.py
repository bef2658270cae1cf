from __future__ import annotations

import hashlib

import pytest

from evals.datasets.reworded import RewordedQuestion, load, passage_of, shared_words
from rag.domain import Article, Span
from rag.errors import SourceError

BODY = "Before. The ferry was late again. After."
SPAN = Span(8, 33)


def asking(text: str) -> RewordedQuestion:
    return RewordedQuestion(text, "https://a.example", SPAN, hashlib.sha256(SPAN.of(BODY).encode()).hexdigest()[:16])


def test_there_are_at_least_a_hundred_and_each_names_another_place() -> None:
    questions = load()

    assert len(questions) >= 100
    assert len({(question.url, question.span) for question in questions}) == len(questions)


def test_a_shared_word_is_found_in_any_form() -> None:
    article = Article("a", "Title", BODY)

    assert shared_words(asking("Is the boat punctual?"), article) == frozenset()
    assert shared_words(asking("Are ferries punctual?"), article) == {"ferri"}


def test_a_body_that_is_cut_otherwise_is_named_and_not_scored() -> None:
    with pytest.raises(SourceError, match=r"a\.example"):
        passage_of(asking("Is the boat punctual?"), Article("a", "Title", "x" + BODY))
