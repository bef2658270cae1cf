"""A run asks every case once, goes on where it stood, and keeps failures apart."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from evals.asking import Asked, AskError
from evals.cases import Case
from evals.results import Run
from evals.running import chosen, run
from tests.evals.scoring import answered, case

CASES = tuple(case(id=f"c{n}") for n in range(12))


class Scripted:
    """Answers at once, or fails or hangs on the cases that are named; `crash_at` ends the run as a kill would."""

    def __init__(self, *, fails: str = "", hangs: str = "", crash_at: int | None = None) -> None:
        self.fails, self.hangs, self.crash_at = fails, hangs, crash_at
        self.asked: list[str] = []
        self.most_at_once = self._now = 0

    async def ask(self, case: Case) -> Asked:
        if len(self.asked) == self.crash_at:
            raise KeyboardInterrupt
        self.asked.append(case.id)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await asyncio.sleep(0)
        self._now -= 1
        if case.id == self.fails:
            raise AskError("503: busy (asked 4 times)")
        if case.id == self.hangs:
            await asyncio.sleep(60)
        return Asked(answered(("Nine.", ())), 0.5)

    async def describe(self) -> dict[str, Any]:
        return {"version": "1"}


def made(asker: Scripted, out: Path, **options: Any) -> Run:
    return asyncio.run(run(CASES, asker, out, name="x", target="here", asked={}, **options))


def test_every_case_is_asked_once_and_kept_with_how_the_run_was_made(tmp_path: Path) -> None:
    asker = Scripted()

    found = made(asker, tmp_path / "run.jsonl")

    assert sorted(asker.asked) == sorted(each.case.id for each in found.results) == sorted(c.id for c in CASES)
    assert found.whole
    assert (found.header.count, found.header.target, found.header.service) == (12, "here", {"version": "1"})


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_cases_are_asked_at_a_time_than_is_allowed(concurrency: int, tmp_path: Path) -> None:
    asker = Scripted()

    made(asker, tmp_path / "run.jsonl", concurrency=concurrency)

    assert asker.most_at_once == concurrency


def test_a_run_that_was_stopped_goes_on_with_the_cases_that_are_left(tmp_path: Path) -> None:
    with pytest.raises(BaseException):  # noqa: B017, PT011  a group around KeyboardInterrupt, or it itself
        made(Scripted(crash_at=5), tmp_path / "run.jsonl", concurrency=1)
    asker = Scripted()

    found = made(asker, tmp_path / "run.jsonl")

    assert sorted(asker.asked) == sorted(c.id for c in CASES[5:])
    assert found.whole


def test_a_case_that_fails_or_hangs_is_kept_as_failed_and_the_others_are_answered(tmp_path: Path) -> None:
    seen: list[tuple[int, int, int]] = []

    found = made(
        Scripted(fails="c3", hangs="c4"),
        tmp_path / "run.jsonl",
        timeout_s=0.05,
        on_progress=lambda *counts: seen.append(counts),
    )

    assert {each.case.id: each.failure for each in found.failed} == {
        "c3": "503: busy (asked 4 times)",
        "c4": "no reply within 0.05 s",
    }
    assert seen[0] == (0, 12, 0)
    assert seen[-1] == (12, 12, 2)


def test_what_failed_is_asked_again_when_the_run_is_made_again(tmp_path: Path) -> None:
    made(Scripted(fails="c3"), tmp_path / "run.jsonl")
    asker = Scripted()

    found = made(asker, tmp_path / "run.jsonl")

    assert asker.asked == ["c3"]
    assert not found.failed


def test_a_limit_draws_the_same_cases_for_the_same_seed_in_their_own_order() -> None:
    few = chosen(CASES, limit=5, seed=1)

    assert few == chosen(CASES, limit=5, seed=1) != chosen(CASES, limit=5, seed=2)
    assert [CASES.index(each) for each in few] == sorted(CASES.index(each) for each in few)
    assert chosen(CASES, limit=None, seed=1) == chosen(CASES, limit=50, seed=1) == CASES
