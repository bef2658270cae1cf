"""Peers side by side: the driver on a set made by hand with stand-ins for peers, and what real peers are installed from."""

from __future__ import annotations

import json
import re
import signal
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from evals.benchmarks.peer_subjects import PEER_SUBJECTS, Asked, PeerSubject
from evals.benchmarks.peer_tables import READ_WORDS, found_table, in_first_words
from evals.benchmarks.peer_vectors import Vectors
from evals.benchmarks.peering import (
    OURS,
    PEERS,
    SCRIPTS,
    Form,
    Measured,
    begun,
    forms_of,
    lines_of_code,
    run_watched,
)
from evals.benchmarks.tables import Table
from evals.datasets.multihop_rag import hold_any
from evals.peers import compare, main
from evals.statistics import Estimate
from rag.adapters.embedding import StaticEmbeddings

BODIES = (
    "The harbour office said on Monday that the ferry will run again in May.",
    "The bakery by the mill closes at noon, its owner said.",
    "A storm took the roof of the school in the night.",
)
QUESTIONS = (
    ("When will the ferry run again?", "run again in May"),
    ("What did the storm take?", "the roof of the school"),
)
# Those that share most words with the question first; cut where its passages are to be short.
STAND_IN = '''
"""A peer
of three lines."""

import json
import sys
from evals.benchmarks.peer_process import run


def ingest(articles, store, words):
    """Whole bodies."""
    texts = [" ".join(json.loads(line)["body"].split()[:words]) for line in articles.open()]
    (store / "texts.json").write_text(json.dumps(texts))
    return len(texts)  # a count


def opened(store):
    texts = json.loads((store / "texts.json").read_text())
    shared = lambda question: lambda text: len(set(text.lower().split()) & set(question.lower().split()))
    return lambda question: sorted(texts, key=shared(question), reverse=BEST_FIRST)


run(ingest, opened)
'''


@pytest.fixture
def subject(tmp_path: Path) -> PeerSubject:
    articles = tmp_path / "articles.jsonl"
    articles.write_text("".join(json.dumps({"title": body[:9], "body": body}) + "\n" for body in BODIES))
    asked = tuple(Asked(question, partial(hold_any, facts=[fact])) for question, fact in QUESTIONS)
    return PeerSubject("the harbour", "a fact stands in it", articles, asked, short=("ferry",))


def _stand_in(folder: Path, name: str, *, best_first: bool, words: int | None = None) -> Form:
    script = folder / f"{name.replace(' ', '_')}.py"
    script.write_text(STAND_IN.replace("BEST_FIRST", str(best_first)))
    return Form(name, script, words=words)


def _row(table: Table, name: str) -> dict[str, object]:
    return dict(zip(table.columns, next(row for row in table.rows if row[0] == name), strict=True))


def _value(cell: object) -> float:
    assert isinstance(cell, Estimate)
    return cell.value


def test_every_system_is_scored_by_the_same_rule_and_ours_is_held_against_each(
    tmp_path: Path, subject: PeerSubject
) -> None:
    ours = _stand_in(tmp_path, "ours", best_first=True)
    backwards = _stand_in(tmp_path, "backwards", best_first=False)
    short = _stand_in(tmp_path, "short", best_first=True, words=4)

    tables, failed = compare(ours, [backwards, short], subject, keep=tmp_path, rounds=2)

    found, costs = tables
    assert failed == []
    own, other, cut = (_row(found, name) for name in ("ours", "backwards", "short"))
    assert _value(own["MRR@10"]) == 1.0
    assert own["ours - its MRR@10"] is None
    assert _value(other["Hits@10"]) == 1.0
    assert _value(other["MRR@10"]) == pytest.approx(1 / 3)
    assert _value(other["ours - its MRR@10"]) == pytest.approx(2 / 3)
    # Four words hold neither fact.
    assert _value(cut["Hits@10"]) == 0.0
    assert (own["passages"], own["words"], cut["words"]) == (3, 11, 4)
    assert "3 articles, 2 questions and 1 short ones, 2 rounds" in costs.cases
    spent = [_row(costs, "backwards")[name] for name in ("articles/s", "p50 ms", "disk MB")]
    assert all(isinstance(each, float) and each > 0 for each in spent)
    assert not list(tmp_path.glob("store-*"))


