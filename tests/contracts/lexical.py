"""What every lexical index promises."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rag.domain import Article, Filters, Passage, Span
from rag.ports import IndexEntry, LexicalIndex
from rag.rights import Window
from tests.newsroom import BRIDGE, FERRY, UNDATED

FILTERS = [
    (Filters(outlets=("harbour COURIER",)), {1}),
    (Filters(outlets=("harbour",)), set()),
    (Filters(authors=("émile zöller",)), {1}),
    (Filters(authors=("Jo Marsh",)), {1, 2}),
    (Filters(sections=("LOCAL", "business")), {1, 2}),
    (Filters(languages=("EN",)), {1, 2}),
    (Filters(article_ids=("ferry", "nobody")), {2}),
    (Filters(published_after=datetime(2025, 4, 9, 18, 30, tzinfo=UTC)), {2}),
    (Filters(published_before=datetime(2025, 4, 9, 18, 30, tzinfo=UTC)), {1}),
    (
        Filters(published_after=datetime(2025, 3, 5, tzinfo=UTC), published_before=datetime(2025, 4, 1, tzinfo=UTC)),
        set(),
    ),
    (Filters(authors=("Jo Marsh",), sections=("Local",)), {1}),
    (Filters(sites=("harbour.example",)), {1}),
    (Filters(sites=("example",)), {1, 2}),
    (Filters(sites=("our.example", "www.harbour.example")), set()),
    (Filters(sites=("example",), without_sites=("harbour.example",)), {2}),
]


def entry(key: int, article: Article, text: str | None = None) -> IndexEntry:
    body = article.body if text is None else text
    return IndexEntry(Passage(f"{article.id}:1:0", article.id, 1, 0, Span(0, len(body)), key), article, body)


class LexicalIndexContract:
    """Inherit, and give the fixtures `index`, an empty one, and `reopen`, which closes it and opens it again."""

    @pytest.fixture
    @abstractmethod
    def index(self) -> LexicalIndex:
        raise NotImplementedError

    @pytest.fixture
    @abstractmethod
    def reopen(self) -> Callable[[], LexicalIndex]:
        raise NotImplementedError

    @pytest.fixture
    def stocked(self, index: LexicalIndex) -> LexicalIndex:
        index.add([entry(1, BRIDGE), entry(2, FERRY), entry(3, UNDATED)])
        index.commit()
        return index

    def test_outside_its_window_an_article_is_not_found_at_that_moment(self, stocked: LexicalIndex) -> None:
        begins, ends = datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
        window = Window(begins.timestamp(), ends.timestamp())
        stocked.add([replace(entry(1, BRIDGE), window=window)])
        stocked.commit()

        for at, there in (
            (begins - timedelta(microseconds=1), False),
            (begins, True),
            (ends - timedelta(microseconds=1), True),
            (ends, False),
            (None, True),
        ):
            harbour = Filters(outlets=("Harbour Courier",))
            assert bool(stocked.search("bridge", limit=5, filters=Filters(), at=at)) is there
            assert bool(stocked.search("bridge", limit=5, filters=harbour, at=at)) is there
            assert set(stocked.matching(Filters(), at=at)) == {2, 3} | ({1} if there else set())
            assert stocked.count(at=at) == 2 + there
            assert stocked.count(harbour, at=at) == there
        assert stocked.count() == 3

    def test_an_index_replaced_holds_the_new_entries_and_nothing_else(self, stocked: LexicalIndex) -> None:
        stocked.replace(iter([entry(7, FERRY)]))

        assert stocked.keys() == {7}
        assert [hit.key for hit in stocked.search("ferry fares", limit=5, filters=Filters())] == [7]
        assert stocked.search("lighthouse", limit=5, filters=Filters()) == []
        stocked.replace(iter([]))
        assert stocked.keys() == set()

    def test_an_empty_index_finds_nothing(self, index: LexicalIndex) -> None:
        assert index.search("bridge", limit=5, filters=Filters()) == []
        assert index.matching(Filters(outlets=("x",))).tolist() == []
        assert (index.count(), index.keys(), index.document_frequencies(["bridge"])) == (0, set(), [0])

    def test_the_passage_with_the_words_comes_first(self, stocked: LexicalIndex) -> None:
        hits = stocked.search("who keeps the lighthouse of the harbour", limit=5, filters=Filters())

        assert hits[0].key == 3
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)

    def test_inflection_case_and_accents_do_not_count(self, stocked: LexicalIndex) -> None:
        assert [hit.key for hit in stocked.search("REBUILDING bridgés", limit=5, filters=Filters())] == [1]

    def test_the_header_is_searched_with_the_passage(self, index: LexicalIndex) -> None:
        index.add([entry(1, BRIDGE, "Work begins in spring."), entry(2, FERRY, "Work begins in autumn.")])
        index.commit()

        assert [hit.key for hit in index.search("ferry", limit=5, filters=Filters())] == [2]

    @pytest.mark.parametrize("text", ["", "  ", "the of and", "?!“”", "\x00", 'AND OR (" title:bridge* ^~'])
    def test_a_query_without_subject_or_with_syntax_raises_nothing(self, stocked: LexicalIndex, text: str) -> None:
        assert stocked.search(text, limit=5, filters=Filters()) == [] or "bridge" in text

    def test_a_hundred_thousand_characters_are_a_query(self, stocked: LexicalIndex) -> None:
        text = " ".join(f"word{n}" for n in range(12_000))

        assert [hit.key for hit in stocked.search("bridge " + text, limit=5, filters=Filters())] == [1]

    def test_no_more_hits_than_asked_for_come_back(self, stocked: LexicalIndex) -> None:
        assert len(stocked.search("harbour ferry bridge", limit=1, filters=Filters())) == 1
        assert stocked.search("harbour ferry bridge", limit=0, filters=Filters()) == []

    # --- filters -----------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(("filters", "expected"), FILTERS)
    def test_a_filter_keeps_exactly_what_satisfies_it(
        self, stocked: LexicalIndex, filters: Filters, expected: set[int]
    ) -> None:
        hits = stocked.search("bridge ferry lighthouse", limit=5, filters=filters)

        assert {hit.key for hit in hits} == expected
        assert set(stocked.matching(filters)) == expected
        assert stocked.count(filters) == len(expected)

    def test_a_narrow_filter_fills_its_limit_although_better_hits_fail_it(self, index: LexicalIndex) -> None:
        index.add([entry(n, replace(BRIDGE, id=f"b{n}"), "Bridge, bridge, bridge!") for n in range(1, 400)])
        wanted = [
            entry(n, replace(FERRY, id=f"f{n}"), "Between the quay and the old bridge lies a field of many stones.")
            for n in range(400, 405)
        ]
        index.add(wanted)
        index.commit()

        hits = index.search("bridge", limit=5, filters=Filters(outlets=("Island Gazette",)))

        assert {hit.key for hit in hits} == {400, 401, 402, 403, 404}

    def test_a_filter_does_not_change_the_scores(self, stocked: LexicalIndex) -> None:
        free = stocked.search("the ferry of the harbour", limit=5, filters=Filters())

        narrow = stocked.search("the ferry of the harbour", limit=5, filters=Filters(article_ids=("ferry",)))

        assert [hit.score for hit in narrow] == pytest.approx([hit.score for hit in free if hit.key == 2])

    def test_a_bound_of_a_date_range_is_exact_to_the_microsecond(self, index: LexicalIndex) -> None:
        moment = datetime(2025, 3, 4, 9, 0, 0, 123_457, tzinfo=UTC)
        index.add([entry(1, replace(BRIDGE, published_at=moment))])
        index.commit()
        step = timedelta(microseconds=1)

        assert index.matching(Filters(published_after=moment)).tolist() == [1]
        assert index.matching(Filters(published_after=moment + step)).tolist() == []
        assert index.matching(Filters(published_before=moment)).tolist() == []
        assert index.matching(Filters(published_before=moment + step)).tolist() == [1]

    def test_matching_looks_among_the_given_keys_alone(self, stocked: LexicalIndex) -> None:
        filters = Filters(authors=("Jo Marsh",))

        assert stocked.matching(filters, among=[2, 3, 77]).tolist() == [2]
        assert stocked.matching(filters, among=[]).tolist() == []

    # --- changes -----------------------------------------------------------------------------------------------

    def test_what_filters_let_through_follows_each_change(self, stocked: LexicalIndex) -> None:
        spring = Filters(published_before=datetime(2025, 4, 1, tzinfo=UTC))
        harbour, someone = Filters(outlets=("Harbour Courier",)), Filters(authors=("Jo Marsh",))
        every = (spring, harbour, someone, Filters(without_sites=("harbour.example",)))

        def found() -> list[set[int]]:
            return [set(stocked.matching(filters).tolist()) for filters in every]

        assert found() == [{1}, {1}, {1, 2}, {2, 3}]
        stocked.add([entry(4, replace(BRIDGE, id="again")), entry(5, FERRY)])
        stocked.commit()
        assert found() == [{1, 4}, {1, 4}, {1, 2, 4, 5}, {2, 3, 5}]
        # The same key, of another outlet and day, and by somebody else.
        stocked.add([entry(1, replace(BRIDGE, outlet="Island Gazette", authors=("Al Reed",), published_at=None))])
        stocked.remove([5, 77])
        stocked.commit()
        assert found() == [{4}, {4}, {2, 4}, {2, 3}]
        assert [stocked.count(filters) for filters in every] == [1, 1, 2, 2]
        stocked.replace([entry(9, BRIDGE)])
        assert found() == [{9}, {9}, {9}, set()]

    def test_what_is_not_committed_is_not_seen(self, stocked: LexicalIndex) -> None:
        stocked.add([entry(4, replace(BRIDGE, id="new"))])
        stocked.remove([1])

        assert (stocked.keys(), stocked.count()) == ({1, 2, 3}, 3)
        stocked.commit()
        assert (stocked.keys(), stocked.count()) == ({2, 3, 4}, 3)

    def test_adding_twice_leaves_one(self, stocked: LexicalIndex) -> None:
        stocked.add([entry(1, BRIDGE)])
        stocked.add([entry(1, BRIDGE)])
        stocked.commit()

        assert stocked.count() == 3
        assert [hit.key for hit in stocked.search("rebuild", limit=5, filters=Filters())] == [1]

    def test_an_entry_added_again_replaces_the_old_one(self, stocked: LexicalIndex) -> None:
        stocked.add([entry(1, BRIDGE, "An orchestra played.")])
        stocked.commit()

        assert stocked.search("flood", limit=5, filters=Filters()) == []
        assert [hit.key for hit in stocked.search("orchestra", limit=5, filters=Filters())] == [1]

    def test_what_is_removed_and_added_in_one_go_stands(self, stocked: LexicalIndex) -> None:
        stocked.remove([1, 2])
        stocked.add([entry(1, BRIDGE)])
        stocked.commit()

        assert stocked.keys() == {1, 3}

    def test_removing_what_is_not_there_is_no_error(self, stocked: LexicalIndex) -> None:
        stocked.remove([99])
        stocked.remove([])
        stocked.commit()

        assert stocked.keys() == {1, 2, 3}

    def test_frequencies_count_passages_by_stem(self, stocked: LexicalIndex) -> None:
        assert stocked.document_frequencies(["bridges", "harbour", "helicopter"]) == [1, 2, 0]

    def test_clear_leaves_an_index_that_can_be_filled_again(self, stocked: LexicalIndex) -> None:
        stocked.add([entry(9, UNDATED)])
        stocked.clear()
        empty = stocked.keys()
        stocked.add([entry(4, FERRY)])
        stocked.commit()

        assert (empty, stocked.keys()) == (set(), {4})

    def test_the_committed_outlives_the_process_and_the_rest_does_not(
        self, stocked: LexicalIndex, reopen: Callable[[], LexicalIndex]
    ) -> None:
        stocked.add([entry(4, FERRY)])

        again = reopen()

        assert again.keys() == {1, 2, 3}
        again.add([entry(5, FERRY)])
        again.commit()
        assert again.keys() == {1, 2, 3, 5}
