"""The table of readers, and how a source (a file, a folder, an address, `-`) becomes streams for them.

A format is told by its content, not by its name. To add one: a file here, and a line in `READERS`.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from ingest.sources.compressed import looks_compressed, members
from ingest.sources.csv_rows import looks_like_csv, read_csv
from ingest.sources.downloads import Download, Downloads
from ingest.sources.feeds import read_feed
from ingest.sources.html import read_html
from ingest.sources.json_document import looks_like_json, read_json
from ingest.sources.jsonlines import looks_like_json_lines, read_json_lines
from ingest.sources.markdown import looks_like_markdown, read_markdown
from ingest.sources.newsml import read_newsml
from ingest.sources.parquet import looks_like_parquet, read_parquet
from ingest.sources.plaintext import read_plain_text
from ingest.sources.record import Found, ReadRecords, Record, Skipped
from ingest.sources.unread import looks_binary, skip_binary, skip_xml
from ingest.sources.warc import looks_like_warc, read_warc
from ingest.sources.xml_kind import looks_like_feed, looks_like_html, looks_like_newsml, looks_like_xml

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
    Reader("HTML", looks_like_html, read_html),
    Reader("XML of other kinds", looks_like_xml, skip_xml),
    Reader("JSON", looks_like_json, read_json),
    Reader("JSON Lines", looks_like_json_lines, read_json_lines),
    Reader("CSV", looks_like_csv, read_csv),
    Reader("Markdown", looks_like_markdown, read_markdown),
    Reader("plain text", lambda head: True, read_plain_text),
)


@dataclass(slots=True)
class Progress:
    """How far a run has read: bytes of files, where known."""

    bytes_total: int = 0
    bytes_read: int = 0


def read_sources(
    sources: Sequence[str], progress: Progress, downloads: Downloads = MappingProxyType({})
) -> Iterator[Record]:
    """Every record of every source, in order; folders are read in depth, in order of name.

    An address is read from its download, which has to be there.
    """
    files: list[tuple[str, Path | None]] = []
    for source in sources:
        download = downloads.get(source)
        files.extend([(source, download.path)] if isinstance(download, Download) else _files(source))
    progress.bytes_total = sum(path.stat().st_size for _, path in files if path is not None)
    for where, path in files:
        download = downloads.get(where)
        if isinstance(download, Skipped):
            yield download
        elif download is not None:
            yield from _with_address(_read_file(where, path, progress), download.url)
        else:
            yield from _read_file(where, path, progress)


def _with_address(records: Iterator[Record], url: str) -> Iterator[Record]:
    """One article alone is the page itself, and has its address where it does not say another."""
    first, second = next(records, None), next(records, None)
    if isinstance(first, Found) and second is None and not first.article.url:
        first = replace(first, article=replace(first.article, url=url))
    yield from (record for record in (first, second) if record is not None)
    yield from records


def _files(source: str) -> Iterator[tuple[str, Path | None]]:
    path = Path(source)
    if source == "-" or not path.is_dir():
        # A path that does not exist is reported when its turn comes, with the others still read.
        readable = source != "-" and (path.is_file() or path.is_fifo() or path.is_char_device())
        yield source, path if readable else None
        return
    found = False
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if file.is_file() and not hidden:
            found = True
            yield str(file), file
    if not found:
        yield source, None


def _read_file(where: str, path: Path | None, progress: Progress) -> Iterator[Record]:
    if path is None and where != "-":
        missing = "a folder without a file in it" if Path(where).is_dir() else "no such file or folder"
        yield Skipped(where, missing, "unreadable")
        return
    before = progress.bytes_read
    try:
        with _open(path) as stream:
            for record in read_stream(stream, where="standard input" if path is None else where):
                if path is not None and path.is_file():
                    progress.bytes_read = before + min(stream.tell(), path.stat().st_size)
                yield record
    except OSError as error:
        yield Skipped(where, f"cannot be read: {error.strerror or error}", "unreadable")
    if path is not None and path.exists():
        progress.bytes_read = before + path.stat().st_size


def _open(path: Path | None) -> BinaryIO:
    if path is not None:
        return path.open("rb")
    return io.BufferedReader(io.FileIO(sys.stdin.fileno(), closefd=False))


def read_stream(stream: BinaryIO, *, where: str, packed: int = 0) -> Iterator[Record]:
    """The records of one file, by the first reader that recognises it; unpacked first where it is compressed."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(io.BytesIO(stream.read()))
    head = _head(buffered)
    if not head:
        yield Skipped(where, "the file is empty", "empty")
    elif looks_compressed(head):
        yield from _read_packed(buffered, head, where=where, packed=packed + 1)
    else:
        reader = next(reader for reader in READERS if reader.recognises(head))
        yield from reader.read(buffered, where=where)


def _read_packed(stream: io.BufferedReader, head: bytes, *, where: str, packed: int) -> Iterator[Record]:
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
