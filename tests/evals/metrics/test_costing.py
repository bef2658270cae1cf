"""What an answer costs, as it was measured."""

from __future__ import annotations

from evals.metrics import costing
from tests.evals.scoring import ABSTAINED, answered, case, result


def test_tokens_are_the_total_that_the_provider_counts_else_the_sum_of_its_parts() -> None:
    asked = case()

    total = {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100}
    assert costing.tokens(asked, result(asked, answered(usage=total))) == 100
    assert costing.tokens(asked, result(asked, answered(usage={"prompt": 90, "answer": 11}))) == 101
    assert costing.tokens(asked, result(asked, ABSTAINED)) is None


def test_times_that_were_not_taken_are_not_scored() -> None:
    asked = case()

    assert costing.seconds(asked, result(asked, ABSTAINED, seconds=1.5)) == 1.5
    assert costing.first_claim(asked, result(asked, ABSTAINED, first_claim_s=0.5)) == 0.5
    assert costing.first_claim(asked, result(asked, ABSTAINED)) is None
    assert costing.seconds(asked, result(asked, None)) is None
