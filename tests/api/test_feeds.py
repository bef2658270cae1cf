"""Subscriptions over HTTP and on the command line, with a site on loopback."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from api.errors import problem_of
from rag.errors import (
    AddressRefusedError,
    FetchError,
    FetchRedirectError,
    FetchStatusError,
    FetchTimeoutError,
    FetchTooLargeError,
    RobotsRefusedError,
    UnreachableError,
)
from tests.api.conftest import connected
from tests.ingest.site import Page, Site, running
from tests.serving import PATIENCE_S, Served, onrecord, serving, start, stop

FEEDS = "/v1/feeds"
TEXT = "The kelp wardens of Sarn counted nine seals on Thursday, two more than last year. " * 12
FEED = (
    "<rss version='2.0'><channel><title>The Sarn Bell</title>"
    f"<item><title>Nine seals</title><link>https://bell.example/seals</link><description>{TEXT}</description></item>"
    "</channel></rss>"
)


@contextmanager
def site_of(pages: dict[str, Page]) -> Iterator[Site]:
    """A site that answers on a thread of its own for as long as the context lasts."""
    site, ready, over = Site(), Event(), Event()
    site.pages |= pages

    async def serve() -> None:
        async with running(site):
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(PATIENCE_S)
        yield site
    finally:
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with site_of({"/feed": Page(FEED.encode()), "/listed": Page(FEED.encode())}) as site:
        yield site


@pytest.fixture(scope="module")
def watching(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that may fetch from the site."""
    folder = tmp_path_factory.mktemp("watching")
    env = {"ONRECORD_FETCH__ALLOWED_HOSTS": site.host, "ONRECORD_FETCH__HOST_INTERVAL_S": "0"}
    with serving(folder / "library", folder / "log", env=env) as served:
        yield served
    assert "Traceback" not in (folder / "log").read_text()


@pytest.fixture
def client(watching: Served) -> Iterator[httpx.Client]:
    with connected(watching) as opened:
        yield opened


