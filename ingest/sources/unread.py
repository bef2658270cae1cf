"""What is no article in any format that is read: said so, with what is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ingest.sources.record import Record, Skipped
from ingest.sources.xml_kind import root_name

_HEAD_BYTES = 8192
# Beginnings of files that hold no article but no NUL byte early on either.
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BZh", b"Rar!", b"7z\xbc\xaf")


def looks_binary(head: bytes) -> bool:
    return b"\x00" in head or head.startswith(_MAGIC)


def skip_binary(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    yield Skipped(where, "a binary file of a kind that is not read", "format")


def skip_xml(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    root = root_name(stream.read(_HEAD_BYTES)).decode("ascii", "replace") or "none"
    yield Skipped(
        where,
        f"XML of a kind that is not read (its root: {root}); RSS, Atom, sitemaps, NewsML-G2 and XHTML are",
        "format",
    )
