"""Support checks beside each other on the same claims; the model that judges is a stand-in behind real HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from evals import claim_checks
from evals.claim_checks import auc, draw, interval
from evals.datasets.ragtruth import load
from evals.ragtruth import detection
from evals.standins.chat_script import Body, Reply
from evals.standins.chat_server import ChatServer
from rag.adapters.embedding import StaticEmbeddings
from rag.errors import SettingsError
from tests.evals.test_ragtruth import INVENTED, write


def judge(body: Body) -> Reply:
    """Yes where the claim is not the invented one, by log-probabilities alone."""
    invented = INVENTED in str(body["messages"][-1]["content"]).partition("Claim:")[2]
    return Reply(text="Yes", top={"Yes": 0.1 if invented else 0.9, "No": 0.9 if invented else 0.1})


def test_half_of_the_claims_drawn_are_invented_and_the_splits_share_is_kept(tmp_path: Path) -> None:
    drawn = draw(load(write(tmp_path, answers=40), "news", "held-out"), StaticEmbeddings(), most=6)

    assert [each.invented for each in drawn.claims].count(True) == 3
    assert len(drawn.claims) == len({each.id for each in drawn.claims}) == 6
    assert drawn.share == pytest.approx(1 / 3)


def test_no_more_of_one_kind_is_drawn_than_of_the_other(tmp_path: Path) -> None:
    drawn = draw(load(write(tmp_path), "news", "held-out"), StaticEmbeddings(), most=100)

    assert [each.invented for each in drawn.claims].count(True) == len(drawn.claims) / 2 == 2


def test_auc_counts_pairs_in_order_and_ties_by_half() -> None:
    scores, invented = np.array([0.1, 0.5, 0.5, 0.9]), np.array([True, True, False, False])

    assert auc(scores, invented) == pytest.approx(3.5 / 4)


def test_an_interval_over_sources_holds_its_figure(tmp_path: Path) -> None:
    drawn = draw(load(write(tmp_path, answers=200), "news", "held-out"), StaticEmbeddings(), most=40)
    flagged = np.array([each.invented == (n % 4 > 0) for n, each in enumerate(drawn.claims)])
    invented = np.array([each.invented for each in drawn.claims])

    low, high = interval(drawn.claims, flagged, drawn.share)

    assert low < detection(flagged, invented, prevalence=drawn.share).f1 < high < 1


def test_the_command_scores_each_claim_once_and_prints_each_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, kept = write(tmp_path, answers=60), tmp_path / "scores.jsonl"
    command = [str(folder), "--most", "8", "--scores", str(kept)]
    with ChatServer(judge) as url:
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        monkeypatch.setenv("OPENAI_API_KEY", "any")
        monkeypatch.setenv("ONRECORD_CHAT_MODEL", "openai:stand-in")
        claim_checks.main(command)
    first, rows = capsys.readouterr().out, kept.read_text().splitlines()
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")  # nobody listens: what is known is not asked again
    claim_checks.main(command)

    assert "news: 8 claims, half of them invented" in first
    assert "judged:stand-in, below 0.50: F1 1.000 [1.000, 1.000] P 1.000 R 1.000, supported ones flagged 0.000" in first
    assert "weighed, below" in first
    assert capsys.readouterr().out == first
    assert kept.read_text().splitlines() == rows
    assert {json.loads(row)["check"] for row in rows} == {"weighed", "judged:stand-in"}


def test_without_a_chat_model_it_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONRECORD_CHAT_MODEL", raising=False)

    with pytest.raises(SettingsError, match="ONRECORD_CHAT_MODEL is not set"):
        claim_checks.main([str(write(tmp_path))])
