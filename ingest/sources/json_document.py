"""JSON: one object, an array of objects, or an object that holds the array under articles, items, docs or data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from ingest.sources.json_records import WRAPPERS, json_records
from ingest.sources.record import Record, Skipped
from ingest.sources.whole import whole

_ARRAY = re.compile(rb"\[\s*[{\]]")
_WRAPPED = re.compile(rb'"(?:' + "|".join(WRAPPERS).encode() + rb')"\s*:\s*\[\s*\{')
_NOT_ENDED = (b"{", b"[", b",", b":")


def looks_like_json(head: bytes) -> bool:
    """Whether the head is of one JSON document, rather than of an object a line."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _ARRAY.match(head):
        return True
    if not head.startswith(b"{"):
        return False
    first, line_break, rest = head.partition(b"\n")
    if not line_break:
        return _WRAPPED.search(head) is not None
    first = first.rstrip()
    # A broken line of JSON Lines may end anywhere too, but then the next one begins an object.
    return first.endswith(_NOT_ENDED) and (first.endswith(b"[") or not rest.lstrip().startswith(b"{"))


def read_json(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    """Each object as a record, `where#n` where there are several."""
    data = whole(stream, where=where, advice="write it as JSON Lines, an object a line")
    if isinstance(data, Skipped):
        yield data
        return
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        yield Skipped(where, f"not UTF-8: byte {error.start} is 0x{data[error.start]:02x}")
    except json.JSONDecodeError as error:
        yield Skipped(f"{where}:{error.lineno}", f"broken JSON: {error}")
    except (ValueError, RecursionError) as error:
        yield Skipped(where, f"broken JSON: {error}")
    else:
        yield from json_records(value, where=where)
