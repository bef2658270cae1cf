from __future__ import annotations

import numpy as np
import pytest

from evals.ranker_fitting import Ranking, fit, judged, out_of_fold
from rag.signals import SIGNALS, Floats

WIDTH = len(SIGNALS)


def drawn(cases: int, *, telling: int, seed: int = 3) -> list[Ranking]:
    """Rankings of ten passages with noise in every signal; in one of them the right passage stands out."""
    draw = np.random.default_rng(seed)
    found = []
    for case in range(cases):
        rows: Floats = draw.random((10, WIDTH))
        rows[:, 0] = np.sort(rows[:, 0])[::-1]
        right = int(draw.integers(10))
        rows[right, telling] += 1.0
        hits = np.zeros(10, dtype=bool)
        hits[right] = True
        found.append(Ranking(case, tuple(range(100 * case, 100 * case + 10)), rows, hits))
    return found


@pytest.mark.parametrize("telling", range(1, WIDTH))
def test_the_signal_that_tells_gets_the_weight_and_puts_the_right_passage_first(telling: int) -> None:
    found = drawn(200, telling=telling)

    weights = fit([found], ridge=0.01)

    assert int(np.argmax(weights.coefficients)) == telling
    first = [hits[0] for hits in judged(found, 200, [weights.scores(each.rows) for each in found])]
    assert np.mean(first) > 0.7


def test_a_signal_against_a_passage_gets_no_weight() -> None:
    found = [Ranking(r.case, r.keys, r.rows * np.array([1, 1, 1, -1.0, 1]), r.relevant) for r in drawn(200, telling=3)]

    assert fit([found], ridge=0.01).coefficients[3] == 0.0


def test_scores_out_of_fold_are_of_weights_that_did_not_see_the_case() -> None:
    # Noise alone: in the sample it can be fitted a little, out of it the right passage is first by chance.
    draw = np.random.default_rng(5)
    found = [
        Ranking(case, tuple(range(10 * case, 10 * case + 10)), draw.random((10, WIDTH)), np.arange(10) == case % 10)
        for case in range(300)
    ]

    scores = out_of_fold([found], [300], ridge=0.01)[0]

    first = np.mean([hits[0] for hits in judged(found, 300, scores)])
    assert 0.03 < first < 0.2


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(ValueError, match="no ranking"):
        fit([[Ranking(0, (1,), np.ones((1, WIDTH)), np.array([True]))]], ridge=0.1)
