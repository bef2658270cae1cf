"""A correction beats what it corrects, whoever answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corrections import Corrections, notes_in
from rag.domain import Article, Reading
from rag.numbering import number
from rag.settings import Settings
from tests.rag.asking import ask
from tests.rag.chats import answered, pointing
from tests.rag.reading import evidence_of

BODY = (
    "The council of Ness agreed on Monday to repair the weir.\n\n"
    "Repairing the weir will cost 8 million crowns, according to the council.\n\n"
    "Work begins in the spring, and the fish ladder stays open."
)
WEIR = Article(
    id="weir",
    title="Ness to repair its weir",
    body=BODY,
    outlet="Ness Courier",
    published_at=datetime(2025, 3, 4, 9, tzinfo=UTC),
)
QUESTION = "How much will repairing the weir cost?"


def reading_of(body: str) -> Reading:
    return evidence_of(replace(WEIR, body=body)).readings["weir"]


def wrong_words(body: str) -> list[str]:
    reading = reading_of(body)
    return [span.of(reading.article.body).strip() for note in notes_in(reading) for span in note.wrong]


@pytest.mark.parametrize(
    ("note", "wrong"),
    [
        (
            "An earlier version of this article said the repair would cost 8 million crowns. It will cost 9 million.",
            ["the repair would cost 8 million crowns"],
        ),
        (
            "Correction: The repair will cost 9 million crowns, not 8 million as reported on Monday.",
            ["8 million as reported on Monday"],
        ),
        (
            "Editor’s note: A previous version of this story misstated the price as 8 million crowns; it is 9 million.",
            ["the price as 8 million crowns"],
        ),
        (
            "This article was amended on 5 March. It originally named the mayor as Lena Holt, when in fact he is Lars Holt.",
            ["the mayor as Lena Holt"],
        ),
        ("This article was corrected to change the price from 8 million to 9 million crowns.", ["8 million"]),
        (
            "CLARIFICATION: We wrongly reported that the weir was built in 1902. It was built in 1912.",
            ["that the weir was built in 1902"],
        ),
        (
            "Corrections and clarifications\n\nThe repair will cost 9 million crowns rather than 8 million.",
            ["8 million"],
        ),
    ],
)
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_note_says_which_words_were_wrong(note: str, wrong: list[str], place: str) -> None:
    body = f"{note}\n\n{BODY}" if place == "first" else f"{BODY}\n\n{note}"

    assert wrong_words(body) == wrong


@pytest.mark.parametrize(
    "text",
    [
        "An earlier version of the bill said that fares would double.",
        "Prices saw a correction in the spring, traders said.",
        "The mayor said the report was wrong.",
        "This article is part of a series on rivers.",
        "The editor of the Courier said that the paper would close.",
        "A report on the weir said the wall was not safe.",
    ],
)
def test_news_about_corrections_is_no_note(text: str) -> None:
    assert wrong_words(f"{BODY}\n\n{text}") == []


@given(st.text(max_size=400))
def test_wrong_words_lie_within_their_note_whatever_the_text(text: str) -> None:
    reading = reading_of(f"Correction: {text}\n\nAn earlier version of this article said {text}")

    for note in notes_in(reading):
        assert all(note.span.holds(span) for span in note.wrong)


@pytest.mark.parametrize(
    "note",
    [
        "Correction: Repairing the weir will cost 9 million crowns, not 8 million as we wrote.",
        "An earlier version of this article said that repairing the weir would cost 8 million crowns. It will cost 9 million.",
    ],
)
def test_a_superseded_figure_gives_way_to_its_correction(settings: Settings, note: str) -> None:
    answer = ask(settings, QUESTION, [replace(WEIR, body=f"{BODY}\n\n{note}")])

    assert "9 million" in answer.claims[0].text
    assert not any(claim.text == "Repairing the weir will cost 8 million crowns." for claim in answer.claims)
    assert all("9 million" in citation.quote for citation in answer.citations)


def test_where_the_body_was_put_right_the_note_is_not_the_answer(settings: Settings) -> None:
    body = BODY.replace("8 million", "9 million")
    note = "An earlier version of this article said that repairing the weir would cost 8 million crowns."

    answer = ask(settings, QUESTION, [replace(WEIR, body=f"{body}\n\n{note}")])

    assert answer.claims[0].text == "Repairing the weir will cost 9 million crowns, according to the council."
    assert "8 million" not in answer.text


CORRECTION = Article(
    id="note",
    title="Correction: cost of the weir",
    body=(
        "Correction: On Tuesday we reported that repairing the weir would cost 8 million crowns. The council of Ness says"
        " that it will cost 9 million."
    ),
    outlet="Ness Courier",
    published_at=datetime(2025, 3, 6, 9, tzinfo=UTC),
)


def test_a_later_article_corrects_an_earlier_one_of_its_outlet(settings: Settings) -> None:
    answer = ask(settings, QUESTION, [WEIR, CORRECTION])

    assert {citation.article.id for citation in answer.citations} == {"note"}
    assert answer.claims[0].text.startswith("Ness Courier (6 March 2025): Correction:")


@pytest.mark.parametrize(
    "other",
    [
        replace(CORRECTION, outlet="Other Paper"),
        replace(CORRECTION, published_at=datetime(2025, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_note_of_another_outlet_or_an_older_one_supersedes_nothing(other: Article) -> None:
    readings = evidence_of(WEIR, other).readings

    corrections = Corrections(readings.values())

    assert all(corrections.superseding(readings["weir"], n) is None for n in range(len(readings["weir"].sentences)))


def test_the_same_figure_on_another_matter_stands() -> None:
    body = f"{BODY}\n\nThe orchestra was given 8 million crowns.\n\n{CORRECTION.body}"
    reading = reading_of(body)
    corrections = Corrections([reading])

    superseded = [
        reading.sentences[n].of(body)
        for n in range(len(reading.sentences))
        if corrections.superseding(reading, n) is not None
    ]

    assert superseded == ["Repairing the weir will cost 8 million crowns, according to the council."]


NOTED = replace(WEIR, body=f"{BODY}\n\n{CORRECTION.body}")


def test_a_model_is_told_what_was_corrected() -> None:
    text = number(evidence_of(NOTED), max_tokens=1000).text

    assert "(wrong, corrected since) Repairing the weir will cost 8 million crowns" in text
    assert "(correction) Correction: On Tuesday" in text


@pytest.mark.parametrize("where", ["Repairing the weir will cost", "we reported that"])
def test_a_models_claim_of_a_superseded_figure_is_dropped(settings: Settings, where: str) -> None:
    script = pointing("Repairing the weir will cost 8 million crowns {}.", where)

    answer = answered(settings, script, question=QUESTION, articles=[NOTED])

    assert answer.claims == ()
    assert answer.checks.dropped == 1


@pytest.mark.parametrize(
    "claim",
    [
        "Repairing the weir will cost 9 million crowns {}.",
        "The price was corrected from 8 million to 9 million crowns {}.",
    ],
)
def test_a_models_claim_of_what_is_right_is_shown(settings: Settings, claim: str) -> None:
    answer = answered(settings, pointing(claim, "will cost 9 million"), question=QUESTION, articles=[NOTED])

    assert len(answer.claims) == 1
