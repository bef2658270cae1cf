"""The page in a real browser, headless: what its tests share."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, Request, expect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE_MS = 30_000

ASKED = "/?q=what+did+Peskov+say+about+a+summit%3F"
# An answer with two citations.
VARGA = "/?q=What+did+Varga+say+about+the+bridge%3F"
MERKEL = "What did Angela Merkel say about nuclear power?"


@dataclass  # without slots: playwright leaves a note of its own on whose method it calls
class Seen:
    """What went on behind a page: what it complained of, and what it requested."""

    faults: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def note(self, request: Request) -> None:
        self.requests.append(request)

    def asks(self) -> list[Request]:
        return [request for request in self.requests if request.url.endswith("/v1/ask")]


@contextmanager
def visiting(browser: Browser, url: str, seen: Seen, **more: Any) -> Iterator[Page]:
    options = {"viewport": {"width": 1280, "height": 860}, "reduced_motion": "reduce"} | more
    with browser.new_context(base_url=url, **options) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda m: seen.faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: seen.faults.append(str(error)))
        page.on("request", seen.note)
        yield page
    foreign = [request.url for request in seen.requests if not request.url.startswith(url)]
    # What the page tells its reader, the browser notes as well: a status of 4xx is no fault of the page.
    faults = [fault for fault in seen.faults if "Failed to load resource" not in fault]
    assert faults == [], "console errors or violations of the content security policy"
    assert foreign == [], "requests to others"


def ask(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.press("#question", "Enter")


def sent_last(seen: Seen) -> dict[str, Any]:
    body: dict[str, Any] = seen.asks()[-1].post_data_json or {}
    return body


def finished(page: Page) -> None:
    """The last question on the page has its whole answer."""
    expect(page.locator(".turn").last.locator(".meta")).to_be_visible()


def marked(page: Page) -> str:
    expect(page.locator("mark.cited").first).to_be_visible()
    return "\n".join(page.locator("mark.cited").all_text_contents())


def on_lines(text: str | None) -> str:
    """Paragraphs on lines, as the reader shows them."""
    return re.sub(r"\s*\n\s*", "\n", text or "")
