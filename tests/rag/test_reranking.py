"""Where the reranker stands in the flow, and what happens without it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering import Answerer, Request
from rag.domain import Part, Query
from rag.drafting import ExtractiveDrafts
from rag.errors import ProviderError
from rag.library import Library
from rag.ranking import Candidate, Reranker
from rag.retrieval import Retrieved, retrieve
from rag.settings import EvidenceSettings, RerankSettings, RetrievalSettings, Settings
from tests.newsroom import document
from tests.rag.asking import ARTICLES, LATER
from tests.running import on_library

QUESTION = "When does the dredging of the port of Veld begin?"


class Backwards:
    """Puts the last first, of the first `depth`; fails while `broken`."""

    name = "backwards"

    def __init__(self, *, depth: int = 60, broken: bool = False) -> None:
        self.depth, self.broken = depth, broken
        self.seen: list[str] = []

    async def scores(self, query: Query, part: Part, candidates: Sequence[Candidate]) -> list[float]:
        if self.broken:
            raise ProviderError("backwards: the provider failed (Outage)")
        self.seen = [candidate.stored.passage.id for candidate in candidates]
        return [float(n) for n in range(len(candidates))]


def searched(settings: Settings, reranker: Reranker | None) -> Retrieved:
    async def act(library: Library) -> Retrieved:
        await library.put([document(article) for article in ARTICLES])
        return await retrieve(Query(QUESTION, QUESTION), library, RetrievalSettings(), k=10, reranker=reranker)

    return on_library(settings, act)


def ids(found: Retrieved) -> list[str]:
    return [each.passage.id for each in found.passages]


def test_passages_come_in_the_order_of_the_reranker_with_the_scores_of_the_search(settings: Settings) -> None:
    plain, turned = searched(settings, None), searched(settings, Backwards())

    assert len(ids(plain)) > 1
    assert ids(turned) == ids(plain)[::-1]
    scores = [each.score for each in turned.passages]
    assert scores == sorted(scores, reverse=True)
    assert all("reranker" in each.channels for each in turned.passages)
    assert "rerank" in turned.timings_ms


def test_what_lies_deeper_than_the_reranker_looks_stays_where_it_was(settings: Settings) -> None:
    plain, turned = searched(settings, None), searched(settings, Backwards(depth=1))

    assert ids(turned) == ids(plain)


def test_a_reranker_that_fails_leaves_the_order_of_the_search_and_says_so(settings: Settings) -> None:
    plain, failed = searched(settings, None), searched(settings, Backwards(broken=True))

    assert ids(failed) == ids(plain)
    assert failed.degraded is not None
    assert "Outage" in failed.degraded
    assert plain.degraded is None


def test_an_answer_says_that_its_passages_were_not_reranked(settings: Settings) -> None:
    async def act(library: Library) -> str | None:
        await library.put([document(LATER)])
        from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
        from rag.adapters.weighed_answers import shipped_choice

        answerer = Answerer(
            library,
            ExtractiveDrafts(library, WordVectorCache(StaticEmbeddings()), shipped_choice()),
            retrieval=RetrievalSettings(),
            evidence=EvidenceSettings(),
            reranker=Backwards(broken=True),
        )
        return (await answerer.ask(Request(QUESTION))).degraded

    assert "reranker failed" in (on_library(settings, act) or "")


def test_reranking_can_be_switched_off(settings: Settings) -> None:
    from rag.composition import make_reranker

    async def act(library: Library) -> list[str]:
        return [made.name if (made := make_reranker(each, library)) else "none" for each in kinds]

    kinds = [RerankSettings(by=by) for by in ("none", "signals", "served:rerank-1")]

    assert on_library(settings, act) == ["none", "signals", "rerank-1 at 127.0.0.1"]
