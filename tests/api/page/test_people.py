"""Who is quoted, and what one of them said over time."""

from __future__ import annotations

import httpx
from playwright.sync_api import Page, expect

from tests.api.page.browsing import ASKED, finished, marked, on_lines

VARGA = "/people/Elena%20Varga"


def test_a_timeline_shows_what_the_service_lists(page: Page, client: httpx.Client) -> None:
    listed = client.get("/v1/statements", params={"speaker": "Elena Varga", "limit": 30}).json()["statements"]

    page.goto(VARGA)

    expect(page.locator(".statement")).to_have_count(len(listed))
    assert page.locator(".statement blockquote").all_text_contents() == [each["quote"] for each in listed]
    own = [quote["text"] for each in listed for quote in each["quotes"]]
    assert page.locator(".statement .quoted").all_text_contents() == own
    assert page.title().startswith("Elena Varga")


def test_a_statement_opens_in_its_article_and_has_an_address(page: Page) -> None:
    page.goto(VARGA)
    page.locator('[data-said="3"]').click()
    said = page.locator(".statement blockquote").nth(2).text_content()
    assert on_lines(marked(page)) == on_lines(said)
    assert page.url.endswith(f"{VARGA}#said-3")

    page.reload()

    assert on_lines(marked(page)) == on_lines(said)
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator('[data-said="3"]')).to_be_focused()


def test_a_timeline_is_narrowed_to_a_subject(page: Page, client: httpx.Client) -> None:
    query = {"speaker": "Elena Varga", "about": "bridge"}
    listed = client.get("/v1/statements", params=query).json()["statements"]
    page.goto(VARGA)

    page.get_by_label("Only on").fill("bridge")
    page.keyboard.press("Enter")

    expect(page.locator(".statement")).to_have_count(len(listed))
    assert 0 < len(listed) < 11
    assert page.url.endswith("?about=bridge")


def test_a_name_that_two_bear_offers_both(page: Page) -> None:
    page.goto("/people/Varga")

    page.get_by_role("link", name="Tomas Varga").click()

    expect(page.locator(".asked")).to_have_text("Tomas Varga")
    assert page.url.endswith("/people/Tomas%20Varga")


def test_somebody_unknown_is_said_to_be_unquoted(page: Page) -> None:
    page.goto("/people/Nobody%2FAt%20All%3F")

    expect(page.locator(".abstained")).to_contain_text("quotes anybody called Nobody/At All?")


def test_those_who_are_quoted_are_found_by_role(page: Page) -> None:
    page.goto("/people")
    expect(page.locator(".persons li").first).to_contain_text("11 statements")

    page.get_by_label("Find somebody").fill("city engineer")
    page.keyboard.press("Enter")

    expect(page.locator(".persons li").first).to_contain_text("Ruth Adeyemi")


def test_the_speaker_of_a_source_leads_to_their_timeline(page: Page) -> None:
    page.goto(ASKED)
    finished(page)

    page.locator("[data-source='1'] .speaker a").click()

    expect(page.locator("#people .asked")).to_have_text("Dmitry Peskov")
    page.go_back()
    finished(page)
