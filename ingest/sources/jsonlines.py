"""JSON Lines: one object a line, its field names matched leniently (see `ingest.fields`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from ingest.sources.json_records import json_records
from ingest.sources.record import Record, Skipped

_MAX_LINE_BYTES = 32_000_000


def looks_like_json_lines(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_json_lines(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    """One record a line, read as it streams; a broken line is skipped alone."""
    number = 0
    while line := stream.readline(_MAX_LINE_BYTES):
        number += 1
        place = f"{where}:{number}"
        if len(line) == _MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := stream.readline(_MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield Skipped(place, f"the line is longer than {_MAX_LINE_BYTES // 1_000_000} MB", "too_large")
        elif line.strip():
            yield from _records(line, place)


def _records(line: bytes, place: str) -> Iterator[Record]:
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        yield Skipped(place, f"not UTF-8: byte {error.start} of the line is 0x{line[error.start]:02x}")
        return
    except (ValueError, RecursionError) as error:
        yield Skipped(place, f"broken JSON: {error}")
        return
    if isinstance(fields, dict):
        yield from json_records(fields, where=place)
    else:
        yield Skipped(place, "the line is JSON but not an object with title, body, ...")
