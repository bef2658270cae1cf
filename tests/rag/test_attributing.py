"""Whose words they are is said, and said rightly; when they were said, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rag.attributing import attributed, misattribution
from rag.citations import Draft
from rag.domain import Article
from rag.numbering import Line
from rag.settings import Settings
from rag.verifying import pointer
from tests.rag.asking import ask
from tests.rag.chats import answered, pointing
from tests.rag.reading import evidence_of

SPOKEN = Article(
    id="spoken",
    title="Brandt and Okafor at odds over the bridge",
    body=(
        "The bridge across the Ness was closed on Monday after a crack was found.\n\n"
        "Mayor Ines Brandt said that the bridge was a danger to everybody. “The engineers slept for years,” she added.\n\n"
        "Ada Okafor, who leads the opposition, told the council that the mayor had ignored three warnings.\n\n"
        "The mayor denied that she had seen a report on the crack."
    ),
    outlet="Ness Courier",
    published_at=datetime(2025, 3, 5, 9, tzinfo=UTC),
)


def draft(text: str, words: str) -> Draft:
    reading = evidence_of(SPOKEN).readings["spoken"]

    line = next(line for n in range(len(reading.sentences)) if words in (line := Line(reading, n)).text)
    return Draft(text, (pointer(line),))


@pytest.mark.parametrize(
    ("claim", "where", "shown"),
    [
        (
            "The bridge is a danger to everybody.",
            "a danger",
            "The bridge is a danger to everybody, according to Ines Brandt.",
        ),
        (
            "The engineers slept for years.",
            "engineers slept",
            "The engineers slept for years, according to Ines Brandt.",
        ),
        (
            "The mayor had ignored three warnings.",
            "three warnings",
            "The mayor had ignored three warnings, according to Ada Okafor.",
        ),
    ],
)
def test_what_somebody_said_is_not_asserted(claim: str, where: str, shown: str) -> None:
    assert attributed(draft(claim, where)).text == shown


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        ("Ines Brandt said that the bridge was a danger.", "a danger"),
        ("According to the mayor, the bridge was a danger to everybody.", "a danger"),
        ("Brandt: “The engineers slept for years”.", "engineers slept"),
        ("The bridge across the Ness was closed on Monday.", "was closed"),
        ("Okafor accused the mayor of ignoring three warnings, she told the council.", "three warnings"),
    ],
)
def test_what_is_attributed_or_reported_stays_as_it_is(claim: str, where: str) -> None:
    assert attributed(draft(claim, where)).text == claim


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        ("Ada Okafor said that the bridge was a danger to everybody.", "a danger"),
        ("Ines Brandt told the council that the mayor had ignored three warnings.", "three warnings"),
        ("She had seen a report on the crack.", "denied"),
    ],
)
def test_words_given_to_somebody_else_or_denied_are_no_claim_of_the_source(claim: str, where: str) -> None:
    assert misattribution(draft(claim, where)) is not None


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        ("Mayor Brandt said that the bridge was a danger.", "a danger"),
        ("The mayor said that the bridge was a danger to everybody.", "a danger"),
        ("She said that the engineers slept for years.", "engineers slept"),
        ("The mayor denied that she had seen a report on the crack.", "denied"),
        ("The mayor said that she had not seen a report on the crack.", "denied"),
        ("Opposition leader Ada Okafor said that the mayor had ignored three warnings.", "three warnings"),
    ],
)
def test_words_given_to_who_said_them_are(claim: str, where: str) -> None:
    assert misattribution(draft(claim, where)) is None


def test_a_models_claim_says_who_said_it_and_when(settings: Settings) -> None:
    script = pointing("The bridge is a danger to everybody {}.", "a danger")

    answer = answered(settings, script, question="What is wrong with the bridge?", articles=[SPOKEN])

    assert [claim.text for claim in answer.claims] == [
        "The bridge is a danger to everybody, according to Ines Brandt (Ness Courier, 5 March 2025)."
    ]


def test_a_day_of_the_week_comes_with_the_date_of_its_article(settings: Settings) -> None:
    script = pointing("The bridge across the Ness was closed on Monday {}.", "was closed")

    by_model = answered(settings, script, question="When was the bridge closed?", articles=[SPOKEN])
    in_its_own_words = ask(settings, "When was the bridge across the Ness closed?", [SPOKEN])

    assert by_model.claims[0].text == "The bridge across the Ness was closed on Monday (Ness Courier, 5 March 2025)."
    assert in_its_own_words.claims[0].text.startswith("Ness Courier (5 March 2025): The bridge across the Ness was")


@pytest.mark.parametrize("day", ["3 March 2025", "Monday 3 March 2025", "March 3"])
def test_a_day_that_follows_from_the_articles_date_may_be_claimed(settings: Settings, day: str) -> None:
    script = pointing(f"The bridge across the Ness was closed on {day} {{}}.", "was closed")

    assert answered(settings, script, question="When was the bridge closed?", articles=[SPOKEN]).claims


@pytest.mark.parametrize("day", ["4 March 2025", "Tuesday", "3 April 2025", "yesterday"])
def test_another_day_may_not(settings: Settings, day: str) -> None:
    script = pointing(f"The bridge across the Ness was closed on {day} {{}}.", "was closed")

    assert not answered(settings, script, question="When was the bridge closed?", articles=[SPOKEN]).claims


def test_words_said_on_another_day_than_they_were_printed_say_so(settings: Settings) -> None:
    body = "“The bridge will stay shut until the autumn rains are over,” Mayor Ines Brandt said on Monday."

    answer = ask(settings, "What did Ines Brandt say about the bridge?", [replace(SPOKEN, body=body)])

    assert answer.claims[0].text.startswith("Ines Brandt, Mayor (Ness Courier, 5 March 2025, said on 3 March 2025): “")


OLDER = Article(
    id="older",
    title="Price of the bridge",
    body="To rebuild the bridge across the Ness will cost 8 million crowns.",
    outlet="Ness Courier",
    published_at=datetime(2025, 3, 5, 9, tzinfo=UTC),
)
NEWER = Article(
    id="newer",
    title="Bridge dearer than thought",
    body="It will cost 11 million crowns to rebuild the bridge across the Ness.",
    outlet="Coast Herald",
    published_at=datetime(2025, 4, 2, 9, tzinfo=UTC),
)


def test_what_a_model_leaves_out_of_a_disagreement_is_added_in_the_articles_words(settings: Settings) -> None:
    script = pointing("Rebuilding the bridge will cost 8 million crowns {}.", "8 million")

    answer = answered(
        settings, script, question="How much will it cost to rebuild the bridge?", articles=[OLDER, NEWER]
    )

    assert [claim.text for claim in answer.claims] == [
        "Rebuilding the bridge will cost 8 million crowns (Ness Courier, 5 March 2025).",
        "Coast Herald (2 April 2025): It will cost 11 million crowns to rebuild the bridge across the Ness.",
    ]


def test_the_newest_comes_first_where_a_model_is_asked_for_the_latest(settings: Settings) -> None:
    script = pointing("Rebuilding the bridge will cost 8 million crowns {}.", "8 million")

    answer = answered(
        settings, script, question="How much will it cost to rebuild the bridge, at the latest count now?",
        articles=[OLDER, NEWER],
    )  # fmt: skip

    assert [claim.text.split(":")[0] for claim in answer.claims] == [
        "Coast Herald (2 April 2025)",
        "Earlier, Ness Courier (5 March 2025)",
    ]


def test_as_of_a_day_before_it_a_later_figure_is_unknown(settings: Settings) -> None:
    script = pointing("Rebuilding the bridge will cost 8 million crowns {}.", "8 million")
    then = datetime(2025, 3, 10, tzinfo=UTC)

    answer = answered(
        settings, script, question="How much will it cost to rebuild the bridge?", articles=[OLDER, NEWER], as_of=then
    )

    assert "11 million" not in answer.text
    assert answer.claims
