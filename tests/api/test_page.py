"""The page in a real browser, headless: ask, read, click a citation, see exactly the cited words in their article."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect, sync_playwright

from tests.api.checking import SUMMIT
from tests.serving import Served, serving

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: the page is not tested")

ASKED = "/?q=what+did+Peskov+say+about+a+summit%3F"
# An answer with two citations.
VARGA = "/?q=What+did+Varga+say+about+the+bridge%3F"
MERKEL = "What did Angela Merkel say about nuclear power?"
PATIENCE_MS = 30_000

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
EMOJI = {
    "title": "Zebra 🦓 crossing painted in Ombley",
    "body": (
        "🎉🎉🧨 Ombley painted its 👩‍👩‍👧 crossing at last 🦓.\n\n"
        "Children 😀 cheered. “The paint 🎨 dried in 40 minutes 🕐 flat,” said Hedda Ombley, the foreman 👷."
    ),
}


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


@dataclass  # without slots: playwright leaves a note of its own on whose method it calls
class Seen:
    """What went on behind a page: what it complained of, and what it requested."""

    faults: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def note(self, request: Request) -> None:
        self.requests.append(request)

    def asks(self) -> list[Request]:
        return [request for request in self.requests if request.url.endswith("/v1/ask")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
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


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("bare")
    with serving(folder / "library", folder / "log") as served:
        yield served


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
    expect(page.locator("#meta")).to_be_visible()


def marked(page: Page) -> str:
    expect(page.locator("mark.cited").first).to_be_visible()
    return "\n".join(page.locator("mark.cited").all_text_contents())


def on_lines(text: str | None) -> str:
    """Paragraphs on lines, as the reader shows them."""
    return re.sub(r"\s*\n\s*", "\n", text or "")


# --- an answer -------------------------------------------------------------------------------------------------------


def test_the_example_question_is_answered_with_citations(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name=SUMMIT).click()
    finished(page)

    expect(page.locator(".claim").first).to_contain_text("“A summit can and must be the full stop")
    expect(page.locator(".quoted").first).to_have_text(re.compile("^“A summit"))
    expect(page.locator("#source-1 .speaker")).to_contain_text("Dmitry Peskov")
    expect(page.locator("#skeleton")).to_be_hidden()
    assert page.url.endswith(ASKED)
    assert page.title().startswith(SUMMIT)


def test_the_page_shows_what_the_service_answers(page: Page, client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": SUMMIT}).json()

    page.goto(ASKED)
    finished(page)

    shown = [re.sub(r"\d*$", "", text) for text in page.locator(".claim").all_text_contents()]
    assert shown == [claim["text"] for claim in answer["claims"]]
    assert page.locator("#sources .words").all_text_contents() == [c["quote"] for c in answer["citations"]]
    chips = [int(number) for claim in answer["claims"] for number in claim["citations"]]
    assert [int(text) for text in page.locator(".chip").all_text_contents()] == chips


def test_claims_stand_there_before_the_answer_is_complete_and_are_not_drawn_again(page: Page) -> None:
    page.add_init_script(BIT_BY_BIT)
    page.goto(ASKED)
    page.evaluate("answered")

    page.evaluate("more()")
    expect(page.locator("#progress")).to_contain_text("Reading")
    page.evaluate("more()")
    expect(page.locator(".claim")).to_have_count(1)
    expect(page.locator("#meta")).to_be_hidden()
    page.locator(".chip").first.focus()
    page.evaluate("document.querySelector('.claim').kept = true")
    page.evaluate("while (more());")
    finished(page)

    assert page.evaluate("document.querySelector('.claim').kept") is True
    expect(page.locator(".chip").first).to_be_focused()


def test_every_chip_highlights_exactly_its_quote(page: Page) -> None:
    page.goto(ASKED)
    finished(page)

    for number in range(1, page.locator("#sources .card").count() + 1):
        page.locator(f'.chip[data-cite="{number}"]').first.click()
        expect(page.locator("#reader-note")).to_contain_text(f"Source {number} of")
        expect(page.locator("mark.cited").first).to_be_in_viewport()
        quote = page.locator(f"#source-{number} .words").text_content()
        assert on_lines(marked(page)) == on_lines(quote)
        assert page.url.endswith(f"#cite-{number}")


def test_offsets_are_right_where_emoji_stand_before_the_words(desk_page: Page, editor: httpx.Client) -> None:
    editor.put("/v1/articles/ombley", json=EMOJI)
    desk_page.goto("/")
    ask(desk_page, "What did Hedda Ombley say about the paint?")
    finished(desk_page)

    desk_page.locator(".chip").first.click()

    assert "The paint 🎨 dried in 40 minutes 🕐 flat" in marked(desk_page)
    assert on_lines(marked(desk_page)) == on_lines(desk_page.locator("#source-1 .words").text_content())


def test_a_chip_says_outlet_and_date(page: Page) -> None:
    page.goto(ASKED)

    name = page.locator(".chip").first
    expect(name).to_have_attribute("aria-label", "1, source: Meridian Wire (sample), 25 July 2025")


def test_an_abstention_says_so_and_offers_what_there_is(page: Page) -> None:
    page.goto("/")
    ask(page, MERKEL)

    expect(page.locator(".abstained h2")).to_have_text("Not in these articles")
    expect(page.locator(".abstained")).to_contain_text("Merkel")
    expect(page.locator("#sources")).to_be_hidden()
    assert page.locator(".claim").count() == 0
    page.locator("#near .card").first.click()
    assert marked(page)
    assert page.url.endswith("#near-1")


def test_filters_are_sent_and_stand_in_the_address(page: Page, seen: Seen) -> None:
    page.goto("/")
    page.locator("#filters summary").click()
    page.fill("[name=from]", "2025-07-01")
    page.fill("[name=to]", "2025-07-31")
    page.fill("[name=outlets]", "Meridian Wire (sample),  Harbour Post ,")
    ask(page, SUMMIT)
    finished(page)

    outlets = ["Meridian Wire (sample)", "Harbour Post"]
    filters = {"published_after": "2025-07-01", "published_before": "2025-08-01", "outlets": outlets}
    assert sent_last(seen) == {"question": SUMMIT, "stream": True, "filters": filters}
    page.reload()
    finished(page)
    assert page.input_value("[name=from]") == "2025-07-01"
    assert sent_last(seen)["filters"] == filters


def test_an_empty_question_asks_nothing(page: Page, seen: Seen) -> None:
    page.goto("/")
    ask(page, "   ")

    expect(page.locator("#question")).to_be_focused()
    assert seen.asks() == []


# --- the reader ------------------------------------------------------------------------------------------------------


def test_escape_closes_the_reader_and_gives_the_focus_back(page: Page) -> None:
    page.goto(VARGA)
    finished(page)
    page.locator('.chip[data-cite="2"]').focus()
    page.keyboard.press("Enter")
    assert marked(page)
    expect(page.locator("#reader-title")).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator('.chip[data-cite="2"]')).to_be_focused()
    assert "#" not in page.url


def test_back_closes_the_reader_and_then_returns_to_the_earlier_question(page: Page, seen: Seen) -> None:
    page.goto(ASKED)
    finished(page)
    ask(page, MERKEL)
    expect(page.locator(".abstained")).to_be_visible()
    page.locator("#near .read").first.click()
    expect(page.locator("#reader")).to_be_visible()

    page.go_back()
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator(".abstained")).to_be_visible()
    before = len(seen.asks())
    page.go_back()
    expect(page.locator("#asked")).to_have_text(SUMMIT)
    finished(page)

    assert len(seen.asks()) == before, "going back asked again"


def test_a_shared_address_opens_the_same_source(page: Page, server: Served) -> None:
    page.goto(f"{VARGA}#cite-2")

    expect(page.locator("#reader-note")).to_contain_text("Source 2 of")
    assert on_lines(marked(page)) == on_lines(page.locator("#source-2 .words").text_content())
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    assert page.url == server.url + VARGA


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

    page.goto(f"/?article={article}&start=3&end=40")

    assert on_lines(marked(page)) == on_lines(body[3:40])
    expect(page.locator("#answer")).to_be_hidden()


def test_the_reader_address_of_a_citation_shows_its_quote(page: Page, client: httpx.Client) -> None:
    citation = client.post("/v1/ask", json={"question": SUMMIT}).json()["citations"][0]

    page.goto(citation["reader"])

    assert on_lines(marked(page)) == on_lines(citation["quote"])


def test_an_unknown_article_is_said_to_be_missing(page: Page) -> None:
    page.goto("/?article=nosuch&start=0&end=5")

    expect(page.locator("#reader .failed")).to_contain_text("not available")


def test_a_corrected_article_never_highlights_other_words(desk_page: Page, editor: httpx.Client) -> None:
    body = "The clock of Pellan stopped at noon.\n\n“The clock of Pellan is tired,” said Oswin Pellan, the sexton."
    article = {"title": "Clock of Pellan stops", "body": body}
    editor.put("/v1/articles/pellan", json=article)
    desk_page.goto("/")
    ask(desk_page, "What did Oswin Pellan say about the clock?")
    finished(desk_page)
    quote = desk_page.locator("#source-1 .words").text_content()

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

    desk_page.goto(f"/?article=vane&revision=1&start={start}&end={start + 15}")

    expect(desk_page.locator(".body del")).to_have_text(["was gilded in 1880"])
    expect(desk_page.locator(".body ins")).to_have_text(["fell down twice", ", and <b>heavy</b>"])
    assert marked(desk_page) == "The vane is oak"
    desk_page.get_by_role("link", name="as it stands now").click()
    expect(desk_page.locator(".body p").last).to_have_text("The vane is oak, and <b>heavy</b>.")
    expect(desk_page.locator(".body del, .body ins")).to_have_count(0)
    assert marked(desk_page) == "The vane is oak"


# --- articles are data -----------------------------------------------------------------------------------------------


def test_nothing_in_an_article_runs_or_becomes_an_element(desk_page: Page, editor: httpx.Client) -> None:
    editor.put("/v1/articles/vexley", json=HOSTILE)
    desk_page.goto("/")
    ask(desk_page, "What did Lucan Vexley say about the tower?")
    finished(desk_page)

    desk_page.locator(".chip").first.click()

    assert "<b>one</b> foot <script>window.hacked=6</script>" in marked(desk_page)
    expect(desk_page.locator("#reader-title")).to_contain_text("<script>window.hacked=1</script>")
    assert desk_page.evaluate("window.hacked") is None
    made = desk_page.locator("img, svg, main script, #reader script, #reader b, #claims b, main u, #reader u")
    assert made.count() == 0
    for link in desk_page.locator("#sources a, #reader a").all():
        assert str(link.get_attribute("href")).startswith("https://vexley.example/tower")


def test_the_front_page_lists_a_hostile_headline_as_text(desk_page: Page, editor: httpx.Client) -> None:
    editor.put("/v1/articles/vexley-latest", json=HOSTILE | {"published_at": "2030-01-01T00:00:00Z"})

    desk_page.goto("/")

    expect(desk_page.locator("#latest")).to_contain_text("<script>window.hacked=1</script>")
    assert desk_page.evaluate("window.hacked") is None


def test_links_lead_only_to_the_articles_own_page(page: Page) -> None:
    page.goto(ASKED)
    finished(page)

    links = page.locator("#sources a").all()
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


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_refused_question_shows_what_was_wrong(page: Page) -> None:
    page.goto("/")
    ask(page, "summit? " * 1000)

    expect(page.locator(".failed")).to_contain_text("at most 4,000")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator("#skeleton")).to_be_hidden()


def test_dates_that_end_before_they_start_are_not_asked_with(page: Page, seen: Seen) -> None:
    page.goto("/?q=when&from=2021-01-01&to=2020-12-31")

    expect(page.locator(".failed")).to_contain_text("swap them")
    assert seen.asks() == []


@pytest.mark.parametrize(
    "last", ["", 'event: error\ndata: {"title": "Bad Gateway", "status": 502, "detail": "Silence."}\n\n']
)
def test_an_answer_that_breaks_off_keeps_its_verified_claims(last: str, page: Page, client: httpx.Client) -> None:
    whole = client.post("/v1/ask", json={"question": SUMMIT, "stream": True}).text.replace("\r\n", "\n")
    parts = whole.split("\n\n")
    cut = next(n for n, part in enumerate(parts) if "event: claim" in part)
    begun = "\n\n".join(parts[: cut + 1]) + "\n\n" + last
    page.route("**/v1/ask", lambda route: route.fulfill(body=begun, content_type="text/event-stream"))

    page.goto(ASKED)

    expect(page.locator(".failed")).to_contain_text("Silence." if last else "broke off")
    assert page.locator(".claim").count() == 1
    expect(page.locator("#skeleton")).to_be_hidden()


def test_an_unreachable_server_is_said_so(page: Page) -> None:
    page.goto("/")
    page.route("**/v1/ask", lambda route: route.abort())
    ask(page, SUMMIT)

    expect(page.locator(".failed")).to_contain_text("cannot be reached")


def test_a_new_question_ends_the_running_one(page: Page) -> None:
    failed = list[str]()
    page.on("requestfailed", lambda request: failed.append(request.url))
    hold_first(page)
    page.goto(ASKED)
    expect(page.locator("#stop")).to_be_visible()

    ask(page, MERKEL)

    expect(page.locator(".abstained")).to_be_visible()
    assert page.locator(".claim").count() == 0
    assert any(url.endswith("/v1/ask") for url in failed)


def test_a_question_under_way_can_be_stopped(page: Page) -> None:
    hold_first(page)
    page.goto(ASKED)

    page.locator("#stop").click()

    expect(page.locator("#progress")).to_have_text("Stopped.")
    expect(page.locator("#stop")).to_be_hidden()


def test_an_empty_library_says_how_to_load_articles(browser: Browser, bare: Served, seen: Seen) -> None:
    with visiting(browser, bare.url, seen) as page:
        page.goto("/")
        expect(page.locator(".empty")).to_contain_text("onrecord ingest FILE")
        ask(page, SUMMIT)
        expect(page.locator("#notice .empty")).to_be_visible()


# --- by other means --------------------------------------------------------------------------------------------------


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
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(SUMMIT)
    page.keyboard.press("Enter")
    finished(page)
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator('.chip[data-cite="1"]').first).to_be_focused()

    page.keyboard.press("Space")

    expect(page.locator("#reader-title")).to_be_focused()


def test_a_stream_is_read_the_same_however_it_is_cut(page: Page) -> None:
    page.goto("/")
    result = page.evaluate(
        r"""async () => {
            const { EventParser } = await import("/static/sse.js");
            const text = ": beat\r\n\r\nevent: a\r\ndata: 1\r\ndata:2\r\n\r\n:x\nid: 7\ndata: {\"é\": \"😀: b\"}\n\n"
                + "event: none\n\nevent:b\rdata:  two\r\rdata\n\ndata: unfinished";
            const whole = JSON.stringify(new EventParser().push(text));
            for (let i = 0; i <= text.length; i++) for (let j = i; j <= text.length; j += 3) {
                const p = new EventParser();
                const pieces = [text.slice(0, i), text.slice(i, j), text.slice(j)];
                const cut = JSON.stringify(pieces.flatMap((piece) => p.push(piece)));
                if (cut !== whole) return [i, j, cut];
            }
            return JSON.parse(whole);
        }"""
    )

    assert result == [
        {"event": "a", "data": "1\n2"},
        {"event": "message", "data": '{"é": "😀: b"}'},
        {"event": "b", "data": " two"},
        {"event": "message", "data": ""},
    ]


def test_the_first_view_weighs_less_than_100_kb(page: Page) -> None:
    sizes = list[int]()
    page.on("response", lambda response: sizes.append(len(response.body())))

    page.goto("/", wait_until="networkidle")

    expect(page.locator("#latest")).to_be_visible()
    assert 10_000 < sum(sizes) < 100_000


def hold_first(page: Page) -> None:
    """The first question that the page asks gets no answer; those after it do."""
    held = list[Route]()

    def handle(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/v1/ask", handle)
