"""Addresses named as sources: fetched, then read as files are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.sources.downloads import Download, downloaded
from ingest.sources.readers import Progress, read_sources
from ingest.sources.record import Found, Record, Skipped
from tests.ingest.site import Answers, Page, Site, fetcher, redirect, running
from tests.running import run

TEXT = "Ministers meet\n\nThey agreed to meet again."


def records(pages: dict[str, Answers], *paths: str | Path, **settings: Any) -> tuple[list[Record], Site]:
    """What is read where these are the sources: a path of the site with these pages, an address, or a file."""

    async def work() -> tuple[list[Record], Site]:
        async with running(Site()) as site:
            site.pages |= pages
            sources = [
                site.url(path) if str(path)[:1] == "/" and isinstance(path, str) else str(path) for path in paths
            ]
            async with fetcher(site, **settings) as one, downloaded(sources, one) as downloads:
                return list(read_sources(sources, Progress(), downloads)), site

    return run(work())


def articles(found: list[Record]) -> list[tuple[str, str | None]]:
    return [(record.article.title, record.article.url) for record in found if isinstance(record, Found)]


def test_a_page_is_read_by_its_content_and_has_the_address_that_it_was_found_at() -> None:
    found, site = records({"/old": redirect("/new"), "/new": Page(TEXT.encode())}, "/old")

    assert articles(found) == [("Ministers meet", site.url("/new"))]
    assert found[0].where == site.url("/old")


def test_many_records_of_one_address_do_not_share_it() -> None:
    lines = (
        b'{"title": "One", "body": "First."}\n{"title": "Two", "body": "Second."}\n{"title": "Three", "body": "x"}\n'
    )

    found, _ = records({"/all.jsonl": Page(lines)}, "/all.jsonl")

    assert articles(found) == [("One", None), ("Two", None), ("Three", None)]


def test_a_record_that_states_its_address_keeps_it() -> None:
    line = b'{"title": "One", "body": "First.", "url": "https://post.example/1"}\n'

    found, _ = records({"/one.jsonl": Page(line)}, "/one.jsonl")

    assert articles(found) == [("One", "https://post.example/1")]


def test_a_page_in_another_charset_is_read() -> None:
    page = Page(
        "Переговоры\n\nСтороны договорились.".encode("cp1251"),
        headers={"Content-Type": "text/plain; charset=windows-1251"},
    )

    found, site = records({"/a": page}, "/a")

    assert articles(found) == [("Переговоры", site.url("/a"))]


def test_what_cannot_be_fetched_is_skipped_with_the_reason_in_its_place() -> None:
    pages: dict[str, Answers] = {"/a": Page(TEXT.encode())}

    found, site = records(
        pages, "/gone", "http://10.0.0.5/", "ftp://post.example/", "/a", "http://me:secret@x.example/"
    )

    assert isinstance(found[3], Found)
    skipped = [record for record in found if isinstance(record, Skipped)]
    assert [s.where for s in skipped[:3]] == [site.url("/gone"), "http://10.0.0.5/", "ftp://post.example/"]
    says = ("answers 404", "not on the public internet", "not an http or https address", "user name")
    assert all(words in s.reason for words, s in zip(says, skipped, strict=True))


def test_files_and_addresses_are_read_in_the_order_given(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("From a file\n\nIts text.")

    found, _ = records({"/a": Page(TEXT.encode())}, tmp_path, "/a")

    assert [title for title, _ in articles(found)] == ["From a file", "Ministers meet"]


def test_an_address_named_twice_is_fetched_once() -> None:
    _, site = records({"/a": Page(TEXT.encode())}, "/a", "/a")

    assert site.paths() == ["/a"]


def test_nothing_is_left_on_the_disk() -> None:
    async def work() -> Path:
        async with running(Site()) as site:
            site.pages["/a"] = Page(TEXT.encode())
            async with fetcher(site) as one, downloaded([site.url("/a")], one) as downloads:
                download = downloads[site.url("/a")]
                assert isinstance(download, Download)
                assert download.path.read_bytes() == TEXT.encode()
                return download.path

    path = run(work())

    assert not path.parent.exists()
