"""An address for every view: back, forward, reload and sharing."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.api.checking import SUMMIT
from tests.api.page.browsing import ASKED, MERKEL, VARGA, Seen, ask, finished, marked, on_lines
from tests.serving import Served


def test_escape_closes_the_reader_and_gives_the_focus_back(page: Page) -> None:
    page.goto(VARGA)
    finished(page)
    page.locator('.chip[data-cite="2"]').focus()
    page.keyboard.press("Enter")
    assert marked(page)
    expect(page.locator("#reader-title")).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator('.chip[data-cite="2"]')).to_be_focused()
    assert "#" not in page.url


def test_back_closes_the_reader_and_then_returns_to_the_earlier_question(page: Page, seen: Seen) -> None:
    page.goto(ASKED)
    finished(page)
    ask(page, MERKEL)
    expect(page.locator(".abstained")).to_be_visible()
    page.locator(".nearest .read").first.click()
    expect(page.locator("#reader")).to_be_visible()

    page.go_back()
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator(".abstained")).to_be_visible()
    before = len(seen.asks())
    page.go_back()
    expect(page.locator(".asked")).to_have_text(SUMMIT)
    finished(page)

    assert len(seen.asks()) == before, "going back asked again"


def test_a_shared_address_opens_the_same_source(page: Page, server: Served) -> None:
    page.goto(f"{VARGA}#cite-2")

    expect(page.locator("#reader-note")).to_contain_text("Source 2 of")
    assert on_lines(marked(page)) == on_lines(page.locator("[data-source='2'] .words").text_content())
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    assert page.url == server.url + VARGA
