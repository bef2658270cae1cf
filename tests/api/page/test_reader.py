"""The reader: the cited words in the whole of their article, also after it changed."""

from __future__ import annotations

import httpx
from playwright.sync_api import Page, expect

from tests.api.checking import SUMMIT
from tests.api.page.browsing import ASKED, VARGA, ask, finished, marked, on_lines

EMOJI = {
    "title": "Zebra 🦓 crossing painted in Ombley",
    "body": (
        "🎉🎉🧨 Ombley painted its 👩‍👩‍👧 crossing at last 🦓.\n\n"
        "Children 😀 cheered. “The paint 🎨 dried in 40 minutes 🕐 flat,” said Hedda Ombley, the foreman 👷."
    ),
}


def test_every_chip_highlights_exactly_its_quote(page: Page) -> None:
    page.goto(ASKED)
    finished(page)

    for number in range(1, page.locator(".sources .card").count() + 1):
        page.locator(f'.chip[data-cite="{number}"]').first.click()
        expect(page.locator("#reader-note")).to_contain_text(f"Source {number} of")
        expect(page.locator("mark.cited").first).to_be_in_viewport()
        quote = page.locator(f"[data-source='{number}'] .words").text_content()
        assert on_lines(marked(page)) == on_lines(quote)
        assert page.url.endswith(f"#cite-{number}")


def test_offsets_are_right_where_emoji_stand_before_the_words(desk_page: Page, editor: httpx.Client) -> None:
    editor.put("/v1/articles/ombley", json=EMOJI)
    desk_page.goto("/")
    ask(desk_page, "What did Hedda Ombley say about the paint?")
    finished(desk_page)

    desk_page.locator(".chip").first.click()

    assert "The paint 🎨 dried in 40 minutes 🕐 flat" in marked(desk_page)
    assert on_lines(marked(desk_page)) == on_lines(desk_page.locator("[data-source='1'] .words").text_content())


def test_the_arrows_walk_through_the_sources(page: Page) -> None:
    page.goto(f"{VARGA}#cite-1")
    assert marked(page)
    expect(page.locator("#reader-previous")).to_be_disabled()

    page.locator("#reader-next").click()

    expect(page.locator("#reader-note")).to_contain_text("Source 2 of")
    expect(page.locator("#reader-next")).to_be_disabled()
    expect(page.locator("#reader-previous")).to_be_focused()


def test_an_article_has_an_address_of_its_own(page: Page, client: httpx.Client) -> None:
    article = client.get("/v1/articles", params={"limit": 1}).json()["articles"][0]["id"]
    body = client.get(f"/v1/articles/{article}").json()["body"]

    page.goto(f"/articles/{article}?start=3&end=40")

    assert on_lines(marked(page)) == on_lines(body[3:40])
    page.goto(f"/?article={article}&start=3&end=40")  # as it was written at first
    assert on_lines(marked(page)) == on_lines(body[3:40])
    expect(page.locator("#answer")).to_be_hidden()


def test_the_reader_address_of_a_citation_shows_its_quote(page: Page, client: httpx.Client) -> None:
    citation = client.post("/v1/ask", json={"question": SUMMIT}).json()["citations"][0]

    page.goto(citation["reader"])

    assert on_lines(marked(page)) == on_lines(citation["quote"])


def test_an_unknown_article_is_said_to_be_missing(page: Page) -> None:
    page.goto("/articles/nosuch?start=0&end=5")

    expect(page.locator("#reader .failed")).to_contain_text("not available")


