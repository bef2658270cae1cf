"""What goes wrong is said, and what was verified stays."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.api.checking import SUMMIT
from tests.api.page.browsing import ASKED, MERKEL, Seen, ask, finished, visiting
from tests.serving import Served


def test_a_refused_question_shows_what_was_wrong(page: Page) -> None:
    page.goto("/")
    ask(page, "summit? " * 1000)

    expect(page.locator(".failed")).to_contain_text("at most 4,000")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator(".skeleton")).to_be_hidden()


def test_dates_that_end_before_they_start_are_not_asked_with(page: Page, seen: Seen) -> None:
    page.goto("/?q=when&from=2021-01-01&to=2020-12-31")

    expect(page.locator(".failed")).to_contain_text("swap them")
    assert seen.asks() == []


@pytest.mark.parametrize(
    "last", ["", 'event: error\ndata: {"title": "Bad Gateway", "status": 502, "detail": "Silence."}\n\n']
)
def test_an_answer_that_breaks_off_keeps_its_verified_claims(last: str, page: Page, client: httpx.Client) -> None:
    whole = client.post("/v1/ask", json={"question": SUMMIT, "stream": True}).text.replace("\r\n", "\n")
    parts = whole.split("\n\n")
    cut = next(n for n, part in enumerate(parts) if "event: claim" in part)
    begun = "\n\n".join(parts[: cut + 1]) + "\n\n" + last
    page.route("**/v1/ask", lambda route: route.fulfill(body=begun, content_type="text/event-stream"))

    page.goto(ASKED)

    expect(page.locator(".failed")).to_contain_text("Silence." if last else "broke off")
    assert page.locator(".claim").count() == 1
    expect(page.locator(".skeleton")).to_be_hidden()


def test_an_unreachable_server_is_said_so(page: Page) -> None:
    page.goto("/")
    page.route("**/v1/ask", lambda route: route.abort())
    ask(page, SUMMIT)

    expect(page.locator(".failed")).to_contain_text("cannot be reached")


def test_a_new_question_ends_the_running_one(page: Page) -> None:
    failed = list[str]()
    page.on("requestfailed", lambda request: failed.append(request.url))
    hold_first(page)
    page.goto(ASKED)
    expect(page.locator(".stop")).to_be_visible()

    ask(page, MERKEL)

    expect(page.locator(".abstained")).to_be_visible()
    assert page.locator(".claim").count() == 0
    assert any(url.endswith("/v1/ask") for url in failed)


def test_a_question_under_way_can_be_stopped(page: Page) -> None:
    hold_first(page)
    page.goto(ASKED)

    page.locator(".stop").click()

    expect(page.locator(".progress")).to_have_text("Stopped.")
    expect(page.locator(".stop")).to_be_hidden()


def test_an_empty_library_says_how_to_load_articles(browser: Browser, bare: Served, seen: Seen) -> None:
    with visiting(browser, bare.url, seen) as page:
        page.goto("/")
        expect(page.locator(".empty")).to_contain_text("onrecord ingest FILE")
        ask(page, SUMMIT)
        expect(page.locator(".notice-place .empty")).to_be_visible()


def test_a_stream_is_read_the_same_however_it_is_cut(page: Page) -> None:
    page.goto("/")
    result = page.evaluate(
        r"""async () => {
            const { EventParser } = await import("/static/sse.js");
            const text = ": beat\r\n\r\nevent: a\r\ndata: 1\r\ndata:2\r\n\r\n:x\nid: 7\ndata: {\"é\": \"😀: b\"}\n\n"
                + "event: none\n\nevent:b\rdata:  two\r\rdata\n\ndata: unfinished";
            const whole = JSON.stringify(new EventParser().push(text));
            for (let i = 0; i <= text.length; i++) for (let j = i; j <= text.length; j += 3) {
                const p = new EventParser();
                const pieces = [text.slice(0, i), text.slice(i, j), text.slice(j)];
                const cut = JSON.stringify(pieces.flatMap((piece) => p.push(piece)));
                if (cut !== whole) return [i, j, cut];
            }
            return JSON.parse(whole);
        }"""
    )

    assert result == [
        {"event": "a", "data": "1\n2"},
        {"event": "message", "data": '{"é": "😀: b"}'},
        {"event": "b", "data": " two"},
        {"event": "message", "data": ""},
    ]


def hold_first(page: Page) -> None:
    """The first question that the page asks gets no answer; those after it do."""
    held = list[Route]()

    def handle(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/v1/ask", handle)


@pytest.mark.parametrize(
    ("status", "title"), [(401, "needs a key"), (429, "Too many questions"), (503, "not ready"), (500, "on the server")]
)
def test_a_refusal_says_what_it_is_and_when_to_come_again(status: int, title: str, page: Page) -> None:
    problem = {"title": "No", "status": status, "detail": "Said by <b>the server</b>."}
    page.route("**/v1/ask", lambda route: route.fulfill(status=status, json=problem, headers={"Retry-After": "7"}))
    page.goto(ASKED)
    if status == 401:
        page.get_by_role("button", name="Not now").click()  # the key that it asks for first

    expect(page.locator(".failed h3")).to_contain_text(title)
    expect(page.locator(".failed")).to_contain_text("Said by <b>the server</b>.")
    expect(page.locator(".failed")).to_contain_text("7 seconds")
    page.unroute("**/v1/ask")
    page.get_by_role("button", name="Try again").click()
    finished(page)
