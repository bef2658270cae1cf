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

from ingest.sources.downloads import Download, Downloads
from ingest.sources.jsonlines import looks_like_json_lines, read_json_lines
from ingest.sources.plaintext import read_plain_text
from ingest.sources.record import Found, ReadRecords, Record, Skipped

_HEAD_BYTES = 8192
# Beginnings of files that hold no article but no NUL byte early on either.
_MAGIC = (b"%PDF-", b"\x1f\x8b", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ")


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: whether the head of a file is of it, and how its records are read."""

    name: str
    recognises: Callable[[bytes], bool]
    read: ReadRecords


READERS = (
    Reader("JSON Lines", looks_like_json_lines, read_json_lines),
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
        yield Skipped(where, missing)
        return
    before = progress.bytes_read
    try:
        with _open(path) as stream:
            for record in read_stream(stream, where="standard input" if path is None else where):
                if path is not None and path.is_file():
                    progress.bytes_read = before + min(stream.tell(), path.stat().st_size)
                yield record
    except OSError as error:
        yield Skipped(where, f"cannot be read: {error.strerror or error}")
    if path is not None and path.exists():
        progress.bytes_read = before + path.stat().st_size


def _open(path: Path | None) -> BinaryIO:
    if path is not None:
        return path.open("rb")
    return io.BufferedReader(io.FileIO(sys.stdin.fileno(), closefd=False))


def read_stream(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    """The records of one file, by the first reader that recognises it."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(io.BytesIO(stream.read()))
    head = _head(buffered)
    if not head:
        yield Skipped(where, "the file is empty")
    elif b"\x00" in head or head.startswith(_MAGIC):
        yield Skipped(where, "a binary file; plain text and JSON Lines are read")
    else:
        reader = next(reader for reader in READERS if reader.recognises(head))
        yield from reader.read(buffered, where=where)


def _head(stream: io.BufferedReader) -> bytes:
    """The first bytes that are not white space, left in the stream; none at its end. A pipe may bring them late."""
    while (head := stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]) and not head.strip():
        stream.read(len(head))
    return head
