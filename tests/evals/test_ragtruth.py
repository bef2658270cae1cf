"""Loading RAGTruth, measuring a support check on it, and fitting one. The rows are written here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from evals import ragtruth
from evals.datasets.ragtruth import load
from evals.ragtruth import Scored, best_threshold, detection, interval
from evals.support_fitting import fit, main
from rag.errors import SourceError

SOURCE = "The council put off its vote on the bridge. Mayor Ines Brandt said so on Monday.\n\noutput:"
INVENTED = "The bridge was sold to a foreign investor."


def write(folder: Path, answers: int = 20) -> Path:
    """Answers in turn faithful and invented, each with a source of its own."""
    sources = [{"source_no": n, "query": "Summarize:", "context": SOURCE} for n in range(answers)]
    rows = []
    for n in range(answers):
        output = "Here is a summary in 90 words:\n1. The council put off its vote."
        labels = []
        if n % 2:
            output += f" {INVENTED}"
            labels = [{"start": len(output) - len(INVENTED), "end": len(output)}]
        rows.append({"id": n, "source_no": n, "split": "train", "output": output, "hallucination_labels": labels})
    for name, each in (("sources", sources), ("responses", rows)):
        path = folder / f"summary_news_{name}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in each), encoding="utf-8")
    return folder


def test_sentences_carry_the_labels_that_overlap_them_and_framing_is_left_out(tmp_path: Path) -> None:
    faithful, invented, *_ = load(write(tmp_path), "news", "train")

    assert [(s.text, s.invented) for s in invented.sentences] == [
        ("The council put off its vote.", False),
        (INVENTED, True),
    ]
    assert invented.sources == ("The council put off its vote on the bridge.", "Mayor Ines Brandt said so on Monday.")
    assert (faithful.invented, invented.invented) == (False, True)


def test_no_source_is_both_fitted_and_held_out(tmp_path: Path) -> None:
    write(tmp_path)

    fitted, held_out = ({r.source for r in load(tmp_path, "news", split)} for split in ("fit", "held-out"))

    assert len(fitted) == 16
    assert held_out == {0, 5, 10, 15}


def test_a_split_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no answer of the split 'test'"):
        load(write(tmp_path), "news", "test")
    with pytest.raises(SourceError, match=r"qa_marco_sources\.jsonl cannot be read"):
        load(tmp_path, "marco", "train")


def test_detection_at_another_share_keeps_recall_and_moves_precision() -> None:
    flagged = np.array([True, True, False, True, False, False, False, False])
    invented = np.array([True, True, True, False, False, False, False, False])

    drawn = detection(flagged, invented)
    rarer = detection(flagged, invented, prevalence=0.1)

    assert (drawn.precision, drawn.recall, drawn.share) == pytest.approx((2 / 3, 2 / 3, 0.2))
    assert drawn.f1 == pytest.approx(2 / 3)
    assert rarer.recall == drawn.recall
    assert rarer.precision == pytest.approx((0.1 * 2 / 3) / (0.1 * 2 / 3 + 0.9 * 0.2))


def test_always_invented_has_the_published_f1_at_the_test_splits_share() -> None:
    invented = np.array([True, False])

    assert detection(np.ones(2, dtype=bool), invented, prevalence=ragtruth.TEST_SHARE["news"]).f1 == pytest.approx(
        0.370, abs=5e-4
    )


def test_figures_without_both_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="both invented and supported"):
        detection(np.array([True]), np.array([True]))


def test_the_best_threshold_parts_what_can_be_parted() -> None:
    scores = np.array([0.1, 0.4, 0.4, 0.8, 0.9])
    invented = np.array([True, True, False, False, False])

    threshold = best_threshold(scores, invented)

    assert 0.4 < threshold <= 0.8


def test_an_interval_holds_its_figure() -> None:
    cases = [
        Scored(n // 2, bool(n % 3), np.array([0.2 if n % 4 else 0.9]), np.array([bool(n % 3)]), np.array([False]))
        for n in range(60)
    ]
    value = detection(np.array([c.lowest < 0.5 for c in cases]), np.array([c.invented for c in cases])).f1

    low, high = interval(cases, 0.5)

    assert low < value < high


def test_a_fit_finds_the_weights_that_made_the_labels() -> None:
    draw = np.random.default_rng(3)
    rows = draw.normal(size=(20_000, 2))
    supported = draw.random(20_000) < 1 / (1 + np.exp(-(0.5 + 2 * rows[:, 0] - rows[:, 1])))

    weighing = fit(rows, supported, threshold=0.5)

    raw = np.array(weighing.coefficients) / np.array(weighing.scales)
    assert raw == pytest.approx([2.0, -1.0], abs=0.1)


def test_a_fit_to_one_kind_alone_is_refused() -> None:
    with pytest.raises((ValueError, np.linalg.LinAlgError)):
        fit(np.zeros((5, 2)), np.ones(5, dtype=bool), threshold=0.5)


def test_the_commands_write_a_model_and_print_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path)

    main([str(folder), "--out", str(tmp_path / "model.json"), "--threshold", "0.7"])
    model = json.loads((tmp_path / "model.json").read_text())
    ragtruth.main([str(folder), "--tasks", "news"])

    printed = capsys.readouterr().out
    assert (model["claims"], model["invented"], model["threshold"]) == (24, 8, 0.7)
    assert "council" not in json.dumps(model)
    assert "news: 4 answers, 0.500 of them invented" in printed
    assert "always 0.667" in printed
