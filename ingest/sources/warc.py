"""WARC: what a crawler kept; each page that answered 200 with HTML, through the HTML reader.

Other records (requests, images, redirects) are no articles and pass without a word. `.warc.gz` comes through
`ingest.sources.compressed`, so that here the stream is always plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.sources.html import html_record
from ingest.sources.record import Record, Skipped

_MAX_PAGE_BYTES = 8_000_000
_HTML = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


def looks_like_warc(head: bytes) -> bool:
    return head.startswith(b"WARC/1.")


def read_warc(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    """A record for each page, as `where#n (address)`, n counting all records of the file."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    source: Any = _Resumed(b"", stream)
    while source is not None:
        records = ArchiveIterator(source, check_digests=False)
        # It would write to the terminal what it cannot place; it is counted, and reported like every other damage.
        records.INC_RECORD = ""
        strays = 0
        try:
            for record in records:
                number += 1
                if records.err_count > strays:
                    yield Skipped(
                        f"{where}#{number}", "before this record, bytes that belong to none: a length is wrong"
                    )
                    strays = records.err_count
                if not (record.rec_headers.get_header("Content-Length") or "").isdigit():
                    yield Skipped(f"{where}#{number}", "no Content-Length: where the record ends is not known")
                elif found := _page(record, f"{where}#{number}"):
                    yield found
            return
        except OSError:
            raise
        except (ArchiveLoadFailed, ValueError, EOFError, AttributeError, TypeError, KeyError, IndexError) as error:
            number += 1
            yield Skipped(f"{where}#{number}", f"a damaged record: {' '.join(str(error).split())[:120]}")
        source = _next_record(records.reader)


def _page(record: Any, where: str) -> Record | None:
    if record.rec_type != "response" or record.http_headers is None:
        return None
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    kind = record.http_headers.get_header("Content-Type") or ""
    if record.http_headers.get_statuscode() != "200" or not kind.lower().startswith(_HTML):
        return None
    place = f"{where} ({url[:200]})"
    data = _read(record.content_stream(), _MAX_PAGE_BYTES + 1)
    if len(data) > _MAX_PAGE_BYTES:
        return Skipped(place, f"larger than {_MAX_PAGE_BYTES // 1_000_000} MB: not one page", "too_large")
    charset = _CHARSET.search(kind)
    return html_record(data, where=place, url=url or None, charset=charset[1] if charset else None)


def _read(stream: Any, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _next_record(reader: Any) -> Any:
    """A stream that begins at the next record, or None where there is none."""
    while line := reader.readline():
        if line.startswith(b"WARC/1."):
            return _Resumed(line, reader)
    return None


class _Resumed:
    """What was read already, then the rest."""

    def __init__(self, line: bytes, rest: Any) -> None:
        self._line, self._rest = line, rest

    def tell(self) -> int:
        # warcio asks for its own messages only.
        return 0

    def read(self, size: int = -1) -> bytes:
        if self._line:
            taken = self._line if size < 0 else self._line[:size]
            self._line = self._line[len(taken) :]
            return taken
        # What is there, and no more: a read that waits for all of it would lose what comes before damage.
        read = getattr(self._rest, "read1", self._rest.read)
        data: bytes = read(size)
        return data
