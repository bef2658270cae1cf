"""The one way in and out of the stores: what is put, changed and withdrawn, and what failures leave behind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.domain import Filters
from rag.errors import NotFoundError, ProviderError, StorageError
from rag.library import Library
from rag.ports import Embedder
from tests.newsroom import BRIDGE, FERRY, UNDATED, document, generated
from tests.rag.stores import Stores, stores_in
from tests.running import run

CORRECTED = replace(BRIDGE, body=BRIDGE.body.replace("Tuesday", "Monday") + " The estimate is nine million.")


@pytest.fixture
def stores(folder: Path, static: Embedder) -> Iterator[Stores]:
    with stores_in(folder, static) as stores:
        yield stores


async def found_by_words(library: Library, text: str) -> set[str]:
    hits = await library.lexical_search(text, limit=20, filters=Filters())
    return await ids_of(library, [hit.key for hit in hits])


async def found_by_meaning(library: Library, text: str) -> set[str]:
    hits = await library.dense_search(await library.embed_question(text), limit=20, filters=Filters())
    return await ids_of(library, [hit.key for hit in hits])


async def ids_of(library: Library, keys: list[int]) -> set[str]:
    stored = await library.passages(keys)
    assert set(stored) == set(keys), "an index served a passage that the catalog does not have"
    return {each.article.id for each in stored.values()}


# --- put -------------------------------------------------------------------------------------------------------


def test_a_put_article_is_found_by_its_words_and_by_its_meaning(stores: Stores) -> None:
    async def act(library: Library) -> tuple[set[str], set[str]]:
        await library.put([document(BRIDGE), document(FERRY)])
        return await found_by_words(library, "rebuild"), await found_by_meaning(library, "crossing a river")

    assert run(act(stores.library)) == ({"bridge"}, {"bridge", "ferry"})
    assert run(stores.library.health()).sound


def test_putting_the_same_twice_changes_nothing(stores: Stores) -> None:
    async def act(library: Library) -> list[object]:
        await library.put([document(BRIDGE), document(FERRY)])
        states: list[object] = []
        for _ in range(2):
            states.append((stores.catalog.counts(), stores.lexical.keys(), stores.vectors.keys()))
            outcomes = await library.put([document(BRIDGE), document(FERRY)])
            assert [(o.outcome, o.revision) for o in outcomes] == [("unchanged", 1), ("unchanged", 1)]
        return states

    first, second = run(act(stores.library))

    assert first == second
    assert run(stores.library.health()).sound


def test_a_changed_body_is_revision_two_and_its_old_passages_are_gone(stores: Stores) -> None:
    run(stores.library.put([document(BRIDGE), document(FERRY)]))
    old = {passage.key for passage in run(stores.library.spans(["bridge"]))["bridge"].passages}

    outcome = run(stores.library.put([document(CORRECTED)]))[0]

    assert (outcome.outcome, outcome.revision) == ("updated", 2)
    assert not old & stores.lexical.keys()
    assert not old & stores.vectors.keys()
    assert run(stores.library.passages(sorted(old))) == {}
    assert run(found_by_words(stores.library, "Tuesday")) == set()
    assert run(found_by_words(stores.library, "estimate")) == {"bridge"}
    assert run(stores.library.health()).sound


def test_a_changed_title_is_searched_at_once_and_the_old_one_no_more(stores: Stores) -> None:
    run(stores.library.put([document(BRIDGE)]))

    run(stores.library.put([document(replace(BRIDGE, title="Councillors choose stone over steel"))]))

    assert run(found_by_words(stores.library, "steel")) == {"bridge"}
    assert run(stores.library.health()).sound


def test_a_changed_outlet_is_filtered_by_at_once(stores: Stores) -> None:
    run(stores.library.put([document(BRIDGE)]))

    run(stores.library.put([document(replace(BRIDGE, outlet="Fenwick Wire"))]))

    search = stores.library.lexical_search
    assert run(search("bridge", limit=5, filters=Filters(outlets=("Harbour Courier",)))) == []
    assert len(run(search("bridge", limit=5, filters=Filters(outlets=("Fenwick Wire",))))) == 1


def test_a_passage_that_did_not_change_is_not_embedded_again(stores: Stores) -> None:
    long = replace(generated(1, paragraphs=12)[0], id="long")
    run(stores.library.put([document(long)]))
    first = run(stores.library.spans(["long"]))["long"].passages
    stores.embedder.embedded.clear()

    run(
        stores.library.put(
            [document(replace(long, body=long.body + "\n\nA correction: the count was nine, not seven."))]
        )
    )

    second = run(stores.library.spans(["long"]))["long"].passages
    assert len(second) >= len(first) > 2
    assert {p.key for p in first} & {p.key for p in second}
    assert 1 <= len(stores.embedder.embedded) <= 2
    assert run(found_by_words(stores.library, "correction")) == {"long"}
    assert run(stores.library.health()).sound


@pytest.mark.parametrize(("change", "texts"), [({"section": "Sport"}, 0), ({"title": "Another title"}, 1)])
def test_a_field_costs_an_embedding_only_where_passages_are_embedded_with_it(
    stores: Stores, change: dict[str, str], texts: int
) -> None:
    run(stores.library.put([document(BRIDGE)]))
    passages = len(run(stores.library.spans(["bridge"]))["bridge"].passages)
    stores.embedder.embedded.clear()

    run(stores.library.put([document(replace(BRIDGE, **change))]))  # type: ignore[arg-type]

    assert len(stores.embedder.embedded) == texts * passages
    assert run(stores.library.health()).sound


def test_what_a_withdrawal_took_out_is_embedded_again_when_it_comes_back(stores: Stores) -> None:
    run(stores.library.put([document(BRIDGE)]))
    run(stores.library.withdraw("bridge"))
    stores.embedder.embedded.clear()

    run(stores.library.put([document(BRIDGE)], restore=True))

    assert stores.embedder.embedded
    assert run(found_by_meaning(stores.library, "rebuilding a bridge")) == {"bridge"}
    assert run(stores.library.health()).sound


def test_a_rebuild_embeds_everything_again(stores: Stores) -> None:
    run(stores.library.put([document(BRIDGE), document(FERRY)]))
    stores.embedder.embedded.clear()

    run(stores.library.rebuild())

    assert len(stores.embedder.embedded) == run(stores.library.counts())["passages"]
    assert run(stores.library.health()).sound


# --- withdraw --------------------------------------------------------------------------------------------------


def test_a_withdrawn_article_is_gone_at_once_from_everything(stores: Stores) -> None:
    run(stores.library.put([document(BRIDGE), document(FERRY)]))
    keys = [passage.key for passage in run(stores.library.spans(["bridge"]))["bridge"].passages]

    run(stores.library.withdraw("bridge"))

    assert run(found_by_words(stores.library, "bridge flood council")) == set()
    assert run(found_by_meaning(stores.library, "rebuilding a bridge")) == {"ferry"}
    assert run(stores.library.passages(keys)) == {}
    with pytest.raises(NotFoundError, match="no article 'bridge'"):
        run(stores.library.article("bridge"))
    assert run(stores.library.health()).sound


def test_a_withdrawn_article_put_again_stays_withdrawn_unless_restored(stores: Stores) -> None:
    run(stores.library.put([document(BRIDGE)]))
    run(stores.library.withdraw("bridge"))

    ignored = run(stores.library.put([document(CORRECTED)]))[0]
    meanwhile = run(found_by_words(stores.library, "bridge"))
    restored = run(stores.library.put([document(BRIDGE)], restore=True))[0]

    assert (ignored.outcome, meanwhile) == ("withdrawn", set())
    assert restored.outcome == "updated"
    assert run(found_by_words(stores.library, "bridge")) == {"bridge"}
    assert run(stores.library.health()).sound


@pytest.mark.parametrize("article_id", ["nobody", "bridge"])
def test_withdrawing_what_is_not_there_is_not_found(stores: Stores, article_id: str) -> None:
    run(stores.library.put([document(BRIDGE)]))
    run(stores.library.withdraw("bridge"))

    with pytest.raises(NotFoundError, match=article_id):
        run(stores.library.withdraw(article_id))


# --- failures --------------------------------------------------------------------------------------------------


def test_an_article_whose_embedding_failed_is_recorded_and_finished_by_the_next_reconcile(stores: Stores) -> None:
    stores.embedder.broken = True

    with pytest.raises(ProviderError, match="Outage"):
        run(stores.library.put([document(BRIDGE)]))
    recorded, waiting = run(stores.library.article("bridge")), run(stores.library.health())
    stores.embedder.broken = False
    finished = run(stores.library.reconcile())

    assert recorded == BRIDGE
    assert not waiting.sound
    assert "catalog: 1 articles wait to be indexed" in waiting.faults
    assert finished == 1
    assert run(stores.library.health()).sound


@pytest.mark.parametrize("part", ["lexical", "vectors"])
def test_an_index_that_could_not_be_written_is_finished_by_the_next_reconcile(stores: Stores, part: str) -> None:
    run(stores.library.put([document(BRIDGE), document(FERRY)]))
    index = stores.lexical if part == "lexical" else stores.vectors
    index.broken = True

    with pytest.raises(StorageError, match="no space left"):
        run(stores.library.put([document(CORRECTED), document(UNDATED)]))
    index.broken = False
    finished = run(stores.library.reconcile())

    assert finished == 2
    assert run(found_by_words(stores.library, "estimate")) == {"bridge"}
    assert run(stores.library.health()).sound


def test_a_withdrawal_that_the_indexes_could_not_follow_counts_all_the_same(stores: Stores) -> None:
    run(stores.library.put([document(BRIDGE)]))
    stores.lexical.broken = True

    with pytest.raises(StorageError):
        run(stores.library.withdraw("bridge"))

    hits = run(stores.library.lexical_search("bridge", limit=5, filters=Filters()))
    assert run(stores.library.passages([hit.key for hit in hits])) == {}
    stores.lexical.broken = False
    assert run(stores.library.reconcile()) == 1
    assert run(stores.library.health()).sound


def test_putting_again_what_an_outage_left_unindexed_indexes_it(stores: Stores) -> None:
    stores.embedder.broken = True
    with pytest.raises(ProviderError):
        run(stores.library.put([document(BRIDGE)]))
    stores.embedder.broken = False

    run(stores.library.put([document(BRIDGE)]))

    assert run(stores.library.health()).sound


def test_a_failed_put_writes_nothing_after_it_has_returned(stores: Stores) -> None:
    async def act(library: Library) -> None:
        stores.lexical.broken = True
        stores.embedder.answers.clear()
        putting = asyncio.create_task(library.put([document(BRIDGE)]))
        done, _ = await asyncio.wait([putting], timeout=2)
        if not done:
            stores.embedder.answers.set()  # a put that waits for both of its writes needs this to return
        with pytest.raises(StorageError):
            await putting
        stores.lexical.broken = False
        await library.withdraw("bridge")
        stores.embedder.answers.set()

    run(act(stores.library))  # the loop's end waits for threads that are still at work

    assert run(stores.library.health()).sound
