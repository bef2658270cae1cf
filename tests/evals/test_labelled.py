"""A judge against people's labels: figures on a worked example, and whom the answers are drawn from."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

from evals.labelled import agreement, draw, flagged_by_judge, flagged_by_support, kappa
from evals.verdicts import Judgement
from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.adapters.weighed_support import WeighedSupport

VECTORS = WordVectorCache(StaticEmbeddings())
SOURCE = "The council put off its vote on the bridge. Mayor Ines Brandt said so on Monday. Ferries ran all day."
FAITHFUL, INVENTED = "The council put off its vote.", "The bridge was sold to a foreign investor."


def write(folder: Path) -> Path:
    """Both tasks, twenty sources each with a faithful answer and one that goes on with an invented sentence."""
    for name in ("summary_news", "qa_marco"):
        sources = [{"source_no": n, "query": "What of the vote?", "context": SOURCE} for n in range(20)]
        rows = []
        for n in range(40):
            output = f"{FAITHFUL} {INVENTED}" if n % 2 else FAITHFUL
            labels = [{"start": len(FAITHFUL) + 1, "end": len(output)}] if n % 2 else []
            row = {"id": n, "source_no": n // 2, "split": "train", "output": output, "hallucination_labels": labels}
            rows.append(row)
        for kind, each in (("sources", sources), ("responses", rows)):
            text = "".join(json.dumps(row) + "\n" for row in each)
            (folder / f"{name}_{kind}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_the_figures_agree_with_those_counted_by_hand() -> None:
    invented = [True, True, True, True, False, False, False, False]
    flags = [True, True, True, False, True, False, False, False]

    found = agreement("judge", flags, invented, share=0.5)

    # Of eight, six agree; half of each by chance: (.75 - .5) / (1 - .5). Three of four flags are right, three of four found.
    assert found is not None
    assert (found.agreement.value, found.kappa.value) == (0.75, 0.5)
    assert (found.precision.value, found.recall.value, found.f1.value) == (0.75, 0.75, 0.75)
    assert found.always == pytest.approx(2 / 3)
    assert found.kappa.low < 0.5 < found.kappa.high


def test_precision_is_told_as_at_the_share_of_invented_answers_where_they_were_drawn_from() -> None:
    found = agreement("judge", [True, False, True, False], [True, True, False, False], share=0.2)

    # Half of the invented fifth is found, and half of the other four fifths is flagged.
    assert found is not None
    assert found.precision.value == pytest.approx(0.1 / 0.5)


def test_an_answer_without_a_verdict_counts_neither_way() -> None:
    found = agreement("judge", [True, None, False, None], [True, True, False, False], share=0.5)

    assert found is not None
    assert (found.answers, found.agreement.value) == (2, 1.0)
    assert agreement("judge", [None, None, True], [True, True, False], share=0.5) is None


def test_one_that_says_the_same_of_everything_agrees_no_better_than_by_chance() -> None:
    assert kappa(np.array([True, True]), np.array([True, False])) == 0.0
    assert kappa(np.array([True, True]), np.array([True, True])) == 0.0


def test_each_answer_is_drawn_from_another_held_out_source_both_kinds_in_turn(tmp_path: Path) -> None:
    drawn = draw(write(tmp_path), VECTORS, most=8)

    # Every fifth of twenty sources is held out: four a task.
    assert sorted(each.result.case.id.partition("-")[0] for each in drawn.answers) == ["marco"] * 4 + ["news"] * 4
    assert sum(each.invented for each in drawn.answers) == 4
    sources = [(name, int(n) // 2) for name, _, n in (a.result.case.id.partition("-") for a in drawn.answers)]
    assert len(set(sources)) == 8
    assert drawn.share == 0.5
    assert drawn == draw(tmp_path, VECTORS, most=8)


def test_a_judge_reads_the_whole_source_or_what_is_nearest_and_long_answers_can_be_left_out(tmp_path: Path) -> None:
    write(tmp_path)

    whole, near = (draw(tmp_path, VECTORS, most=4, longest=1, read=read) for read in ("whole", "nearest"))

    assert {each.result.reply.text for each in whole.answers if each.result.reply} == {FAITHFUL}
    passages = [
        p.text
        for drawn in (whole, near)
        for a in drawn.answers
        if a.result.reply
        for p in a.result.reply.passages or ()
    ]
    assert passages[0] == SOURCE
    assert FAITHFUL.split()[1] in passages[-1]
    assert len(passages[-1]) < len(SOURCE)


def test_an_answer_is_flagged_by_the_judge_when_any_verdict_found_a_statement_unfaithful(tmp_path: Path) -> None:
    first, second, third = draw(write(tmp_path), VECTORS, most=3).answers
    told = [(first, 0, 1.0), (first, 1, 1.0), (second, 0, 1.0), (second, 1, 0.5), (third, 0, None)]
    judged = [Judgement(a.result.case.id, "faithfulness", time, score) for a, time, score in told]

    assert flagged_by_judge((first, second, third), judged) == [False, True, None]


def test_our_own_check_flags_the_invented_answers(tmp_path: Path) -> None:
    answers = draw(write(tmp_path), VECTORS, most=8).answers

    flags = asyncio.run(flagged_by_support(answers, WeighedSupport(VECTORS)))

    assert [flag for flag, each in zip(flags, answers, strict=True) if each.invented] == [True] * 4
    assert not any(flag for flag, each in zip(flags, answers, strict=True) if not each.invented)
