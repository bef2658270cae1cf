"""Filtered dense search: exact, filled, and as good as looking at every vector, for narrow and for wide filters."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from rag.domain import Article, Document, Filters, Span
from rag.errors import ProviderError
from rag.ports import Embedder, IndexEntry
from tests.newsroom import BRIDGE, FERRY, document, sentence
from tests.rag.stores import Stores, stores_in
from tests.running import run

# The wide one is over-fetched for and checked; of the narrow one's own passages all are compared.
_WIDE, _NARROW = 2400, 40
LIMIT = 30


def long_article(article_id: str, outlet: str, passages: int, chance: random.Random) -> Document:
    """Every sentence a passage of its own."""
    spans: list[Span] = []
    body = ""
    for _ in range(passages):
        line = sentence(chance)
        spans.append(Span(len(body), len(body) + len(line)))
        body += line + " "
    article = Article(article_id, f"Minutes {article_id}", body.strip(), outlet=outlet)
    return Document(article, tuple(spans), tuple(spans))


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory, static: Embedder) -> Iterator[Stores]:
    chance = random.Random(11)
    documents = [long_article(f"wide-{n}", "Wide Wire", _WIDE // 8, chance) for n in range(8)]
    documents += [long_article(f"narrow-{n}", "Narrow Notes", _NARROW // 2, chance) for n in range(2)]
    with stores_in(tmp_path_factory.mktemp("filters") / "library", static) as stores:
        run(stores.library.put(documents))
        yield stores


@pytest.fixture
def waiting(tmp_path_factory: pytest.TempPathFactory, static: Embedder) -> Iterator[Stores]:
    with stores_in(tmp_path_factory.mktemp("waiting") / "library", static) as stores:
        yield stores


def by_looking_at_all(stores: Stores, question: str, filters: Filters) -> list[int]:
    """Keys by cosine, best first, of every passage that the filter allows."""
    entries: list[IndexEntry] = stores.catalog.index_entries(
        [a.id for a in stores.catalog.articles(filters=filters, limit=100).articles]
    )
    cosines = stores.embedder.passages([entry.embedded_text for entry in entries]) @ stores.embedder.question(question)
    return [entries[int(n)].passage.key for n in np.argsort(-cosines)]


@pytest.mark.parametrize(
    "filters",
    [
        Filters(outlets=("Narrow Notes",)),
        Filters(article_ids=("narrow-1",)),
        Filters(article_ids=("wide-3", "narrow-0")),
        Filters(outlets=("Wide Wire",)),
        Filters(),
    ],
    ids=["narrow outlet", "one article", "two articles", "wide outlet", "none"],
)
def test_a_filtered_search_finds_what_looking_at_every_vector_finds(stocked: Stores, filters: Filters) -> None:
    question = "the mayor and the council on the bridge over the river"
    expected = by_looking_at_all(stocked, question, filters)

    vector = run(stocked.library.embed_question(question))
    hits = run(stocked.library.dense_search(vector, limit=LIMIT, filters=filters))

    keys = [hit.key for hit in hits]
    assert len(keys) == min(LIMIT, len(expected))
    assert set(keys) <= set(expected), "a hit fails the filter"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    # The graph of the vector index is approximate, so one in thirty may differ where it has thousands to choose from.
    assert len(set(keys) & set(expected[:LIMIT])) >= len(keys) - (1 if len(expected) > 1000 else 0)


def test_a_narrow_filter_fills_its_limit_when_its_passages_are_the_farthest(stocked: Stores) -> None:
    far = -run(stocked.library.embed_question("Minutes narrow-0 Narrow Notes"))

    hits = run(stocked.library.dense_search(far, limit=_NARROW, filters=Filters(outlets=("Narrow Notes",))))

    assert len(hits) == _NARROW


def test_a_filter_that_nothing_satisfies_finds_nothing(stocked: Stores) -> None:
    vector = run(stocked.library.embed_question("bridge"))
    later = Filters(published_after=datetime(2025, 1, 1, tzinfo=UTC))

    assert run(stocked.library.dense_search(vector, limit=5, filters=later)) == []


@pytest.mark.parametrize("limit", [1, 7, 500, 3000])
def test_lexical_search_fills_its_limit_within_the_filter(stocked: Stores, limit: int) -> None:
    filters = Filters(outlets=("Narrow Notes",))

    hits = run(stocked.library.lexical_search("minutes of the council", limit=limit, filters=filters))

    assert len(hits) == min(limit, _NARROW)


def test_a_filtered_search_works_while_an_article_waits_for_its_vectors(waiting: Stores) -> None:
    run(waiting.library.put([document(BRIDGE)]))
    waiting.embedder.broken = True
    with pytest.raises(ProviderError):
        run(waiting.library.put([document(replace(FERRY, outlet=BRIDGE.outlet))]))
    vector = run(waiting.library.embed_question("bridge"))

    hits = run(waiting.library.dense_search(vector, limit=5, filters=Filters(outlets=("Harbour Courier",))))

    stored = run(waiting.library.passages([hit.key for hit in hits]))
    assert {each.article.id for each in stored.values()} == {"bridge"}
