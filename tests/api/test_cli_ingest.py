"""`onrecord ingest` as a user runs it: dry runs, strictness, what the report says."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.api.test_cli import KEPT, document, text_article
from tests.serving import Served, onrecord


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def test_a_dry_run_makes_no_library(library: Path, tmp_path: Path) -> None:
    article = text_article(tmp_path, "seals", "Nine seals at Sarn")

    report = document("ingest", article, tmp_path / "missing.txt", "--dry-run", "--library", library)

    assert (report["new"], report["passages"], report["dry_run"]) == (1, 1, True)
    assert report["skipped_by"] == {"unreadable": 1}
    assert not library.exists()


def test_a_dry_run_compares_with_the_library_and_changes_nothing_in_it(library: Path, tmp_path: Path) -> None:
    old = text_article(tmp_path, "old", "Nine seals at Sarn")
    new = text_article(tmp_path, "new", "Ten seals at Sarn")
    document("ingest", old, "--library", library)
    before = bytes_of(library)

    ran = onrecord("ingest", old, new, "--dry-run", "--library", library)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("dry run, nothing stored: 1 new, 0 updated, 1 unchanged, 0 skipped; 1 passages in ")
    assert bytes_of(library) == before


def bytes_of(library: Path) -> dict[str, bytes]:
    """Every file but the lock, SQLite's scratch files, and the one in which Chroma counts its openings."""
    return {
        str(file.relative_to(library)): file.read_bytes()
        for file in library.rglob("*")
        if file.is_file() and file.name not in ("lock", "chroma.sqlite3") and not file.name.endswith(("-wal", "-shm"))
    }


def test_a_dry_run_beside_a_server_asks_it_and_stores_nothing(
    desk: Served, editor: httpx.Client, tmp_path: Path
) -> None:
    old = text_article(tmp_path, "old", "A ferry for Ostrand", "The ferry to Ostrand sails again from Friday morning.")
    new = text_article(tmp_path, "new", "A quay for Ostrand", "Masons began to mend the north quay of Ostrand in May.")
    short = text_article(tmp_path, "short", "Nine", "Hello")
    document("ingest", old, "--library", desk.library)
    before = editor.get("/v1/articles").json()["total"]

    report = document("ingest", old, new, short, "--dry-run", "--library", desk.library)
    after = editor.get("/v1/articles").json()["total"]
    stored = document("ingest", old, new, short, "--library", desk.library)

    assert (report["new"], report["unchanged"], report["dry_run"]) == (1, 1, True)
    assert after == before
    assert (stored["new"], stored["unchanged"], stored["dry_run"]) == (1, 1, False)
    assert report["skipped"] == stored["skipped"]
    assert report["skipped_by"] == {"too_short": 1}


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)])
def test_strict_fails_where_anything_was_skipped(
    library: Path, tmp_path: Path, strict: tuple[str, ...], code: int
) -> None:
    good = text_article(tmp_path, "seals", "Nine seals at Sarn")

    ran = onrecord("ingest", good, tmp_path / "missing.txt", *strict, "--library", library)

    assert ran.code == code
    assert "1 new, 0 updated, 0 unchanged, 1 skipped (1 unreadable); 1 passages" in ran.out


def test_strict_is_content_where_nothing_was_skipped(library: Path, tmp_path: Path) -> None:
    assert onrecord("ingest", text_article(tmp_path, "a", "Seals"), "--strict", "--library", library).code == 0


def test_nothing_read_fails_also_in_a_dry_run(library: Path, tmp_path: Path) -> None:
    assert onrecord("ingest", tmp_path / "missing.txt", "--dry-run", "--library", library).code == 1


def test_an_article_without_a_title_is_taken_in_and_said_to_be_one(library: Path, tmp_path: Path) -> None:
    file = tmp_path / "untitled.jsonl"
    file.write_text(json.dumps({"body": f"{KEPT} " * 6, "url": "https://sarn.example/seals"}))

    ran = onrecord("ingest", file, "--library", library)

    assert ran.code == 0
    assert "1 without a title: their first sentence serves" in ran.out
    listed = document("articles", "list", "--library", library)
    assert [article["title"] for article in listed["articles"]] == [KEPT]
