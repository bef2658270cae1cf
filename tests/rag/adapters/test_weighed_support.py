"""The support check by weighed features."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from rag.adapters import weighed_support
from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.adapters.weighed_support import WeighedSupport, shipped_weighing
from rag.errors import SettingsError
from rag.overlap import FEATURES
from rag.support import Claimed, Support
from rag.weighing import Weighing
from tests.contracts.support import SupportContract


class TestWeighedSupport(SupportContract):
    def support(self) -> Support:
        return WeighedSupport(WordVectorCache(StaticEmbeddings()))


def test_another_number_lowers_the_score() -> None:
    support = WeighedSupport(WordVectorCache(StaticEmbeddings()))
    cited = ("The port lost 1,200 jobs in 2016, the union said.",)

    right, wrong = asyncio.run(
        support.scores([Claimed("The port lost 1,200 jobs.", cited), Claimed("The port lost 1,300 jobs.", cited)])
    )

    assert wrong < right


def test_the_shipped_model_weighs_what_the_code_computes() -> None:
    assert shipped_weighing().names == FEATURES


def test_a_model_of_other_features_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighed_support, "FEATURES", ("length",))

    with pytest.raises(SettingsError, match=r"weighs covered, .* computes length: run"):
        shipped_weighing()


def test_the_log_odds_are_linear_in_the_features() -> None:
    weighing = Weighing(("a", "b"), (1.0, 0.0), (2.0, 1.0), (1.0, -1.0), 0.5, 0.5)

    odds = weighing.probabilities(np.array([[3.0, 0.0], [1.0, 0.5]]))

    assert np.log(odds / (1 - odds)) == pytest.approx([1.5, 0.0])
