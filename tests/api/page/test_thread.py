"""Follow-up questions: a thread, with one address."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.api.checking import SUMMIT
from tests.api.page.browsing import ASKED, Seen, ask, finished, marked, on_lines, sent_last

THREAD = f"{ASKED}&q=And+about+the+talks%3F"


def test_a_follow_up_goes_with_what_was_asked_and_answered_before(page: Page, seen: Seen) -> None:
    page.goto(ASKED)
    finished(page)

    page.fill("#next", "And about the talks?")
    page.press("#next", "Enter")
    expect(page.locator(".turn")).to_have_count(2)
    finished(page)

    sent = sent_last(seen)
    assert sent["question"] == "And about the talks?"
    assert [turn["role"] for turn in sent["conversation"]] == ["user", "assistant"]
    assert sent["conversation"][0]["content"] == SUMMIT
    assert "A summit can and must" in sent["conversation"][1]["content"]
    assert len(seen.asks()) == 2, "what stood there was asked again"
    expect(page.locator(".asked")).to_have_text([SUMMIT, "And about the talks?"])
    assert page.url.endswith(THREAD)


def test_a_shared_thread_is_asked_in_order_and_opens_a_source_of_its_first_answer(page: Page, seen: Seen) -> None:
    page.goto(f"{THREAD}#cite-1-of-1")

    expect(page.locator("#reader-note")).to_contain_text("Source 1 of")
    first = page.locator(".turn").first
    assert on_lines(marked(page)) == on_lines(first.locator("[data-source='1'] .words").text_content())
    expect(first.locator('.chip[data-cite="1"]')).to_have_attribute("aria-expanded", "true")
    assert page.locator('.turn:last-child [aria-expanded="true"]').count() == 0
    assert len(seen.asks()) == 2
    assert "conversation" in sent_last(seen)


def test_going_back_from_a_follow_up_keeps_the_first_answer(page: Page, seen: Seen) -> None:
    page.goto(ASKED)
    finished(page)
    page.evaluate("document.querySelector('.claim').kept = true")
    page.fill("#next", "And about the talks?")
    page.press("#next", "Enter")
    expect(page.locator(".turn")).to_have_count(2)
    finished(page)

    page.go_back()
    expect(page.locator(".turn")).to_have_count(1)
    page.go_forward()
    expect(page.locator(".turn")).to_have_count(2)
    finished(page)

    assert page.evaluate("document.querySelector('.claim').kept") is True
    assert len(seen.asks()) == 2, "going back and forth asked again"


def test_a_new_question_begins_a_new_thread(page: Page, seen: Seen) -> None:
    page.goto(THREAD)
    expect(page.locator(".turn")).to_have_count(2)
    finished(page)

    ask(page, "Who won the Tarvian Cup?")
    expect(page.locator(".turn")).to_have_count(1)
    finished(page)

    assert "conversation" not in sent_last(seen)


def test_a_follow_up_is_not_offered_before_there_is_an_answer(page: Page) -> None:
    page.route("**/v1/ask", lambda route: route.abort())
    page.goto(ASKED)

    expect(page.locator(".failed")).to_be_visible()
    expect(page.locator("#follow-up")).to_be_hidden()
