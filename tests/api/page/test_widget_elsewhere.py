"""The widget on a page of another site: with a token that its own server had minted, and without."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.checking import SUMMIT
from tests.api.page.browsing import finished
from tests.serving import Served, onrecord, serving


@dataclass
class Site:
    """Somebody else's server: a page with the widget, and the address where the page gets its token."""

    origin: str = ""
    page: bytes = b""
    token: bytes = b"{}"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = {"/": ("text/html", site.page), "/leave": ("application/json", site.token)}.get(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", found[0] if found else "text/plain")
            self.end_headers()
            self.wfile.write(found[1] if found else b"")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site.origin = f"http://localhost:{server.server_port}"
        yield site
        server.shutdown()


@pytest.fixture(scope="module")
def guarded(samples: Path, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The samples on a server that needs keys and lets pages of the site in."""
    folder = tmp_path_factory.mktemp("guarded")
    library = Path(shutil.copytree(samples, folder / "library"))
    made = onrecord("keys", "create", "--name", "site", "--scope", "ask", "--library", library, "--json")
    assert made.code == 0, made.err
    key = httpx.Response(200, text=made.out).json()["key"]
    with serving(library, folder / "log", env={"ONRECORD_SERVER__ORIGINS": f'["{site.origin}"]'}) as served:
        minted = httpx.post(
            f"{served.url}/v1/tokens",
            json={"origin": site.origin, "ttl_s": 600},
            headers={"authorization": f"Bearer {key}"},
            trust_env=False,
        )
        assert minted.status_code == 201, minted.text
        site.token = minted.content
        yield served


def embedded(browser: Browser, site: Site, guarded: Served, attributes: str, *, origin: str | None = None) -> Page:
    script = f'<script type="module" src="{guarded.url}/static/widget.js"></script>'
    site.page = f"<!doctype html><title>Host</title>{script}<onrecord-ask {attributes}></onrecord-ask>".encode()
    page = browser.new_page()
    page.goto(origin or site.origin)
    return page


def test_a_page_of_a_listed_site_asks_with_the_token_of_its_own_server(
    browser: Browser, site: Site, guarded: Served
) -> None:
    page = embedded(browser, site, guarded, f'token-url="/leave" question="{SUMMIT}"')

    finished(page)

    expect(page.locator(".claim").first).to_contain_text("A summit can and must")
    expect(page.locator(".sources")).to_have_css("margin-top", "32px")
    page.close()


def test_without_a_token_it_says_that_a_key_is_needed(browser: Browser, site: Site, guarded: Served) -> None:
    page = embedded(browser, site, guarded, f'question="{SUMMIT}"')

    expect(page.locator(".failed")).to_contain_text("needs a key")
    assert page.locator(".claim").count() == 0
    page.close()


def test_a_page_of_another_site_does_not_get_it_at_all(browser: Browser, site: Site, guarded: Served) -> None:
    other = site.origin.replace("localhost", "127.0.0.1")
    page = embedded(browser, site, guarded, 'token-url="/leave"', origin=other)

    page.wait_for_load_state("networkidle")

    assert page.evaluate("customElements.get('onrecord-ask') === undefined") is True
    page.close()
