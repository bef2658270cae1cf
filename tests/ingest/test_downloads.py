"""Addresses named as sources: fetched, then read as files are."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest

from ingest.sources.downloads import door
from ingest.sources.opening import Progress, read_sources
from ingest.sources.record import Found, Record, Skipped
from rag.settings import FetchSettings
from tests.ingest.site import Answers, Page, Site, fetcher, redirect, running
from tests.ingest.sources import reading
from tests.ingest.sources.test_warc import warc
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
            async with fetcher(site, **settings) as one, door(one, FetchSettings(**settings)) as opened:
                return await asyncio.to_thread(lambda: list(read_sources(sources, Progress(), opened))), site

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


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    found, _ = records({"/a": Page(TEXT.encode())}, "/a", "/gone")

    assert len(found) == 2
    assert list(tmp_path.iterdir()) == []


def test_an_address_is_fetched_when_its_turn_is_near() -> None:
    async def work() -> None:
        async with running(Site()) as site:
            site.pages |= {f"/{n}": Page(TEXT.encode()) for n in range(9)}
            async with fetcher(site) as one, door(one, FetchSettings()) as opened:
                reading = read_sources([site.url(f"/{n}") for n in range(9)], Progress(), opened)
                await asyncio.to_thread(next, reading)
                assert "/8" not in site.paths()
                assert len(await asyncio.to_thread(list, reading)) == 8

    run(work())


def test_a_download_may_be_larger_than_a_page_and_has_a_limit_of_its_own() -> None:
    lines = b"".join(b'{"title": "One", "body": "%06d and so on."}\n' % n for n in range(9000))

    found, _ = records({"/all": Page(lines)}, "/all", max_body_mb=0.1)
    refused, _ = records({"/all": Page(lines)}, "/all", max_download_mb=0.1)

    assert len(articles(found)) == 9000
    assert isinstance(refused[0], Skipped)
    assert "larger than 100,000 bytes; see ONRECORD_FETCH__MAX_DOWNLOAD_MB" in refused[0].reason


def test_a_large_text_in_another_charset_is_read() -> None:
    text = "Переговоры\n\n" + "Стороны договорились о встрече.\n" * 60_000
    page = Page(text.encode("cp1251"), headers={"Content-Type": "text/plain; charset=windows-1251"})

    found, _ = records({"/a": page}, "/a")

    assert isinstance(found[0], Found)
    assert found[0].article.title == "Переговоры"
    assert found[0].article.body.count("Стороны договорились о встрече.") == 60_000


def test_a_compressed_file_and_a_web_archive_are_kept_byte_for_byte() -> None:
    line = b'{"title": "One", "body": "Caf\xe9 is not UTF-8 in this archive."}\n'
    headers = {"Content-Type": "text/plain; charset=iso-8859-1"}

    found, _ = records(
        {
            "/a.gz": Page(gzip.compress(line.replace(b"\xe9", b"e")), headers=headers),
            "/b": Page(warc(), headers=headers),
        },
        "/a.gz",
        "/b",
    )

    assert len([record for record in found if isinstance(record, Found)]) == 1 + len(
        [record for record in reading.records(warc()) if isinstance(record, Found)]
    )


def test_without_a_door_no_address_is_read() -> None:
    (found,) = read_sources(["https://post.example/a"], Progress())

    assert found == Skipped("https://post.example/a", "an address, and nothing is fetched here", "unreadable")
