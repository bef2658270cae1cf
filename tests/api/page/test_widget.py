"""The widget on a host page: a custom element that asks, tells its page what happens, and takes its looks from it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.api.checking import SUMMIT
from tests.api.page.browsing import Seen, finished, sent_last

HOST = """<!doctype html><html lang="en"><head><title>The Host</title></head><body><main><h1>The Host</h1>
<script>
  window.told = [];
  for (const name of ["ask", "claim", "answer", "error", "open-citation"]) {
    document.addEventListener(`onrecord-${name}`, (event) => window.told.push([name, event.detail]));
  }
</script>
<script type="module" src="/static/widget.js"></script>
%s</main></body></html>"""


@pytest.fixture
def host(page: Page) -> Page:
    """A page of somebody else's; its policy is its own."""
    return page


def visit(page: Page, widget: str) -> None:
    page.route("**/host.html", lambda route: route.fulfill(body=HOST % widget, content_type="text/html"))
    page.goto("/host.html")


def told(page: Page, name: str) -> list[dict[str, Any]]:
    heard: list[tuple[str, dict[str, Any]]] = page.evaluate("window.told")
    return [detail for each, detail in heard if each == name]


def ask(page: Page, question: str) -> None:
    page.locator("onrecord-ask input").fill(question)
    page.locator("onrecord-ask input").press("Enter")


def test_it_asks_and_tells_its_page_what_happens(host: Page) -> None:
    visit(host, "<onrecord-ask></onrecord-ask>")

    ask(host, SUMMIT)
    finished(host)

    expect(host.locator(".claim").first).to_contain_text("A summit can and must")
    assert told(host, "ask") == [{"question": SUMMIT}]
    (answer,) = told(host, "answer")
    assert answer["answer"]["answered"] is True
    assert [each["claim"]["text"] for each in told(host, "claim")] == [c["text"] for c in answer["answer"]["claims"]]
    assert told(host, "error") == []


def test_a_citation_is_offered_to_the_page_and_else_shown_beneath(host: Page) -> None:
    visit(host, f'<onrecord-ask question="{SUMMIT}"></onrecord-ask>')
    finished(host)

    cancel = "document.addEventListener('onrecord-open-citation', (event) => event.preventDefault(), { once: true })"
    host.evaluate(cancel)
    host.locator(".chip").first.click()
    expect(host.locator(".card.open")).to_have_count(0)

    host.locator(".chip").first.click()

    expect(host.locator(".card.open")).to_have_count(1)
    expect(host.locator(".card.open a")).to_be_focused()
    quote = host.locator(".card.open .words").text_content()
    assert [each["citation"]["quote"] for each in told(host, "open-citation")] == [quote, quote]


def test_a_follow_up_goes_with_what_was_asked_before_and_keeps_to_its_filters(host: Page, seen: Seen) -> None:
    visit(host, '<onrecord-ask outlets="The Harbour Post (sample); Nowhere" speakers="Varga"></onrecord-ask>')
    ask(host, "What did Varga say about the bridge?")
    finished(host)

    ask(host, "And when?")
    expect(host.locator(".turn")).to_have_count(2)
    finished(host)

    sent = sent_last(seen)
    assert sent["filters"] == {"outlets": ["The Harbour Post (sample)", "Nowhere"], "speakers": ["Varga"]}
    assert [turn["role"] for turn in sent["conversation"]] == ["user", "assistant"]


def test_its_page_decides_how_it_looks(host: Page) -> None:
    visit(
        host,
        """<style>onrecord-ask { --onrecord-ink: rgb(1, 2, 3); --onrecord-paper: rgb(250, 251, 252); }
        onrecord-ask::part(button) { background: rgb(9, 8, 7); } button { border: 9px solid red; }</style>
        <onrecord-ask></onrecord-ask>""",
    )
    button = host.locator("onrecord-ask button")

    expect(host.locator("onrecord-ask .widget")).to_have_css("background-color", "rgb(250, 251, 252)")
    expect(host.locator("onrecord-ask input")).to_have_css("color", "rgb(1, 2, 3)")
    expect(button).to_have_css("background-color", "rgb(9, 8, 7)")
    expect(button).not_to_have_css("border-top-width", "9px")


def test_its_strings_and_days_are_in_the_language_of_its_page(host: Page) -> None:
    visit(host, '<onrecord-ask lang="de"></onrecord-ask>')
    strings = {"ask": "Fragen", "sources": "Quellen <b>", "source": "Quelle {number}: {name}"}
    host.evaluate("(strings) => { document.querySelector('onrecord-ask').strings = strings; }", strings)
    expect(host.locator("onrecord-ask button")).to_have_text("Fragen")

    ask(host, SUMMIT)
    finished(host)

    expect(host.locator(".sources h3")).to_have_text("Quellen <b>")
    expect(host.locator(".chip").first).to_have_attribute(
        "aria-label", "Quelle 1: Meridian Wire (sample), 25. Juli 2025"
    )


