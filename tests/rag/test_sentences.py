"""What a sentence is, and what never splits one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import paragraph_spans, sentence_spans

TEXTS = (
    st.text(alphabet=st.sampled_from(list("ab Z.!?…,;:“”‘’\"'()\n\r\t 1é“。\u2028\u00a0")), max_size=300) | st.text()
)


def sentences(body: str, language: str = "en") -> list[str]:
    return [span.of(body) for span in sentence_spans(body, language)]


def test_sentences_come_in_order_without_the_space_between() -> None:
    assert sentences("It rained. The match was off.  Nobody came!") == [
        "It rained.",
        "The match was off.",
        "Nobody came!",
    ]


def test_a_quotation_of_several_sentences_stays_whole() -> None:
    assert sentences("“We lost. We go on.” She left.") == ["“We lost. We go on.”", "She left."]


def test_a_newline_always_ends_a_sentence() -> None:
    assert sentences("A headline without a full stop\nThe council met") == [
        "A headline without a full stop",
        "The council met",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "The vote is at 5 p.m. Tuesday in the hall.",
        "It starts at 9:30 a.m. EST on the square.",
        "Ms. Okafor met Gov. Lindqvist and Sens. Brandt and Ito.",
        "Mr. J. R. Halloran of Ft. Denning won.",
        "The law took effect on Jan. 5 in the north.",
        "The U.S. Senate passed Resolution No. 5 on it.",
        "The show “Ask Me!” was cancelled by the station.",
        "“Is that so?” he asked.",
        "“Is that so?” Mayor Ito asked.",
        "1. The harbour stays shut.",
    ],
)
def test_an_abbreviation_or_a_mark_within_does_not_end_a_sentence(sentence: str) -> None:
    assert sentences(f"{sentence} Then it snowed.") == [sentence, "Then it snowed."]


def test_a_clock_time_at_the_end_does_end_a_sentence() -> None:
    assert sentences("They left at 5 p.m. The hall was empty.") == ["They left at 5 p.m.", "The hall was empty."]


@pytest.mark.parametrize(
    ("body", "cut"),
    [
        ("The term ends in May. Aino Rask will follow.", ["The term ends in May.", "Aino Rask will follow."]),
        ("It ends in May. “We go,” she said.", ["It ends in May.", "“We go,” she said."]),
        ("She saw Anna May. Tom Reed left.", ["She saw Anna May.", "Tom Reed left."]),
        ("It was on May. 5 in Elm. It rained.", ["It was on May. 5 in Elm.", "It rained."]),
        ("It was by Jan. Rask left.", ["It was by Jan. Rask left."]),
        ("“It ends in May. Aino goes,” she said.", ["“It ends in May. Aino goes,” she said."]),
        ('"It ends in May. Aino goes," she said.', ['"It ends in May. Aino goes," she said.']),
    ],
)
def test_may_is_a_whole_word_and_ends_a_sentence(body: str, cut: list[str]) -> None:
    assert sentences(body) == cut


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_paragraph() -> None:
    body = "“" + "The “mayor spoke of roads and of schools. " * 60

    assert max(len(sentence.split()) for sentence in sentences(body)) <= 120


def test_an_unknown_language_is_cut_as_english() -> None:
    assert sentences("It rained. Nobody came.", "tlh-x") == ["It rained.", "Nobody came."]
    assert sentences("It rained. Nobody came.", "") == ["It rained.", "Nobody came."]


@pytest.mark.parametrize("body", ["", " ", "\n\n", " \t\n "])
def test_a_body_without_text_has_no_sentence(body: str) -> None:
    assert sentence_spans(body) == ()
    assert paragraph_spans(body) == ()


@pytest.mark.parametrize("piece", ["word. “ ", "x", "“A b. C ", "' \" ", "Mr. A. ", "a.m. ", ". "])
def test_a_long_line_is_cut_into_sentences_of_bounded_length(piece: str) -> None:
    body = piece * (300_000 // len(piece))

    spans = sentence_spans(body)

    assert max(span.end - span.start for span in spans) <= 2_000


def test_paragraphs_are_the_lines_with_something_on_them() -> None:
    body = " One line \n\n\n two \r\n"

    assert [span.of(body) for span in paragraph_spans(body)] == ["One line", "two"]


@given(TEXTS, st.sampled_from(["en", "de", "ru", "zh", "?"]))
def test_sentences_are_ordered_disjoint_trimmed_and_cover_everything(body: str, language: str) -> None:
    spans = sentence_spans(body, language)

    covered: set[int] = set()
    last = 0
    for span in spans:
        assert last <= span.start < span.end <= len(body)
        assert span.of(body) == span.of(body).strip()
        assert "\n" not in span.of(body)
        covered.update(range(span.start, span.end))
        last = span.end
    assert all(at in covered for at, character in enumerate(body) if not character.isspace())


@given(TEXTS)
def test_each_sentence_lies_in_one_paragraph(body: str) -> None:
    paragraphs = paragraph_spans(body)

    assert all(any(paragraph.holds(span) for paragraph in paragraphs) for span in sentence_spans(body))
