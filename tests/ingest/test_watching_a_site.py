"""A whole site, watched by its feed and its sitemap together, while all that can go wrong with a site goes wrong beside."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ingest.fetching import Fetcher
from ingest.watching import Watcher
from rag.composition import open_library
from rag.domain import Article, Filters
from rag.settings import FetchSettings, IngestSettings, Settings
from rag.subscribing import Subscription
from tests.ingest.site import Hours, Page, Site, fetcher, redirect, running
from tests.ingest.watched import FEED, HOUR, Newsroom, feed, item, page, silent, story, watched
from tests.running import run

SITEMAP = "/sitemap.xml"


def sitemap(*links: str) -> Page:
    entries = "".join(f"<url><loc>{link}</loc></url>" for link in links)
    return Page(f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>".encode())


def ended(rounds: list[Subscription]) -> dict[str, Subscription]:
    return {"/" + feed.url.split("/", 3)[3]: feed for feed in rounds}


async def stored(room: Newsroom) -> dict[str, Article]:
    """The articles by the paths of their pages, in order."""
    found = await room.library.articles(filters=Filters(), limit=50)
    articles = [await room.library.article(each.id) for each in found.articles]
    return {
        "/" + (each.url or "").rpartition("/")[2]: each for each in sorted(articles, key=lambda each: each.url or "")
    }


class TestAWholeSite:
    def test_its_articles_come_change_leave_and_are_withdrawn_by_both_ways_at_once(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            one, two, three = (room.site.url(f"/{n}") for n in (1, 2, 3))
            room.site.pages |= {"/1": page("pier", etag='"p"'), "/2": page("ferry"), "/3": page("market")}
            room.site.pages |= {FEED: feed(item("Pier", one), etag='"f"'), SITEMAP: sitemap(one, two)}
            await room.subscribe(FEED)
            await room.subscribe(SITEMAP)

            # The same article by both ways is one.
            await room.round()
            assert list(await stored(room)) == ["/1", "/2"]

            # One appears in the sitemap alone; one is corrected on its page alone, and both ways look at it again.
            room.site.pages |= {SITEMAP: sitemap(one, two, three), "/1": page("mended pier", etag='"p2"')}
            await room.round(after_s=900)
            assert list(await stored(room)) == ["/1", "/2", "/3"]
            await room.round(after_s=2 * HOUR)
            assert "mended pier" in (await stored(room))["/1"].body

            # One leaves both, and its page is gone: what was published stays.
            room.site.pages |= {FEED: feed(), SITEMAP: sitemap(two, three), "/1": Page(status=410)}
            polled = ended(await room.round(after_s=3 * HOUR))
            assert polled[SITEMAP].error is None
            assert list(await stored(room)) == ["/1", "/2", "/3"]

            # One is withdrawn: neither way brings it back, also when its page is looked at again and says something new.
            await room.library.withdraw((await stored(room))["/3"].id)
            room.site.pages |= {"/3": page("market, corrected"), FEED: feed(item("The market", three))}
            for _ in range(3):
                await room.round(after_s=4 * HOUR)
            assert list(await stored(room)) == ["/1", "/2"]
            assert (await room.library.health()).sound

        watched(folder, work)

    def test_what_is_wrong_with_one_feed_is_told_and_the_others_go_on(self, folder: Path) -> None:
        async def work(room: Newsroom) -> None:
            room.site.pages |= {
                "/robots.txt": Page(b"User-agent: *\nDisallow: /closed"),
                "/moved": redirect(FEED, status=301),
                "/away": redirect("http://169.254.169.254/latest/meta-data"),
                "/circle": redirect("/circle"),
                "/closed": feed(),
                "/huge": Page(b"<rss><channel>" + b" " * 1_000_001),
                "/pdf": Page(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3", headers={"Content-Type": "application/pdf"}),
                "/slow": silent,
                "/busy": Page(status=429, headers={"Retry-After": "7200"}),
                FEED: feed(item("Pier", text=story("pier") * 6, link="https://bell.example/1"), etag='"f"'),
            }
            says = {
                "/away": "169.254.169.254", "/circle": "redirect", "/closed": "robots.txt", "/huge": "larger",
                "/pdf": "is no feed or sitemap", "/slow": "no reply in time", "/busy": "answers 429",
            }  # fmt: skip
            for path in (*says, "/moved"):
                await room.subscribe(path)

            for round_number in (1, 2, 3):
                polled = ended(await room.round(after_s=15 * 60 * 2**round_number))
                wrong = {path: each.error or "" for path, each in polled.items() if path != "/moved"}
                assert all(says[path] in error for path, error in wrong.items()), wrong
                assert polled["/moved"].error is None
                assert (polled["/moved"].result.modified if polled["/moved"].result else None) is (round_number == 1)
            # It asked for two hours: the round after the first came too early for it.
            assert room.asked("/busy") == 2
            assert await room.titles() == ["Pier"]

        watched(folder, work, read_timeout_s=0.2, retries=0, max_body_mb=1)

    def test_a_date_without_a_zone_stays_on_its_outlets_clock_when_the_page_is_read_again(self, folder: Path) -> None:
        async def rounds() -> list[datetime | None]:
            clock, site = Hours(), Site()
            async with running(site):
                fetch = FetchSettings(allowed_hosts=(site.host,))
                ingest = IngestSettings(outlet_timezones={"The Bell": "Europe/Berlin"})
                settings = Settings(library=folder, lock_wait_s=0, fetch=fetch, ingest=ingest)
                async with open_library(settings, command="a test") as library, fetcher(site, clock) as one:
                    dated = item("Pier", site.url("/1"), date="2025-07-25T10:00:00")
                    site.pages |= {"/1": page("pier"), FEED: feed(dated, etag='"a"')}
                    library.subscriptions.put(site.url(FEED), every_s=900, now=clock.now())
                    watcher = Watcher(library, one, settings, clock=clock)
                    dates = []
                    for what in ("pier", "mended pier"):
                        site.pages["/1"] = page(what)
                        await watcher.round()
                        clock.at_s += 2 * HOUR
                        (listed,) = (await library.articles(filters=Filters(), limit=5)).articles
                        article = await library.article(listed.id)
                        assert what in article.body
                        dates.append(article.published_at)
                    return dates

        assert run(rounds()) == [datetime(2025, 7, 25, 8, tzinfo=UTC)] * 2

    def test_what_a_killed_process_was_polling_is_polled_as_soon_as_another_owns_the_library(
        self, folder: Path
    ) -> None:
        async def round_of(settings: Settings, site: Site, *, killed: bool) -> list[Subscription]:
            async with open_library(settings, command="a test") as library, Fetcher(settings.fetch) as one:
                if killed:
                    now = datetime.now(UTC)
                    feed_now, _ = library.subscriptions.put(site.url(FEED), every_s=900, now=now)
                    held = library.subscriptions.claim(
                        feed_now.id, holder="killed", now=now, until=datetime(2100, 1, 1, tzinfo=UTC)
                    )
                    assert held is not None
                return await Watcher(library, one, settings).round()

        async def both() -> tuple[list[Subscription], list[Subscription]]:
            async with running(Site()) as site:
                site.pages[FEED] = feed(item("Pier", text=story("pier") * 6, link="https://bell.example/1"))
                fetch = FetchSettings(allowed_hosts=(site.host,), host_interval_s=0)
                settings = Settings(library=folder, lock_wait_s=0, fetch=fetch)
                return await round_of(settings, site, killed=True), await round_of(settings, site, killed=False)

        before, after = run(both())

        assert before == []
        assert [polled.error for polled in after] == [None]
