"""A run on the disk: what is written is read, and a crash in the middle of a line costs that line alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evals.results import Header, RunFile, fingerprint, read_run
from rag.errors import SourceError
from tests.evals.scoring import answered, case, cited, passage, result

CASES = (case(id="a"), case(id="b"))


def header(**fields: Any) -> Header:
    made = {
        "name": "x",
        "cases": fingerprint(CASES),
        "count": 2,
        "target": "here",
        "started": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return Header(**made | fields)


def test_what_was_written_is_read_back_whole(tmp_path: Path) -> None:
    reply = answered(("It stops.", (1,)), citations=(cited(1, "stops", speaker="A"),), passages=(passage("It stops."),))
    kept = result(CASES[0], reply.model_copy(update={"usage": {"total_tokens": 3}}), seconds=0.25, first_claim_s=0.1)

    RunFile(tmp_path / "run.jsonl", header()).add(kept)

    run = read_run(tmp_path / "run.jsonl")
    assert (run.header, run.results) == (header(), (kept,))
    assert not run.whole


def test_a_line_that_a_crash_cut_short_is_dropped_and_its_case_is_not_done(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    file = RunFile(path, header())
    file.add(result(CASES[0], answered(("One.", ()))))
    whole = path.read_bytes()
    file.add(result(CASES[1], answered(("Two.", ()))))
    for cut in (1, 20, len(path.read_bytes()) - len(whole) - 1):
        path.write_bytes(path.read_bytes()[: len(whole) + cut])

        assert [each.case.id for each in read_run(path).results] == ["a"]
        again = RunFile(path, header())
        assert set(again.done) == {"a"}
        again.add(result(CASES[1], answered(("Two.", ()))))
        assert [each.case.id for each in read_run(path).results] == ["a", "b"]


def test_a_failed_case_is_kept_as_failed_and_is_to_be_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    RunFile(path, header()).add(result(CASES[0], None))

    run, again = read_run(path), RunFile(path, header())
    again.add(result(CASES[0], answered(("Now.", ()))))

    assert [(each.case.id, each.failure, each.reply) for each in run.failed] == [("a", "no reply", None)]
    assert again.done == {}
    assert [each.failure for each in read_run(path).results] == [None]


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"cases": "other"}, "a run of other cases"),
        ({"target": "there"}, r"a run of other target \(here, not there\)"),
        ({"asked": {"mode": "model"}}, "a run of other asked"),
    ],
)
def test_a_run_of_something_else_is_not_gone_on_with(changed: dict[str, Any], complaint: str, tmp_path: Path) -> None:
    RunFile(tmp_path / "run.jsonl", header())

    with pytest.raises(SourceError, match=complaint):
        RunFile(tmp_path / "run.jsonl", header(**changed))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ('{"id": "a"}\n', "1: not a run's first line"),
        ("{HEADER}\n{}\n", "2: not a result"),
    ],
)
def test_what_is_no_run_is_refused_with_what_would_make_one(text: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(text.replace("{HEADER}", header().model_dump_json()), encoding="utf-8")

    with pytest.raises(SourceError, match=complaint) as caught:
        read_run(path)

    assert "onrecord eval run CASES --out FILE" in str(caught.value)
    with pytest.raises(SourceError, match="cannot be read"):
        read_run(tmp_path / "nowhere.jsonl")
