"""`onrecord eval` as it is used: the gate of the golden set, what it catches, and runs against servers."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import api.wire.native
import rag.composition
from api.cli import main
from api.schemas import CitationOut
from evals.cases import read_cases
from evals.datasets.golden_reworded import golden_path
from evals.results import read_run
from evals.standins.chat_script import Reply as Scripted
from evals.standins.chat_server import ChatServer
from rag.citations import Draft, Pointer
from rag.domain import Abstention, Citation, Evidence, Query, Span
from rag.drafting import ExtractiveDrafts, Spent
from tests.serving import ROOT, Served, onrecord, start

BASELINE, RULES = ROOT / "evals" / "gate_baseline.json", ROOT / "evals" / "gate.toml"


@pytest.fixture(scope="module")
def shelf(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample articles in a library that no server holds and no test changes."""
    return Path(shutil.copytree(samples, tmp_path_factory.mktemp("shelf") / "library"))


def golden(shelf: Path, out: Path) -> Path:
    """The golden set asked in this process, in the articles' own words."""
    code = main(["eval", "run", "golden", "--library", str(shelf), "--mode", "extractive", "--out", str(out)])
    assert code == 0
    return out


def gate(run: Path) -> int:
    return main(["eval", "gate", str(run), "--baseline", str(BASELINE), "--rules", str(RULES)])


# --- the gate --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unchanged(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return golden(shelf, tmp_path_factory.mktemp("runs") / "golden.jsonl")