def test_a_peer_that_fails_is_named_with_what_it_said_and_the_others_are_shown(
    tmp_path: Path, subject: PeerSubject
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit('the model cannot be fetched')")
    forms = [Form("broken", broken), _stand_in(tmp_path, "sound", best_first=True)]

    tables, failed = compare(_stand_in(tmp_path, "ours", best_first=True), forms, subject, keep=tmp_path, rounds=2)

    assert [row[0] for row in tables[0].rows] == ["ours", "sound"]
    assert len(failed) == 1
    assert "broken" in failed[0]
    assert "the model cannot be fetched" in failed[0]


def test_stopped_by_hand_it_shows_what_has_run(tmp_path: Path, subject: PeerSubject) -> None:
    stopped = tmp_path / "stopped.py"
    stopped.write_text("import os, signal, time\nos.kill(os.getppid(), signal.SIGINT)\ntime.sleep(60)")
    forms = [_stand_in(tmp_path, "before", best_first=True), Form("stopped", stopped)]
    # A shell that starts tests in the background has them ignore it.
    own = signal.signal(signal.SIGINT, signal.default_int_handler)

    try:
        tables, failed = compare(_stand_in(tmp_path, "ours", best_first=True), forms, subject, keep=tmp_path, rounds=2)
    finally:
        signal.signal(signal.SIGINT, own)

    assert [row[0] for row in tables[1].rows] == ["ours", "before"]
    assert failed == ["stopped by hand: what had not had its turn is left out"]


def test_a_peer_that_does_not_end_is_ended(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError, match="not done"):
        run_watched([sys.executable, "-c", "import time; time.sleep(60)"], timeout_s=0.2)


def test_a_peer_with_fewer_replies_than_questions_is_not_scored(subject: PeerSubject) -> None:
    ours = Measured(OURS, "1", "", found=[["a"], ["b"]])
    fewer = Measured(Form("fewer", OURS.script), "1", "", found=[["a"]])

    with pytest.raises(ValueError, match="fewer: 1 replies to 2 questions"):
        found_table(ours, [fewer], subject)


def test_words_are_counted_over_the_passages_in_order() -> None:
    passages = ["one two three", "four five six", "seven"]

    assert in_first_words(passages, 4) == ["one two three", "four", ""]
    assert in_first_words(passages, READ_WORDS) == passages


def test_a_long_passage_is_no_hit_within_few_words(subject: PeerSubject) -> None:
    long = " ".join(["word"] * READ_WORDS)
    ours = Measured(OURS, "1", "", found=[list(BODIES) for _ in QUESTIONS])
    wordy = Measured(Form("wordy", OURS.script), "1", "", found=[[f"{long} {' '.join(BODIES)}"] for _ in QUESTIONS])

    table = found_table(ours, [wordy], subject)

    row = _row(table, "wordy")
    assert _value(row["Hits@10"]) == 1.0
    assert _value(row[f"in {READ_WORDS} words"]) == 0.0
    assert _value(_row(table, OURS.name)[f"in {READ_WORDS} words"]) == 1.0


def test_lines_of_code_are_neither_blank_nor_comments_nor_docstrings(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text('"""Says\nmuch."""\n\n# why\nheld = """a\nb"""\n\n\ndef f():\n    """It."""\n    return held\n')

    assert lines_of_code(script) == 4


def test_a_script_that_builds_on_another_shows_the_lines_of_both() -> None:
    [plain, _, hybrid, _] = map(begun, forms_of("haystack"))

    assert re.fullmatch(r"\d+", plain.lines)
    assert hybrid.lines.startswith(f"{plain.lines} + ")


@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_is_installed_from_pinned_packages_and_no_named_host(peer: str) -> None:
    lines = (SCRIPTS / f"{peer}.txt").read_text(encoding="utf-8").split("\n")

    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", line) for line in lines[:-1])
    assert "wordllama==0.4.0.post1" in lines  # the vectors that all are given


def test_what_stands_among_the_scripts_is_used() -> None:
    used = {OURS.script}
    for peer in PEERS:
        used |= {form.script for form in forms_of(peer)} | {SCRIPTS / f"{peer}.txt"}

    assert {path for path in SCRIPTS.iterdir() if path.is_file()} == used
    assert all(lines_of_code(path) > 2 for path in used if path.suffix == ".py")


def test_peers_are_given_the_vectors_of_our_default_embedding() -> None:
    texts = [*BODIES, "", "Łódź — 3,5 %"]

    theirs = Vectors().matrix(texts)

    assert np.allclose(theirs, StaticEmbeddings().matrix(texts), atol=1e-6)


def test_without_the_data_it_says_which_folder_to_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in PEER_SUBJECTS:
        code = main(["--data", str(tmp_path), "--keep", str(tmp_path / "kept"), "--subject", name])

        said = capsys.readouterr().err
        assert code == 1
        assert str(tmp_path) in said
        assert "--data" in said


def test_a_peer_that_is_not_known_is_refused_with_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--keep", str(tmp_path), "--peers", "txtai,whoosh"])

    said = capsys.readouterr().err
    assert "'whoosh'" in said
    assert "haystack" in said