def test_what_went_wrong_is_told_in_the_language_of_its_page_too(host: Page) -> None:
    visit(host, '<onrecord-ask lang="de"></onrecord-ask>')
    strings = {"error_429": "Zu viele Fragen", "unreachable": "Niemand da", "unreachable_detail": "Ist das Netz fort?"}
    host.evaluate("(strings) => { document.querySelector('onrecord-ask').strings = strings; }", strings)

    host.route("**/v1/ask", lambda route: route.fulfill(status=429, json={"status": 429, "detail": "Later."}))
    ask(host, SUMMIT)
    expect(host.locator(".failed")).to_contain_text("Zu viele Fragen")
    host.route("**/v1/ask", lambda route: route.abort())
    ask(host, SUMMIT)

    expect(host.locator(".failed").last).to_contain_text("Niemand da")
    expect(host.locator(".failed").last).to_contain_text("Ist das Netz fort?")


def test_a_token_is_fetched_from_the_page_own_server_and_again_when_it_is_refused(host: Page, seen: Seen) -> None:
    minted = list[str]()

    def mint(route: Route) -> None:
        minted.append(f"leave-{len(minted) + 1}")
        route.fulfill(json={"token": minted[-1], "expires_at": "2099-01-01T00:00:00Z"})

    def refuse_first(route: Route) -> None:
        if route.request.headers["authorization"] == "Bearer leave-1" and len(seen.asks()) > 1:
            route.fulfill(status=401, json={"title": "Unauthorized", "status": 401, "detail": "it has expired"})
        else:
            route.continue_()

    host.route("**/leave", mint)
    host.route("**/v1/ask", refuse_first)
    visit(host, '<onrecord-ask token-url="/leave"></onrecord-ask>')
    ask(host, SUMMIT)
    finished(host)
    assert minted == ["leave-1"]

    ask(host, "Who won the Tarvian Cup?")
    expect(host.locator(".turn")).to_have_count(2)
    finished(host)

    assert minted == ["leave-1", "leave-2"]
    sent = [request.headers["authorization"] for request in seen.asks()]
    assert sent == ["Bearer leave-1", "Bearer leave-1", "Bearer leave-2"]


def test_where_there_is_no_token_to_be_had_it_says_so_and_asks_nothing(host: Page, seen: Seen) -> None:
    host.route("**/leave", lambda route: route.fulfill(status=500, body="<h1>oops</h1>"))
    visit(host, '<onrecord-ask token-url="/leave"></onrecord-ask>')

    ask(host, SUMMIT)

    expect(host.locator(".failed")).to_contain_text("gave no token")
    assert seen.asks() == []
    assert told(host, "error")[0]["title"] == "This page could not get leave to ask"


def test_a_token_is_never_fetched_from_elsewhere(host: Page, seen: Seen) -> None:
    visit(host, '<onrecord-ask token-url="https://elsewhere.example/token"></onrecord-ask>')

    ask(host, SUMMIT)

    expect(host.locator(".failed")).to_contain_text("this page's own server")
    assert not [request for request in seen.requests if "elsewhere" in request.url]


def test_axe_finds_no_serious_fault_in_it(host: Page) -> None:
    visit(host, f'<onrecord-ask heading="Ask our archive" question="{SUMMIT}"></onrecord-ask>')
    finished(host)

    found = Axe().run(host).response["violations"]

    assert [json.dumps(fault["nodes"]) for fault in found if fault["impact"] in ("serious", "critical")] == []


def test_pages_of_other_sites_may_load_it_and_nothing_else(page: Page, seen: Seen) -> None:
    policy = "cross-origin-resource-policy"
    loaded = dict[str, str]()
    page.on("response", lambda response: loaded.update({response.url: response.headers.get(policy, "")}))
    visit(page, f'<onrecord-ask question="{SUMMIT}"></onrecord-ask>')
    finished(page)
    page.locator("[data-copy=plain]").click()
    expect(page.locator(".said")).not_to_have_text("")

    files = {url: rule for url, rule in loaded.items() if "/static/" in url and not url.endswith("icon.svg")}
    assert len(files) > 10
    assert set(files.values()) == {"cross-origin"}
    for name in ("app.js", "reader.js", "style.css"):
        assert page.request.get(f"/static/{name}").headers[policy] == "same-origin"
