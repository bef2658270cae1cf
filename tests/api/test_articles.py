"""/v1/articles over HTTP: what is stored, corrected or withdrawn is so in every answer as soon as the call returns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.api.checking import ask

Check = Callable[[dict[str, Any]], bool]

MERE = {
    "title": "Weir at Quillon Mere to be rebuilt",
    "body": (
        "The weir at Quillon Mere will be rebuilt next year, the river board said on Tuesday.\n\n"
        "“The sluice is held together by paint,” said Odile Farrant, the board’s engineer. The work will cost 300,000 crowns."
    ),
    "outlet": "The Mere Gazette",
    "authors": ["Ivo Tamsin", "Björk Ålund"],
    "published_at": "2025-05-06T08:30:00+02:00",
    "updated_at": "2025-05-07T10:00:00Z",
    "url": "https://mere-gazette.example/weir",
    "section": "Rivers",
    "language": "en",
    "rights": "© The Mere Gazette",
    "embargoed_until": "2025-05-06T06:00:00Z",
    "expires_at": "2031-01-01T00:00:00Z",
}


def test_a_new_article_is_stored_as_it_was_handed_in(editor: httpx.Client) -> None:
    response = editor.put("/v1/articles/weir-new", json=MERE)

    assert response.status_code == 201
    assert response.json() == {"id": "weir-new", "outcome": "new", "revision": 1}
    assert editor.get("/v1/articles/weir-new").json() == MERE | {"id": "weir-new", "revision": 1}


def test_the_same_again_changes_nothing(editor: httpx.Client) -> None:
    editor.put("/v1/articles/weir-same", json=MERE)

    response = editor.put("/v1/articles/weir-same", json=MERE)

    assert response.status_code == 200
    assert response.json() == {"id": "weir-same", "outcome": "unchanged", "revision": 1}


def test_a_changed_title_updates_the_article_without_a_new_revision_of_its_body(editor: httpx.Client) -> None:
    editor.put("/v1/articles/weir-title", json=MERE)

    response = editor.put("/v1/articles/weir-title", json=MERE | {"title": "Mere to have a new weir"})

    assert response.json() == {"id": "weir-title", "outcome": "updated", "revision": 1}
    assert editor.get("/v1/articles/weir-title").json()["title"] == "Mere to have a new weir"


def test_a_new_article_is_answered_from_at_once(editor: httpx.Client) -> None:
    put(editor, "gate-new", "Tolva", "The sluice gate jams in frost", "Perrin Okell")

    answer = ask(editor, {"question": "What did Perrin Okell say about the sluice gate at Tolva?"}).answer

    assert "gate-new" in {citation["article"]["id"] for citation in answer["citations"]}
    assert "jams in frost" in answer["text"]


def test_a_correction_takes_the_old_words_out_of_every_answer(editor: httpx.Client) -> None:
    put(editor, "gate-fixed", "Marlo", "The turbine hums like a wasp", "Edda Linnet")
    question = {"question": "What did Edda Linnet say about the turbine at Marlo?"}
    assert "wasp" in everything(editor, question)

    response = put(editor, "gate-fixed", "Marlo", "The turbine purrs like a kitten", "Edda Linnet")

    assert response.json() == {"id": "gate-fixed", "outcome": "updated", "revision": 2}
    now = everything(editor, question)
    assert "wasp" not in now
    assert "kitten" in now


def test_a_citation_of_a_corrected_article_names_the_new_revision(editor: httpx.Client) -> None:
    put(editor, "gate-cited", "Brune", "The dam is safe for a year", "Sunniva Rell")
    put(editor, "gate-cited", "Brune", "The dam is safe for a decade", "Sunniva Rell")

    answer = ask(editor, {"question": "What did Sunniva Rell say about the dam at Brune?"}).answer

    revisions = {c["article"]["revision"] for c in answer["citations"] if c["article"]["id"] == "gate-cited"}
    assert revisions == {2}


def test_an_earlier_revision_can_still_be_read_by_its_number(editor: httpx.Client) -> None:
    put(editor, "gate-before", "Corran", "The lock opens at six", "Tibor Vane")
    put(editor, "gate-before", "Corran", "The lock opens at nine", "Tibor Vane")

    first = editor.get("/v1/articles/gate-before", params={"revision": 1}).json()
    latest = editor.get("/v1/articles/gate-before").json()

    assert (first["revision"], latest["revision"]) == (1, 2)
    assert "at six" in first["body"]
    assert "at nine" in latest["body"]


def test_a_withdrawn_article_is_gone_from_every_answer_search_and_list(editor: httpx.Client) -> None:
    put(editor, "gate-gone", "Dunmore", "The ferry rope is a hazard", "Liesl Quarry")
    question = {"question": "What did Liesl Quarry say about the ferry rope at Dunmore?"}
    assert "gate-gone" in everything(editor, question)

    response = editor.delete("/v1/articles/gate-gone")

    assert (response.status_code, response.content) == (204, b"")
    now = everything(editor, question)
    assert "gate-gone" not in now
    assert "rope is a hazard" not in now
    assert editor.get("/v1/articles/gate-gone").status_code == 404
    assert editor.get("/v1/articles/gate-gone", params={"revision": 1}).status_code == 404
    assert "gate-gone" not in listed(editor)


def test_an_article_is_withdrawn_once(editor: httpx.Client) -> None:
    put(editor, "gate-once", "Ashby", "The bank is slipping", "Noor Selwyn")

    assert editor.delete("/v1/articles/gate-once").status_code == 204
    assert editor.delete("/v1/articles/gate-once").status_code == 404


def test_a_withdrawn_article_does_not_come_back_by_itself(editor: httpx.Client) -> None:
    put(editor, "gate-kept-out", "Elver", "The eels are back", "Jude Marchbank")
    editor.delete("/v1/articles/gate-kept-out")

    response = put(editor, "gate-kept-out", "Elver", "The eels are back", "Jude Marchbank")

    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    assert "?restore=true" in response.json()["detail"]
    assert editor.get("/v1/articles/gate-kept-out").status_code == 404


def test_a_withdrawn_article_comes_back_where_that_is_asked_for(editor: httpx.Client) -> None:
    put(editor, "gate-restored", "Fenner", "The towpath is open again", "Hal Brisco")
    editor.delete("/v1/articles/gate-restored")

    response = put(editor, "gate-restored?restore=true", "Fenner", "The towpath is open again", "Hal Brisco")

    assert response.status_code == 200
    assert "gate-restored" in everything(editor, {"question": "What did Hal Brisco say about the towpath at Fenner?"})


def test_a_withdrawn_article_is_counted_not_stored_when_it_is_handed_in_again(editor: httpx.Client) -> None:
    article = {"title": "Swans leave the mere", "body": "Every swan has left the mere since the dredging began in May."}
    editor.post("/v1/articles", json=article)
    (found,) = [a for a in pages(editor, 500)[0] if a["title"] == article["title"]]
    editor.delete(f"/v1/articles/{found['id']}")

    report = editor.post("/v1/articles", json=article).json()

    assert (report["withdrawn"], report["new"]) == (1, 0)
    assert editor.get(f"/v1/articles/{found['id']}").status_code == 404


def test_articles_handed_in_twice_are_stored_once(editor: httpx.Client) -> None:
    article = {
        "title": "Herons nest by the weir",
        "body": "Six herons have built their nests in the alders by the weir.",
    }

    reports = [editor.post("/v1/articles", json=[article, article]).json() for _ in range(2)]

    assert [(report["new"], report["unchanged"]) for report in reports] == [(1, 1), (0, 2)]
    assert [a["title"] for a in pages(editor, 500)[0]].count(article["title"]) == 1


def test_an_id_that_comes_again_with_another_body_is_a_revision(editor: httpx.Client) -> None:
    article = {
        "title": "Otters seen",
        "url": "https://mere-gazette.example/otters",
        "body": "Two otters were seen at the mere.",
    }

    report = editor.post(
        "/v1/articles", json=[article, article | {"body": "Three otters were seen at the mere."}]
    ).json()

    assert (report["new"], report["updated"]) == (1, 1)
    (found,) = [a for a in pages(editor, 500)[0] if a["title"] == article["title"]]
    assert found["revision"] == 2


def test_fields_are_read_under_the_names_that_others_use(editor: httpx.Client) -> None:
    theirs = {
        "headline": "Reeds cut early",
        "articleBody": "The reeds at the mere were cut three weeks early this year, the board said.",
        "publisher": {"@type": "Organization", "name": "The Mere Gazette"},
        "byline": "By Ivo Tamsin and Ada Quell",
        "datePublished": "2025-05-06",
        "inLanguage": "en-GB",
    }

    editor.put("/v1/articles/reeds", json=theirs)

    article = editor.get("/v1/articles/reeds").json()
    assert (article["title"], article["outlet"]) == ("Reeds cut early", "The Mere Gazette")
    assert article["authors"] == ["Ivo Tamsin", "Ada Quell"]
    assert (article["published_at"], article["language"]) == ("2025-05-06T00:00:00Z", "en")


@pytest.mark.parametrize("limit", [1, 5, 17, 18, 500])
def test_pages_cover_every_article_once_newest_first(limit: int, client: httpx.Client) -> None:
    read = pages(client, limit)

    found = [article for page in read for article in page]
    assert len(found) == len({article["id"] for article in found}) == 18
    assert all(len(page) == limit for page in read[:-1])
    moments = [moment_of(article) for article in found]
    assert moments == sorted(moments, reverse=True)


def test_articles_without_a_date_are_paged_through_as_well(editor: httpx.Client) -> None:
    for name in ("undated-a", "undated-b", "undated-c"):
        body = f"Nobody wrote down when the story of {name} was told by the river."
        editor.put(f"/v1/articles/{name}", json={"title": name, "body": body, "outlet": "Undated"})

    found = [article["id"] for page in pages(editor, 1, outlet="Undated") for article in page]

    assert sorted(found) == ["undated-a", "undated-b", "undated-c"]


def test_every_page_counts_all_of_them(client: httpx.Client) -> None:
    first = client.get("/v1/articles", params={"limit": 5}).json()
    second = client.get("/v1/articles", params={"limit": 5, "after": first["next"]}).json()

    assert first["total"] == second["total"] == 18


def test_the_list_leaves_the_bodies_out(client: httpx.Client) -> None:
    assert all("body" not in article for article in client.get("/v1/articles").json()["articles"])


@pytest.mark.parametrize(
    ("params", "meets", "many"),
    [
        ({"outlet": "CAPITAL ledger (sample)"}, lambda a: a["outlet"] == "Capital Ledger (sample)", 4),
        ({"section": ["local", "sport"]}, lambda a: a["section"] in ("local", "sport"), 4),
        ({"author": "Nadia Ferrol"}, lambda a: "Nadia Ferrol" in a["authors"], 3),
        ({"published_after": "2025-09-01"}, lambda a: a["published_at"] >= "2025-09-01", 4),
        ({"published_before": "2025-07-01"}, lambda a: a["published_at"] < "2025-07-01", 2),
        ({"outlet": "Meridian Wire (sample)", "section": "economy"}, lambda a: a["section"] == "economy", 1),
        ({"outlet": "No Such Paper"}, lambda a: False, 0),
    ],
    ids=lambda given: "" if callable(given) else str(given),
)
def test_a_list_is_limited_by_its_filters(
    params: dict[str, Any], meets: Check, many: int, client: httpx.Client
) -> None:
    page = client.get("/v1/articles", params=params).json()

    assert all(map(meets, page["articles"]))
    assert len(page["articles"]) == page["total"] == many


def test_a_range_takes_in_its_first_moment_and_leaves_out_its_last(client: httpx.Client) -> None:
    moment = client.get("/v1/articles", params={"limit": 1}).json()["articles"][0]["published_at"]

    since = client.get("/v1/articles", params={"published_after": moment}).json()["total"]
    until = client.get("/v1/articles", params={"published_before": moment}).json()["total"]

    assert (since, until) == (1, 17)


def test_the_stores_agree_after_all_of_it(editor: httpx.Client) -> None:
    put(editor, "gate-agree", "Garrow", "The gauge is wrong by a foot", "Petra Ives")
    put(editor, "gate-agree", "Garrow", "The gauge is wrong by an inch", "Petra Ives")
    editor.delete("/v1/articles/gate-agree")

    health = editor.get("/v1/library").json()

    assert (health["sound"], health["faults"]) == (True, [])


def put(client: httpx.Client, name: str, place: str, words: str, speaker: str) -> httpx.Response:
    """An article of its own place and people, so that no other test's article is like it."""
    body = f"Work on the river at {place} goes on.\n\n“{words},” said {speaker}, the warden of {place}, on Friday."
    fields = {"title": f"Warden of {place} speaks", "body": body, "outlet": f"{place} Courier"}
    return client.put(f"/v1/articles/{name}", json=fields)


def everything(client: httpx.Client, question: dict[str, Any]) -> str:
    """All that an answer and a search say."""
    answer = ask(client, question).answer
    found = client.post("/v1/search", json={"query": question["question"], "k": 100})
    shown = {name: answer[name] for name in ("text", "claims", "citations", "evidence", "abstention")}
    return f"{shown} {found.json()['results']}"


def listed(client: httpx.Client) -> set[str]:
    return {article["id"] for page in pages(client, 500) for article in page}


def pages(client: httpx.Client, limit: int, **params: str) -> list[list[dict[str, Any]]]:
    read = list[list[dict[str, Any]]]()
    asks: dict[str, str | int] = {"limit": limit, **params}
    while True:
        page = client.get("/v1/articles", params=asks).json()
        read.append(page["articles"])
        if page["next"] is None:
            return read
        asks["after"] = page["next"]


def moment_of(article: dict[str, Any]) -> float:
    return datetime.fromisoformat(article["published_at"]).timestamp()
