"""What every store of subscriptions promises."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rag.domain import Article
from rag.subscribing import PollResult, SeenEntry, Subscription, Subscriptions

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
URL = "https://bell.example/feed"
MINUTE = timedelta(minutes=1)
LEASE = NOW + 10 * MINUTE


def entry(key: str, fingerprint: str = "f", **more: object) -> SeenEntry:
    return replace(SeenEntry(key, fingerprint, NOW), **more)  # type: ignore[arg-type]


class SubscriptionsContract:
    """Inherit, and give the fixture `subscriptions`: an empty one."""

    @pytest.fixture
    @abstractmethod
    def subscriptions(self) -> Subscriptions:
        raise NotImplementedError

    @pytest.fixture
    def feed(self, subscriptions: Subscriptions) -> Subscription:
        return subscriptions.put(URL, every_s=900, now=NOW)[0]

    def claimed(self, subscriptions: Subscriptions, feed: Subscription, holder: str = "a") -> Subscription | None:
        return subscriptions.claim(feed.id, holder=holder, now=NOW, until=LEASE)

    # --- which feeds -------------------------------------------------------------------------------------------

    def test_a_new_subscription_is_due_at_once(self, subscriptions: Subscriptions) -> None:
        feed, new = subscriptions.put(URL, every_s=900, now=NOW)

        assert new
        assert (feed.url, feed.every_s, feed.next_at, feed.failures) == (URL, 900, NOW, 0)
        assert (feed.attempted_at, feed.succeeded_at, feed.result, feed.error) == (None, None, None, None)
        assert subscriptions.due(NOW) == [feed.id]
        assert subscriptions.due(NOW - MINUTE) == []

    def test_the_same_address_again_changes_its_interval_and_is_no_second(
        self, subscriptions: Subscriptions, feed: Subscription
    ) -> None:
        again, new = subscriptions.put(URL, every_s=3600, now=NOW + MINUTE)

        assert not new
        assert (again.id, again.every_s, again.next_at) == (feed.id, 3600, NOW + MINUTE)
        assert subscriptions.all() == [again]

    def test_they_are_listed_by_address_and_found_by_id(self, subscriptions: Subscriptions, feed: Subscription) -> None:
        first, _ = subscriptions.put("https://aa.example/feed", every_s=900, now=NOW)

        assert subscriptions.all() == [first, feed]
        assert subscriptions.get(feed.id) == feed
        assert subscriptions.get("nobody") is None

    def test_a_removed_one_is_gone_with_what_was_seen_in_it(
        self, subscriptions: Subscriptions, feed: Subscription
    ) -> None:
        subscriptions.record(feed.id, [entry("one")], now=NOW)

        assert subscriptions.remove(feed.id)

        assert not subscriptions.remove(feed.id)
        assert subscriptions.all() == []
        assert subscriptions.next_due() is None
        assert subscriptions.put(URL, every_s=900, now=NOW)[1]
        assert subscriptions.entries(feed.id, ["one"]) == {}

    # --- one poller at a time ----------------------------------------------------------------------------------

    def test_one_holder_at_a_time(self, subscriptions: Subscriptions, feed: Subscription) -> None:
        assert self.claimed(subscriptions, feed, "a") == feed

        assert self.claimed(subscriptions, feed, "b") is None
        assert self.claimed(subscriptions, feed, "a") is None
        assert subscriptions.due(NOW) == []
        assert subscriptions.next_due() == LEASE

    def test_a_lease_that_has_ended_is_another_s_to_take(
        self, subscriptions: Subscriptions, feed: Subscription
    ) -> None:
        self.claimed(subscriptions, feed, "dead")

        assert subscriptions.due(LEASE) == [feed.id]
        assert subscriptions.claim(feed.id, holder="b", now=LEASE, until=LEASE + MINUTE) is not None
        assert not subscriptions.extend(feed.id, holder="dead", until=LEASE + 9 * MINUTE)
        assert not subscriptions.settle(replace(feed, attempted_at=NOW, error="late"), holder="dead")
        settled = subscriptions.get(feed.id)
        assert settled is not None
        assert settled.error is None

    def test_a_lease_is_extended_by_its_holder(self, subscriptions: Subscriptions, feed: Subscription) -> None:
        self.claimed(subscriptions, feed)

        assert subscriptions.extend(feed.id, holder="a", until=LEASE + 5 * MINUTE)

        assert subscriptions.due(LEASE + MINUTE) == []

    def test_a_poll_that_was_broken_off_leaves_the_feed_as_it_was(
        self, subscriptions: Subscriptions, feed: Subscription
    ) -> None:
        self.claimed(subscriptions, feed)

        subscriptions.release(feed.id, holder="b")
        assert subscriptions.due(NOW) == []
        subscriptions.release(feed.id, holder="a")

        assert subscriptions.due(NOW) == [feed.id]
        assert subscriptions.get(feed.id) == feed

    def test_what_the_dead_held_is_free_at_once(self, subscriptions: Subscriptions, feed: Subscription) -> None:
        other, _ = subscriptions.put("https://aa.example/feed", every_s=900, now=NOW + MINUTE)
        self.claimed(subscriptions, feed, "dead")
        self.claimed(subscriptions, other, "dead too")

        subscriptions.release_all()

        assert subscriptions.due(NOW + MINUTE) == [feed.id, other.id]
        assert not subscriptions.extend(feed.id, holder="dead", until=LEASE)
        assert subscriptions.get(feed.id) == feed

    def test_what_a_poll_did_is_written_down_and_the_feed_let_go(
        self, subscriptions: Subscriptions, feed: Subscription
    ) -> None:
        self.claimed(subscriptions, feed)
        polled = replace(
            feed,
            next_at=NOW + 15 * MINUTE,
            attempted_at=NOW,
            succeeded_at=NOW,
            result=PollResult(new=3, skipped=1, reasons=("https://x.example/: gone",)),
            etag='"a"',
            last_modified="Thu, 01 Jan 2026 00:00:00 GMT",
        )

        assert subscriptions.settle(polled, holder="a")

        assert subscriptions.get(feed.id) == polled
        assert subscriptions.due(NOW + 14 * MINUTE) == []
        assert subscriptions.due(NOW + 15 * MINUTE) == [feed.id]
        assert subscriptions.next_due() == NOW + 15 * MINUTE

    def test_what_was_asked_for_while_a_poll_ran_is_not_forgotten(
        self, subscriptions: Subscriptions, feed: Subscription
    ) -> None:
        self.claimed(subscriptions, feed)
        subscriptions.put(URL, every_s=60, now=NOW + MINUTE)

        subscriptions.settle(replace(feed, attempted_at=NOW, next_at=NOW + 15 * MINUTE), holder="a")

        settled = subscriptions.get(feed.id)
        assert settled is not None
        assert (settled.every_s, settled.next_at) == (60, NOW + MINUTE)

    def test_a_feed_removed_while_it_is_polled_stays_removed(
        self, subscriptions: Subscriptions, feed: Subscription
    ) -> None:
        self.claimed(subscriptions, feed)
        subscriptions.remove(feed.id)

        subscriptions.record(feed.id, [entry("one")], now=NOW)

        assert not subscriptions.extend(feed.id, holder="a", until=LEASE)
        assert not subscriptions.settle(replace(feed, attempted_at=NOW), holder="a")
        assert subscriptions.all() == []

    def test_the_longest_due_comes_first(self, subscriptions: Subscriptions, feed: Subscription) -> None:
        earlier, _ = subscriptions.put("https://zz.example/feed", every_s=900, now=NOW - MINUTE)

        assert subscriptions.due(NOW) == [earlier.id, feed.id]

    # --- what was seen -----------------------------------------------------------------------------------------

    def test_an_entry_comes_back_as_it_was_written(self, subscriptions: Subscriptions, feed: Subscription) -> None:
        said = Article(
            id="",
            title="Ferry sails",
            body="",
            url="https://bell.example/ferry",
            outlet="The Bell",
            authors=("Ada Quill", "Bo Stern"),
            published_at=datetime(2026, 1, 1, 9, tzinfo=UTC),
            language="en",
        )
        linked = entry(
            "one", said=said, visited_at=NOW, visit_at=LEASE, failures=2, etag='"p"', last_modified="yesterday"
        )
        bare = entry("two", said=Article(id="", title="", body="", url="https://bell.example/x"))

        subscriptions.record(feed.id, [linked, bare, entry("three")], now=NOW)

        found = subscriptions.entries(feed.id, ["one", "two", "three", "four"])
        assert found == {"one": linked, "two": bare, "three": entry("three")}

    def test_an_entry_is_of_one_feed_alone(self, subscriptions: Subscriptions, feed: Subscription) -> None:
        other, _ = subscriptions.put("https://aa.example/feed", every_s=900, now=NOW)
        subscriptions.record(feed.id, [entry("one")], now=NOW)

        assert subscriptions.entries(other.id, ["one"]) == {}

    def test_what_is_written_last_holds(self, subscriptions: Subscriptions, feed: Subscription) -> None:
        subscriptions.record(feed.id, [entry("one", "old")], now=NOW)

        subscriptions.record(feed.id, [entry("one", "new"), entry("one", "newer")], now=NOW)

        assert subscriptions.entries(feed.id, ["one"])["one"].fingerprint == "newer"

    def test_pages_are_visited_when_their_time_comes(self, subscriptions: Subscriptions, feed: Subscription) -> None:
        times = {"never": None, "later": LEASE, "now": NOW, "long": NOW - MINUTE}
        subscriptions.record(feed.id, [entry(key, visit_at=at) for key, at in times.items()], now=NOW)

        assert [each.key for each in subscriptions.to_visit(feed.id, now=NOW, limit=9)] == ["long", "now"]
        assert [each.key for each in subscriptions.to_visit(feed.id, now=NOW, limit=1)] == ["long"]

    def test_an_entry_that_left_the_feed_is_kept_for_a_while(
        self, subscriptions: Subscriptions, feed: Subscription
    ) -> None:
        subscriptions.record(feed.id, [entry("left"), entry("stays")], now=NOW)

        subscriptions.touch(feed.id, ["stays"], now=LEASE, forget_before=NOW)
        assert set(subscriptions.entries(feed.id, ["left", "stays"])) == {"left", "stays"}
        subscriptions.touch(feed.id, ["stays"], now=LEASE, forget_before=NOW + MINUTE)

        assert set(subscriptions.entries(feed.id, ["left", "stays"])) == {"stays"}

    def test_more_entries_than_one_statement_can_bind_are_kept(
        self, subscriptions: Subscriptions, feed: Subscription
    ) -> None:
        keys = [f"n{n}" for n in range(4000)]

        subscriptions.record(feed.id, [entry(key) for key in keys], now=NOW)
        subscriptions.touch(feed.id, keys, now=LEASE, forget_before=LEASE)

        assert len(subscriptions.entries(feed.id, keys)) == 4000
