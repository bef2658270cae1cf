"""By keyboard, by ear, by finger; light and dark; and what the first view weighs."""

from __future__ import annotations

from typing import Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.api.checking import SUMMIT
from tests.api.page.browsing import ASKED, VARGA, Seen, finished, marked, visiting
from tests.serving import Served


def test_on_a_phone_the_reader_covers_the_page(browser: Browser, server: Served, seen: Seen) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with visiting(browser, server.url, seen, **phone) as page:
        page.goto(ASKED)
        finished(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.locator(".chip").first.tap()
        expect(page.locator("mark.cited").first).to_be_in_viewport()

        assert page.locator("#reader").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
        assert page.evaluate("document.querySelector('#page').inert") is True
        page.locator("#reader-close").tap()
        expect(page.locator("#reader")).to_be_hidden()
        assert page.evaluate("document.querySelector('#page').inert") is False


def test_it_can_be_used_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    tab_to(page, "#question")
    page.keyboard.type(SUMMIT)
    page.keyboard.press("Enter")
    finished(page)
    tab_to(page, '.chip[data-cite="1"]')

    page.keyboard.press("Space")

    expect(page.locator("#reader-title")).to_be_focused()
    assert marked(page)
    page.keyboard.press("Escape")
    expect(page.locator('.chip[data-cite="1"]').first).to_be_focused()
    tab_to(page, "#next")
    page.keyboard.type("And about the talks?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)


def tab_to(page: Page, selector: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.locator(selector).first.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{selector} is not within 20 steps of the keyboard")


# Each with what stands there when it is whole.
VIEWS = {
    "front": ("/", "#heard"),
    "filters": ("/?q=bridge&outlet=The+Harbour+Post+(sample)&speaker=Nobody", ".abstained"),
    "thread": (f"{VARGA}&q=And+when%3F", ".turn:nth-child(2) .meta"),
    "reader": (f"{VARGA}#cite-1", "mark.cited"),
    "article": ("/articles/{id}?start=0&end=30", "mark.cited"),
    "abstention": ("/?q=What+did+Peskov+say+about+grain+exports%3F", ".nearest"),
    "people": ("/people", ".persons"),
    "person": ("/people/Elena%20Varga", ".statement >> nth=10"),
    "failure": ("/?q=when&from=2021-01-01&to=2020-12-31", ".failed"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_serious_fault(
    view: str,
    scheme: Literal["light", "dark"],
    browser: Browser,
    server: Served,
    seen: Seen,
    client: httpx.Client,
) -> None:
    address, whole = VIEWS[view]
    article = client.get("/v1/articles", params={"limit": 1}).json()["articles"][0]["id"]
    with visiting(browser, server.url, seen, color_scheme=scheme) as page:
        page.goto(address.format(id=article))
        expect(page.locator(whole).first).to_be_visible()

        found = Axe().run(page).response["violations"]

        assert {f["id"]: f["nodes"] for f in found if f["impact"] in ("serious", "critical")} == {}


def test_light_and_dark_are_chosen_and_kept(page: Page) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    page.goto("/")
    light = page.evaluate(paper)

    page.get_by_role("button", name="Dark").click()

    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(paper) == light


def test_the_first_view_weighs_less_than_100_kb(page: Page) -> None:
    sizes = list[int]()
    page.on("response", lambda response: sizes.append(len(response.body())))

    page.goto("/", wait_until="networkidle")

    expect(page.locator("#latest")).to_be_visible()
    assert 10_000 < sum(sizes) < 100_000
