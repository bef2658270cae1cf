"""No reader raises, whatever it is given: bytes at random, and good files with bytes changed."""

from __future__ import annotations

import gzip
import io
import json
import lzma

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sources.readers import READERS, Reader, read_stream
from ingest.sources.record import Elsewhere, Found, Linked, Skipped
from tests.ingest.sources import (
    test_csv,
    test_feeds,
    test_html,
    test_json,
    test_newsml,
    test_ninjs,
    test_parquet,
    test_sitemaps,
    test_warc,
)
from tests.ingest.sources.test_compressed import LINES, zipped

GOOD: dict[str, bytes] = {
    "JSON": json.dumps([test_json.ONE, test_json.TWO], indent=1).encode(),
    "ninjs": json.dumps([test_ninjs.FIRST, test_ninjs.SECOND]).encode(),
    "JSON Lines": LINES,
    "Markdown": b"---\ntitle: x\nauthors: [a, b]\n---\n# Heading\n\n*Text* [link](url) and more.",
    "HTML": test_html.page(test_html.META + test_html.ld(test_html.LD)).encode(),
    "RSS": test_feeds.RSS.encode(),
    "Atom": test_feeds.ATOM.encode(),
    "sitemap": test_sitemaps.NEWS.encode(),
    "index of sitemaps": test_sitemaps.INDEX.encode(),
    "NewsML-G2": test_newsml.message(test_newsml.item(), test_newsml.item(test_newsml.XHTML)).encode(),
    "CSV": (test_csv.HEADER + 'One,"Text, text",2025-03-02,Ada,x\n').encode(),
    "Parquet": test_parquet.DATA,
    "WARC": test_warc.warc(),
    "gzip": gzip.compress(LINES),
    "xz": lzma.compress(LINES),
    "zstandard": zstandard.ZstdCompressor().compress(LINES),
    "zip": zipped({"a": LINES, "b": LINES}),
}
PIECES = st.sampled_from(sorted({piece for data in GOOD.values() for piece in data.split(b" ")}))
ANY = st.one_of(st.binary(max_size=300), st.lists(st.one_of(PIECES, st.binary(max_size=9)), max_size=40).map(b" ".join))
FEW = settings(max_examples=60)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@FEW
@given(data=ANY)
def test_a_reader_forced_onto_any_bytes_raises_nothing(reader: Reader, data: bytes) -> None:
    stream = io.BufferedReader(io.BytesIO(data))

    assert all(isinstance(record, Found | Skipped | Linked | Elsewhere) for record in reader.read(stream, where="x"))


@pytest.mark.parametrize("kind", GOOD)
@FEW
@given(place=st.floats(0, 1), removed=st.integers(0, 60), put=st.one_of(st.binary(max_size=12), PIECES))
def test_a_good_file_with_a_change_anywhere_raises_nothing(kind: str, place: float, removed: int, put: bytes) -> None:
    data = GOOD[kind]
    at = int(place * len(data))

    changed = data[:at] + put + data[at + removed :]

    assert all(
        isinstance(record, Found | Skipped | Linked | Elsewhere)
        for record in read_stream(io.BytesIO(changed), where="x")
    )


@pytest.mark.parametrize("kind", GOOD)
def test_the_good_files_are_good(kind: str) -> None:
    assert any(
        isinstance(record, Found | Linked | Elsewhere) for record in read_stream(io.BytesIO(GOOD[kind]), where="x")
    )
