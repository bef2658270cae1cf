"""A site on loopback that is watched for several rounds, by a clock that does not wait."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.watching import subscribe, watching
from rag.errors import AddressRefusedError
from rag.subscribing import PollResult
from tests.ingest.site import Asked, Depending, Page, redirect
from tests.ingest.watched import DAY, FEED, HOUR, Newsroom, feed, item, page, silent, story, watched


class TestArticlesOfAFeed:
    def test_they_appear_change_vanish_and_are_withdrawn(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            one, two, three = (room.site.url(f"/{n}") for n in (1, 2, 3))
            room.site.pages |= {f"/{n}": page(what) for n, what in ((1, "pier"), (2, "ferry"), (3, "market"))}
            room.site.pages[FEED] = feed(item("Pier", one), item("Ferry", two))
            await room.subscribe()
            assert (await room.result()).new == 2

            # One appears.
            room.site.pages[FEED] = feed(item("Market", three), item("Pier", one), item("Ferry", two))
            result = await room.result(after_s=900)
            assert (result.new, result.seen) == (1, 2)
            assert await room.titles() == ["Ferry", "Market", "Pier"]

            # One changes, and the feed says so.
            room.site.pages["/1"] = page("new pier")
            room.site.pages[FEED] = feed(item("Pier reopens", one), item("Ferry", two), item("Market", three))
            result = await room.result(after_s=900)
            assert (result.new, result.updated, result.seen) == (0, 1, 2)
            assert "new pier" in await room.body("Pier reopens")

            # One vanishes from the feed, and its page from the site: what was published stays.
            room.site.pages[FEED] = feed(item("Pier reopens", one), item("Market", three))
            del room.site.pages["/2"]
            await room.result(after_s=900)
            assert await room.titles() == ["Ferry", "Market", "Pier reopens"]

            # One is withdrawn, and comes back neither by the feed nor when the feed says something new of it.
            await room.library.withdraw(await room.id("Market"))
            await room.result(after_s=900)
            room.site.pages[FEED] = feed(item("Market, corrected", three))
            assert (await room.result(after_s=900)).withdrawn == 1
            assert await room.titles() == ["Ferry", "Pier reopens"]
            assert (await room.library.health()).sound

        watched(folder, work)

    def test_one_without_a_date_or_an_address_is_read_once(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            items = [item("Pier", text=story("pier") * 6), item("Ferry", room.site.url("/1"))]
            room.site.pages |= {"/1": page("ferry"), FEED: feed(*items)}
            await room.subscribe()
            assert (await room.result()).new == 2

            for _ in range(3):
                assert await room.result(after_s=900) == PollResult(seen=2)
            assert room.asked("/1") == 1

        watched(folder, work)

    def test_full_content_needs_no_page_and_its_change_is_an_update(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            link = room.site.url("/1")
            room.site.pages[FEED] = feed(item("Pier", link, text=story("pier") * 6))
            await room.subscribe()
            await room.result()
            room.site.pages[FEED] = feed(item("Pier", link, text=story("new pier") * 6))

            assert (await room.result(after_s=900)).updated == 1
            assert room.asked("/1") == 0
            assert "new pier" in await room.body("Pier")

        watched(folder, work)

    def test_a_feed_that_has_not_changed_costs_one_request(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            room.site.pages |= {"/1": page("pier"), FEED: feed(item("Pier", room.site.url("/1")), etag='"a"')}
            await room.subscribe()
            await room.result()
            before = len(room.site.asked)

            result = await room.result(after_s=900)

            assert not result.modified
            assert [asked.path for asked in room.site.asked[before:]] == [FEED]
            assert room.site.asked[-1].headers["if-none-match"] == '"a"'

        watched(folder, work)

    def test_bad_pages_are_named_and_the_others_are_read(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            away, *_ = links = [room.site.url(f"/{n}") for n in ("away", "closed", "huge", "pdf", "slow", "moved")]
            assert away
            room.site.pages |= {
                "/robots.txt": Page(b"User-agent: *\nDisallow: /closed"),
                "/away": redirect("http://169.254.169.254/latest/meta-data"),
                "/huge": Page(b"x" * 8_000_001),
                "/pdf": Page(b"%PDF-1.4", headers={"Content-Type": "application/pdf"}),
                "/slow": silent,
                "/moved": redirect("/here", status=301),
                "/here": page("pier"),
                FEED: feed(*(item(link.rpartition("/")[2], link) for link in links)),
            }
            await room.subscribe()

            result = await room.result()

            assert await room.titles() == ["moved"]
            assert (result.new, result.skipped) == (1, 5)
            assert [reason.partition(": ")[0] for reason in result.reasons] == links[:5]
            says = ("169.254.169.254", "robots.txt", "larger", "not HTML", "no reply in time")
            assert all(words in reason for words, reason in zip(says, result.reasons, strict=True))

        watched(folder, work, read_timeout_s=0.2, retries=0)


class TestPagesThatAreVisitedAgain:
    def test_a_correction_without_a_word_in_the_feed_is_found(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            room.site.pages |= {"/1": page("pier"), FEED: feed(item("Pier", room.site.url("/1")), etag='"a"')}
            await room.subscribe()
            await room.result()
            room.site.pages["/1"] = page("mended pier")
            assert (await room.result(after_s=900)).updated == 0

            assert (await room.result(after_s=HOUR)).updated == 1
            assert "mended pier" in await room.body("Pier")

        watched(folder, work)

    def test_they_are_visited_ever_more_seldom_and_then_no_more(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            room.site.pages |= {
                "/1": page("pier", etag='"p"'),
                FEED: feed(item("Pier", room.site.url("/1")), etag='"a"'),
            }
            await room.subscribe(every_s=7200)
            await room.result()

            for _ in range(10 * 12):
                assert await room.result(after_s=7200) == PollResult(modified=False)

            # 2, 4, ... 128 hours after it was first seen; then it is a week old.
            assert 6 <= room.asked("/1") - 1 <= 8
            assert room.site.asked[-1].path == FEED
            assert all(a.headers.get("if-none-match") == '"p"' for a in room.site.asked[5:] if a.path == "/1")

        watched(folder, work)

    def test_a_page_that_is_not_there_yet_is_tried_again_and_in_the_end_given_up(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            links = [room.site.url("/1"), room.site.url("/2")]
            room.site.pages[FEED] = feed(item("Pier", links[0]), item("Ferry", links[1]), etag='"a"')
            await room.subscribe()
            assert (await room.result()).skipped == 2
            room.site.pages["/1"] = page("pier")

            assert (await room.result(after_s=1000)).new == 1
            for _ in range(7):
                await room.result(after_s=DAY)

            assert await room.titles() == ["Pier"]
            assert room.asked("/2") == 6

        watched(folder, work)

    def test_a_busy_site_is_left_alone_for_as_long_as_it_asks(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            busy = Page(status=429, headers={"Retry-After": "7200"})
            room.site.pages |= {FEED: feed(item("Pier", room.site.url("/1"))), "/1": [busy, Page(b"x")]}
            await room.subscribe()
            await room.result()

            await room.result(after_s=HOUR)
            assert room.asked("/1") == 1
            await room.result(after_s=HOUR)
            assert room.asked("/1") == 2

        watched(folder, work)


class TestAFeedThatFails:
    def test_it_is_polled_ever_more_seldom_up_to_a_bound_and_recovers(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            await room.subscribe()
            waits = []
            for failures in range(1, 9):
                polled = await room.poll()
                assert polled.error is not None
                assert "answers 404" in polled.error
                assert polled.failures == failures
                waits.append(round((polled.next_at - room.clock.now()).total_seconds()))
                room.clock.at_s += waits[-1]
            assert waits == [900, 1800, 3600, 7200, 7200, 7200, 7200, 7200]

            room.site.pages |= {FEED: feed(item("Pier", room.site.url("/1"))), "/1": page("pier")}
            polled = await room.poll()
            assert (polled.error, polled.failures) == (None, 0)
            assert polled.next_at == room.clock.now() + timedelta(seconds=900)

        watched(folder, work, max_backoff_s=7200)

    def test_it_waits_as_long_as_the_site_asks(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            room.site.pages[FEED] = Page(status=429, headers={"Retry-After": "50000"})
            await room.subscribe()

            polled = await room.poll()

            assert polled.next_at == room.clock.now() + timedelta(seconds=50_000)
            assert await room.round(after_s=49_000) == []

        watched(folder, work)

    def test_the_last_good_result_and_the_validators_are_kept(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            room.site.pages |= {"/1": page("pier"), FEED: feed(item("Pier", room.site.url("/1")), etag='"a"')}
            await room.subscribe()
            good = await room.poll()
            room.site.pages[FEED] = Page(status=410)

            failed = await room.poll(after_s=900)

            assert (failed.result, failed.succeeded_at, failed.etag) == (good.result, good.succeeded_at, '"a"')
            assert failed.attempted_at == room.clock.now()
            assert await room.titles() == ["Pier"]

        watched(folder, work)

    def test_the_others_are_polled_all_the_same(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            room.site.pages |= {
                "/html": page("home"),
                "/text": Page(
                    b"Please wait\n\nWe are busy and will be back in an hour or two.",
                    headers={"Content-Type": "text/plain"},
                ),
                "/bomb": Page(b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aa">]><rss>&a;</rss>'),
                "/slow": silent,
                "/good": feed(item("Pier", room.site.url("/1"))),
                "/1": page("pier"),
            }
            for path in ("/html", "/text", "/bomb", "/slow", "/gone", "/good"):
                await room.subscribe(path)

            polled = {feed.url.rpartition("/")[2]: feed for feed in await room.round()}

            assert await room.titles() == ["Pier"]
            assert "is no feed or sitemap (HTML)" in (polled["html"].error or "")
            assert "is no feed or sitemap (plain text)" in (polled["text"].error or "")
            assert "no reply in time" in (polled["slow"].error or "")
            assert "answers 404" in (polled["gone"].error or "")
            assert polled["bomb"].result is not None
            assert "XML entities" in polled["bomb"].result.reasons[0]
            assert polled["good"].error is None

        watched(folder, work, read_timeout_s=0.2, retries=0, feeds_at_once=2)

    def test_a_fault_of_ours_in_one_feed_is_its_failure_alone(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def work(room: Newsroom) -> None:
            real = room.library.put

            async def failing(documents: Any, **more: Any) -> Any:
                if "Cursed" in documents[0].article.title:
                    raise ZeroDivisionError("of ours")
                return await real(documents, **more)

            monkeypatch.setattr(room.library, "put", failing)
            room.site.pages |= {
                "/a": feed(item("Cursed", text=story("pier") * 6, link="https://bell.example/1")),
                "/b": feed(item("Good", text=story("ferry") * 6, link="https://bell.example/2")),
            }
            cursed = await room.subscribe("/a")
            await room.subscribe("/b")

            polled = {feed.id: feed for feed in await room.round()}

            assert "something failed that should not have (ZeroDivisionError)" in (polled[cursed.id].error or "")
            assert await room.titles() == ["Good"]
            monkeypatch.undo()
            assert len(await room.round(after_s=900)) == 2
            assert await room.titles() == ["Cursed", "Good"]

        watched(folder, work)


class TestSitemaps:
    def test_an_index_is_watched_and_only_what_changed_is_read_again(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            def sitemap(*paths: str) -> Page:
                entries = "".join(f"<url><loc>{room.site.url(path)}</loc></url>" for path in paths)
                return Page(gzip.compress(f"<urlset>{entries}</urlset>".encode()))

            def index(**changed: str) -> Page:
                return Page(
                    b"<sitemapindex>%s</sitemapindex>"
                    % "".join(
                        f"<sitemap><loc>{room.site.url(f'/{name}.xml.gz')}</loc><lastmod>{day}</lastmod></sitemap>"
                        for name, day in changed.items()
                    ).encode()
                )

            room.site.pages |= {f"/{n}": page(f"pier {n}") for n in (1, 2, 3)}
            room.site.pages |= {"/a.xml.gz": sitemap("/1"), "/b.xml.gz": sitemap("/2")}
            room.site.pages["/index.xml"] = index(a="2026-01-01", b="2026-01-01")
            await room.subscribe("/index.xml")
            assert (await room.result()).new == 2

            room.site.pages["/b.xml.gz"] = sitemap("/2", "/3")
            room.site.pages["/index.xml"] = index(a="2026-01-01", b="2026-01-02")
            result = await room.result(after_s=900)

            assert (result.new, result.seen) == (1, 1)
            assert (room.asked("/a.xml.gz"), room.asked("/b.xml.gz")) == (1, 2)
            assert [room.asked(f"/{n}") for n in (1, 2, 3)] == [1, 1, 1]

        watched(folder, work)

    def test_more_pages_than_one_poll_may_fetch_come_with_the_next(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            entries = "".join(f"<url><loc>{room.site.url(f'/{n}')}</loc></url>" for n in range(5))
            room.site.pages |= {f"/{n}": page(f"pier {n}") for n in range(5)}
            room.site.pages[FEED] = Page(f"<urlset>{entries}</urlset>".encode(), headers={"ETag": '"a"'})
            await room.subscribe()

            first = await room.result()
            assert (first.new, first.skipped) == (2, 1)
            assert "3 of 5 pages are left" in first.reasons[0]
            await room.result(after_s=900)
            last = await room.result(after_s=900)

            assert (last.new, last.seen, last.skipped) == (1, 4, 0)

        watched(folder, work, max_linked_pages=2)


class TestTheWatcher:
    def test_a_poll_that_is_broken_off_goes_on_where_it_stopped(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            asked = asyncio.Event()

            async def waits(writer: asyncio.StreamWriter) -> None:
                asked.set()
                await silent(writer)

            room.site.pages[FEED] = waits
            feed_now = await room.subscribe()
            polling = asyncio.create_task(room.watcher.run())
            await asyncio.wait_for(asked.wait(), 30)

            polling.cancel()
            with pytest.raises(asyncio.CancelledError):
                await polling

            assert room.library.subscriptions.all() == [feed_now]
            room.site.pages |= {FEED: feed(item("Pier", room.site.url("/1"))), "/1": page("pier")}
            assert (await room.result()).new == 1

        watched(folder, work)

    def test_what_another_poller_holds_is_left_to_it(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            room.site.pages[FEED] = feed(item("Pier", text=story("pier") * 6, link="https://bell.example/1"))
            subscription = await room.subscribe()
            now = room.clock.now()
            room.library.subscriptions.claim(subscription.id, holder="other", now=now, until=now + timedelta(hours=1))

            assert await room.round(after_s=900) == []
            assert (await room.result(after_s=HOUR)).new == 1

        watched(folder, work)

    def test_a_feed_removed_while_it_is_polled_stays_removed(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            def removing(asked: Asked) -> Page:
                room.library.subscriptions.remove(subscription.id)
                return Page(f"<rss><channel>{item('Pier', text=story('pier') * 6)}</channel></rss>".encode())

            room.site.pages[FEED] = Depending(removing)
            subscription = await room.subscribe()

            assert await room.round() == []
            assert room.library.subscriptions.all() == []

        watched(folder, work)

    def test_no_more_feeds_are_polled_at_once_than_the_setting_lets(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            for n in range(6):
                room.site.pages[f"/{n}"] = feed(
                    item(f"Pier {n}", text=story("pier") * 6, link=f"https://b.example/{n}")
                )
                await room.subscribe(f"/{n}")

            assert len(await room.round()) == 6
            assert room.site.most_at_once <= 2

        watched(folder, work, feeds_at_once=2, host_connections=9)

    def test_beside_a_server_it_polls_what_is_added_and_stops_with_it(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            room.site.pages[FEED] = feed(item("Pier", text=story("pier") * 6, link="https://bell.example/1"))
            polled = asyncio.Event()
            room.site.pages["/done"] = Depending(lambda asked: polled.set() or Page(status=404))  # type: ignore[func-returns-value]
            async with watching(room.library, room.settings) as watcher:
                await subscribe(room.library, room.settings, room.site.url(FEED))
                await subscribe(room.library, room.settings, room.site.url("/done"), every_s=60)
                watcher.wake()
                await asyncio.wait_for(polled.wait(), 30)
            assert {feed.every_s for feed in room.library.subscriptions.all()} == {900, 60}

        watched(folder, work, host_interval_s=0)

    def test_a_private_address_is_refused_when_it_is_added(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            for url in ("http://127.0.0.1:1/feed", "http://10.1.2.3/feed", "file:///etc/passwd", "http://[::1]/"):
                with pytest.raises(AddressRefusedError):
                    await subscribe(room.library, room.settings, url)
            assert room.library.subscriptions.all() == []

        watched(folder, work)
