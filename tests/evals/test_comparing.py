"""What moved from one run to another, and what the gate makes of it."""

from __future__ import annotations

import asyncio
import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.comparing import Comparison, compare
from evals.gate_reports import github_notes, junit
from evals.gating import Checked, Rules, checked, read_rules
from evals.results import Header, Reply, Run
from evals.score_table import write_table
from evals.scoring import Scores, default_support, is_scores, named, read_scores, score, write_scores
from evals.statistics import difference_of_means, paired_difference
from rag.errors import SourceError
from rag.support import Support
from tests.evals.scoring import ABSTAINED, answered, case, cited, result, said

SHIFTED = answered(("At nine.", (1,)), citations=(cited(1, "At nine.", stands="t nine. "),))


@pytest.fixture(scope="module")
def support() -> Support:
    return default_support()


def a_run(*replies: Reply | None, **fields: Any) -> Run:
    asked = [case(id=f"c{n}", answers=("at nine",), answerable=True, **fields) for n in range(len(replies))]
    header = Header(name="x", cases="", count=len(replies), target="", started=datetime(2026, 1, 2, tzinfo=UTC))
    return Run(header=header, results=tuple(result(c, r) for c, r in zip(asked, replies, strict=True)))


def scored(run: Run, support: Support) -> Scores:
    return asyncio.run(score(run, support))


def compared(before: Run, after: Run, support: Support) -> Comparison:
    return compare(before, after, (scored(before, support), scored(after, support)))


RIGHT, WRONG = said("At nine."), said("In May.")


# --- statistics ------------------------------------------------------------------------------------------------------


def test_where_both_score_every_case_the_difference_of_means_is_the_paired_one() -> None:
    ours, theirs = [1.0, 0.0, 1.0, 1.0, 0.5] * 8, [0.0, 0.0, 1.0, 0.5, 0.5] * 8

    both, paired = difference_of_means(ours, theirs), paired_difference(ours, theirs)

    assert both is not None
    assert (both.value, both.low, both.high) == pytest.approx((paired.value, paired.low, paired.high), abs=0.02)


def test_a_case_that_one_alone_scores_counts_in_its_own_mean() -> None:
    found = difference_of_means([1.0, 1.0, None, None], [1.0, None, 0.0, None])

    assert found is not None
    assert found.value == 1.0 - 0.5


def test_there_is_no_difference_from_what_scores_nothing() -> None:
    assert difference_of_means([1.0], [None]) is None
    with pytest.raises(ValueError, match="a pair is of one case"):
        difference_of_means([1.0], [])


# --- scores ----------------------------------------------------------------------------------------------------------


def test_a_case_that_failed_is_in_no_mean_and_one_that_abstained_is(support: Support) -> None:
    scores = scored(a_run(RIGHT, ABSTAINED, None), support)

    assert scores.scored("contained") == [1, 0]
    assert scores.failed == ("c2",)
    assert scores.estimate("yes_no") is None


def test_metrics_are_named_by_themselves_or_by_their_group_and_no_others() -> None:
    assert named(["cost", "contained"]) == ["contained", "seconds", "first_claim_s", "tokens"]
    with pytest.raises(SourceError, match="no such metric: hit; there are contained, "):
        named(["hit"])


def test_scores_that_were_kept_are_read_back_without_costs(support: Support, tmp_path: Path) -> None:
    scores = scored(a_run(RIGHT, ABSTAINED, None), support)

    write_scores(scores, tmp_path / "baseline.json")

    kept = read_scores(tmp_path / "baseline.json")
    assert is_scores(tmp_path / "baseline.json")
    assert (kept.cases, kept.failed) == (scores.cases, scores.failed)
    assert kept.on("contained", kept.cases) == [1, 0, None]
    assert "seconds" not in kept.by_metric


@pytest.mark.parametrize("text", ["{", "{}", '{"format": "other"}', "[]"])
def test_a_file_without_scores_is_refused_with_what_writes_them(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text)

    with pytest.raises(SourceError, match="--accept"):
        read_scores(tmp_path / "x.json")


