"""Parquet, read by its columns; the extra may be missing."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from tests.ingest.sources.reading import reason, records, skipped, titles


def table(**columns: list[Any]) -> bytes:
    out = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), out, row_group_size=2)
    return out.getvalue()


DATA = table(
    headline=["One", "Two", "Three"],
    text=["The ferry sails on Monday.", None, "The pier closes."],
    published=[datetime(2025, 3, 2, 10, tzinfo=UTC), None, None],
    authors=[["Ada Prow", "Bo Stern"], [], None],
    vector=[[0.1], [0.2], [0.3]],
)


def test_a_row_is_an_article_with_its_number() -> None:
    assert titles(DATA) == ["One", "Three"]
    assert [record.where for record in records(DATA)] == ["news#1", "news#2", "news#3"]
    assert skipped(DATA)[0].reason.startswith("body is missing")


def test_dates_and_lists_keep_their_types() -> None:
    first = records(DATA)[0].article  # type: ignore[union-attr] # the test above says that it is found

    assert first.published_at == datetime(2025, 3, 2, 10, tzinfo=UTC)
    assert first.authors == ("Ada Prow", "Bo Stern")


@pytest.mark.parametrize("data", [DATA[:200], b"PAR1" + b"\x00" * 50, DATA[:-8] + b"\xff\xff\xff\x7fPAR1"])
def test_a_damaged_file_says_so(data: bytes) -> None:
    assert reason(data).startswith("broken Parquet after row 0: ")


def test_where_the_extra_is_missing_the_reason_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    assert reason(DATA) == "Parquet needs the extra: pip install 'onrecord[parquet]'"
