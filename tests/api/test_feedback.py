"""POST /v1/feedback, and the cases that are made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from evals.cases import GoldEvidence, read_cases
from evals.from_feedback import Said, cases_from
from tests.api.checking import SUMMIT, ask
from tests.serving import Served, onrecord

GOLD = GoldEvidence(article="a1", quote="It stops at nine.")


def tell(client: httpx.Client, **body: Any) -> httpx.Response:
    return client.post("/v1/feedback", json=body)


def test_a_word_on_an_answer_is_kept_with_what_was_asked_and_where_the_answer_pointed(editor: httpx.Client) -> None:
    asked = {"question": SUMMIT, "filters": {"outlets": ["Meridian Wire (sample)"]}, "as_of": "2025-10-01"}
    answer = ask(editor, asked).answer

    kept = tell(editor, answer_id=answer["id"], verdict="right", note="Exactly.")

    assert kept.status_code == 201
    listed = editor.get("/v1/feedback", params={"after": kept.json()["id"] - 1}).json()["feedback"][0]
    assert (listed["answer_id"], listed["verdict"], listed["note"]) == (answer["id"], "right", "Exactly.")
    assert listed["request"]["question"] == SUMMIT
    assert listed["request"]["filters"] == {"outlets": ["Meridian Wire (sample)"]}
    assert listed["request"]["as_of"].startswith("2025-10-01")
    assert [(p["article_id"], p["revision"], p["start"], p["end"]) for p in listed["pointed"]] == [
        (c["article"]["id"], c["article"]["revision"], c["start"], c["end"]) for c in answer["citations"]
    ]
    assert answer["citations"][0]["quote"] not in str(listed), "words of an article that a purge would not find"


def test_an_answer_that_was_never_given_cannot_be_spoken_of(editor: httpx.Client) -> None:
    refused = tell(editor, answer_id="nothing", verdict="right")

    assert refused.status_code == 404
    assert "among the last 1,000 of this server since its start" in refused.json()["detail"]


@pytest.mark.parametrize("body", [{"verdict": "right"}, {"answer_id": "x", "verdict": "good"}, {"answer_id": "x"}])
def test_feedback_without_an_answer_or_with_another_verdict_is_refused(
    body: dict[str, str], editor: httpx.Client
) -> None:
    assert tell(editor, **body).status_code == 422


def test_feedback_becomes_cases_that_can_be_read(desk: Served, editor: httpx.Client, tmp_path: Path) -> None:
    right = ask(editor, {"question": SUMMIT}).answer
    missing = ask(editor, {"question": "What did Peskov say about grain exports?"}).answer
    tell(editor, answer_id=right["id"], verdict="right")
    tell(editor, answer_id=missing["id"], verdict="right", note="Indeed not.")

    ran = onrecord("eval", "from-feedback", "--library", desk.library, "--out", tmp_path / "cases.jsonl")

    assert ran.code == 0, ran.err
    cases = {case.id: case for case in read_cases(tmp_path / "cases.jsonl")}
    known = cases[f"feedback-{right['id']}"]
    assert (known.question, known.answerable) == (SUMMIT, True)
    assert [fact.quote for fact in known.evidence] == [citation["quote"] for citation in right["citations"]]
    absent = cases[f"feedback-{missing['id']}"]
    assert (absent.answerable, absent.note) == (False, "Indeed not.")


@pytest.mark.parametrize(
    ("verdict", "answered", "answerable", "evidence"),
    [
        ("right", True, True, (GOLD,)),
        ("right", False, False, ()),
        ("nothing_there", True, False, ()),
        ("wrong", True, None, ()),
        ("wrong", False, None, ()),
    ],
)
def test_what_a_verdict_says_of_the_case(
    verdict: str, answered: bool, answerable: bool | None, evidence: tuple[GoldEvidence, ...]
) -> None:
    [case] = cases_from([Said("x", verdict, "", {"question": "When?"}, answered, (GOLD,))])

    assert (case.answerable, case.evidence, case.tags) == (answerable, evidence, ("candidate", "feedback", verdict))


def test_the_last_word_on_an_answer_counts_and_one_whose_words_are_gone_makes_no_case() -> None:
    said = [
        Said("x", "wrong", "", {"question": "When?"}, True, (GOLD,)),
        Said("gone", "right", "", {"question": "Who?"}, True),
        Said("x", "right", "", {"question": "When?"}, True, (GOLD,)),
    ]

    assert [(case.id, case.answerable) for case in cases_from(said)] == [("feedback-x", True)]
