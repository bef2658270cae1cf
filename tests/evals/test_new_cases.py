"""Candidate cases: each kind says what the articles say, and the same seed draws the same."""

from __future__ import annotations

from datetime import UTC, datetime

from evals.cases import Case
from evals.new_cases import new_cases
from rag.domain import Article

FERRY = Article(
    id="a" * 16,
    title="Night ferry ends in May",
    body="The night ferry to Brannay ends in May.\n\n“Nobody has taken it since the bridge opened again,” said Aino Rask, the"
    " harbour master. “I took it myself in March, alone.”",
    url="https://quay.example/ferry",
    published_at=datetime(2025, 3, 9, tzinfo=UTC),
    language="en",
)
BRIDGE = Article(
    id="b" * 16,
    title="Bridge opens again",
    body="The bridge opened again on Monday.\n\n“It is a better bridge than the one before it,” said Elena Varga, the mayor.",
    url="https://quay.example/bridge",
    language="en",
)


def by_kind(cases: tuple[Case, ...]) -> dict[tuple[str, str], Case]:
    return {(case.tags[1], case.id[:1]): case for case in cases}


def test_a_quotation_is_asked_by_its_first_words_and_its_speaker_is_the_answer() -> None:
    case = by_kind(new_cases([BRIDGE, FERRY], limit=20, seed=1))["who_said", "b"]

    assert case.question == "Who said “It is a better bridge than the one before it”?"
    assert case.answers == ("Elena Varga", "Varga")
    assert [fact.quote for fact in case.evidence] == [BRIDGE.body.partition("\n\n")[2]]


def test_what_somebody_said_on_a_day_is_all_that_the_article_quotes() -> None:
    cases = by_kind(new_cases([BRIDGE, FERRY], limit=20, seed=1))

    case = cases["said_on", "a"]
    assert case.question == "What did Aino Rask say on 9 March 2025?"
    assert case.answers == ("Nobody has taken it since the bridge opened again", "I took it myself in March, alone.")
    assert ("said_on", "b") not in cases, "an article without a date has no day to ask about"


def test_a_headline_is_answered_by_the_first_sentence() -> None:
    case = by_kind(new_cases([FERRY], limit=20, seed=1))["headline", "a"]

    assert (case.question, case.evidence[0].quote) == (
        "Night ferry ends in May",
        "The night ferry to Brannay ends in May.",
    )


def test_somebody_whom_an_article_never_names_said_nothing_about_it() -> None:
    case = by_kind(new_cases([BRIDGE, FERRY], limit=20, seed=1))["wrong_speaker", "a"]

    assert case.question == "What did Elena Varga say about this: Night ferry ends in May?"
    assert (case.answerable, case.answers, case.evidence) == (False, (), ())


def test_the_kinds_come_in_turn_up_to_the_limit_and_the_same_seed_draws_the_same() -> None:
    few = new_cases([BRIDGE, FERRY], limit=3, seed=1)

    assert few[0].tags == ("candidate", "who_said")
    assert len({case.tags[1] for case in few}) == 3
    assert few == new_cases([BRIDGE, FERRY], limit=3, seed=1)
    assert new_cases([], limit=3, seed=1) == ()


def test_no_two_candidates_have_the_same_id() -> None:
    cases = new_cases([BRIDGE, FERRY], limit=20, seed=1)

    assert len({case.id for case in cases}) == len(cases)