def test_the_golden_set_passes_the_gate(unchanged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = gate(unchanged)

    assert code == 0, capsys.readouterr().out


def test_the_rules_of_the_golden_set_come_with_the_package(
    unchanged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    code = main(["eval", "gate", str(unchanged), "--baseline", str(BASELINE)])

    assert code == 0, capsys.readouterr().err


def test_the_same_again_scores_the_same_to_the_last_case(
    unchanged: Path, shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = golden(shelf, tmp_path / "again.jsonl")
    capsys.readouterr()

    assert gate(again) == 0
    capsys.readouterr()
    assert main(["eval", "compare", str(unchanged), str(again), "--json"]) == 0
    compared = json.loads(capsys.readouterr().out)
    assert compared["changed"] == []
    assert {row["verdict"] for row in compared["metrics"] if row["metric"] != "seconds"} == {"same"}


def test_the_gate_catches_dense_retrieval_alone(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONRECORD_RETRIEVAL__DENSE_WEIGHT", "1")

    code = gate(golden(shelf, tmp_path / "dense.jsonl"))

    assert code == 1
    # Which ranking shows it depends on how much else holds the ranking up.
    assert re.search(r"broken: may_worsen: [a-z_]+@\d+ is ", capsys.readouterr().out)


class NeverAbstains(ExtractiveDrafts):
    """Where there is no answer, the first words of the best passage."""

    async def draft(self, query: Query, evidence: Evidence) -> AsyncGenerator[Draft | Abstention | Spent, None]:
        async for draft in super().draft(query, evidence):
            if isinstance(draft, Abstention) and evidence.passages:
                best = evidence.passages[0]
                reading = evidence.readings[best.article.id]
                first = next(s for s in reading.sentences if s.start >= best.passage.span.start)
                yield Draft(first.of(best.article.body), (Pointer(reading, first),))
            else:
                yield draft


def test_the_gate_catches_an_answerer_that_never_abstains(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rag.composition, "ExtractiveDrafts", NeverAbstains)

    code = gate(golden(shelf, tmp_path / "eager.jsonl"))

    assert code == 1
    assert "broken: may_worsen: abstention_recall is " in capsys.readouterr().out


def test_the_gate_catches_citations_that_are_shifted_by_one_character(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    honest = api.wire.native.citation_out

    def shifted(citation: Citation) -> CitationOut:
        out = honest(citation)
        span = Span(out.start + 1, out.end + 1)
        return out.model_copy(update={"start": span.start, "end": span.end})

    monkeypatch.setattr(api.wire.native, "citation_out", shifted)

    code = gate(golden(shelf, tmp_path / "shifted.jsonl"))

    assert code == 1
    assert "broken: never: invalid_spans is " in capsys.readouterr().out


def test_the_scores_of_a_run_are_accepted_as_the_baseline_and_then_pass(
    unchanged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = tmp_path / "baseline.json"
    arguments = ["eval", "gate", str(unchanged), "--baseline", str(baseline), "--rules", str(RULES)]

    assert main([*arguments, "--accept"]) == 0
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    assert (said["passed"], said["broken"], said["cases"]) == (True, [], len(read_cases(golden_path())))
    assert {"rule": "never", "metric": "invalid_spans", "fault": None} in said["rules"]


def test_on_githubs_runner_a_broken_rule_is_noted_and_junit_has_a_test_for_every_rule(
    unchanged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rules, told = tmp_path / "gate.toml", tmp_path / "gate.xml"
    rules.write_text('never = ["invalid_spans"]\n[least]\n"hits@1" = 1.0\n')
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    code = main(
        [
            "eval",
            "gate",
            str(unchanged),
            "--baseline",
            str(BASELINE),
            "--rules",
            str(rules),
            "--junit",
            str(told),
            "--json",
        ]
    )

    shown = capsys.readouterr()
    assert code == 1
    [fault] = json.loads(shown.out)["broken"]
    assert f"::error title=eval gate least hits@1::{fault}" in shown.err
    suite = ElementTree.fromstring(told.read_text()).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("4", "1")
    [failure] = suite.iter("failure")
    assert failure.text == fault
    assert [test.get("name") for test in suite] == ["cases", "most_failed", "never: invalid_spans", "least: hits@1"]


# --- runs ------------------------------------------------------------------------------------------------------------


def test_a_run_prints_one_json_document_with_its_figures_and_keeps_every_case(unchanged: Path, shelf: Path) -> None:
    out = unchanged.with_name("five.jsonl")

    ran = onrecord("eval", "run", "golden", "--limit", "5", "--library", shelf, "--out", out, "--json")

    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert (document["count"], document["asked_cases"], document["failed"]) == (5, 5, [])
    assert document["metrics"]["seconds"]["cases"] == 5
    assert document["service"]["counts"]["articles"] == 18
    assert len(read_run(out).results) == 5


def test_a_library_is_made_for_a_data_set_where_none_is_named(tmp_path: Path) -> None:
    ran = onrecord("eval", "run", "golden", "--limit", "3", "--out", tmp_path / "run.jsonl")

    assert ran.code == 0, ran.err
    assert "golden: 18 articles" in ran.err
    assert read_run(tmp_path / "run.jsonl").header.target == "articles of golden"


def test_a_server_is_asked_by_its_address_and_its_first_claims_are_timed(server: Served, tmp_path: Path) -> None:
    ran = onrecord(
        "eval", "run", "golden", "--limit", "8", "--url", f"{server.url}/v1", "--out", tmp_path / "run.jsonl"
    )

    assert ran.code == 0, ran.err
    results = read_run(tmp_path / "run.jsonl").results
    assert len(results) == 8
    for result in results:
        assert result.reply is not None
        assert (result.first_claim_s is not None) == result.reply.answered
        assert result.reply.passages
        assert all(citation.stands == citation.quote for citation in result.reply.citations)


def test_a_server_with_chat_completions_alone_is_scored_on_what_it_says(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    case: dict[str, Any] = {"id": "a", "question": "When?", "answers": ["at nine"], "answerable": True}
    cases.write_text(json.dumps(case) + "\n", encoding="utf-8")

    with ChatServer(lambda body: Scripted(text="At nine.")) as url:
        ran = onrecord("eval", "run", cases, "--url", url, "--out", tmp_path / "run.jsonl", "--json")

    assert ran.code == 0, ran.err
    metrics = json.loads(ran.out)["metrics"]
    assert metrics["exact_match"]["value"] == 1
    assert not {"hits@10", "invalid_spans"} & set(metrics)


def test_a_run_that_was_killed_goes_on_where_it_stood(server: Served, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    arguments = ("eval", "run", "golden", "--url", server.url, "--concurrency", "1", "--out", out)
    killed = start(*arguments)
    while killed.poll() is None and not (out.exists() and out.read_bytes().count(b"\n") > 5):
        time.sleep(0.01)
    killed.kill()
    killed.communicate()
    done = {result.case.id for result in read_run(out).results}

    ran = onrecord(*arguments)

    assert ran.code == 0, ran.err
    run = read_run(out)
    assert run.whole
    assert done < {result.case.id for result in run.results}
    assert out.read_bytes().count(b"\n") == 1 + len(run.results)


def test_a_whole_run_is_not_made_again_into_the_same_file_but_scored_again(
    unchanged: Path, shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["eval", "run", "golden", "--library", str(shelf), "--mode", "extractive", "--out", str(unchanged)])
    refused = capsys.readouterr().err
    assert main(["eval", "score", str(unchanged), "--metric", "contained", "--json"]) == 0

    assert code == 2
    assert f"holds a whole run already: `onrecord eval score {unchanged}` scores it again" in refused
    document = json.loads(capsys.readouterr().out)
    assert list(document["metrics"]) == ["contained"]
    assert document["metrics"]["contained"]["cases"] == sum(bool(case.answers) for case in read_cases(golden_path()))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("nothing.jsonl",), "names no cases"),
        (("golden", "--metric", "hit"), "no such metric: hit"),
        (("golden", "--url", "localhost:8000"), "is no address; write http://127.0.0.1:8000"),
        (("golden", "--url", "http://a.example", "--library", "x"), "give one of them"),
        (("golden", "--limit", "0"), "is no number of cases"),
    ],
)
def test_a_run_that_is_asked_for_wrongly_ends_with_2_and_what_would_be_right(
    arguments: tuple[str, ...], complaint: str
) -> None:
    ran = onrecord("eval", "run", *arguments)

    assert ran.code == 2
    assert complaint in ran.err


def test_a_server_that_is_not_there_ends_the_run_with_1(tmp_path: Path) -> None:
    ran = onrecord("eval", "run", "golden", "--url", "http://127.0.0.1:9", "--out", tmp_path / "run.jsonl")

    assert ran.code == 1
    assert "http://127.0.0.1:9 has neither /v1/ask" in ran.err


def test_a_comparison_is_shown_with_the_cases_that_changed(unchanged: Path, tmp_path: Path) -> None:
    lines = unchanged.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = json.loads(lines[1])
    changed["reply"] = {"answered": False, "reason": "weak_evidence", "detail": "Not\x1b[31m here."}
    (tmp_path / "after.jsonl").write_text("".join([lines[0], json.dumps(changed) + "\n", *lines[2:]]), encoding="utf-8")

    ran = onrecord("eval", "compare", unchanged, tmp_path / "after.jsonl")

    assert ran.code == 0, ran.err
    assert "1 cases changed" in ran.out
    assert f"{changed['case']['id']}: {changed['case']['question']}" in ran.out
    assert "\x1b" not in ran.out


def test_candidates_are_made_of_a_librarys_articles_and_can_be_asked(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "candidates.jsonl"

    made = onrecord("eval", "new-cases", "--library", shelf, "--limit", "12", "--out", out)
    ran = onrecord("eval", "run", out, "--library", shelf, "--out", tmp_path / "run.jsonl", "--json")

    assert (made.code, ran.code) == (0, 0), made.err + ran.err
    assert len(read_cases(out)) == 12
    assert json.loads(ran.out)["failed"] == []


def test_a_report_is_written_beside_its_run_and_in_markdown(unchanged: Path, tmp_path: Path) -> None:
    ran = onrecord("eval", "report", unchanged, "--out", tmp_path / "r.html", "--markdown", tmp_path / "r.md")

    assert ran.code == 0, ran.err
    assert "Kellan Bridge" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "| contained |" in (tmp_path / "r.md").read_text(encoding="utf-8")
