"""Feedback is kept with what it is about, and recent answers are few."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rag.adapters.catalog import SqlCatalog
from rag.domain import Abstention, AbstentionReason, Answer, Evidence, Filters, Query, Turn
from rag.feedback import Feedback, Given, Pointed, RecentAnswers

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def said(answer_id: str) -> Feedback:
    given = Given(
        answer_id,
        "When?",
        answered=True,
        pointed=(Pointed("a1", 2, 3, 9),),
        conversation=(Turn("user", "The ferry?"),),
        filters=Filters(outlets=("The Quay",), published_after=NOW),
        as_of=NOW,
    )
    return Feedback(given, "right", "Yes.", NOW)


def answer(answer_id: str) -> Answer:
    declined = Abstention(AbstentionReason.NO_EVIDENCE, "Nothing.")
    return Answer(answer_id, Query("When?", "When?"), "extractive", "", (), (), declined, Evidence((), {}))


def test_feedback_is_read_back_whole_also_after_the_library_was_closed(tmp_path: Path) -> None:
    first = SqlCatalog(tmp_path / "catalog.sqlite")
    numbers = [first.feedback().add(said(name)) for name in ("x", "y", "z")]
    first.close()

    again = SqlCatalog(tmp_path / "catalog.sqlite")
    found = again.feedback().after(numbers[0], limit=1)
    again.close()

    [one] = found
    assert (one.id, one.given, one.verdict, one.note, one.at) == (numbers[1], said("y").given, "right", "Yes.", NOW)


def test_only_the_last_answers_can_be_spoken_of() -> None:
    recent = RecentAnswers(2)

    for name in ("a", "b", "c"):
        recent.note(answer(name), (), Filters())

    assert recent.get("a") is None
    given = recent.get("c")
    assert given is not None
    assert (given.question, given.answered, given.pointed) == ("When?", False, ())
