"""Files and addresses sent to a server: stored like those of the command, with progress where it is wanted."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.serving import Served

PAGE = b"""<!doctype html><html lang="en"><head><title>Lamps of Quellmouth lit again</title>
<meta property="og:site_name" content="Quellmouth Mail (sample)">
<meta property="article:published_time" content="2025-09-03T08:00:00+00:00"></head><body><article>
<h1>Lamps of Quellmouth lit again</h1>
<p>The lamps on the pier of Quellmouth were lit again on Wednesday after eleven dark winters.</p>
<p>The harbour master, Oda Brandt, said that the town had paid for them with a tax on ferry tickets.</p>
</article></body></html>"""


def row(n: int) -> dict[str, str]:
    return {
        "title": f"Pier report {n} of Quellmouth",
        "body": f"Report {n}: the planks of section {n} on the pier were counted on Monday. Carpenters replaced {n + 2} of them.",
        "outlet": "Quellmouth Mail (sample)",
        "published_at": "2025-09-04",
    }


def send(editor: httpx.Client, *files: tuple[str, bytes], **fields: Any) -> httpx.Response:
    return editor.post("/v1/ingest", files=[("files", file) for file in files] or {"": b""}, data=fields)


def test_files_of_any_format_are_stored_and_can_be_asked(editor: httpx.Client) -> None:
    lines = gzip.compress(b"\n".join(json.dumps(row(n)).encode() for n in range(3)))

    report = send(editor, ("lamps.html", PAGE), ("rows.bin", lines)).json()

    assert (report["new"], report["skipped"]) == (4, [])
    answer = editor.post("/v1/ask", json={"question": "Who is the harbour master of Quellmouth?"}).json()
    assert "Oda Brandt" in answer["text"]
    assert answer["citations"][0]["article"]["outlet"] == "Quellmouth Mail (sample)"
    again = send(editor, ("lamps.html", PAGE), ("rows.bin", lines)).json()
    assert (again["new"], again["unchanged"]) == (0, 4)


def test_what_cannot_be_read_is_named_as_it_was_sent(editor: httpx.Client) -> None:
    rows = json.dumps(row(40)).encode() + b'\n{"title": "no body"}\n{broken\n'

    report = send(editor, ("../../etc/desk.jsonl", rows), ("photo.png", b"\x89PNG\r\n\x1a\n\x00\x00")).json()

    assert report["new"] == 1
    wheres = [skipped["where"] for skipped in report["skipped"]]
    assert wheres[-1] == "photo.png"
    assert all(where.startswith("desk.jsonl") for where in wheres[:-1])
    assert len(wheres) == 3


def test_a_dry_run_stores_nothing(editor: httpx.Client) -> None:
    before = editor.get("/v1/articles").json()["total"]
    report = send(editor, ("new.json", json.dumps(row(50)).encode()), dry_run="true").json()
    assert (report["new"], report["dry_run"]) == (1, True)
    assert editor.get("/v1/articles").json()["total"] == before


def test_progress_is_told_and_then_the_report(editor: httpx.Client) -> None:
    rows = b"\n".join(json.dumps(row(100 + n)).encode() for n in range(120))
    with editor.stream("POST", "/v1/ingest", files={"files": ("many.jsonl", rows)}, data={"stream": "true"}) as reply:
        lines = list(reply.iter_lines())
    events = [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in pairwise(lines)
        if name.startswith("event:")
    ]
    assert [name for name, _ in events[:-1]] == ["progress"] * (len(events) - 1)
    assert events[-2][1] == {"articles": 120, "bytes_read": len(rows), "bytes_total": len(rows)}
    assert (events[-1][0], events[-1][1]["new"]) == ("report", 120)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "at least one of `files`"),
        ({"url": "outlet.example/story"}, "no address"),
        ({"url": ["https://outlet.example/"] * 21}, "at most 20"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_would_be_right(
    editor: httpx.Client, fields: dict[str, Any], told: str
) -> None:
    reply = editor.post("/v1/ingest", data=fields or {"dry_run": "false"})
    assert reply.status_code == 422
    assert told in reply.json()["detail"]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://[::1]/", "file:///etc/passwd", "http://169.254.169.254/"]
)
def test_no_address_reaches_into_the_machine(editor: httpx.Client, url: str) -> None:
    reply = editor.post("/v1/ingest", data={"url": url})
    assert reply.status_code == 422
    assert "root:" not in reply.text


def test_a_stream_whose_sources_cannot_be_read_ends_with_the_problem(editor: httpx.Client) -> None:
    with editor.stream("POST", "/v1/ingest", data={"url": "http://127.0.0.1:1/", "stream": "true"}) as reply:
        lines = list(reply.iter_lines())
    problem = json.loads(lines[lines.index("event: error") + 1].removeprefix("data: "))
    assert (problem["status"], problem["instance"]) == (422, "/v1/ingest")


def test_nothing_that_was_sent_stays_on_the_disk(editor: httpx.Client, desk: Served) -> None:
    send(editor, ("kept.json", json.dumps(row(60)).encode()))
    assert list((desk.library.parent / "passing").rglob("kept.json")) == []
