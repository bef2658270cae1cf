"""Articles loaded from the page: chosen, dropped or fetched, with progress and a report, by those who may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.api.page.browsing import Seen, ask, finished, visiting
from tests.serving import Served, onrecord, serving

BELL = """The bell of {town} rings again

The bell of {town} rang on Monday for the first time in forty years, to the wonder of the children there.

"We had the crack welded in one night," said the founder, {founder}.
"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, str]]]:
    """A server on an empty library that needs keys, and two of them: one that may read, one that may write."""
    folder = tmp_path_factory.mktemp("guarded")
    library = folder / "library"
    keys = {}
    for name, scopes in (("reader", "ask,read"), ("desk", "ask,read,write")):
        scope = [word for each in scopes.split(",") for word in ("--scope", each)]
        made = onrecord("keys", "create", "--name", name, *scope, "--library", library, "--json")
        assert made.code == 0, made.err
        keys[name] = str(json.loads(made.out)["key"])
    with serving(library, folder / "log") as served:
        yield served, keys


def bell(folder: Path, name: str, town: str, founder: str = "Oda Ruhl") -> Path:
    path = folder / name
    path.write_text(BELL.format(town=town, founder=founder))
    return path


def drop(page: Page, *paths: Path) -> None:
    """As a hand drops them from the desktop onto the zone."""
    box = page.locator(".zone").bounding_box()
    assert box
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})


def test_a_file_is_chosen_and_its_article_can_be_asked_for(desk_page: Page, tmp_path: Path) -> None:
    page = desk_page
    page.goto("/")
    page.get_by_role("link", name="Load", exact=True).click()

    page.set_input_files("#files", bell(tmp_path, "bell.txt", "Sornmouth", founder="Jorun Saltvik"))

    expect(page.locator("[data-did=new]")).to_have_text("1 article new")
    expect(page.locator(".outcome")).to_be_focused()
    page.get_by_role("button", name="Ask something").click()
    expect(page.locator("#question")).to_be_focused()
    ask(page, "What did Saltvik say about the crack?")
    finished(page)
    expect(page.locator(".claim").first).to_contain_text("We had the crack welded in one night")


def test_the_same_file_again_is_nothing_new_and_a_mended_one_a_correction(desk_page: Page, tmp_path: Path) -> None:
    row = {"id": "bell-of-tarnholt", "title": "Bell", "body": "The bell of Tarnholt weighs two tons, its founder said."}
    file = tmp_path / "row.json"
    desk_page.goto("/load")
    outcome = desk_page.locator(".outcome")
    for body, told in (("", "1 article new"), ("", "1 unchanged"), (" It was weighed anew on Monday.", "1 corrected")):
        file.write_text(json.dumps(row | {"body": row["body"] + body}))
        desk_page.set_input_files("#files", file)
        expect(outcome).to_contain_text(told)


