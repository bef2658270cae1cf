"""Answers taken along with their citations, and what readers say of them."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.api.page.browsing import ASKED, VARGA, finished

WRITTEN = """async ([answer, form]) => {
    const { written } = await import("/static/copying.js");
    const { ENGLISH } = await import("/static/words.js");
    return written(answer, form, ENGLISH);
}"""
HOSTILE = {
    "question": "Who `wins`?",
    "claims": [{"text": "<b>He</b> said: “a * b_c [x](http://evil.example/) ![p](q)”", "citations": [1]}],
    "citations": [
        {
            "number": 1,
            "quote": "<img src=x onerror=alert(1)>\n| a | # b",
            "link": "https://paper.example/a(b)#:~:text=x",
            "article": {
                "title": "<script>alert(1)</script>](https://evil.example)",
                "outlet": "*Paper*",
                "published_at": "2025-07-01T00:00:00Z",
                "url": "https://paper.example/a(b)",
            },
        }
    ],
}


class Tags(HTMLParser):
    """Which elements a text holds, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names = set[str]()
        self.links = list[str | None]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.links += [value for name, value in attrs if name == "href"]


@pytest.mark.parametrize(("button", "form"), [("Plain text", "plain"), ("Markdown", "markdown"), ("HTML", "html")])
def test_an_answer_is_copied_with_each_of_its_sources(button: str, form: str, page: Page, client: httpx.Client) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(VARGA)
    finished(page)

    page.get_by_role("button", name=button, exact=True).click()

    expect(page.locator(".said")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "What did Varga say about the bridge?" in copied
    for citation in client.post("/v1/ask", json={"question": "What did Varga say about the bridge?"}).json()[
        "citations"
    ]:
        assert citation["article"]["title"] in copied
        assert str(citation["article"]["url"]) in copied
    if form == "html":
        kinds = page.evaluate("navigator.clipboard.read().then((items) => items[0].types)")
        assert "text/html" in kinds


def test_where_copying_is_not_allowed_the_text_is_shown(page: Page) -> None:
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no leave'))")
    page.goto(ASKED)
    finished(page)

    page.get_by_role("button", name="Plain text").click()

    assert "A summit can and must" in page.locator(".said textarea").input_value()


def test_no_markup_of_an_article_survives_in_what_is_copied(page: Page) -> None:
    page.goto("/")

    html = Tags(page.evaluate(WRITTEN, [HOSTILE, "html"]))
    markdown = page.evaluate(WRITTEN, [HOSTILE, "markdown"])

    assert html.names <= {"section", "p", "strong", "sup", "ol", "li", "cite", "a", "q"}
    assert html.links == ["https://paper.example/a(b)#:~:text=x"]
    assert "\\<script\\>alert\\(1\\)" in markdown
    assert "\\!\\[p\\]\\(q\\)" in markdown
    assert "[x](" not in markdown
    assert "](<https://paper.example/a(b)#:~:text=x>)" in markdown


def test_what_a_reader_says_of_an_answer_is_kept(desk_page: Page, editor: httpx.Client) -> None:
    desk_page.goto(ASKED)
    finished(desk_page)

    desk_page.get_by_role("button", name="Wrong", exact=True).click()
    desk_page.keyboard.type("He said more.")
    desk_page.keyboard.press("Enter")

    expect(desk_page.locator(".feedback")).to_contain_text("Thank you")
    kept = editor.get("/v1/feedback").json()["feedback"][-1]
    assert (kept["verdict"], kept["note"]) == ("wrong", "He said more.")
    assert kept["request"]["question"] == "what did Peskov say about a summit?"


def test_a_word_on_an_answer_that_is_too_old_is_said_not_to_be_kept(page: Page) -> None:
    page.goto(ASKED)
    finished(page)
    page.route("**/v1/feedback", lambda route: route.fulfill(status=404, json={"title": "Not Found", "status": 404}))

    page.get_by_role("button", name="Right", exact=True).click()

    expect(page.locator(".feedback")).to_contain_text("too old")
