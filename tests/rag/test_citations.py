"""Drafts to claims: every citation points at what it quotes, and quotation marks stand around verbatim words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.citations import Citer, Draft, Pointer, honest_quotes
from rag.domain import Article, Passage, Reading, Span, Speaker

BODY = (
    "The mayor said: “We will not wait for another flood.” Nobody objected.\n"
    'A reader wrote "it is about time", and the council\u00a0agreed. The vote was 7 to 2.'
)
READING = Reading(
    Article("a1", "Bridge", BODY, outlet="Courier"),
    (),
    (Passage("a1:1:0", "a1", 1, 0, Span(0, 70), 1), Passage("a1:1:1", "a1", 1, 1, Span(54, len(BODY)), 2)),
    also_in=("Gazette",),
)
_QUOTATION = re.compile(r"“([^“”]*)”|\"([^\"]*)\"|«([^«»]*)»|„([^„“”]*)[“”]")
_KINDS = str.maketrans("“”„«»‘’‚", '"""""\'\'\'')

WORDS = st.sampled_from(
    [*'“”„«»"‘’,. \n\u00a0', *"ab", "We will not wait", "for another flood", "7 to 2", "invented", "it is about time"]
)
DRAFT_TEXTS = st.lists(WORDS, min_size=1, max_size=14).map(" ".join) | st.lists(WORDS, min_size=1, max_size=14).map(
    "".join
)
SPANS = st.tuples(st.integers(0, len(BODY) + 20), st.integers(0, len(BODY) + 20)).map(lambda ends: Span(*sorted(ends)))


def folded(text: str) -> str:
    return " ".join(text.translate(_KINDS).split())


def quotations(text: str) -> list[str]:
    """What stands between marks, as a reader who goes from left to right pairs them."""
    return ["".join(group or "" for group in found.groups()) for found in _QUOTATION.finditer(text)]


def unfaithful(text: str, cited: Sequence[str]) -> list[str]:
    return [
        words
        for words in quotations(text)
        if not (plain := folded(words).rstrip(".,")) or not any(plain in folded(each) for each in cited)
    ]


def pointer(words: str, speaker: Speaker | None = None) -> Pointer:
    start = BODY.index(words)
    return Pointer(READING, Span(start, start + len(words)), speaker)


# --- citing ----------------------------------------------------------------------------------------------------


def test_a_claim_cites_the_exact_words_with_their_passage_and_speaker() -> None:
    citer, speaker = Citer(), Speaker("Ada Thorne", "mayor")

    added = citer.add(Draft("The mayor will not wait.", (pointer("We will not wait for another flood.", speaker),)))

    assert added is not None
    claim, citations = added
    citation = citations[0]
    assert (claim.citations, citation.number) == ((1,), 1)
    assert citation.quote == BODY[citation.span.start : citation.span.end] == "We will not wait for another flood."
    assert (citation.passage_id, citation.speaker, citation.also_in) == ("a1:1:0", speaker, ("Gazette",))


def test_one_span_has_one_number() -> None:
    citer = Citer()

    citer.add(
        Draft("One.", (pointer("Nobody objected."), pointer("The vote was 7 to 2."), pointer("Nobody objected.")))
    )
    again = citer.add(Draft("Two.", (pointer("The vote was 7 to 2."),)))

    assert again is not None
    assert (again[0].citations, again[1]) == ((2,), ())
    assert citer.text == "One. [1][2]\nTwo. [2]"


@pytest.mark.parametrize("span", [Span(10, len(BODY) + 1), Span(5, 5), Span(BODY.index("\n"), BODY.index("\n") + 1)])
def test_a_pointer_at_nothing_is_dropped_with_its_claim(span: Span) -> None:
    citer = Citer()

    assert citer.add(Draft("A claim.", (Pointer(READING, span),))) is None
    assert (citer.text, citer.claims, citer.citations, citer.dropped) == ("", [], [], 1)


