"""A judge's verdicts are kept one by one, and how far it agrees with itself is said. ragas itself where it is installed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evals.by_ragas.judged import JUDGED, RagasJudge
from evals.by_ragas.loading import Model
from evals.cases import Case
from evals.judging import judge_all, worth
from evals.results import Result
from evals.standins.chat_script import Reply as Scripted
from evals.standins.chat_server import ChatServer
from evals.verdicts import Judgement, Judging, beside, read_verdicts, verdicts_on
from rag.errors import ProviderError, SettingsError, SourceError
from tests.evals.scoring import ABSTAINED, answered, case, gold, passage, result

ASKED = case(evidence=(gold("It stops at nine."),), answers=("nine",))
ANSWERED = result(ASKED, answered(("It stops at nine.", (1,)), passages=(passage("It stops at nine. Fares rise."),)))


BY = Judging("small", "ragas 0.4.3", "golden of today")


class InTurn:
    """Gives the verdicts in turn; an error is raised."""

    def __init__(self, *verdicts: float | ProviderError | None) -> None:
        self.verdicts = list(verdicts)

    async def score(self, metric: str, case: Case, result: Result) -> float | None:
        verdict = self.verdicts.pop(0)
        if isinstance(verdict, ProviderError):
            raise verdict
        return verdict


def judged(
    judge: InTurn, out: Path, results: Sequence[Result] = (ANSWERED,), times: int = 2, by: Judging = BY
) -> tuple[Judgement, ...]:
    return asyncio.run(judge_all(results, judge, ["faithfulness"], out, by=by, times=times))


def test_a_case_counts_with_the_mean_of_its_verdicts_and_how_far_they_lie_apart_is_said(tmp_path: Path) -> None:
    other = result(case(id="c2"), ANSWERED.reply)

    found = worth(judged(InTurn(1.0, 0.5, 0.5, 0.5), tmp_path / "x.judged", [ANSWERED, other]), "faithfulness")

    # The first case got 1 and .5, the second .5 twice.
    assert found.mean is not None
    assert (found.mean.value, found.cases, found.apart, found.moved) == (0.625, 2, 0.25, 1)


def test_a_verdict_that_failed_counts_as_nothing_and_is_asked_for_again(tmp_path: Path) -> None:
    out = tmp_path / "x.judged"

    first = worth(judged(InTurn(ProviderError("no JSON"), 0.25), out), "faithfulness")
    again = worth(judged(InTurn(0.75), out), "faithfulness")

    assert (first.failed, first.mean and first.mean.value, first.apart) == (1, 0.25, None)
    assert (again.failed, again.mean and again.mean.value, again.apart) == (0, 0.5, 0.5)


def test_a_case_without_anything_to_score_is_unscored_and_not_zero(tmp_path: Path) -> None:
    found = worth(judged(InTurn(None, None), tmp_path / "x.judged"), "faithfulness")

    assert (found.mean, found.cases, found.unscored, found.failed) == (None, 0, 1, 0)


def test_a_line_that_was_cut_short_is_asked_for_again_and_another_file_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "x.judged"
    judged(InTurn(1.0, 1.0), out)
    out.write_bytes(out.read_bytes()[:-5])

    found = judged(InTurn(0.0), out)

    assert sorted(each.score or 0 for each in found) == [0.0, 1.0]
    out.write_text("{}\n")
    with pytest.raises(SourceError, match="holds no verdicts"):
        judged(InTurn(), out)


def test_verdicts_say_whose_they_are_and_are_not_mixed_with_anothers_or_those_on_another_run(tmp_path: Path) -> None:
    out = tmp_path / "x.judged"
    judged(InTurn(1.0, ProviderError("no JSON")), out)
    judged(InTurn(0.5), out)

    found = read_verdicts(out)

    assert found.by == BY
    assert [(each.time, each.score, each.failure) for each in found.judgements] == [(0, 1.0, None), (1, 0.5, None)]
    for other in (replace(BY, judge="large"), replace(BY, prompts="ragas 0.5"), replace(BY, of="golden of yesterday")):
        with pytest.raises(SourceError, match="name another --out"):
            judged(InTurn(), out, by=other)


def test_a_judge_reads_each_passage_under_the_header_that_the_answer_names() -> None:
    read = passage("It stops at nine.").model_copy(
        update={"title": "Fares", "outlet": "Post", "published_at": datetime(2025, 7, 3, tzinfo=UTC)}
    )
    headed = result(ASKED, answered(("Post (3 July 2025): It stops at nine.", (1,)), passages=(read,)))

    told = JUDGED["faithfulness"].of(ASKED, headed)

    assert told is not None
    assert told["retrieved_contexts"] == ["Fares — Post, 3 July 2025\nIt stops at nine."]


@pytest.mark.parametrize("metric", JUDGED)
def test_what_a_metric_needs_and_a_case_lacks_leaves_it_unscored(metric: str) -> None:
    assert JUDGED[metric].of(ASKED, ANSWERED)
    assert JUDGED[metric].of(case(), result(case(), ABSTAINED)) is None


def test_without_ragas_the_error_names_the_extra() -> None:
    try:
        import ragas  # noqa: F401
    except ImportError:
        with pytest.raises(SettingsError, match=r"judged metrics and .* need ragas"):
            Model("http://127.0.0.1:9/v1", "x", key=None, timeout_s=1, max_tokens=100)
    else:
        pytest.skip("ragas is installed")


# ragas leaves a file of its own open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ragas_faithfulness_is_the_share_of_statements_that_the_judge_bears_out() -> None:
    pytest.importorskip("ragas")
    verdicts = [{"statement": "a", "reason": "", "verdict": 1}, {"statement": "b", "reason": "", "verdict": 0}]
    replies: list[dict[str, Any]] = [{"statements": ["a", "b"]}, {"statements": verdicts}]

    async def score(url: str) -> float | None:
        async with Model(url, "stand-in", key=None, timeout_s=30, max_tokens=1024) as model:
            return await RagasJudge(model).score("faithfulness", ASKED, ANSWERED)

    with ChatServer(lambda body: Scripted(text=json.dumps(replies.pop(0)))) as url:
        assert asyncio.run(score(url)) == 0.5


def test_the_verdicts_beside_a_run_are_found_and_those_on_an_earlier_one_left_out_or_refused(tmp_path: Path) -> None:
    run = tmp_path / "golden[1].jsonl"
    judged(InTurn(1.0, 1.0), beside(run, "maker/small"))
    judged(InTurn(0.0, 0.0), beside(run, "old"), by=Judging("old", "ragas 0.4.3", "golden of yesterday"))
    judged(InTurn(0.0, 0.0), tmp_path / "golden.other.judged")

    found = verdicts_on(run, BY.of, None)

    assert [each.by for each in found] == [BY]
    assert verdicts_on(run, BY.of, [beside(run, "small")]) == found
    with pytest.raises(SourceError, match="verdicts on golden of yesterday"):
        verdicts_on(run, BY.of, [beside(run, "old")])
    with pytest.raises(SourceError, match="cannot be read"):
        verdicts_on(run, BY.of, [tmp_path / "none.judged"])
