"""Each metric of citations on examples worked out by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from evals.metrics import citing
from evals.results import Citation, Reply
from evals.supporting import Verdict, verdicts
from rag.support import Claimed
from tests.evals.scoring import ABSTAINED, answered, case, cited, gold, result, said

NINE, FARES = "The ferry stops at nine.", "Fares rise in May."


def of(metric: Any, reply: Reply | None, **fields: Any) -> float | None:
    asked = case(**fields)
    score: float | None = metric(asked, result(asked, reply))
    return score


class Words:
    """Bears a claim out where every word of it stands in what it cites."""

    name, threshold = "words", 0.5

    async def scores(self, claims: Sequence[Claimed]) -> list[float]:
        return [float(set(claim.text.split()) <= set(" ".join(claim.cited).split())) for claim in claims]


def judged(reply: Reply) -> tuple[Verdict, ...] | None:
    return asyncio.run(verdicts(result(case(), reply), Words()))


def test_a_quote_that_is_not_what_stands_at_its_span_is_counted() -> None:
    shifted = cited(2, FARES, stands="ares rise in May. ")

    assert of(citing.invalid_spans, answered((NINE, (1,)), citations=(cited(1, NINE), shifted))) == 1
    assert of(citing.invalid_spans, answered((NINE, (1,)), citations=(cited(1, NINE),))) == 0


def test_a_span_that_could_not_be_read_again_is_not_scored() -> None:
    unread = cited(1, NINE, stands=None)

    assert of(citing.invalid_spans, answered((NINE, (1,)), citations=(unread,))) is None
    assert of(citing.invalid_spans, ABSTAINED) is None


def test_a_number_without_a_citation_dangles_in_the_text_and_in_a_claim() -> None:
    reply = answered((NINE, (1, 3)), citations=(cited(1, NINE),), text=f"{NINE} [1] [2]")

    assert of(citing.dangling_pointers, reply) == 2
    assert of(citing.dangling_pointers, ABSTAINED) is None


def test_a_quotation_stands_in_what_its_own_claim_cites() -> None:
    citations = (cited(1, "“It stops at nine,” she said."), cited(2, FARES))

    assert of(citing.loose_quotations, answered(("She said: “It stops at nine.”", (1,)), citations=citations)) == 0
    assert of(citing.loose_quotations, answered(("She said: “It stops at nine.”", (2,)), citations=citations)) == 1
    assert of(citing.loose_quotations, answered(("She said: “At ten.”", (1,)), citations=citations)) == 1


def test_recall_is_the_share_of_claims_that_their_citations_bear_out() -> None:
    reply = answered((NINE, (1,)), (FARES, (1,)), ("Nothing cited.", ()), citations=(cited(1, NINE),))

    assert citing.citation_recall(judged(reply)) == pytest.approx(1 / 3)


def test_a_citation_that_the_others_do_without_is_not_precise_unless_it_is_enough_alone() -> None:
    # Borne out by 1 and 2 together, neither alone; 3 adds nothing.
    reply = answered((f"{NINE} {FARES}", (1, 2, 3)), citations=(cited(1, NINE), cited(2, FARES), cited(3, "Else.")))

    assert citing.citation_precision(judged(reply)) == pytest.approx(2 / 3)


def test_two_citations_that_are_each_enough_are_both_precise() -> None:
    reply = answered((NINE, (1, 2)), citations=(cited(1, NINE), cited(2, f"{NINE} {FARES}")))

    assert citing.citation_precision(judged(reply)) == 1


def test_no_citation_of_a_claim_that_is_not_borne_out_is_precise() -> None:
    reply = answered((NINE, (1,)), (FARES, (1,)), citations=(cited(1, NINE),))

    assert citing.citation_precision(judged(reply)) == 1 / 2


def test_a_citation_whose_passage_is_missing_counts_as_wrong() -> None:
    reply = answered((NINE, (1, 7)), citations=(cited(1, NINE),))

    assert citing.citation_precision(judged(reply)) == 1 / 2
    assert citing.citation_recall(judged(reply)) == 1


def test_a_claim_with_a_number_that_its_citation_lacks_is_not_borne_out() -> None:
    class Anything(Words):
        async def scores(self, claims: Sequence[Claimed]) -> list[float]:
            return [1.0 for _ in claims]

    reply = answered(("The ferry carried 412 people.", (1,)), citations=(cited(1, NINE),))

    [verdict] = asyncio.run(verdicts(result(case(), reply), Anything())) or ()

    assert not verdict.whole


def test_without_claims_or_without_words_to_check_there_is_no_verdict() -> None:
    assert judged(ABSTAINED) is None
    assert judged(answered((NINE, (1,)), citations=(Citation(number=1, url="https://a.example"),))) is None
    assert citing.citation_recall(None) is None
    assert citing.citation_precision(judged(said(NINE))) is None


def test_coverage_is_the_share_of_claims_with_a_citation() -> None:
    assert of(citing.coverage, answered((NINE, (1,)), (FARES, ()), citations=(cited(1, NINE),))) == 1 / 2
    assert of(citing.coverage, ABSTAINED) is None


def test_the_gold_is_cited_where_one_quote_holds_the_other_in_the_same_article() -> None:
    evidence = {"evidence": (gold("stops at nine"),)}

    assert of(citing.gold_cited, answered((NINE, (1,)), citations=(cited(1, NINE),)), **evidence) == 1
    assert of(citing.gold_cited, answered((NINE, (1,)), citations=(cited(1, NINE, "other"),)), **evidence) == 0
    assert of(citing.gold_cited, answered((NINE, (1,)), citations=(cited(1, FARES),)), **evidence) == 0
    assert of(citing.gold_cited, ABSTAINED, **evidence) == 0
    assert of(citing.gold_cited, said(NINE)) is None


def test_the_speaker_is_the_one_that_was_asked_for() -> None:
    reply = answered((NINE, (1,)), citations=(cited(1, NINE, speaker="Aino Rask"),))

    assert of(citing.right_speaker, reply, speaker="Aino Rask") == 1
    assert of(citing.right_speaker, reply, speaker="Elena Varga") == 0
    assert of(citing.right_speaker, reply) is None