def test_as_a_table_a_case_is_a_row_and_unscored_is_empty_and_no_text_begins_a_formula(
    support: Support, tmp_path: Path
) -> None:
    run = a_run(RIGHT, ABSTAINED, None, question='=HYPERLINK("x"), she said', tags=("when", "latest"))

    write_table(run, scored(run, support), tmp_path / "scores.csv")

    with (tmp_path / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["answered"], row["contained"], row["brier"]) for row in rows] == [
        ("c0", "1", "1", ""),
        ("c1", "0", "0", ""),
        ("c2", "", "", ""),
    ]
    assert {(row["question"], row["tags"]) for row in rows} == {('\'=HYPERLINK("x"), she said', "when latest")}
    assert (rows[1]["reason"], rows[2]["reason"]) == ("weak_evidence", "no reply")


# --- comparisons -----------------------------------------------------------------------------------------------------


def test_a_comparison_has_the_difference_with_wins_losses_and_the_cases_that_changed(support: Support) -> None:
    found = compared(a_run(*[WRONG] * 8, RIGHT, RIGHT), a_run(*[RIGHT] * 8, RIGHT, WRONG), support)

    [row] = [row for row in found.rows if row.metric == "contained"]
    assert (row.before.value, row.after.value) == (0.2, 0.9)
    assert row.difference.value == pytest.approx(0.7)
    assert (row.wins, row.losses, row.ties) == (8, 1, 1)
    assert row.verdict == "better"
    assert [each.after.case.id for each in found.changed] == [*(f"c{n}" for n in range(8)), "c9"]
    assert found.changed[-1].moved["contained"] == (1, 0)


def test_where_lower_is_better_less_is_a_win(support: Support) -> None:
    found = compared(a_run(*[ABSTAINED] * 9), a_run(*[RIGHT] * 9), support)

    [row] = [row for row in found.rows if row.metric == "false_abstention"]
    assert (row.wins, row.losses, row.difference.value, row.verdict) == (9, 0, -1, "better")


def test_one_case_of_many_that_moves_is_no_verdict_and_none_is_the_same(support: Support) -> None:
    few = compared(a_run(*[RIGHT] * 30), a_run(*[RIGHT] * 29, WRONG), support)
    none = compared(a_run(*[RIGHT] * 30), a_run(*[RIGHT] * 30), support)

    assert {row.metric: row.verdict for row in few.rows}["contained"] == "unclear"
    assert {row.verdict for row in none.rows} == {"same"}
    assert none.changed == ()


def test_a_case_that_failed_in_one_run_is_left_out_and_said(support: Support) -> None:
    found = compared(a_run(RIGHT, RIGHT), a_run(RIGHT, None), support)

    assert (found.cases, found.left_out) == (1, ("c1",))


def test_runs_without_a_case_in_common_are_not_compared(support: Support) -> None:
    with pytest.raises(SourceError, match="no answered case in common"):
        compared(a_run(None), a_run(RIGHT), support)


# --- the gate --------------------------------------------------------------------------------------------------------


def faults(after: Run, rules: Rules, support: Support, before: Run | None = None) -> list[str]:
    found = checked(scored(after, support), scored(before or a_run(*[RIGHT] * 20), support), rules)
    return [each.fault for each in found if each.fault is not None]


def test_what_is_worse_beyond_noise_breaks_the_rule_and_is_named(support: Support) -> None:
    rules = Rules(may_worsen={"contained": 0.0})

    [fault] = faults(a_run(*[WRONG] * 6, *[RIGHT] * 14), rules, support)

    assert fault.startswith("may_worsen: contained is 0.700, -0.300 [-0.5")
    assert "(c0, c1, c2, c3, c4 and 1 more)" in fault


def test_one_case_of_twenty_is_noise_and_better_is_no_fault(support: Support) -> None:
    rules = Rules(may_worsen={"contained": 0.0, "false_abstention": 0.0})

    assert faults(a_run(WRONG, *[RIGHT] * 19), rules, support) == []
    assert faults(a_run(*[RIGHT] * 20), rules, support, before=a_run(*[WRONG] * 20)) == []


def test_a_rule_can_allow_so_much(support: Support) -> None:
    worse = a_run(*[WRONG] * 6, *[RIGHT] * 14)

    assert faults(worse, Rules(may_worsen={"contained": 0.2}), support) == []


def test_a_fault_that_must_never_be_is_noise_on_no_case(support: Support) -> None:
    [fault] = faults(a_run(*[RIGHT] * 19, SHIFTED), Rules(never=("invalid_spans",)), support)

    assert fault == "never: invalid_spans is 1 over 1 cases, and must be 0 (c19)"


def test_bounds_are_broken_where_the_whole_interval_lies_outside(support: Support) -> None:
    half = a_run(*[RIGHT, WRONG] * 10)

    [low, high] = faults(half, Rules(least={"contained": 0.9}, most={"token_f1": 0.1}), support)
    assert low.startswith("least: contained is 0.500 [")
    assert high.startswith("most: token_f1 is 0.500 [")
    assert faults(half, Rules(least={"contained": 0.6}, most={"token_f1": 0.4}), support) == []
    assert "scores no case" in faults(half, Rules(least={"yes_no": 0.5}), support)[0]


@pytest.mark.parametrize("cases", range(1, 100, 7))
def test_a_share_of_one_is_at_least_one_however_many_cases_there_are(cases: int, support: Support) -> None:
    every = a_run(*[RIGHT] * cases)

    assert faults(every, Rules(least={"contained": 1.0}, most={"false_abstention": 0.0}), support, before=every) == []


def test_cases_that_failed_or_were_not_asked_are_faults(support: Support) -> None:
    [fault] = faults(a_run(*[RIGHT] * 19, None), Rules(), support)
    assert fault == "most_failed: 1 cases failed, 0 may (c19)"
    assert faults(a_run(*[RIGHT] * 19, None), Rules(most_failed=1), support) == []
    [fault] = faults(a_run(*[RIGHT] * 18), Rules(), support)
    assert fault == "cases: 2 of the baseline's 20 were not asked (c18, c19)"


def test_a_metric_that_scores_nothing_any_more_is_a_fault(support: Support) -> None:
    before = a_run(*[answered(("At nine.", (1,)), citations=(cited(1, "At nine."),))] * 3)

    [fault] = faults(a_run(*[ABSTAINED] * 3), Rules(may_worsen={"coverage": 0.0}), support, before=before)

    assert fault == "may_worsen: coverage scores no case any more; in the baseline 3"


@given(st.text(max_size=20), st.text(max_size=20))
def test_whatever_a_case_is_called_what_machines_read_stays_whole(run: str, case: str) -> None:
    found = [Checked("never", "invalid_spans", f"never: ({case})"), Checked("cases", None, None)]

    suites = ElementTree.fromstring(junit(found, run))

    assert [len(test) for test in suites.iter("testcase")] == [1, 0]
    [note] = github_notes(found)
    assert len(note.encode().split(b"\n")) == 1
    assert "\r" not in note


def test_a_note_for_github_is_escaped_as_it_asks_for() -> None:
    [note] = github_notes([Checked("least", "a:b,c", "5% of a\nb: c")])

    assert note == "::error title=eval gate least a%3Ab%2Cc::5%25 of a%0Ab: c"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[least", "is not TOML"),
        ("[at_least]\ncontained = 1", "at_least: Extra inputs"),
        ("[least]\nhits = 1", "no such metric: hits"),
        ("[may_worsen]\ncontained = -0.1", "contained: by how much it may be worse, 0 or more"),
    ],
)
def test_rules_that_cannot_be_read_are_refused_with_their_file(text: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(text)

    with pytest.raises(SourceError, match=complaint) as caught:
        read_rules(path)

    assert str(caught.value).startswith(str(path))
