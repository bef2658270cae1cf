"""A stored citation is read again: whether its revision still stands, what changed since, and where its words are now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

OLD = "The lock at Corrie opens at six.\n\n“It is cold,” said Ane Moor, its keeper.\n\nBarges wait in the basin."
NEW = "The lock at Corrie opens at nine.\n\nIt is new.\n\n“It is cold,” said Ane Moor, its keeper."


def put(editor: httpx.Client, article_id: str, *bodies: str) -> None:
    for n, body in enumerate(bodies, 1):
        response = editor.put(f"/v1/articles/{article_id}", json={"title": f"Lock, take {n}", "body": body})
        assert response.json()["revision"] == n


def cite(editor: httpx.Client, article_id: str, revision: int, start: int, end: int) -> httpx.Response:
    where = {"revision": revision, "start": start, "end": end}
    return editor.get(f"/v1/articles/{article_id}/citation", params=where)


def words(body: str, span: dict[str, int]) -> str:
    return body[span["start"] : span["end"]]


def test_a_citation_of_the_current_revision_is_not_superseded(editor: httpx.Client) -> None:
    put(editor, "lock-one", OLD)

    cited = cite(editor, "lock-one", 1, 34, 74).json()

    assert cited["quote"] == OLD[34:74]
    assert cited["superseded"] is None


def test_a_superseded_citation_says_by_what_since_when_what_changed_and_where_its_words_stand(
    editor: httpx.Client,
) -> None:
    before = datetime.now(UTC)
    put(editor, "lock-two", OLD, NEW, NEW + " Quite new.")
    said = "“It is cold,” said Ane Moor, its keeper."
    start = OLD.index(said)

    cited = cite(editor, "lock-two", 1, start, start + len(said)).json()

    gone = cited["superseded"]
    now = editor.get("/v1/articles/lock-two").json()["body"]
    assert (cited["quote"], cited["article"]["title"], cited["article"]["revision"]) == (said, "Lock, take 1", 1)
    assert (gone["by"], gone["current"]) == (2, 3)
    assert before <= datetime.fromisoformat(gone["at"]) <= datetime.now(UTC)
    assert words(now, gone["stands"]) == cited["quote"]
    changed = [(change["removed"], change["added"]) for change in gone["changes"]]
    assert changed == [("six", "nine.\n\nIt is new"), ("\n\nBarges wait in the basin", " Quite new")]
    for change in gone["changes"]:
        assert words(OLD, change["old"]) == change["removed"]
        assert words(now, change["new"]) == change["added"]


def test_words_that_were_taken_out_stand_nowhere(editor: httpx.Client) -> None:
    put(editor, "lock-gone", OLD, NEW)
    start = OLD.index("Barges")

    cited = cite(editor, "lock-gone", 1, start, len(OLD)).json()

    assert cited["quote"] == "Barges wait in the basin."
    assert cited["superseded"]["stands"] is None


def test_the_revisions_are_listed_with_what_each_changed(editor: httpx.Client) -> None:
    put(editor, "lock-list", OLD, OLD.replace("six", "seven"))

    listed = editor.get("/v1/articles/lock-list/revisions").json()

    first, second = listed["revisions"]
    assert (first["revision"], first["title"], first["current"], first["changes"]) == (1, "Lock, take 1", False, [])
    assert (second["revision"], second["current"]) == (2, True)
    assert [(c["removed"], c["added"]) for c in second["changes"]] == [("six", "seven")]
    assert first["recorded_at"] < second["recorded_at"]


@pytest.mark.parametrize(
    ("where", "status", "told"),
    [
        ((1, 10, 500), 422, "[10, 500) is no span of revision 1, which has"),
        ((1, 10, 10), 422, "is no span of revision 1"),
        ((2, 0, 5), 404, "has no revision 2"),
        ((0, 0, 5), 422, "revision"),
    ],
)
def test_a_citation_that_points_nowhere_is_told_so(
    editor: httpx.Client, where: tuple[int, int, int], status: int, told: str
) -> None:
    editor.put("/v1/articles/lock-wrong", json={"title": "Lock", "body": OLD})

    response = cite(editor, "lock-wrong", *where)

    assert response.status_code == status
    assert told in response.json()["detail"]


def test_a_withdrawn_article_has_no_revisions_and_no_citations(editor: httpx.Client) -> None:
    put(editor, "lock-down", OLD)
    editor.delete("/v1/articles/lock-down")

    assert editor.get("/v1/articles/lock-down/revisions").status_code == 404
    assert cite(editor, "lock-down", 1, 0, 5).status_code == 404


def test_an_article_is_purged_also_after_it_was_withdrawn(editor: httpx.Client) -> None:
    put(editor, "lock-purged", OLD)
    editor.delete("/v1/articles/lock-purged")

    answers = [editor.delete("/v1/articles/lock-purged", params={"purge": "true"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    again = editor.put("/v1/articles/lock-purged", json={"title": "Lock", "body": OLD})
    assert again.status_code == 409
    unknown = editor.delete("/v1/articles/lock-nowhere", params={"purge": "true"})
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "no article 'lock-nowhere' was ever stored")


def test_an_article_under_embargo_is_stored_and_shown_nowhere(editor: httpx.Client) -> None:
    body: dict[str, Any] = {"title": "Quoin of Tarn", "body": OLD.replace("Corrie", "Tarn"), "embargoed": "2031-01-01"}

    response = editor.put("/v1/articles/lock-embargo", json=body)

    assert (response.status_code, response.json()["outcome"]) == (201, "new")
    assert editor.get("/v1/articles/lock-embargo").status_code == 404
    found = editor.post("/v1/search", json={"query": "lock Tarn quoin", "k": 50}).json()
    assert "lock-embargo" not in {result["article"]["id"] for result in found["results"]}
    editor.put("/v1/articles/lock-embargo", json=body | {"embargoed": "2025-01-01"})
    assert editor.get("/v1/articles/lock-embargo").status_code == 200
