"""CSV: a header row with our field names, then an article a row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from ingest.fields import article_from_fields, names_field
from ingest.sources.record import Found, Record, Skipped
from rag.errors import ArticleError

_DELIMITERS = ",;\t|"
_MAX_LINE_BYTES = 32_000_000
_MAX_CELL_CHARS = 10_000_000
_NOT_UTF8 = re.compile(r"[\udc80-\udcff]")


def looks_like_csv(head: bytes) -> bool:
    """Whether the first line is a header: it names a title or a body, and two of our other fields or both of these."""
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "surrogateescape")
    fields = {names_field(cell) for cell in _cells(line, _delimiter(line))} - {None}
    return {"title", "body"} <= fields or (bool({"title", "body"} & fields) and len(fields) >= 3)


def read_csv(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    """A record a row, as `where:line` (the row's first), read as it streams; a damaged row is skipped alone."""
    lines = _lines(stream)
    header_line = next(lines, "")
    delimiter = _delimiter(header_line)
    header = _cells(header_line, delimiter)
    # The bound is the module's: one for all that read CSV in this process.
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_CELL_CHARS))
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        place = f"{where}:{rows.line_num + 2}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Skipped(place, f"the row cannot be read: {error}")
            continue
        if any(cell.strip() for cell in row):
            yield _record(header, row, place)


def _record(header: Sequence[str], row: Sequence[str], place: str) -> Record:
    if len(row) != len(header):
        return Skipped(
            place, f"the row has {len(row)} cells and the header {len(header)}: a quote or a separator is off"
        )
    if any(_NOT_UTF8.search(cell) for cell in row):
        return Skipped(place, "not UTF-8")
    try:
        return Found(place, article_from_fields(dict(zip(header, (cell.strip() for cell in row), strict=True))))
    except ArticleError as error:
        return Skipped.because(place, error)


def _lines(stream: BinaryIO) -> Iterator[str]:
    first = True
    while line := stream.readline(_MAX_LINE_BYTES):
        yield (line.removeprefix(b"\xef\xbb\xbf") if first else line).decode("utf-8", "surrogateescape")
        first = False


def _delimiter(header: str) -> str:
    """The separator by which the header names most of our fields; csv.Sniffer takes a letter for one at times."""
    return max(_DELIMITERS, key=lambda each: len({names_field(cell) for cell in _cells(header, each)}))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []
