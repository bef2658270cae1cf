"""The table of readers: how a stream becomes records.

A format is told by its content, not by its name. To add one: a file here, and a line in `READERS`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ingest.sources.compressed import looks_compressed, members
from ingest.sources.csv_rows import looks_like_csv, read_csv
from ingest.sources.feeds import read_feed
from ingest.sources.html import read_html
from ingest.sources.json_document import looks_like_json, read_json
from ingest.sources.jsonlines import looks_like_json_lines, read_json_lines
from ingest.sources.markdown import looks_like_markdown, read_markdown
from ingest.sources.newsml import read_newsml
from ingest.sources.parquet import looks_like_parquet, read_parquet
from ingest.sources.plaintext import read_plain_text
from ingest.sources.record import Read, ReadRecords, Skipped
from ingest.sources.sitemaps import read_sitemap
from ingest.sources.unread import looks_binary, skip_binary, skip_xml
from ingest.sources.warc import looks_like_warc, read_warc
from ingest.sources.xml_kind import (
    looks_like_feed,
    looks_like_html,
    looks_like_newsml,
    looks_like_sitemap,
    looks_like_xml,
)

_HEAD_BYTES = 8192
# A zip of gzipped files is common; what is packed deeper is a bomb or a mistake.
_MAX_PACKED = 2


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: whether the head of a file is of it, and how its records are read."""

    name: str
    recognises: Callable[[bytes], bool]
    read: ReadRecords


# The first that recognises the head reads the file.
READERS = (
    Reader("Parquet", looks_like_parquet, read_parquet),
    Reader("WARC", looks_like_warc, read_warc),
    Reader("binary", looks_binary, skip_binary),
    Reader("NewsML-G2", looks_like_newsml, read_newsml),
    Reader("RSS, Atom", looks_like_feed, read_feed),
    Reader("sitemap", looks_like_sitemap, read_sitemap),
    Reader("HTML", looks_like_html, read_html),
    Reader("XML of other kinds", looks_like_xml, skip_xml),
    Reader("JSON", looks_like_json, read_json),
    Reader("JSON Lines", looks_like_json_lines, read_json_lines),
    Reader("CSV", looks_like_csv, read_csv),
    Reader("Markdown", looks_like_markdown, read_markdown),
    Reader("plain text", lambda head: True, read_plain_text),
)


def read_stream(stream: BinaryIO, *, where: str, packed: int = 0) -> Iterator[Read]:
    """The records of one file, by the first reader that recognises it; unpacked first where it is compressed."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(io.BytesIO(stream.read()))
    head = _head(buffered)
    if not head:
        yield Skipped(where, "it is empty", "empty")
    elif looks_compressed(head):
        yield from _read_packed(buffered, head, where=where, packed=packed + 1)
    else:
        yield from reader_of(head).read(buffered, where=where)


def reader_of(head: bytes) -> Reader:
    """The reader for what begins so, where it is not compressed."""
    return next(reader for reader in READERS if reader.recognises(head))


def _read_packed(stream: io.BufferedReader, head: bytes, *, where: str, packed: int) -> Iterator[Read]:
    if packed > _MAX_PACKED:
        yield Skipped(where, f"compressed more than {_MAX_PACKED} times over; unpack it first", "too_large")
        return
    try:
        with members(stream, head, where=where) as found:
            for member in found:
                try:
                    yield from read_stream(member.stream, where=member.where, packed=packed)
                except OSError as error:
                    yield Skipped(member.where, str(error), "unreadable")
    except OSError as error:
        yield Skipped(where, str(error), "unreadable")


def _head(stream: io.BufferedReader) -> bytes:
    """The first bytes that are not white space, left in the stream; none at its end. A pipe may bring them late."""
    while (head := stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]) and not head.strip():
        stream.read(len(head))
    return head
