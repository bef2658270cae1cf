"""Parquet: an article a row, only the columns that are ours read, some rows at a time. Needs the extra `parquet`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from ingest.fields import article_from_fields, names_field
from ingest.sources.record import Found, Record, Skipped
from ingest.sources.spooled import seekable
from rag.errors import ArticleError

_ROWS = 200


def looks_like_parquet(head: bytes) -> bool:
    return head.startswith(b"PAR1")


def read_parquet(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    """A record a row, `where#n`."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        yield Skipped(where, "Parquet needs the extra: pip install 'onrecord[parquet]'", "format")
        return
    number = 0
    try:
        with seekable(stream) as file, parquet.ParquetFile(file) as table:
            columns = [name for name in table.schema_arrow.names if names_field(name)]
            # Row group by row group: read in one go, the groups that are done with stay in memory.
            for group in range(table.num_row_groups):
                for batch in table.iter_batches(_ROWS, row_groups=[group], columns=columns, use_threads=False):
                    for row in batch.to_pylist():
                        number += 1
                        yield _record(row, f"{where}#{number}")
    except (pyarrow.ArrowException, ValueError, OverflowError, OSError, KeyError) as error:
        yield Skipped(where, f"broken Parquet after row {number}: {' '.join(str(error).split())[:160]}")


def _record(row: Mapping[str, Any], where: str) -> Record:
    fields = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    try:
        return Found(where, article_from_fields(fields))
    except ArticleError as error:
        return Skipped.because(where, error)
