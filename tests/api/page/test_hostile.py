"""Articles are data: nothing in one runs, or becomes an element."""

from __future__ import annotations

import httpx
from playwright.sync_api import Page, expect

from tests.api.page.browsing import ASKED, ask, finished, marked

HOSTILE = {
    "title": '<script>window.hacked=1</script><img src=x onerror="window.hacked=2"> Vexley tower',
    "outlet": "<b>Vexley</b> Times",
    "authors": ["<svg onload=window.hacked=3>"],
    "section": "<u>s</u>",
    "url": "https://vexley.example/tower?a=<script>window.hacked=4</script>",
    "published_at": "2025-07-01",
    "body": (
        'The Vexley tower leans. <img src=x onerror="window.hacked=5"> ![p](https://evil.example/p.png)\n\n'
        "“The Vexley tower leans by <b>one</b> foot <script>window.hacked=6</script>,” said Lucan Vexley, the verger. "
        "[here](javascript:window.hacked=7) </article></section></body>"
    ),
}


def test_nothing_in_an_article_runs_or_becomes_an_element(desk_page: Page, editor: httpx.Client) -> None:
    editor.put("/v1/articles/vexley", json=HOSTILE)
    desk_page.goto("/")
    ask(desk_page, "What did Lucan Vexley say about the tower?")
    finished(desk_page)

    desk_page.locator(".chip").first.click()

    assert "<b>one</b> foot <script>window.hacked=6</script>" in marked(desk_page)
    expect(desk_page.locator("#reader-title")).to_contain_text("<script>window.hacked=1</script>")
    assert desk_page.evaluate("window.hacked") is None
    made = desk_page.locator("img, svg, main script, #reader script, #reader b, .quoted b, main u, #reader u")
    assert made.count() == 0
    for link in desk_page.locator(".sources a[target], #reader a[target]").all():
        assert str(link.get_attribute("href")).startswith("https://vexley.example/tower")


def test_the_front_page_lists_a_hostile_headline_as_text(desk_page: Page, editor: httpx.Client) -> None:
    editor.put("/v1/articles/vexley-latest", json=HOSTILE | {"published_at": "2030-01-01T00:00:00Z"})

    desk_page.goto("/")

    expect(desk_page.locator("#latest")).to_contain_text("<script>window.hacked=1</script>")
    assert desk_page.evaluate("window.hacked") is None


def test_links_lead_only_to_the_articles_own_page(page: Page) -> None:
    page.goto(ASKED)
    finished(page)

    links = page.locator(".sources a[target]").all()
    assert links
    for link in links:
        assert link.get_attribute("rel") == "noopener noreferrer nofollow"
        assert str(link.get_attribute("href")).startswith("https://meridian-wire.example/")
    addresses = page.evaluate(
        """async () => {
            const { publisherAddress } = await import("/static/publication.js");
            const own = { url: "https://a.example/x?y=1" };
            return [
                publisherAddress(own, "https://a.example/x?y=1#:~:text=hello"),
                publisherAddress(own, "https://evil.example/x?y=1#:~:text=hello"),
                publisherAddress({ url: "javascript:alert(1)" }, "javascript:alert(1)#"),
                publisherAddress({ url: null }, "https://a.example/"),
            ];
        }"""
    )
    assert addresses == ["https://a.example/x?y=1#:~:text=hello", "https://a.example/x?y=1", None, None]
