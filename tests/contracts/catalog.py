"""What every catalog promises."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rag.domain import Article, Document, Filters, Span
from rag.ports import Catalog
from tests.newsroom import BRIDGE, FERRY, UNDATED, document


class CatalogContract:
    """Inherit, and give the fixture `catalog`: an empty one."""

    @pytest.fixture
    @abstractmethod
    def catalog(self) -> Catalog:
        raise NotImplementedError

    @pytest.fixture
    def stocked(self, catalog: Catalog) -> Catalog:
        catalog.record([document(article) for article in (BRIDGE, FERRY, UNDATED)])
        return catalog

    # --- record ------------------------------------------------------------------------------------------------

    def test_an_article_comes_back_as_it_was_recorded(self, stocked: Catalog) -> None:
        assert [stocked.article(each.id) for each in (BRIDGE, FERRY, UNDATED)] == [
            BRIDGE,
            FERRY,
            replace(UNDATED, language="en"),  # told from its words
        ]

    def test_each_document_has_its_outcome_in_order(self, stocked: Catalog) -> None:
        changed = replace(FERRY, body=FERRY.body + " The operator has not replied.")
        fresh = replace(BRIDGE, id="fresh")

        outcomes = stocked.record([document(fresh), document(changed), document(UNDATED)])

        assert [(o.article_id, o.outcome, o.revision) for o in outcomes] == [
            ("fresh", "new", 1),
            ("ferry", "updated", 2),
            ("undated", "unchanged", 1),
        ]

    def test_recording_the_same_twice_changes_nothing(self, stocked: Catalog) -> None:
        before = (stocked.counts(), set(stocked.live_keys()), stocked.spans(["bridge"]))

        outcome = stocked.record([document(BRIDGE)])[0]

        assert (outcome.outcome, outcome.revision) == ("unchanged", 1)
        assert (stocked.counts(), set(stocked.live_keys()), stocked.spans(["bridge"])) == before

    def test_a_changed_field_is_an_update_without_a_new_revision(self, stocked: Catalog) -> None:
        outcome = stocked.record([document(replace(BRIDGE, title="Council votes for the bridge"))])[0]

        assert (outcome.outcome, outcome.revision) == ("updated", 1)
        assert stocked.article("bridge") == replace(BRIDGE, title="Council votes for the bridge")

    def test_a_changed_body_is_a_revision_and_the_old_one_can_still_be_read(self, stocked: Catalog) -> None:
        body = BRIDGE.body + " A first version of this report misstated the day."

        stocked.record([document(replace(BRIDGE, body=body))])

        current, old = stocked.article("bridge"), stocked.article("bridge", revision=1)
        assert current is not None
        assert old is not None
        assert (current.body, current.revision) == (body, 2)
        assert (old.body, old.revision) == (BRIDGE.body, 1)

    def test_an_unknown_revision_is_none(self, stocked: Catalog) -> None:
        assert stocked.article("bridge", revision=2) is None

    def test_more_articles_than_one_statement_can_bind_are_recorded(self, catalog: Catalog) -> None:
        many = [Document(replace(UNDATED, id=f"n{n}"), (Span(0, 10),), (Span(0, 10),)) for n in range(2000)]
        catalog.record(many)

        outcomes = catalog.record(many)

        assert {outcome.outcome for outcome in outcomes} == {"unchanged"}
        assert len(catalog.passages(list(catalog.live_keys()))) == 2000
        assert len(catalog.spans([each.article.id for each in many])) == 2000

    def test_what_stands_there_to_the_letter_or_is_withdrawn_needs_no_recording(self, stocked: Catalog) -> None:
        stocked.withdraw("undated")
        articles = [
            BRIDGE,
            replace(FERRY, body=FERRY.body + " "),
            replace(UNDATED, body="Another body."),
            replace(BRIDGE, id="fresh"),
        ]

        stocked.mark_indexed([BRIDGE.id, FERRY.id, "undated"])
        unchanged = stocked.unchanged(articles)

        assert {each: recorded.outcome for each, recorded in unchanged.items()} == {
            "bridge": "unchanged",
            "undated": "withdrawn",
        }
        assert stocked.unchanged([]) == {}

    @pytest.mark.parametrize(
        "changed",
        [
            {"title": "Another"},
            {"body": "The council of Lower Fenwick voted again."},
            {"url": None},
            {"outlet": "HARBOUR COURIER"},
            {"authors": ("Jo Marsh",)},
            {"published_at": datetime(2025, 3, 4, 10, tzinfo=UTC)},
            {"updated_at": datetime(2025, 3, 5, tzinfo=UTC)},
            {"language": "sco"},
            {"section": None},
            {"rights": "CC-BY"},
            {"embargoed_until": datetime(2025, 3, 5, tzinfo=UTC)},
            {"expires_at": datetime(2035, 3, 5, tzinfo=UTC)},
        ],
        ids=lambda changed: next(iter(changed)),
    )
    def test_a_change_of_any_field_is_one(self, stocked: Catalog, changed: dict[str, object]) -> None:
        article = replace(BRIDGE, **changed)  # type: ignore[arg-type]

        assert stocked.unchanged([article]) == {}
        assert stocked.record([document(article)])[0].outcome == "updated"

    # --- rights ------------------------------------------------------------------------------------------------

    def test_outside_its_window_an_article_is_not_there_at_that_moment(self, catalog: Catalog) -> None:
        begins, ends = datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
        limited = replace(BRIDGE, embargoed_until=begins, expires_at=ends)
        catalog.record([document(limited)])
        keys = list(catalog.live_keys())

        for at, there in (
            (begins - timedelta(microseconds=1), False),
            (begins, True),
            (ends - timedelta(microseconds=1), True),
            (ends, False),
            (None, True),
        ):
            assert (catalog.article("bridge", at=at) == limited) is there
            assert (catalog.article("bridge", revision=1, at=at) == limited) is there
            assert bool(catalog.revisions("bridge", at=at)) is there
            assert bool(catalog.passages(keys, at=at)) is there
            assert bool(catalog.spans(["bridge"], at=at)) is there
            page = catalog.articles(filters=Filters(outlets=("harbour courier",)), limit=5, at=at)
            assert (page.total, len(page.articles)) == (there, there)
            assert bool(catalog.story_outlets(["bridge"], at=at)) is there

    def test_a_changed_embargo_is_an_update(self, stocked: Catalog) -> None:
        outcome = stocked.record([document(replace(BRIDGE, embargoed_until=datetime(2025, 6, 1, tzinfo=UTC)))])[0]

        assert (outcome.outcome, outcome.revision) == ("updated", 1)
        assert stocked.article("bridge", at=datetime(2025, 5, 31, tzinfo=UTC)) is None
        assert [entry.window.shown_from for entry in stocked.index_entries(["bridge"])] == [1748736000.0]

    # --- revisions ---------------------------------------------------------------------------------------------

    def test_revisions_come_in_order_with_the_moment_and_the_title_of_each(self, stocked: Catalog) -> None:
        before = datetime.now(UTC)
        stocked.record([document(replace(BRIDGE, title="Bridge: a correction", body=BRIDGE.body + " Corrected."))])

        first, second = stocked.revisions("bridge")

        assert (first.number, first.title, first.body) == (1, BRIDGE.title, BRIDGE.body)
        assert (second.number, second.title) == (2, "Bridge: a correction")
        assert first.recorded_at <= before <= second.recorded_at
        assert stocked.revisions("nobody") == []

    # --- purge -------------------------------------------------------------------------------------------------

    def test_a_purged_article_leaves_its_id_and_a_tombstone(self, stocked: Catalog) -> None:
        keys = [passage.key for passage in stocked.spans(["bridge"])["bridge"].passages]

        assert stocked.purge("bridge")

        assert stocked.purges_due()
        assert stocked.article("bridge") is None
        assert stocked.revisions("bridge") == []
        assert stocked.stale_keys(["bridge"]) == keys
        assert stocked.band_matches(document(BRIDGE).bands, limit=5) == []
        assert stocked.record([document(BRIDGE)])[0].outcome == "withdrawn"
        assert stocked.unchanged([BRIDGE])["bridge"].outcome == "withdrawn"
        stocked.mark_indexed(["bridge"])
        assert stocked.stale_keys(["bridge"]) == []
        stocked.scrub()
        assert not stocked.purges_due()

    def test_a_withdrawn_article_can_be_purged_and_an_unknown_one_cannot(self, stocked: Catalog) -> None:
        stocked.withdraw("bridge")

        assert stocked.purge("bridge")
        assert not stocked.purge("nobody")

    def test_a_purged_article_that_is_restored_is_a_further_revision(self, stocked: Catalog) -> None:
        stocked.purge("bridge")

        outcome = stocked.record([document(BRIDGE)], restore=True)[0]

        assert (outcome.outcome, outcome.revision) == ("updated", 2)
        assert [each.number for each in stocked.revisions("bridge")] == [2]

    # --- withdraw ----------------------------------------------------------------------------------------------

    def test_a_withdrawn_article_is_served_nowhere(self, stocked: Catalog) -> None:
        keys = [passage.key for passage in stocked.spans(["bridge"])["bridge"].passages]

        assert stocked.withdraw("bridge")

        assert stocked.article("bridge") is None
        assert stocked.article("bridge", revision=1) is None
        assert stocked.passages(keys) == {}
        assert stocked.spans(["bridge"]) == {}
        assert stocked.index_entries(["bridge"]) == []
        assert not set(keys) & set(stocked.live_keys())
        assert "bridge" not in [article.id for article in stocked.articles(filters=Filters(), limit=10).articles]

    def test_only_a_live_article_can_be_withdrawn(self, stocked: Catalog) -> None:
        stocked.withdraw("bridge")

        assert not stocked.withdraw("bridge")
        assert not stocked.withdraw("nobody")

    def test_a_withdrawn_article_stays_withdrawn_unless_it_is_restored(self, stocked: Catalog) -> None:
        stocked.withdraw("bridge")

        refused = stocked.record([document(BRIDGE)])[0]
        standing = stocked.article("bridge")
        restored = stocked.record([document(BRIDGE)], restore=True)[0]

        assert (refused.outcome, standing) == ("withdrawn", None)
        assert (restored.outcome, stocked.article("bridge")) == ("updated", BRIDGE)

    # --- what the indexes should hold --------------------------------------------------------------------------

    def test_what_is_recorded_waits_to_be_indexed_oldest_change_first(self, catalog: Catalog) -> None:
        for article in (UNDATED, BRIDGE, FERRY):
            catalog.record([document(article)])

        assert catalog.unindexed(limit=2) == ["undated", "bridge"]
        assert catalog.unindexed(limit=9) == ["undated", "bridge", "ferry"]

    def test_what_is_marked_indexed_waits_no_longer_until_it_changes(self, stocked: Catalog) -> None:
        stocked.mark_indexed(["bridge", "ferry", "undated"])
        settled = stocked.unindexed(limit=9)
        stocked.withdraw("ferry")
        stocked.record([document(replace(BRIDGE, section="City"))])

        assert settled == []
        assert stocked.unindexed(limit=9) == ["ferry", "bridge"]

    def test_marking_all_unindexed_makes_every_article_wait(self, stocked: Catalog) -> None:
        stocked.mark_indexed(["bridge", "ferry", "undated"])

        stocked.mark_all_unindexed()

        assert sorted(stocked.unindexed(limit=9)) == ["bridge", "ferry", "undated"]

    def test_an_index_entry_is_a_live_passage_with_its_text(self, stocked: Catalog) -> None:
        entries = stocked.index_entries(["bridge", "ferry"])

        assert {entry.passage.key for entry in entries} == {
            passage.key for cut in stocked.spans(["bridge", "ferry"]).values() for passage in cut.passages
        }
        assert all(entry.text == entry.passage.span.of(entry.article.body) for entry in entries)

    def test_the_keys_of_an_old_revision_are_stale_and_never_come_back(self, stocked: Catalog) -> None:
        old = {passage.key for passage in stocked.spans(["bridge"])["bridge"].passages}

        stocked.record([document(replace(BRIDGE, body=BRIDGE.body + " It will cost a lot."))])
        stale = set(stocked.stale_keys(["bridge", "ferry"]))
        stocked.mark_indexed(["bridge"])
        stocked.record([document(replace(BRIDGE, body=BRIDGE.body + " It will cost little."))])

        assert stale == old
        assert not old & set(stocked.live_keys())
        assert stocked.passages(sorted(old)) == {}

    def test_the_keys_of_a_withdrawn_article_are_stale(self, stocked: Catalog) -> None:
        keys = [passage.key for passage in stocked.spans(["bridge"])["bridge"].passages]

        stocked.withdraw("bridge")

        assert sorted(stocked.stale_keys(["bridge"])) == sorted(keys)

    # --- reading -----------------------------------------------------------------------------------------------

    def test_spans_are_those_of_the_document_in_order(self, stocked: Catalog) -> None:
        cut = document(FERRY)

        spans = stocked.spans(["ferry", "nobody"])

        assert list(spans) == ["ferry"]
        assert spans["ferry"].sentences == cut.sentences
        assert tuple(passage.span for passage in spans["ferry"].passages) == cut.passages
        assert [passage.ordinal for passage in spans["ferry"].passages] == list(range(len(cut.passages)))

    def test_unknown_keys_are_left_out(self, stocked: Catalog) -> None:
        key = next(iter(stocked.live_keys()))

        assert list(stocked.passages([key, 999_999])) == [key]

    def test_the_list_is_newest_first_and_its_pages_continue_exactly(self, catalog: Catalog) -> None:
        same_day = [replace(BRIDGE, id=f"same-{n}") for n in range(4)]
        catalog.record([document(each) for each in (UNDATED, replace(UNDATED, id="undated2"), FERRY, *same_day)])

        listed: list[str] = []
        after = None
        while True:
            page = catalog.articles(filters=Filters(), limit=2, after=after)
            assert len(page.articles) <= 2
            listed += [article.id for article in page.articles]
            after = page.next
            if after is None:
                break

        assert listed == ["ferry", "same-0", "same-1", "same-2", "same-3", "undated", "undated2"]
        assert page.total == 7

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (Filters(outlets=("HARBOUR  courier",)), {"bridge"}),
            (Filters(outlets=("Harbour",)), set()),
            (Filters(authors=("jo marsh",)), {"bridge", "ferry"}),
            (Filters(authors=("ÉMILE ZÖLLER",)), {"bridge"}),
            (Filters(sections=("business", "local")), {"bridge", "ferry"}),
            (Filters(languages=("EN",)), {"bridge", "ferry", "undated"}),
            (Filters(article_ids=("ferry", "nobody")), {"ferry"}),
            (Filters(published_after=datetime(2025, 4, 9, 18, 30, tzinfo=UTC)), {"ferry"}),
            (Filters(published_before=datetime(2025, 4, 9, 18, 30, tzinfo=UTC)), {"bridge"}),
            (Filters(authors=("Jo Marsh",), sections=("Local",)), {"bridge"}),
            (Filters(sites=("harbour.example",)), {"bridge"}),
            (Filters(sites=("example",)), {"bridge", "ferry"}),
            (Filters(sites=("our.example", "www.harbour.example")), set()),
            (Filters(without_sites=("harbour.example", "nobody.example")), {"ferry", "undated"}),
            (Filters(sites=("example",), without_sites=("harbour.example",)), {"ferry"}),
        ],
    )
    def test_a_filter_lists_exactly_what_satisfies_it(
        self, stocked: Catalog, filters: Filters, expected: set[str]
    ) -> None:
        page = stocked.articles(filters=filters, limit=10)

        assert {article.id for article in page.articles} == expected
        assert page.total == len(expected)

    def test_the_case_of_a_stored_language_does_not_count(self, catalog: Catalog) -> None:
        catalog.record([document(replace(BRIDGE, language="EN"))])

        assert catalog.articles(filters=Filters(languages=("en",)), limit=1).total == 1

    # --- stories -----------------------------------------------------------------------------------------------

    def test_a_story_names_the_outlets_of_its_live_articles(self, catalog: Catalog) -> None:
        copy = replace(BRIDGE, id="copy", outlet="Fenwick Wire", published_at=datetime(2025, 3, 5, tzinfo=UTC))
        gone = replace(BRIDGE, id="gone", outlet="Old Times")
        catalog.record([document(BRIDGE), *(replace(document(each), story="bridge") for each in (copy, gone))])
        catalog.withdraw("gone")

        outlets = catalog.story_outlets(["bridge", "none"])

        assert outlets == {"bridge": (("bridge", "Harbour Courier"), ("copy", "Fenwick Wire"))}
        assert catalog.story_of("copy") == "bridge"
        assert catalog.story_of("nobody") is None

    def test_live_articles_that_share_buckets_are_found_most_shared_first(self, catalog: Catalog) -> None:
        def banded(article: Article, *bands: int) -> Document:
            return replace(document(article), bands=bands)

        catalog.record([banded(BRIDGE, 1, 2), banded(FERRY, 1, 2, 3), banded(UNDATED, 9)])

        assert catalog.band_matches([1, 2, 3, 4], limit=5) == ["ferry", "bridge"]
        assert catalog.band_matches([1, 2, 3, 4], limit=1) == ["ferry"]
        catalog.withdraw("ferry")
        assert catalog.band_matches([1, 2, 3, 4], limit=5) == ["bridge"]

    # --- the rest ----------------------------------------------------------------------------------------------

    def test_counts_tell_live_withdrawn_and_unindexed_apart(self, stocked: Catalog) -> None:
        stocked.mark_indexed(["bridge", "ferry"])
        stocked.withdraw("ferry")

        counts = stocked.counts()

        assert (counts["articles"], counts["withdrawn"], counts["unindexed"]) == (2, 1, 2)
        assert counts["passages"] == len(list(stocked.live_keys()))

    def test_a_note_is_kept_until_it_is_written_anew(self, catalog: Catalog) -> None:
        assert catalog.note("colour") is None
        assert catalog.note("colour", "blue") == "blue"
        assert catalog.note("colour") == "blue"
        assert catalog.note("colour", "red") == "red"

    def test_a_sound_catalog_checks_ok(self, stocked: Catalog) -> None:
        assert stocked.check() == "ok"
