"""One browser for all tests of the page, and a page on each server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.api.page.browsing import CHROMIUM, PATIENCE_MS, Seen, visiting
from tests.serving import Served, serving


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium here: the page is not tested")
    # Not for the whole run: while it is open, its event loop is the thread's, and others could not start theirs.
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(browser: Browser, server: Served, seen: Seen) -> Iterator[Page]:
    """A page on the sample articles that nobody changes."""
    with visiting(browser, server.url, seen) as page:
        yield page


@pytest.fixture
def desk_page(browser: Browser, desk: Served, seen: Seen) -> Iterator[Page]:
    """A page on the articles that tests change."""
    with visiting(browser, desk.url, seen) as page:
        yield page


@pytest.fixture(scope="package")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on an empty library."""
    folder = tmp_path_factory.mktemp("bare")
    with serving(folder / "library", folder / "log") as served:
        yield served