def when(true: Callable[[dict[str, Any]], bool], client: httpx.Client, feed_id: str) -> dict[str, Any]:
    """The subscription as it is once that is true of it."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        feed: dict[str, Any] = client.get(f"{FEEDS}/{feed_id}").json()
        if true(feed):
            return feed
        time.sleep(0.02)
    raise AssertionError(feed)


class TestOverHTTP:
    def test_a_feed_is_polled_as_soon_as_it_is_added_and_its_articles_can_be_asked(
        self, client: httpx.Client, site: Site
    ) -> None:
        response = client.post(FEEDS, json={"url": site.url("/feed"), "every": "15m"})

        assert response.status_code == 201
        assert response.json()["every_s"] == 900
        feed = when(lambda feed: feed["succeeded_at"] is not None, client, response.json()["id"])
        assert (feed["result"]["new"], feed["error"], feed["failures"]) == (1, None, 0)
        answer = client.post("/v1/ask", json={"question": "How many seals did the kelp wardens of Sarn count?"})
        assert "nine seals" in answer.json()["text"]

    def test_the_same_feed_again_changes_its_interval_and_keeps_it_where_none_is_given(
        self, client: httpx.Client, site: Site
    ) -> None:
        first = client.post(FEEDS, json={"url": site.url("/again"), "every": "1h"})
        second = client.post(FEEDS, json={"url": site.url("/again"), "every": 7200})
        third = client.post(FEEDS, json={"url": site.url("/again")})

        assert [each.status_code for each in (first, second, third)] == [201, 200, 200]
        assert [each.json()["every_s"] for each in (first, second, third)] == [3600, 7200, 7200]
        assert len({each.json()["id"] for each in (first, second, third)}) == 1

    def test_they_are_listed_until_they_are_removed(self, client: httpx.Client, site: Site) -> None:
        feed = client.post(FEEDS, json={"url": site.url("/listed")}).json()
        when(lambda feed: feed["attempted_at"] is not None, client, feed["id"])
        assert feed["id"] in [each["id"] for each in client.get(FEEDS).json()["feeds"]]

        assert client.delete(f"{FEEDS}/{feed['id']}").status_code == 204

        assert feed["id"] not in [each["id"] for each in client.get(FEEDS).json()["feeds"]]
        assert client.get(f"{FEEDS}/{feed['id']}").status_code == 404
        gone = client.delete(f"{FEEDS}/{feed['id']}")
        assert gone.status_code == 404
        assert gone.headers["content-type"] == "application/problem+json"

    def test_a_feed_that_fails_says_why(self, client: httpx.Client, site: Site) -> None:
        feed = client.post(FEEDS, json={"url": site.url("/nothing")}).json()

        failed = when(lambda feed: feed["failures"] > 0, client, feed["id"])

        assert "answers 404" in failed["error"]
        assert failed["next_at"] > failed["attempted_at"]

    @pytest.mark.parametrize(
        ("body", "says"),
        [
            ({"url": "http://10.0.0.1/feed"}, "not on the public internet"),
            ({"url": "http://169.254.169.254/latest"}, "not on the public internet"),
            ({"url": "http://127.0.0.1:9/feed"}, "port 9 is not fetched from"),
            ({"url": "http://2130706433/feed"}, "its host is not a name"),
            ({"url": "file:///etc/passwd"}, "not an http or https address"),
            ({"url": "https://me:secret@bell.example/feed"}, "user name"),
            ({"url": "https://bell.example/feed", "every": "often"}, "write 90s, 15m, 2h or 1d"),
            ({"url": "https://bell.example/feed", "every": "1s"}, "between 1m and 30d"),
            ({"url": "https://bell.example/feed", "every": True}, "should be an interval such as 15m"),
            ({"url": "https://bell.example/feed", "every": 90.5}, "should be an interval such as 15m"),
            ({"url": "https://bell.example/feed", "secret": 1}, "no such field"),
            ({}, "url"),
        ],
    )
    def test_what_is_wrong_is_refused_in_words_and_nothing_is_kept(
        self, body: dict[str, Any], says: str, client: httpx.Client
    ) -> None:
        before = client.get(FEEDS).json()["feeds"]

        response = client.post(FEEDS, json=body)

        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"
        assert says in response.json()["detail"]
        assert "secret@" not in response.text
        assert [feed["id"] for feed in client.get(FEEDS).json()["feeds"]] == [feed["id"] for feed in before]

    def test_a_form_on_another_site_cannot_subscribe(self, client: httpx.Client) -> None:
        body = json.dumps({"url": "https://evil.example/feed"}).encode()

        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            sent = client.post(FEEDS, content=body, headers={"content-type": kind, "origin": "https://evil.example"})
            assert sent.status_code == 403

        assert "evil.example" not in client.get(FEEDS).text

    def test_a_name_that_an_attacker_points_at_us_is_not_answered(self, client: httpx.Client) -> None:
        for method in ("GET", "POST", "DELETE"):
            assert client.request(method, FEEDS, headers={"host": "evil.example"}).status_code == 421

    def test_they_stand_in_the_description_of_the_service(self, client: httpx.Client) -> None:
        paths = client.get("/openapi.json").json()["paths"]

        assert set(paths[FEEDS]) == {"get", "post"}
        assert set(paths[f"{FEEDS}/{{feed_id}}"]) == {"get", "delete"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AddressRefusedError("x"), 422),
        (RobotsRefusedError("x"), 403),
        (FetchTimeoutError("x"), 504),
        (FetchStatusError("x", status=404), 502),
        (FetchStatusError("x", status=429, retry_after_s=3), 502),
        (FetchRedirectError("x"), 502),
        (FetchTooLargeError("x"), 502),
        (UnreachableError("x"), 502),
        (FetchError("x"), 502),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_what_the_network_refuses_has_a_status_that_says_whose_fault_it_is(error: FetchError, status: int) -> None:
    assert problem_of(error, "/v1/x").status == status


class TestOnTheCommandLine:
    def test_a_feed_is_watched_once_listed_and_removed(self, tmp_path: Path, site: Site) -> None:
        library, env = tmp_path / "library", {"ONRECORD_FETCH__ALLOWED_HOSTS": site.host}
        url = site.url("/feed")

        ran = onrecord("watch", url, "--every", "2h", "--once", "--json", "--library", library, env=env)
        assert ran.code == 0, ran.err
        (feed,) = json.loads(ran.out)["feeds"]
        assert (feed["url"], feed["every_s"], feed["result"]["new"]) == (url, 7200, 1)

        listed = onrecord("feeds", "list", "--library", library)
        assert f"{url}  every 2h" in listed.out
        assert "1 new, 0 updated" in listed.out
        assert json.loads(onrecord("feeds", "list", "--json", "--library", library).out)["feeds"] == [feed]

        removed = onrecord("feeds", "remove", url, "--json", "--library", library)
        assert json.loads(removed.out) == {"id": feed["id"], "url": url, "removed": True}
        again = onrecord("feeds", "remove", url, "--library", library)
        assert (again.code, again.out) == (1, "")
        assert "`onrecord feeds list` shows them" in again.err

    def test_it_polls_until_it_is_stopped_and_says_how_each_poll_went(self, tmp_path: Path, site: Site) -> None:
        library = tmp_path / "library"
        process = start(
            "watch", site.url("/feed"), "--json", "--library", library, env={"ONRECORD_FETCH__ALLOWED_HOSTS": site.host}
        )
        assert process.stdout is not None

        first = json.loads(process.stdout.readline())
        code = stop(process)
        process.communicate()

        assert (first["url"], first["result"]["new"]) == (site.url("/feed"), 1)
        assert code == 130

    def test_it_is_stopped_while_it_starts_without_a_trace(self, tmp_path: Path, site: Site) -> None:
        library = tmp_path / "library"
        process = start("watch", site.url("/feed"), "--library", library)
        deadline = time.monotonic() + PATIENCE_S
        while not (library / "owner.json").exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)

        code = stop(process)
        out, err = process.communicate()

        assert (code, out, err) == (130, b"", b"onrecord: stopped\n")
        assert not (library / "owner.json").exists()

    def test_a_poll_that_fails_is_told_and_the_exit_code_says_so(self, tmp_path: Path, site: Site) -> None:
        env = {"ONRECORD_FETCH__ALLOWED_HOSTS": site.host}

        ran = onrecord("watch", site.url("/nothing"), "--once", "--library", tmp_path / "library", env=env)

        assert ran.code == 1
        assert "answers 404" in ran.out

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["http://10.0.0.1/feed"], "not on the public internet"),
            (["bell.example/feed"], "not an http or https address"),
            (["https://bell.example/feed", "--every", "soon"], "--every: 'soon' is not an interval"),
            ([], "name a feed"),
        ],
    )
    def test_what_is_wrong_is_said_in_a_line(self, arguments: list[str], says: str, tmp_path: Path) -> None:
        ran = onrecord("watch", *arguments, "--once", "--library", tmp_path / "library")

        assert ran.code == 2
        assert says in ran.err
        assert "Traceback" not in ran.err

    def test_beside_a_server_it_hands_the_feed_over(self, watching: Served, client: httpx.Client, site: Site) -> None:
        ran = onrecord("watch", site.url("/handed"), "--every", "1d", "--library", watching.library)

        assert ran.code == 0, ran.err
        assert f"{site.url('/handed')}: polled every 1d by the server at {watching.url}" in ran.out
        assert site.url("/handed") in [feed["url"] for feed in client.get(FEEDS).json()["feeds"]]

    def test_a_server_that_waits_for_a_slow_feed_stops_at_once(self, tmp_path: Path) -> None:
        with site_of({}) as site:
            asked = Event()

            async def silent(writer: asyncio.StreamWriter) -> None:
                asked.set()
                await writer.drain()
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(PATIENCE_S)

            site.pages["/slow"] = silent
            env = {"ONRECORD_FETCH__ALLOWED_HOSTS": site.host, "ONRECORD_FETCH__READ_TIMEOUT_S": "600"}
            with serving(tmp_path / "library", tmp_path / "log", env=env) as served:
                with connected(served) as client:
                    client.post(FEEDS, json={"url": site.url("/slow")})
                assert asked.wait(PATIENCE_S)
                stop(served.process)
        assert "Traceback" not in (tmp_path / "log").read_text()
