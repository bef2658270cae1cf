"""WARC: what a crawler kept, plain and gzipped."""

from __future__ import annotations

import gzip

import pytest

from tests.ingest.sources.reading import records, skipped, titles
from tests.ingest.sources.test_html import page

PAGE = page("<title>Паром</title>", "<h1>Паром</h1>").encode("cp1251", "xmlcharrefreplace")


def record(kind: str, content: bytes, address: str = "") -> bytes:
    target = f"WARC-Target-URI: {address}\r\n" if address else ""
    content_type = "application/http; msgtype=" + kind if address else "application/warc-fields"
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}Content-Type: {content_type}\r\nContent-Length: {len(content)}"
    return f"{head}\r\n\r\n".encode() + content + b"\r\n\r\n"


def response(address: str, status: str, headers: str, payload: bytes) -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {headers}\r\nContent-Length: {len(payload)}\r\n\r\n".encode()
    return record("response", http + payload, address)


EMPTY = b"<html><title>Empty</title></html>"
RECORDS = [
    record("warcinfo", b"software: tests\r\n"),
    record("request", b"GET /1 HTTP/1.1\r\nHost: bell.example\r\n\r\n", "https://bell.example/1"),
    response("https://bell.example/1", "200 OK", "text/html; charset=windows-1251", PAGE),
    response("https://bell.example/x.png", "200 OK", "image/png", b"\x89PNG\x00\x00"),
    response("https://bell.example/gone", "404 Not Found", "text/html", PAGE),
    response("https://bell.example/empty", "200 OK", "text/html", EMPTY),
    response(
        "https://bell.example/2", "200 OK", "text/html; charset=cp1251\r\nContent-Encoding: gzip", gzip.compress(PAGE)
    ),
]


def warc(*, gzipped: bool = False) -> bytes:
    return b"".join(gzip.compress(each) if gzipped else each for each in RECORDS)


def test_pages_that_answered_with_html_are_read_with_their_address() -> None:
    found = [record.article for record in records(warc()) if hasattr(record, "article")]

    assert [each.url for each in found] == ["https://bell.example/1", "https://bell.example/2"]
    assert {each.title for each in found} == {"Паром"}


def test_a_page_without_an_article_is_skipped_with_number_and_address() -> None:
    assert [(each.where, each.reason) for each in skipped(warc())] == [
        ("news#6 (https://bell.example/empty)", "no article text in the page")
    ]


def test_a_gzipped_file_is_read_record_by_record() -> None:
    assert titles(warc(gzipped=True)) == ["Паром", "Паром"]


def test_a_damaged_record_is_skipped_and_the_next_ones_are_read() -> None:
    data = warc()
    second = data.index(b"WARC/1.", 10)
    broken = (
        data[:second] + b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: none\r\n\r\nxx\r\n\r\n" + data[second:]
    )

    assert titles(broken) == ["Паром", "Паром"]


def test_what_is_no_record_between_records_loses_only_itself() -> None:
    data = warc()
    third = len(RECORDS[0] + RECORDS[1])

    assert titles(data[:third] + b"no record at all\r\n\r\n" + data[third:]) == ["Паром", "Паром"]


def test_a_file_cut_within_a_record_keeps_the_pages_before() -> None:
    assert titles(warc()[:-600])[:1] == ["Паром"]
    assert titles(warc(gzipped=True)[:-300])[:1] == ["Паром"]


def test_a_record_whose_length_is_wrong_is_reported_here_and_not_on_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    unknown = RECORDS[5].replace(b"Content-Length: ", b"X: ", 1)
    short = RECORDS[0].replace(b"Content-Length: 17", b"Content-Length: 9")

    found = skipped(short + RECORDS[2] + unknown)

    assert [(each.where, each.reason) for each in found] == [
        ("news#2", "before this record, bytes that belong to none: a length is wrong"),
        ("news#3", "no Content-Length: where the record ends is not known"),
    ]
    assert capsys.readouterr().err == ""