def test_a_claim_keeps_the_pointers_that_hold() -> None:
    citer = Citer()

    added = citer.add(Draft("A claim.", (Pointer(READING, Span(0, 9999)), pointer("Nobody objected."))))

    assert added is not None
    assert [citation.quote for citation in citer.citations] == ["Nobody objected."]


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_draft_without_words_is_dropped(text: str) -> None:
    assert Citer().add(Draft(text, (pointer("Nobody objected."),))) is None


def test_a_draft_that_is_only_empty_marks_is_dropped() -> None:
    assert Citer().add(Draft("“”", (pointer("Nobody objected."),))) is None


@given(st.lists(st.tuples(DRAFT_TEXTS, st.lists(SPANS, max_size=3)), max_size=4))
def test_claims_stand_where_they_say_and_citations_quote_what_they_point_at(
    drafts: list[tuple[str, list[Span]]],
) -> None:
    citer = Citer()

    for text, spans in drafts:
        citer.add(Draft(text, tuple(Pointer(READING, span) for span in spans)))

    end = 0
    for claim in citer.claims:
        assert citer.text[claim.start : claim.end] == claim.text
        markers = " " + "".join(f"[{number}]" for number in claim.citations)
        assert citer.text[claim.end : claim.end + len(markers)] == markers
        assert citer.text[end : claim.start] == ("\n" if end else "")
        end = claim.end + len(markers)
    assert end == len(citer.text)
    assert [citation.number for citation in citer.citations] == list(range(1, len(citer.citations) + 1))
    for citation in citer.citations:
        assert citation.quote == BODY[citation.span.start : citation.span.end]
        assert citation.quote.strip()
    used = {number for claim in citer.claims for number in claim.citations}
    assert used == {citation.number for citation in citer.citations}


# --- the verbatim guard ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "He said “We will not wait for another flood.”",
        'He said "We will not wait for another flood."',
        "He said «We will not wait for another flood».",
        "He said „We will not wait for another flood“.",
        "He said “we” and “We will not wait,” and that was it.".replace("“we” and ", ""),
        "They “agreed. The vote”",
        "The “council agreed”",
    ],
)
def test_verbatim_words_keep_their_marks(text: str) -> None:
    assert honest_quotes(text, [BODY]) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “We shall wait.”", "He said We shall wait."),
        ('He said "we will not wait".', "He said we will not wait."),
        ("«Invented» and “We will not wait”", "Invented and “We will not wait”"),
        ("An open “mark and “We will not wait”", "An open mark and “We will not wait”"),
        ('A lone " mark', "A lone  mark"),
        ('Mixed “We will not wait"', "Mixed We will not wait"),
        ("“...” is no quotation", "... is no quotation"),
    ],
)
def test_other_words_lose_their_marks(text: str, expected: str) -> None:
    assert honest_quotes(text, [BODY]) == expected


def test_words_must_stand_in_one_cited_text_not_across_two() -> None:
    assert honest_quotes("“not wait”", ["We will not", "wait"]) == "not wait"


@given(DRAFT_TEXTS, st.lists(SPANS.filter(lambda span: span.end <= len(BODY)), max_size=3))
@settings(derandomize=True)
@example('“a "b” c"', [])
def test_every_quotation_left_is_verbatim_in_a_cited_text(text: str, spans: list[Span]) -> None:
    cited = [span.of(BODY) for span in spans]

    assert unfaithful(honest_quotes(text, cited), cited) == []


@given(DRAFT_TEXTS)
def test_the_guard_takes_marks_off_and_changes_nothing_else(text: str) -> None:
    def bare(words: str) -> str:
        return re.sub(r"[“”„«»‘’\"]", "", words)

    assert bare(honest_quotes(text, [BODY])) == bare(text)


def test_a_quotation_that_begins_or_ends_inside_a_word_is_not_verbatim() -> None:
    assert honest_quotes("Tom: “he will go”", ["Then she will go."]) == "Tom: he will go"
    assert honest_quotes("Tom: “Nobody object”", [BODY]) == "Tom: Nobody object"


def test_invented_words_between_single_marks_lose_them() -> None:
    assert honest_quotes("The mayor said ‘we surrender’.", [BODY]) == "The mayor said we surrender."
