"""The cases of the near-copy evaluation are what they say, and its figures are of what was decided."""

from __future__ import annotations

import random

import pytest

from evals.datasets.desk_edits import EDITS, FORMS, form_item, newer_story, paragraphs
from evals.near_copies import Case, cases, half, load, main, score
from ingest.stories import near_copies, runs
from tests.newsroom import generated

ARTICLES = generated(12, paragraphs=6)
BODY, OTHER = ARTICLES[0].body, ARTICLES[1].body


@pytest.mark.parametrize("kind", EDITS)
def test_an_edit_is_the_same_for_the_same_seed_and_keeps_words_of_the_text(kind: str) -> None:
    first, second = (EDITS[kind](random.Random(3), BODY, OTHER) for _ in range(2))

    assert first == second
    assert len(set(first.split()) & set(BODY.split())) > 20


@pytest.mark.parametrize("kind", [kind for kind in EDITS if kind != "several at once"])
def test_an_edited_text_is_found_to_be_a_copy(kind: str) -> None:
    assert near_copies(runs(BODY), runs(EDITS[kind](random.Random(3), BODY, OTHER)))


def test_a_newer_story_begins_anew_and_ends_as_the_older_one() -> None:
    newer = newer_story(random.Random(3), BODY, OTHER)

    assert newer.startswith(OTHER[:100])
    assert newer.endswith(paragraphs(BODY)[-1])
    assert not near_copies(runs(BODY), runs(newer))


@pytest.mark.parametrize("kind", FORMS)
def test_two_items_of_one_form_are_no_copies(kind: str) -> None:
    chance = random.Random(4)

    assert not near_copies(runs(form_item(chance, kind)), runs(form_item(chance, kind)))


def test_a_body_on_one_line_has_paragraphs_all_the_same() -> None:
    assert len(paragraphs(BODY.replace("\n\n", " "))) > 4


def test_the_two_halves_share_no_article() -> None:
    bodies = [{case.one for case in cases(ARTICLES, which=which) if case.copies} for which in (0, 1)]

    assert not bodies[0] & bodies[1]
    assert {article.body for article in ARTICLES} == bodies[0] | bodies[1]
    assert {half(article.title) for article in ARTICLES} == {0, 1}


def test_a_score_counts_what_was_found_and_what_was_missed() -> None:
    missed = Case("cut", BODY, OTHER, True)
    wrong = Case("event", BODY, BODY, False)
    right = Case("cut", BODY, BODY, True)

    scored = score([missed, wrong, right, right])

    assert scored.precision.value == pytest.approx(2 / 3)
    assert scored.recall.value == pytest.approx(2 / 3)
    assert scored.right_of == {"cut": (2, 3), "event": (0, 1)}


def test_on_the_samples_alone_the_evaluation_runs_and_meets_its_aim(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path_factory.mktemp("no-data")

    assert main(["--data", str(empty)]) == 0
    assert f"{len(load(empty))} articles" in capsys.readouterr().out
