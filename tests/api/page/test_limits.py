"""What limits an answer: filters, and what was read out of the question."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.api.checking import SUMMIT
from tests.api.page.browsing import Seen, ask, finished, sent_last


def test_filters_are_sent_and_stand_in_the_address(page: Page, seen: Seen) -> None:
    page.goto("/")
    page.locator("#filters summary").click()
    page.fill("[name=from]", "2025-07-01")
    page.fill("[name=to]", "2025-07-31")
    page.fill("[name=as_of]", "2025-08-31")
    page.fill("[name=outlet]", "Meridian Wire (sample)")
    page.press("[name=outlet]", "Enter")
    page.fill("[name=outlet]", "Post, The")
    page.fill("[name=speaker]", "Peskov")
    ask(page, SUMMIT)
    finished(page)

    filters = {
        "published_after": "2025-07-01",
        "published_before": "2025-08-01",
        "outlets": ["Meridian Wire (sample)", "Post, The"],
        "speakers": ["Peskov"],
    }
    request = {"question": SUMMIT, "stream": True, "filters": filters, "as_of": "2025-08-31T23:59:59Z"}
    assert sent_last(seen) == request
    page.reload()
    finished(page)
    assert page.input_value("[name=from]") == "2025-07-01"
    expect(page.locator(".names li")).to_have_count(3)
    assert sent_last(seen) == request


def test_a_name_is_taken_out_by_its_button_and_offered_from_the_library(page: Page) -> None:
    page.goto("/?q=bridge&outlet=Nowhere")
    expect(page.locator("#filters-set")).to_have_text("(1)")

    page.get_by_role("button", name="Nowhere").click()

    expect(page.locator("#filters-set")).to_have_text("")
    expect(page.locator("[name=outlet]")).to_be_focused()
    expect(page.locator("#outlet-offers option[value='The Harbour Post (sample)']")).to_have_count(1)
    expect(page.locator("#speaker-offers option[value='Elena Varga']")).to_have_count(1)


def test_what_was_read_out_of_a_question_is_taken_out_and_put_back(page: Page, seen: Seen) -> None:
    page.goto("/?q=What+did+the+Harbour+Post+report+on+the+bridge+in+August%3F")
    finished(page)
    outlets = page.locator('.token[data-kind="outlets"]')
    expect(outlets).to_contain_text("The Harbour Post (sample)")
    expect(page.locator('.token[data-kind="period"]')).to_contain_text("1 Aug 2025 – 31 Aug 2025")
    assert "ignore" not in sent_last(seen)

    outlets.click()
    finished(page)

    assert sent_last(seen)["ignore"] == ["outlets"]
    assert "ignore=outlets" in page.url
    expect(page.locator(".token.ignored")).to_have_attribute("data-kind", "outlets")
    page.locator(".token.ignored").click()
    expect(outlets).to_contain_text("The Harbour Post (sample)")
    assert "ignore" not in page.url


def test_limits_stay_with_a_shared_address(page: Page, seen: Seen) -> None:
    page.goto("/?q=What+did+the+Harbour+Post+report+on+the+bridge%3F&ignore=outlets,nonsense&from=2025-08-01")
    finished(page)

    assert sent_last(seen)["ignore"] == ["outlets"]
    assert sent_last(seen)["filters"] == {"published_after": "2025-08-01"}
