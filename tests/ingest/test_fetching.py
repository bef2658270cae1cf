"""Pages from a real site on loopback: what comes back, what is refused, and how gently it is asked."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ingest.fetching import Fetched
from ingest.robots import ROBOTS_BYTES
from rag.errors import (
    FetchError,
    FetchRedirectError,
    FetchStatusError,
    FetchTimeoutError,
    FetchTooLargeError,
    RobotsRefusedError,
    SettingsError,
    UnreachableError,
)
from rag.settings import read_settings
from tests.ingest.site import Answers, Asked, Depending, Hours, Page, Site, fetcher, redirect, running, written
from tests.running import run


def fetched(path: str, pages: dict[str, Answers], **settings: Any) -> Fetched:
    return visited(path, pages, **settings)[0]


def visited(path: str, pages: dict[str, Answers], **settings: Any) -> tuple[Fetched, Site]:
    """The page, and the site that it was fetched from."""

    async def work() -> tuple[Fetched, Site]:
        async with running(Site()) as site:
            site.pages |= pages
            async with fetcher(site, **settings) as one:
                return await one.fetch(site.url(path)), site

    return run(work())


def refused(
    path: str, pages: dict[str, Answers], error: type[FetchError], **settings: Any
) -> tuple[pytest.ExceptionInfo[FetchError], Site]:
    """How fetching the page fails, and what the site saw of it."""

    async def work() -> tuple[pytest.ExceptionInfo[FetchError], Site]:
        async with running(Site()) as site:
            site.pages |= pages
            async with fetcher(site, **settings) as one:
                with pytest.raises(error) as info:
                    await one.fetch(site.url(path))
                return info, site

    return run(work())


def with_site(work: Callable[[Site], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with running(Site()) as site:
            await work(site)

    run(whole())


class TestAPage:
    def test_it_comes_with_its_type_charset_validators_and_final_address(self) -> None:
        headers = {
            "Content-Type": "Text/HTML; charset=UTF-8",
            "ETag": '"a"',
            "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT",
        }

        page, site = visited("/a", {"/a": Page("Grüße".encode(), headers=headers)})

        assert (page.text, page.content_type, page.charset, page.status) == ("Grüße", "text/html", "utf-8", 200)
        assert (page.etag, page.last_modified) == ('"a"', "Thu, 01 Jan 2026 00:00:00 GMT")
        assert page.url == page.final_url == site.url("/a")
        assert not page.not_modified

    def test_the_site_is_told_who_asks_and_nothing_else_about_us(self) -> None:
        _, site = visited("/a", {"/a": Page(b"x")})

        told = dict(site.asked[-1].headers)
        assert told.pop("user-agent").startswith("onrecord/")
        assert told == {"host": site.host, "accept": "*/*", "accept-encoding": "gzip, deflate"}

    def test_a_space_in_an_address_is_sent_as_browsers_send_it(self) -> None:
        assert fetched("/a b", {"/a%20b": Page(b"found")}).body == b"found"

    def test_a_cookie_is_not_kept_from_one_page_to_the_next(self) -> None:
        async def work(site: Site) -> None:
            site.pages["/a"] = Page(b"x", headers={"Set-Cookie": "who=you"})
            async with fetcher(site) as one:
                await one.fetch(site.url("/a"))
                await one.fetch(site.url("/a"))
            assert "cookie" not in site.asked[-1].headers

        with_site(work)

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 500])
    def test_a_status_that_is_an_error_is_raised_with_its_number(self, status: int) -> None:
        info, _ = refused("/a", {"/a": Page(b"sorry", status)}, FetchStatusError, retries=0)

        assert isinstance(info.value, FetchStatusError)
        assert info.value.status == status
        assert f"answers {status}" in str(info.value)

    def test_a_password_in_a_redirect_is_not_shown_in_the_message(self) -> None:
        info, _ = refused("/a", {"/a": redirect("http://me:secret@127.0.0.1/")}, FetchError)

        assert "secret" not in str(info.value)


class TestConditions:
    def test_an_unchanged_page_is_a_value_that_keeps_its_validators(self) -> None:
        async def work(site: Site) -> None:
            site.pages["/feed"] = Page(status=304)
            async with fetcher(site) as one:
                page = await one.fetch(site.url("/feed"), etag='"a"', last_modified="Thu, 01 Jan 2026 00:00:00 GMT")

            assert (page.not_modified, page.status, page.body, page.text) == (True, 304, b"", "")
            assert (page.etag, page.last_modified) == ('"a"', "Thu, 01 Jan 2026 00:00:00 GMT")
            sent = site.asked[-1].headers
            assert (sent["if-none-match"], sent["if-modified-since"]) == ('"a"', "Thu, 01 Jan 2026 00:00:00 GMT")

        with_site(work)

    def test_a_304_that_nobody_asked_for_is_an_error(self) -> None:
        info, _ = refused("/a", {"/a": Page(status=304)}, FetchStatusError)

        assert isinstance(info.value, FetchStatusError)
        assert info.value.status == 304

    def test_a_validator_with_line_breaks_adds_no_header(self) -> None:
        async def work(site: Site) -> None:
            site.pages["/a"] = Page(b"x")
            async with fetcher(site) as one:
                await one.fetch(site.url("/a"), etag='"a"\r\nX-Evil: 1')
            assert "x-evil" not in site.asked[-1].headers

        with_site(work)


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_they_are_followed_and_the_final_address_is_told(self, status: int) -> None:
        page, site = visited("/a", {"/a": redirect("b?x=1#part", status), "/b?x=1": Page(b"here")})

        assert (page.body, page.url, page.final_url) == (b"here", site.url("/a"), site.url("/b?x=1"))

    def test_a_circle_is_seen_when_it_closes(self) -> None:
        _, site = refused("/a", {"/a": redirect("/b"), "/b": redirect("/a")}, FetchRedirectError)

        assert site.paths() == ["/a", "/b"]

    def test_a_page_that_sets_a_cookie_and_redirects_to_itself_is_had(self) -> None:
        def answer(asked: Asked) -> Page:
            return Page(b"in") if "ok=1" in asked.headers.get("cookie", "") else redirect("/a", Set_Cookie="ok=1")

        assert fetched("/a", {"/a": Depending(answer)}).body == b"in"

    def test_more_than_the_limit_are_not_followed(self) -> None:
        pages: dict[str, Answers] = {f"/{n}": redirect(f"/{n + 1}") for n in range(9)}

        _, site = refused("/0", pages, FetchRedirectError, max_redirects=3)

        assert site.paths() == ["/0", "/1", "/2", "/3"]

    def test_as_many_as_the_limit_are(self) -> None:
        assert (
            fetched("/0", {"/0": redirect("/1"), "/1": redirect("/2"), "/2": Page(b"x")}, max_redirects=2).body == b"x"
        )

    def test_one_without_an_address_is_an_error(self) -> None:
        refused("/a", {"/a": Page(status=302)}, FetchStatusError)


class TestSizes:
    def test_a_body_at_the_limit_is_had_and_one_byte_more_is_not(self) -> None:
        assert len(fetched("/a", {"/a": Page(b"x" * 1000)}, max_body_mb=0.001).body) == 1000

        refused("/a", {"/a": Page(b"x" * 1001)}, FetchTooLargeError, max_body_mb=0.001)

    def test_an_endless_body_is_left_at_the_limit(self) -> None:
        left = asyncio.Event()

        async def endless(writer: Any) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
            try:
                while True:
                    writer.write(b"x" * 65_536)
                    await writer.drain()
            finally:
                left.set()

        async def work(site: Site) -> None:
            site.pages["/a"] = endless
            async with fetcher(site, max_body_mb=1) as one:
                with pytest.raises(FetchTooLargeError, match="MAX_BODY_MB"):
                    await one.fetch(site.url("/a"))
            await left.wait()

        with_site(work)

    @pytest.mark.parametrize("packed", [gzip.compress, zlib.compress])
    def test_a_packed_body_is_unpacked(self, packed: Callable[[bytes], bytes]) -> None:
        encoding = {"Content-Encoding": "gzip" if packed is gzip.compress else "deflate"}

        assert fetched("/a", {"/a": Page(packed(b"news " * 9), headers=encoding)}).body == b"news " * 9

    def test_deflate_without_its_wrapping_is_unpacked_too(self) -> None:
        bare = zlib.compress(b"news " * 9)[2:-4]

        assert fetched("/a", {"/a": Page(bare, headers={"Content-Encoding": "deflate"})}).body == b"news " * 9

    def test_gzip_in_several_members_is_unpacked_whole(self) -> None:
        body = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0"

        assert fetched("/a", {"/a": Page(body, headers={"Content-Encoding": "gzip"})}).body == b"one two"

    def test_a_bomb_of_gzip_unpacks_to_no_more_than_the_limit(self) -> None:
        bomb = gzip.compress(b"\0" * 50_000_000)

        refused("/a", {"/a": Page(bomb, headers={"Content-Encoding": "gzip"})}, FetchTooLargeError, max_body_mb=1)

    @pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "gzip, identity, deflate"])
    def test_a_packing_that_was_not_asked_for_is_refused(self, encoding: str) -> None:
        page = Page(gzip.compress(gzip.compress(b"x")), headers={"Content-Encoding": encoding})

        refused("/a", {"/a": page}, UnreachableError, retries=0)

    @pytest.mark.parametrize("body", [gzip.compress(b"news" * 99, mtime=0)[:-20], b"not gzip at all"])
    def test_packed_data_that_is_damaged_is_no_page(self, body: bytes) -> None:
        refused("/a", {"/a": Page(body, headers={"Content-Encoding": "gzip"})}, UnreachableError, retries=0)


class TestSilence:
    def test_a_site_that_says_nothing_is_given_up(self) -> None:
        async def silent(writer: Any) -> None:
            await asyncio.sleep(60)

        refused("/a", {"/a": silent}, FetchTimeoutError, read_timeout_s=0.05, obey_robots=False)

    def test_a_site_that_sends_a_little_for_ever_is_given_up(self) -> None:
        async def dripping(writer: Any) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.01)

        info, _ = refused("/a", {"/a": dripping}, FetchTimeoutError, total_timeout_s=0.2, obey_robots=False)

        assert "whole reply" in str(info.value)

    def test_a_reply_that_breaks_off_is_asked_for_again(self) -> None:
        async def broken(writer: Any) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            await writer.drain()

        assert fetched("/a", {"/a": [broken, Page(b"whole")]}).body == b"whole"

    def test_a_reply_that_is_not_http_is_an_error(self) -> None:
        async def ssh(writer: Any) -> None:
            writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
            await writer.drain()

        refused("/a", {"/a": ssh}, UnreachableError, retries=0, obey_robots=False)

    def test_a_site_that_is_not_there_is_an_error_after_the_retries(self) -> None:
        async def work() -> None:
            async with running(Site()) as site:
                pass
            clock = Hours()
            async with fetcher(site, clock, retries=2, host_interval_s=0) as one:
                with pytest.raises(UnreachableError):
                    await one.fetch(site.url("/a"))
            assert clock.slept == [1.0, 2.0]

        run(work())


class TestTryingAgain:
    def test_a_site_that_is_busy_is_asked_again_when_it_says(self) -> None:
        clock = Hours()
        busy = Page(status=429, headers={"Retry-After": "7"})

        page = fetched("/a", {"/a": [busy, Page(b"x")]}, clock=clock, host_interval_s=0)

        assert page.body == b"x"
        assert clock.slept == [7.0]

    def test_it_may_say_so_with_a_date(self) -> None:
        clock = Hours()
        busy = Page(status=503, headers={"Retry-After": "Thu, 01 Jan 2026 00:00:09 GMT"})

        fetched("/a", {"/a": [busy, Page(b"x")]}, clock=clock, host_interval_s=0)

        assert clock.slept == [9.0]

    @pytest.mark.parametrize("said", ["soon", "-5", "1e9", "²", ""])
    def test_a_time_that_cannot_be_read_counts_as_none(self, said: str) -> None:
        clock = Hours()
        busy = Page(status=503, headers={"Retry-After": said})

        fetched("/a", {"/a": [busy, Page(b"x")]}, clock=clock, host_interval_s=0)

        assert clock.slept == [1.0]

    def test_a_wait_beyond_the_limit_is_left_to_the_caller(self) -> None:
        busy = Page(status=429, headers={"Retry-After": "3600"})

        info, site = refused("/a", {"/a": busy}, FetchStatusError, max_retry_after_s=30)

        assert isinstance(info.value, FetchStatusError)
        assert (info.value.status, info.value.retry_after_s) == (429, 3600.0)
        assert site.paths() == ["/a"]

    def test_a_site_that_stumbles_is_asked_again_and_no_more_often_than_set(self) -> None:
        assert fetched("/a", {"/a": [Page(status=500), Page(status=502), Page(b"x")]}, retries=2).body == b"x"

        _, site = refused("/a", {"/a": Page(status=500)}, FetchStatusError, retries=2)
        assert site.paths() == ["/a"] * 3

    def test_a_page_that_is_gone_is_not_asked_for_again(self) -> None:
        _, site = refused("/a", {"/a": Page(status=410)}, FetchStatusError, retries=2)

        assert site.paths() == ["/a"]


class TestPoliteness:
    def test_requests_to_a_host_stand_apart_redirects_and_robots_too(self) -> None:
        clock = Hours()

        fetched("/a", {"/a": redirect("/b"), "/b": Page(b"x")}, clock=clock, host_interval_s=2)

        assert clock.slept == [2.0, 2.0]

    def test_no_more_requests_at_once_than_set(self) -> None:
        async def work(site: Site) -> None:
            site.pages |= {f"/{n}": Page(b"x") for n in range(12)}
            async with fetcher(site, host_connections=2, host_interval_s=0) as one:
                await asyncio.gather(*(one.fetch(site.url(f"/{n}")) for n in range(12)))
            assert site.most_at_once <= 2
            assert len(site.paths()) == 12

        with_site(work)

    def test_a_connection_is_used_for_the_next_page(self) -> None:
        _, site = visited("/a", {"/a": [redirect("/b")], "/b": Page(b"x"), "/robots.txt": Page(b"")})

        assert len(site.paths(robots=True)) == 3
        assert site.connections < 3

    def test_a_page_that_robots_txt_closes_is_not_asked_for(self) -> None:
        robots = Page(b"User-agent: *\nDisallow: /private*.html$\nAllow: /private/open.html\n")

        _, site = refused("/private/a.html", {"/robots.txt": robots}, RobotsRefusedError)

        assert site.paths() == []

    def test_what_it_says_of_us_by_name_goes_before_what_it_says_of_all(self) -> None:
        robots = Page(b"User-agent: *\nDisallow: /\n\nUser-agent: OnRecord\nDisallow: /no\n")

        assert fetched("/yes", {"/robots.txt": robots, "/yes": Page(b"x")}).body == b"x"
        refused("/no", {"/robots.txt": robots}, RobotsRefusedError)

    def test_a_redirect_into_what_robots_txt_closes_is_not_followed(self) -> None:
        robots = Page(b"User-agent: *\nDisallow: /no\n")

        _, site = refused("/a", {"/robots.txt": robots, "/a": redirect("/no")}, RobotsRefusedError)

        assert site.paths() == ["/a"]

    def test_it_is_read_once_for_many_pages(self) -> None:
        async def work(site: Site) -> None:
            site.pages |= {"/a": Page(b"x"), "/b": Page(b"x"), "/robots.txt": Page(b"User-agent: *\nAllow: /\n")}
            async with fetcher(site) as one:
                await asyncio.gather(*(one.fetch(site.url(path)) for path in ("/a", "/b", "/a")))
            assert site.paths(robots=True).count("/robots.txt") == 1

        with_site(work)

    def test_it_is_read_again_after_a_day(self) -> None:
        async def work(site: Site) -> None:
            clock = Hours()
            site.pages |= {"/a": Page(b"x"), "/robots.txt": [Page(b""), Page(b"User-agent: *\nDisallow: /\n")]}
            async with fetcher(site, clock) as one:
                await one.fetch(site.url("/a"))
                clock.at_s += 86_400
                with pytest.raises(RobotsRefusedError):
                    await one.fetch(site.url("/a"))

        with_site(work)

    @pytest.mark.parametrize("status", [401, 403, 404, 410])
    def test_a_site_without_one_is_open(self, status: int) -> None:
        assert fetched("/a", {"/robots.txt": Page(status=status), "/a": Page(b"x")}).body == b"x"

    def test_a_site_whose_robots_txt_fails_is_closed_for_a_while(self) -> None:
        async def work(site: Site) -> None:
            clock = Hours()
            site.pages |= {"/a": Page(b"x"), "/robots.txt": [Page(status=503), Page(status=404)]}
            async with fetcher(site, clock, retries=0) as one:
                for _ in range(2):
                    with pytest.raises(RobotsRefusedError, match="answers 503"):
                        await one.fetch(site.url("/a"))
                clock.at_s += 300
                assert (await one.fetch(site.url("/a"))).body == b"x"
            assert site.paths(robots=True) == ["/robots.txt", "/robots.txt", "/a"]

        with_site(work)

    def test_of_a_huge_one_the_beginning_is_read(self) -> None:
        robots = Page(b"User-agent: *\nDisallow: /no\n" + b"# filler\n" * 200_000)

        refused("/no", {"/robots.txt": robots}, RobotsRefusedError)

    def test_a_line_that_the_limit_cuts_does_not_count(self) -> None:
        start = b"User-agent: *\nDisallow: /no\n"
        last = b"Disallow: /"
        robots = Page(start + b"#" * (ROBOTS_BYTES - len(start) - len(last) - 1) + b"\n" + last + b"private\n")

        assert fetched("/yes", {"/robots.txt": robots, "/yes": Page(b"x")}).body == b"x"

    def test_its_crawl_delay_is_kept_up_to_a_limit(self) -> None:
        clock = Hours()
        robots = Page(b"User-agent: *\nCrawl-delay: 500\n")

        fetched(
            "/a", {"/robots.txt": robots, "/a": redirect("/b"), "/b": Page(b"x")}, clock=clock, max_crawl_delay_s=20
        )

        assert clock.slept == [1.0, 20.0]

    def test_a_setting_leaves_it_unread(self) -> None:
        page, site = visited(
            "/a", {"/robots.txt": Page(b"User-agent: *\nDisallow: /\n"), "/a": Page(b"x")}, obey_robots=False
        )

        assert page.body == b"x"
        assert site.paths(robots=True) == ["/a"]


class TestSettings:
    def test_lists_are_written_with_commas_or_as_json(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ONRECORD_FETCH__ALLOWED_HOSTS", "wire.local, [::1]:8080")
        monkeypatch.setenv("ONRECORD_FETCH__PORTS", "[80, 8000]")

        settings = read_settings().fetch

        assert settings.allowed_hosts == ("wire.local", "[::1]:8080")
        assert settings.ports == (80, 8000)

    @pytest.mark.parametrize(
        "written", ["http://wire.local", "*.local", "me@wire.local", "wire.local/x", "127.1", "wire.local:x", "a b"]
    )
    def test_an_allowed_host_that_is_more_than_a_host_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, written: str
    ) -> None:
        monkeypatch.setenv("ONRECORD_FETCH__ALLOWED_HOSTS", written)

        with pytest.raises(SettingsError, match="ALLOWED_HOSTS"):
            fetcher_of_settings()


def fetcher_of_settings() -> None:
    from ingest.addresses import AddressRules

    AddressRules.of(read_settings().fetch)


def test_the_stand_in_site_writes_what_it_is_told() -> None:
    assert written(Page(b"x", 201, {"A": "b"})).startswith(b"HTTP/1.1 201 Said\r\n")
