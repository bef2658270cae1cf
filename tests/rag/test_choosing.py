"""How sure an answer is, and that what is not sure enough is refused."""

from __future__ import annotations

from rag.adapters.weighed_answers import choice_written, read_choice, shipped_choice
from rag.choosing import Choice, Kept
from rag.settings import ExtractiveSettings, Settings
from tests.rag.asking import HARBOUR, ask

FACT = "How long will the dredging work take?"


def test_an_answer_made_of_a_sentence_says_how_likely_it_is_right(settings: Settings) -> None:
    confidence = ask(settings, FACT, [HARBOUR]).confidence

    assert confidence is not None
    assert 0 < confidence < 1


def test_what_is_not_measured_has_no_confidence(settings: Settings) -> None:
    said = ask(settings, "What did Marta Lindqvist say about the grain ships?", [HARBOUR])

    assert said.answered
    assert said.confidence is None


def test_what_is_less_sure_than_was_asked_for_is_refused(settings: Settings) -> None:
    strict = settings.model_copy(update={"extractive": ExtractiveSettings(precision=1.0)})
    answer = ask(strict, FACT, [HARBOUR])

    assert not answer.answered
    assert answer.confidence is None


def test_the_least_confidence_is_the_lowest_at_which_enough_was_right() -> None:
    curve = (Kept(0.0, 0.9, 0.4), Kept(0.3, 0.5, 0.5), Kept(0.6, 0.2, 0.7))
    choice = Choice((), shipped_choice().sureness, curve)

    assert [choice.least_confidence(each) for each in (0.0, 0.45, 0.7, 0.9)] == [0.0, 0.3, 0.6, 0.6]


def test_a_model_is_read_as_it_was_written() -> None:
    written = choice_written(shipped_choice())

    assert choice_written(read_choice(written)) == written
