"""What every reranker does."""

from __future__ import annotations

import asyncio

from rag.domain import Article, Part, Passage, Query, Span
from rag.ports import StoredPassage
from rag.ranking import Candidate, Reranker

QUESTION = "When will the Sorrel ferry sail again?"
ANSWER = "The Sorrel ferry will sail again on 4 May, said the harbour office."
BESIDE = "Pigeons were counted on the roof of the market hall, as in each spring."


def candidate(text: str, *, score: float = 1.0, name: str = "a") -> Candidate:
    article = Article(name, "Harbour news", text)
    return Candidate(StoredPassage(Passage(f"{name}:1:0", name, 1, 0, Span(0, len(text)), 1), article, name), score)


class RerankerContract:
    """Inherit, and give `reranker`."""

    def reranker(self) -> Reranker:
        raise AssertionError("an adapter's test gives its reranker here")

    def scored(self, *texts: str) -> list[float]:
        query = Query(QUESTION, QUESTION)
        candidates = [candidate(text, name=f"a{n}") for n, text in enumerate(texts)]
        return asyncio.run(self.reranker().scores(query, Part(QUESTION), candidates))

    def test_what_answers_is_put_before_what_does_not(self) -> None:
        beside, answer = self.scored(BESIDE, ANSWER)

        assert answer > beside

    def test_there_is_a_score_for_each_candidate_in_their_order(self) -> None:
        one, other = self.scored(ANSWER, BESIDE), self.scored(BESIDE, ANSWER)

        assert len(one) == len(other) == 2
        assert one[0] > one[1]
        assert other[1] > other[0]

    def test_no_candidates_have_no_scores(self) -> None:
        assert self.scored() == []

    def test_it_says_what_it_is_and_how_much_it_looks_at(self) -> None:
        reranker = self.reranker()

        assert reranker.name
        assert reranker.depth >= 1
