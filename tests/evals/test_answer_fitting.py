"""Fitting which sentence answers: the weights, what is known of their quality, and the command from data to model file."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.answer_fitting import by_folds, curve, firsts, fit_signals, least, main
from evals.answer_sets import Sentences
from evals.calibration import Sure
from rag.adapters.weighed_answers import read_choice
from rag.choosing import SIGNALS, SURENESS
from rag.weighing import Floats

WIDTH = len(SIGNALS)


def drawn(questions: int, *, telling: int | None, seed: int = 3, scale: float = 1.0) -> list[Sentences | None]:
    """Questions of ten sentences with noise in every signal; in one of them the right sentence stands out."""
    draw = np.random.default_rng(seed)
    found: list[Sentences | None] = []
    for _ in range(questions):
        signals: Floats = draw.random((10, WIDTH))
        right = np.arange(10) == draw.integers(10)
        if telling is not None:
            signals[right, telling] += 1.0
        found.append(Sentences(signals * scale, draw.random((10, len(SURENESS))), right))
    return found


@pytest.mark.parametrize("telling", range(WIDTH))
def test_the_signal_that_tells_gets_the_weight(telling: int) -> None:
    found = drawn(150, telling=telling)

    weights = fit_signals([found])

    assert int(np.argmax(weights)) == telling
    assert firsts(found, weights)[1].mean() > 0.7


def test_a_signal_against_a_sentence_gets_no_weight() -> None:
    found = drawn(150, telling=2)
    for each in found:
        assert each is not None
        each.signals[:, 2] *= -1

    assert fit_signals([found])[2] == 0.0


def test_the_order_of_sentences_does_not_hang_on_the_unit_of_a_signal() -> None:
    plain, large = drawn(100, telling=1), drawn(100, telling=1, scale=1000.0)

    assert np.allclose(np.asarray(fit_signals([plain])), 1000 * np.asarray(fit_signals([large])), rtol=1e-3, atol=1e-3)


def test_the_least_loss_is_found_where_a_fixed_step_would_leap_over_it() -> None:
    # A narrow valley: a hundred times as steep one way as the other, and a third weight that wants to be negative.
    wanted, steep = np.array([3.0, 0.5, -1.0]), np.array([100.0, 1.0, 1.0])

    found = least(lambda w: (float(steep @ (w - wanted) ** 2), 2 * steep * (w - wanted)), 3)

    assert np.allclose(found, [3.0, 0.5, 0.0], atol=1e-3)


def test_what_does_not_come_to_rest_is_said() -> None:
    with pytest.raises(ValueError, match="rest"):
        least(lambda w: (float(-w.sum()), -np.ones(1)), 1)


def test_nothing_to_learn_from_is_said() -> None:
    alike = Sentences(np.ones((2, WIDTH)), np.ones((2, len(SURENESS))), np.array([True, True]))

    with pytest.raises(ValueError, match="no question"):
        fit_signals([[alike, None]])


def test_answers_out_of_fold_are_of_a_model_that_did_not_see_the_question() -> None:
    # Noise alone: in the sample it can be fitted a little, out of it the right sentence is first by chance.
    kept = by_folds([drawn(200, telling=None), drawn(100, telling=None, seed=4)])

    assert [len(each) for each in kept] == [200, 100]
    assert 0.03 < np.mean([answer.right for answer in kept[0]]) < 0.2


def test_the_curve_counts_sets_alike_and_ends_where_nothing_is_answered() -> None:
    sure = [Sure(0.9, 1.0), Sure(0.2, 0.0)]
    doubtful = [Sure(0.2, 0.0)] * 2

    points = {point.confidence: point for point in curve([sure, doubtful], [2, 2])}

    assert (points[0.0].coverage, points[0.0].precision) == (1.0, 0.25)
    assert (points[0.5].coverage, points[0.5].precision) == (0.25, 1.0)
    assert max(points) < 0.95


# --- the command ---------------------------------------------------------------------------------------------------

QUAYS = "Ardal Brenna Corrie Dunmore Esker Farrow Galway Hestan Inver Jarrow Kelso Lorne".split()


def article(quay: str, number: int) -> dict[str, str]:
    text = (
        f"The harbour board of {quay} met on Monday to speak about its ferry. The ferry of {quay} is called the"
        f" {quay}mare {number}. It was built by a yard in the north. Rain fell for most of the week in the valley."
        f" Nobody at the meeting wished for another ferry. The harbour of {quay} has {number + 20} berths for boats."
    )
    return {"title": f"{quay} and its ferry", "text": text, "url": f"https://news.example/{quay}"}


def write_multihop(folder: Path) -> None:
    folder.mkdir()
    corpus, queries = [], []
    for number, quay in enumerate(QUAYS):
        story = article(quay, number)
        about: dict[str, Any] = {
            "title": story["title"],
            "url": story["url"],
            "author": None,
            "source": "The Quay",
            "category": "business",
            "published_at": "2023-11-27T08:45:59+00:00",
        }
        fact = f"The harbour of {quay} has {number + 20} berths for boats."
        # Of every fourth another sentence is named than the one that a reader would choose.
        if number % 4 == 0:
            fact = "Rain fell for most of the week in the valley."
        corpus.append({**about, "body": story["text"]})
        queries.append(
            {
                "query": f"How many berths has the harbour of {quay}?",
                "answer": "Nothing that stands here" if number % 4 == 0 else str(number + 20),
                "question_type": "inference_query",
                "evidence_list": [{**about, "fact": fact}],
            }
        )
    (folder / "corpus.jsonl").write_text("".join(json.dumps(each) + "\n" for each in corpus), "utf-8")
    (folder / "queries_dev.jsonl").write_text("".join(json.dumps(each) + "\n" for each in queries), "utf-8")


def write_realtimeqa(folder: Path) -> None:
    folder.mkdir()
    with lzma.open(folder / "articles_2024.jsonl.xz", "wt", encoding="utf-8") as lines:
        for number, quay in enumerate(QUAYS):
            lines.write(json.dumps({"article_id": quay, "date": "2024-03-01", **article(quay, number)}) + "\n")
    questions, labels = [], []
    for number, quay in enumerate(QUAYS):
        asked = {"question_id": quay, "question_date": "2024/03/02"}
        questions.append({**asked, "question_sentence": f"Which name has the ferry of {quay}?"})
        # Of every third no article has the answer.
        answer = f"{quay}mare {number}" if number % 3 else "The Nowhere"
        labels.append(
            {
                "question_id": quay,
                "answer_text": [answer],
                "short_or_numeric_answer": False,
                "answer_string_in": [quay] if number % 3 else [],
                "leaking_articles": [],
            }
        )
    (folder / "questions_2024.jsonl").write_text("".join(json.dumps(each) + "\n" for each in questions), "utf-8")
    (folder / "derived_2024.jsonl").write_text("".join(json.dumps(each) + "\n" for each in labels), "utf-8")


def test_the_command_makes_a_model_from_the_data_that_the_answerer_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_multihop(tmp_path / "multihop_rag")
    write_realtimeqa(tmp_path / "realtimeqa")
    out = tmp_path / "model.json"

    main([str(tmp_path), "--libraries", str(tmp_path / "libraries"), "--out", str(out)])

    said = capsys.readouterr().out
    assert "multihop_rag, out of fold: 12 questions" in said
    assert "realtimeqa_2024_dated, from the other sets: 12 questions" in said
    choice = read_choice(json.loads(out.read_text("utf-8")))
    assert any(weight > 0 for weight in choice.weights)
    # Not fewer are right than answer in the data, at the least confidence.
    assert choice.curve[0].coverage > 0.9
    assert choice.curve[0].precision > 0.5


def test_data_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="multihop_rag"):
        main([str(tmp_path), "--libraries", str(tmp_path / "libraries"), "--out", str(tmp_path / "model.json")])
