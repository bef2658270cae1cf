"""Sentences gathered into passages."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.passages import passage_spans
from rag.domain import Span

LENGTHS = st.lists(st.integers(1, 60), max_size=25)


def laid_out(lengths: list[int]) -> tuple[str, list[Span]]:
    """A body of sentences of so many words each, and their spans."""
    body, spans = "", []
    for length in lengths:
        line = " ".join(["word"] * length) + "."
        spans.append(Span(len(body), len(body) + len(line)))
        body += line + ("\n\n" if length % 3 == 0 else " ")
    return body, spans


def sentences_in(passage: Span, sentences: list[Span]) -> list[int]:
    return [n for n, sentence in enumerate(sentences) if passage.holds(sentence)]


@given(LENGTHS, st.integers(1, 80))
def test_a_passage_is_whole_sentences_in_order(lengths: list[int], most: int) -> None:
    body, sentences = laid_out(lengths)

    passages = passage_spans(body, sentences, max_words=most)

    starts, ends = {span.start for span in sentences}, {span.end for span in sentences}
    assert all(passage.start in starts and passage.end in ends for passage in passages)
    assert list(passages) == sorted(passages)
    assert len(set(passages)) == len(passages)


@given(LENGTHS, st.integers(1, 80))
def test_only_a_single_sentence_can_be_longer_than_the_most(lengths: list[int], most: int) -> None:
    body, sentences = laid_out(lengths)

    for passage in passage_spans(body, sentences, max_words=most):
        assert len(passage.of(body).split()) <= most or len(sentences_in(passage, sentences)) == 1


@given(LENGTHS, st.integers(1, 80))
def test_every_sentence_stands_in_a_passage_and_none_in_three(lengths: list[int], most: int) -> None:
    body, sentences = laid_out(lengths)

    held = [n for passage in passage_spans(body, sentences, max_words=most) for n in sentences_in(passage, sentences)]

    assert sorted(set(held)) == list(range(len(sentences)))
    assert all(held.count(n) <= 2 for n in held)


@given(LENGTHS, st.integers(1, 80))
def test_neighbours_share_one_sentence_where_it_and_the_next_fit(lengths: list[int], most: int) -> None:
    body, sentences = laid_out(lengths)
    passages = [sentences_in(passage, sentences) for passage in passage_spans(body, sentences, max_words=most)]

    for one, other in pairwise(passages):
        last = one[-1]
        fits = lengths[last] + lengths[last + 1] <= most
        assert other[0] == (last if fits else last + 1)
        assert other[-1] > last


@given(LENGTHS, st.integers(1, 80))
def test_no_passage_could_have_taken_the_next_sentence(lengths: list[int], most: int) -> None:
    body, sentences = laid_out(lengths)

    for passage in passage_spans(body, sentences, max_words=most):
        held = sentences_in(passage, sentences)
        if held[-1] + 1 < len(sentences):
            assert sum(lengths[held[0] : held[-1] + 2]) > most


def test_a_body_without_sentences_has_no_passages() -> None:
    assert passage_spans("", [], max_words=160) == ()


def test_a_short_article_is_one_passage() -> None:
    body, sentences = laid_out([5, 6, 7])

    assert passage_spans(body, sentences, max_words=160) == (Span(0, len(body.rstrip())),)
