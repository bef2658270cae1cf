"""Ask: what streams in, what it points at, and what there is where there is no answer."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import Page, expect

from tests.api.checking import SUMMIT
from tests.api.page.browsing import ASKED, MERKEL, VARGA, Seen, ask, finished, marked

# The stream of an answer, let through an event at a time: `more()` passes one on.
BIT_BY_BIT = """
const fetched = window.fetch;
let begun;
window.answered = new Promise((resolve) => { begun = resolve; });
window.fetch = async (...request) => {
    const response = await fetched(...request);
    if (!String(request[0]).endsWith("/v1/ask")) return response;
    const parts = (await response.text()).split(/(?<=\\n\\r?\\n)/);
    const body = new ReadableStream({ start(stream) {
        window.more = () => {
            if (parts.length) stream.enqueue(new TextEncoder().encode(parts.shift()));
            else stream.close();
            return parts.length > 0;
        };
        begun();
    } });
    return new Response(body, { headers: response.headers });
};
"""


def test_the_example_question_is_answered_with_citations(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name=SUMMIT).click()
    finished(page)

    expect(page.locator(".claim").first).to_contain_text("“A summit can and must be the full stop")
    expect(page.locator(".quoted").first).to_have_text(re.compile("^“A summit"))
    expect(page.locator("[data-source='1'] .speaker")).to_contain_text("Dmitry Peskov")
    expect(page.locator(".skeleton")).to_be_hidden()
    assert page.url.endswith(ASKED)
    assert page.title().startswith(SUMMIT)


def test_the_page_shows_what_the_service_answers(page: Page, client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": SUMMIT}).json()

    page.goto(ASKED)
    finished(page)

    without_chips = (
        "(claims) => claims.map((claim) => [...claim.childNodes].slice(0, -2).map((n) => n.textContent).join(''))"
    )
    shown = page.locator(".claim").evaluate_all(without_chips)
    assert shown == [claim["text"] for claim in answer["claims"]]
    assert page.locator(".sources .words").all_text_contents() == [c["quote"] for c in answer["citations"]]
    chips = [int(number) for claim in answer["claims"] for number in claim["citations"]]
    assert [int(text) for text in page.locator(".chip b").all_text_contents()] == chips


def test_claims_stand_there_before_the_answer_is_complete_and_are_not_drawn_again(page: Page) -> None:
    page.add_init_script(BIT_BY_BIT)
    page.goto(ASKED)
    page.evaluate("answered")

    page.evaluate("more()")
    expect(page.locator(".progress")).to_contain_text("Reading")
    page.evaluate("more()")
    expect(page.locator(".claim")).to_have_count(1)
    expect(page.locator(".meta")).to_be_hidden()
    page.locator(".chip").first.focus()
    page.evaluate("document.querySelector('.claim').kept = true")
    page.evaluate("while (more());")
    finished(page)

    assert page.evaluate("document.querySelector('.claim').kept") is True
    expect(page.locator(".chip").first).to_be_focused()


def test_a_chip_says_outlet_and_date(page: Page) -> None:
    page.goto(ASKED)

    name = page.locator(".chip").first
    expect(name).to_have_attribute("aria-label", "1, source: Meridian Wire (sample), 25 July 2025")
    expect(name).to_contain_text("Meridian Wire (sample)")
    expect(name).to_contain_text("25 Jul 2025")


def test_pointing_at_a_chip_shows_its_passage_and_escape_takes_it_away(page: Page) -> None:
    page.goto(VARGA)
    finished(page)
    preview = page.locator(".preview")
    expect(preview).to_be_hidden()

    page.locator('.chip[data-cite="2"]').hover()

    expect(preview).to_be_visible()
    assert preview.locator(".words").text_content() == page.locator("[data-source='2'] .words").text_content()
    preview.hover()
    page.wait_for_timeout(400)  # longer than a pointer that left is waited for
    expect(preview).to_be_visible()
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()


def test_the_focus_on_a_chip_shows_its_passage_and_describes_it(page: Page) -> None:
    page.goto(VARGA)
    finished(page)

    page.locator(".understood button").first.focus()
    page.keyboard.press("Tab")

    chip = page.locator('.chip[data-cite="1"]')
    expect(chip).to_be_focused()
    words = page.locator("[data-source='1'] .words").text_content() or ""
    expect(page.locator(".preview .words")).to_have_text(words)
    expect(page.locator(f"#{chip.get_attribute('aria-describedby')}")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".preview .words")).not_to_have_text(words)


def test_an_abstention_offers_what_somebody_does_speak_about(page: Page) -> None:
    page.goto("/")
    ask(page, "What did Peskov say about grain exports?")
    finished(page)

    page.locator(".abstained").get_by_role("link", name="about “summit”").click()

    expect(page.locator("#people .asked")).to_have_text("Dmitry Peskov")
    expect(page.get_by_role("searchbox")).to_have_value("summit")
    expect(page.locator(".statement blockquote").first).to_contain_text("summit")


def test_an_abstention_says_so_and_offers_what_there_is(page: Page) -> None:
    page.goto("/")
    ask(page, MERKEL)

    expect(page.locator(".abstained h3")).to_have_text("Not in these articles")
    expect(page.locator(".abstained")).to_contain_text("Merkel")
    expect(page.locator(".sources")).to_be_hidden()
    assert page.locator(".claim").count() == 0
    page.locator(".nearest .card").first.click()
    assert marked(page)
    assert page.url.endswith("#near-1")


def test_an_empty_question_asks_nothing(page: Page, seen: Seen) -> None:
    page.goto("/")
    ask(page, "   ")

    expect(page.locator("#question")).to_be_focused()
    assert seen.asks() == []