def test_a_corrected_article_never_highlights_other_words(desk_page: Page, editor: httpx.Client) -> None:
    body = "The clock of Pellan stopped at noon.\n\n“The clock of Pellan is tired,” said Oswin Pellan, the sexton."
    article = {"title": "Clock of Pellan stops", "body": body}
    editor.put("/v1/articles/pellan", json=article)
    desk_page.goto("/")
    ask(desk_page, "What did Oswin Pellan say about the clock?")
    finished(desk_page)
    quote = desk_page.locator("[data-source='1'] .words").text_content()

    editor.put("/v1/articles/pellan", json=article | {"body": f"Corrected. 🧨 {body}"})
    desk_page.locator(".chip").first.click()
    expect(desk_page.locator(".changed")).to_contain_text("revision 2 replaced revision 1")
    expect(desk_page.locator(".changed")).to_contain_text("still stand in it")
    expect(desk_page.locator(".body ins")).to_have_text("Corrected. 🧨 ")
    assert on_lines(marked(desk_page)) == on_lines(quote)
    desk_page.keyboard.press("Escape")
    editor.put("/v1/articles/pellan", json=article | {"body": "All that was said about the clock was wrong. " * 9})
    desk_page.locator(".chip").first.click()
    expect(desk_page.locator(".changed")).to_contain_text("no longer in it")
    # The words are in pieces now: a full stop of theirs still stands.
    assert "".join(marked(desk_page).split()) == "".join((quote or "").split())
    assert desk_page.locator(".body del mark").count() > 0


def test_an_article_as_it_stands_now_is_a_click_away_from_a_superseded_citation(
    desk_page: Page, editor: httpx.Client
) -> None:
    old = "The vane of Ostrel points north.\n\nIt was gilded in 1880.\n\nThe vane is oak."
    new = "The vane of Ostrel points north.\n\nIt fell down twice.\n\nThe vane is oak, and <b>heavy</b>."
    for body in (old, new):
        editor.put("/v1/articles/vane", json={"title": "Vane of Ostrel", "body": body})
    start = old.index("The vane is oak")

    desk_page.goto(f"/articles/vane?revision=1&start={start}&end={start + 15}")

    expect(desk_page.locator(".body del")).to_have_text(["was gilded in 1880"])
    expect(desk_page.locator(".body ins")).to_have_text(["fell down twice", ", and <b>heavy</b>"])
    assert marked(desk_page) == "The vane is oak"
    desk_page.get_by_role("link", name="as it stands now").click()
    expect(desk_page.locator(".body p").last).to_have_text("The vane is oak, and <b>heavy</b>.")
    expect(desk_page.locator(".body del, .body ins")).to_have_count(0)
    assert marked(desk_page) == "The vane is oak"


def test_the_revisions_of_an_article_are_listed_with_what_each_changed(desk_page: Page, editor: httpx.Client) -> None:
    bodies = ["The pump of Sarn has two handles.", "The pump of Sarn has three handles.", "The pump of Sarn is dry."]
    for body in bodies:
        editor.put("/v1/articles/sarn", json={"title": "Pump of Sarn", "body": body})
    desk_page.goto("/articles/sarn")

    desk_page.locator(".revisions summary").click()

    expect(desk_page.locator(".revisions summary")).to_contain_text("Changed 2 times")
    expect(desk_page.locator(".revisions > ol > li")).to_have_count(3)
    expect(desk_page.locator(".revisions > ol > li").nth(1).locator("del")).to_have_text("two")
    expect(desk_page.locator(".revisions > ol > li").nth(1).locator("ins")).to_have_text("three")
    desk_page.get_by_role("link", name="Revision 1").click()
    expect(desk_page.locator(".body")).to_have_text(bodies[0])
    assert desk_page.url.endswith("/articles/sarn?revision=1")


def test_the_reader_names_the_other_outlets_of_a_story(page: Page, client: httpx.Client) -> None:
    question = "What happened to the ferry off Kestrel Point?"
    citations = client.post("/v1/ask", json={"question": question}).json()["citations"]
    carried = next(citation for citation in citations if citation["article"]["also_in"])

    page.goto(f"/?q={question}#cite-{carried['number']}")

    expect(page.locator("#reader .also-in")).to_have_text(f"Also in: {', '.join(carried['article']['also_in'])}")
