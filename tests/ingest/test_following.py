"""Feeds and sitemaps named by address: their pages are fetched, gently and within bounds."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.sources.downloads import door
from ingest.sources.opening import Progress, read_sources
from ingest.sources.record import Found, Record, Skipped
from rag.settings import FetchSettings
from tests.ingest.site import Answers, Page, Site, fetcher, redirect, running
from tests.running import run


def page(title: str) -> Page:
    text = f"{title}: the harbour office said on Monday that the works go on until the spring of next year at least."
    return Page(f"<!doctype html><title>{title}</title><article><h1>{title}</h1><p>{text}</p></article>".encode())


def feed(*links: str) -> str:
    items = "".join(f"<item><title>Said of {link}</title><link>{link}</link></item>" for link in links)
    return f"<rss version='2.0'><channel><title>The Bell</title>{items}</channel></rss>"


def sitemap(*links: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{link}</loc></url>' for link in links)}</urlset>".encode()


def index(*links: str) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{x}</loc></sitemap>' for x in links)}</sitemapindex>".encode()


def followed(site: Site, *sources: str, **settings: Any) -> list[Record]:
    """What is read where these are the sources; a path is one of the site's."""

    async def work() -> list[Record]:
        async with running(site):
            for path, answer in site.pages.items():
                if isinstance(answer, Page) and b"SITE" in answer.body:
                    site.pages[path] = Page(answer.body.replace(b"SITE", site.url("").encode()), headers=answer.headers)
            named = [site.url(source) for source in sources]
            async with fetcher(site, **settings) as one, door(one, FetchSettings(**settings)) as opened:
                return await asyncio.to_thread(lambda: list(read_sources(named, Progress(), opened)))

    return run(work())


def site_of(pages: Mapping[str, Answers]) -> Site:
    site = Site()
    site.pages |= pages
    return site


def titles(records: list[Record]) -> list[str]:
    return [record.article.title for record in records if isinstance(record, Found)]


def reasons(records: list[Record]) -> list[str]:
    return [f"{record.where.rpartition('/')[2]}: {record.reason}" for record in records if isinstance(record, Skipped)]


def test_the_pages_of_a_feed_come_in_under_its_headlines_and_in_its_order() -> None:
    links = [f"SITE/{n}" for n in range(20)]
    site = site_of({"/feed": Page(feed(*links).encode())} | {f"/{n}": page(f"Page {n}") for n in range(20)})

    records = followed(site, "/feed")

    assert titles(records) == [f"Said of {site.url(f'/{n}')}" for n in range(20)]
    assert all("harbour office" in record.article.body for record in records if isinstance(record, Found))
    assert [record.article.outlet for record in records if isinstance(record, Found)] == ["The Bell"] * 20


def test_a_page_that_cannot_be_had_is_skipped_with_its_address_and_the_others_are_read() -> None:
    links = ["SITE/gone", "SITE/closed", "http://10.0.0.7/x", "SITE/pdf", "SITE/away", "SITE/huge", "SITE/good"]
    site = site_of(
        {
            "/feed": Page(feed(*links).encode()),
            "/robots.txt": Page(b"User-agent: *\nDisallow: /closed"),
            "/pdf": Page(b"%PDF-1.4", headers={"Content-Type": "application/pdf"}),
            "/away": redirect("http://169.254.169.254/latest"),
            "/huge": Page(b"x" * 8_000_001),
            "/good": page("Good"),
        }
    )

    records = followed(site, "/feed")

    assert len(titles(records)) == 1
    assert [line.partition(":")[0] for line in reasons(records)] == ["gone", "closed", "x", "pdf", "away", "huge"]
    words = ("answers 404", "does not let", "not on the public internet", "not HTML", "169.254.169.254", "larger")
    assert all(word in line for line, word in zip(reasons(records), words, strict=True))


def test_an_index_is_followed_to_its_sitemaps_also_packed_ones_and_their_pages() -> None:
    site = site_of(
        {
            "/index.xml": Page(index("SITE/a.xml", "SITE/gone.xml", "SITE/b.xml")),
            "/a.xml": Page(sitemap("SITE/1", "SITE/2")),
            "/b.xml": Page(sitemap("SITE/3")),
            **{f"/{n}": page(f"Page {n}") for n in (1, 2, 3)},
        }
    )

    records = followed(site, "/index.xml")

    assert titles(records) == ["Page 1", "Page 2", "Page 3"]
    assert [line.partition(":")[0] for line in reasons(records)] == ["gone.xml"]


def test_a_packed_sitemap_by_address_is_followed() -> None:
    site = site_of({"/1": page("Page 1")})
    site.pages["/map.xml.gz"] = Page(gzip.compress(b""))

    async def work() -> list[Record]:
        async with running(site):
            site.pages["/map.xml.gz"] = Page(gzip.compress(sitemap(site.url("/1"))))
            async with fetcher(site) as one, door(one, FetchSettings()) as opened:
                return await asyncio.to_thread(
                    lambda: list(read_sources([site.url("/map.xml.gz")], Progress(), opened))
                )

    assert titles(run(work())) == ["Page 1"]


def test_an_index_that_names_itself_ends() -> None:
    site = site_of({"/index.xml": Page(index("SITE/index.xml"))})

    records = followed(site, "/index.xml")

    assert "followed 2 deep" in reasons(records)[0]
    assert site.paths() == ["/index.xml"] * 3


def test_no_more_pages_are_fetched_than_the_setting_lets() -> None:
    site = site_of(
        {"/map": Page(sitemap(*(f"SITE/{n}" for n in range(9))))} | {f"/{n}": page(f"P {n}") for n in range(9)}
    )

    records = followed(site, "/map", max_linked_pages=4)

    assert titles(records) == ["P 0", "P 1", "P 2", "P 3"]
    assert reasons(records) == ["its links: 5 of 9 pages are left; see ONRECORD_FETCH__MAX_LINKED_PAGES"]
    assert len(site.paths()) == 5


def test_the_links_of_a_file_are_followed_where_the_setting_says_so(tmp_path: Path) -> None:
    site = site_of({"/1": page("Page 1")})

    async def work(follow: bool) -> list[Record]:
        async with running(site):
            (tmp_path / "feed.xml").write_text(feed(site.url("/1")))
            limits = FetchSettings(follow_files=follow)
            async with fetcher(site) as one, door(one, limits) as opened:
                return await asyncio.to_thread(lambda: list(read_sources([str(tmp_path)], Progress(), opened)))

    assert len(titles(run(work(True)))) == 1
    assert titles(run(work(False))) == []