def test_a_dropped_folder_is_read_to_its_depths_and_what_cannot_be_is_listed(desk_page: Page, tmp_path: Path) -> None:
    deep = tmp_path / "desk" / "bells"
    deep.mkdir(parents=True)
    bell(deep, "one.txt", "Ostrand")
    bell(deep, ".hidden.txt", "Nowhere")
    (deep.parent / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    rows = [{"title": "Weights", "body": "The bell of Ostrand weighs three tons, and that of Vell one."}]
    (deep.parent / "rows.jsonl").write_text(json.dumps(rows[0]) + "\n{broken\n")
    desk_page.goto("/load")

    drop(desk_page, deep.parent)

    expect(desk_page.locator("[data-did=new]")).to_have_text("2 articles new")
    listed = desk_page.locator(".skipped li b").all_text_contents()
    assert sorted(listed) == ["photo.png", "rows.jsonl:2"]
    expect(desk_page.locator(".skipped")).to_contain_text("broken JSON")


def test_a_link_that_is_dropped_is_fetched(desk_page: Page) -> None:
    sent = list[str]()

    def refuse(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.abort()

    desk_page.route("**/v1/ingest", refuse)
    desk_page.goto("/load")
    expect(desk_page.locator(".zone")).to_be_visible()

    desk_page.evaluate("""() => {
        const data = new DataTransfer();
        data.setData("text/uri-list", "https://outlet.example/story");
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }""")

    expect(desk_page.locator(".failed")).to_be_visible()
    assert "https://outlet.example/story" in sent[0]


def test_an_address_within_the_machine_is_refused_by_name(desk_page: Page) -> None:
    desk_page.goto("/load")

    desk_page.fill("#address", "localhost:1/feed.xml")
    desk_page.press("#address", "Enter")

    expect(desk_page.locator(".failed h3")).to_have_text("Nothing could be loaded")
    expect(desk_page.locator(".failed")).to_contain_text("https://localhost:1/feed.xml:")
    expect(desk_page.locator("#address")).to_have_value("localhost:1/feed.xml")


REPORT = {"new": 1, "updated": 0, "unchanged": 0, "near_copies": 0, "withdrawn": 0, "skipped": []}


def test_progress_is_shown_while_it_is_read_and_it_can_be_stopped(desk_page: Page, tmp_path: Path) -> None:
    # The page hears what a server would tell of a long run, with its end held back.
    desk_page.add_init_script("""
        const real = window.fetch;
        window.fetch = (path, options) => {
            if (path !== "/v1/ingest") return real(path, options);
            const body = new ReadableStream({ start(to) {
                const told = { articles: 64, bytes_read: 250, bytes_total: 1000 };
                to.enqueue(new TextEncoder().encode(`event: progress\\ndata: ${JSON.stringify(told)}\\n\\n`));
                options.signal.addEventListener("abort", () => to.error(options.signal.reason));
            } });
            return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
        };
    """)
    desk_page.goto("/load")
    desk_page.set_input_files("#files", bell(tmp_path, "bell.txt", "Held"))

    expect(desk_page.locator(".count")).to_have_text("64 articles")
    expect(desk_page.get_by_role("status").filter(has_text="Reading")).to_be_visible()
    expect(desk_page.locator("#files")).to_be_disabled()
    assert desk_page.locator("progress").evaluate("(bar) => bar.value") == 0.25
    desk_page.get_by_role("button", name="Stop").click()

    expect(desk_page.locator(".outcome")).to_contain_text("Stopped")
    expect(desk_page.locator("#files")).to_be_enabled()


def test_it_goes_on_while_something_else_is_looked_at(desk_page: Page, tmp_path: Path) -> None:
    held = list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    desk_page.route("**/v1/ingest", hold)
    desk_page.goto("/load")
    desk_page.set_input_files("#files", bell(tmp_path, "bell.txt", "Brenn"))
    expect(desk_page.get_by_role("status").filter(has_text="Sending bell.txt")).to_be_visible()

    desk_page.get_by_role("link", name="People").click()
    expect(desk_page.locator(".persons")).to_be_visible()
    held[0].continue_()
    desk_page.go_back()

    expect(desk_page.locator("[data-did=new]")).to_have_text("1 article new")


def test_many_files_go_in_several_requests_and_make_one_report(desk_page: Page, tmp_path: Path) -> None:
    bodies = list[int]()

    def answer(route: Route) -> None:
        bodies.append((route.request.post_data or "").count('name="files"'))
        if len(bodies) == 2:
            problem = {"status": 422, "title": "Unprocessable", "detail": "x.txt: nothing in it"}
            route.fulfill(body=f"event: error\ndata: {json.dumps(problem)}\n\n", content_type="text/event-stream")
        else:
            report = REPORT | {"new": bodies[-1]}
            route.fulfill(body=f"event: report\ndata: {json.dumps(report)}\n\n", content_type="text/event-stream")

    desk_page.route("**/v1/ingest", answer)
    desk_page.goto("/load")
    desk_page.set_input_files("#files", [bell(tmp_path, f"{n}.txt", f"Town{n}") for n in range(230)])

    expect(desk_page.locator("[data-did=new]")).to_have_text("130 articles new")
    expect(desk_page.locator(".skipped")).to_contain_text("nothing in it")
    assert bodies == [100, 100, 30]


def test_a_file_that_is_larger_than_the_server_takes_is_said_to_be(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_text("The bell rang. " * 40_000)  # this server takes 0.2 MB
    page.goto("/load")

    page.set_input_files("#files", large)

    expect(page.locator(".failed")).to_contain_text("arger")


def test_a_key_is_asked_for_and_one_that_may_not_write_is_told_so(
    browser: Browser, guarded: tuple[Served, dict[str, str]], seen: Seen, tmp_path: Path
) -> None:
    served, keys = guarded
    with visiting(browser, served.url, seen) as page:
        page.goto("/load")
        page.set_input_files("#files", bell(tmp_path, "bell.txt", "Keymouth"))
        page.get_by_label("Key", exact=True).fill(keys["reader"])
        page.get_by_role("button", name="Use it").click()

        expect(page.locator(".failed h3")).to_have_text("This key may not load articles")
        expect(page.locator(".failed")).to_contain_text("write")
        page.get_by_role("button", name="Use another key").click()
        page.get_by_label("Key", exact=True).fill(keys["desk"])
        page.get_by_role("button", name="Use it").click()

        expect(page.locator("[data-did=new]")).to_have_text("1 article new")
        assert not [request for request in seen.requests if keys["desk"] in request.url]


def test_an_empty_library_leads_to_where_it_is_filled(
    browser: Browser, guarded: tuple[Served, dict[str, str]], bare: Served, seen: Seen
) -> None:
    with visiting(browser, bare.url, seen) as page:
        page.goto("/")
        page.get_by_role("link", name="Load some here").click()
        expect(page.locator(".zone")).to_be_visible()
        assert page.url.endswith("/load")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_it(
    scheme: Literal["light", "dark"], browser: Browser, desk: Served, seen: Seen, tmp_path: Path
) -> None:
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": scheme}
    with visiting(browser, desk.url, seen, **phone) as page:
        page.goto("/load")
        page.set_input_files("#files", [tmp_path / "photo.png", bell(tmp_path, "bell.txt", "Axmouth")])
        expect(page.locator(".skipped")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        faults_of(page)

        page.evaluate("import('/static/key.js').then((key) => { key.otherKey('One that may write.'); })")
        expect(page.get_by_role("dialog")).to_be_visible()
        faults_of(page)


def faults_of(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert {f["id"]: f["nodes"] for f in found if f["impact"] in ("serious", "critical")} == {}


def test_it_can_be_used_by_keyboard_alone(desk_page: Page, tmp_path: Path) -> None:
    # Waited for before the page is there: told in the same breath as the key, the browser may open its own dialog.
    with desk_page.expect_file_chooser() as chooser:
        desk_page.goto("/load")
        desk_page.locator("#files").focus()
        desk_page.keyboard.press("Space")
    chooser.value.set_files(bell(tmp_path, "bell.txt", "Keyham"))
    expect(desk_page.locator(".outcome")).to_be_focused()

    desk_page.keyboard.press("Tab")

    expect(desk_page.get_by_role("button", name="Ask something")).to_be_focused()
