"""Packed files, read as the streams that they hold."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import zipfile
from collections.abc import Callable

import pytest
import zstandard

from ingest.sources.readers import read_stream
from ingest.sources.record import Found
from tests.ingest.sources.reading import reason, records, skipped, titles

LINES = "".join(
    json.dumps({"title": f"Report {n}", "body": "The ferry sails on Monday, it seems."}) + "\n" for n in range(3)
).encode()
TITLES = ["Report 0", "Report 1", "Report 2"]
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "zstandard": lambda data: zstandard.ZstdCompressor().compress(data),
}


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("kind", PACK)
def test_a_packed_file_is_read_as_what_it_holds(kind: str) -> None:
    found = records(PACK[kind](LINES))

    assert [record.where for record in found] == ["news:1", "news:2", "news:3"]
    assert titles(PACK[kind](LINES)) == TITLES


@pytest.mark.parametrize("kind", PACK)
def test_packed_files_that_were_joined_are_read_to_the_end(kind: str) -> None:
    assert titles(PACK[kind](LINES) + PACK[kind](LINES)) == TITLES * 2


@pytest.mark.parametrize("kind", PACK)
def test_a_packed_file_cut_short_gives_what_was_whole_and_says_so(kind: str) -> None:
    noise = b"".join(
        json.dumps({"title": f"{n}", "body": "Word " * 9 + os.urandom(200).hex()}).encode() + b"\n" for n in range(3000)
    )
    packed = PACK[kind](noise)

    found = records(packed[: len(packed) * 9 // 10])

    assert sum(isinstance(record, Found) for record in found) > 500
    assert "damaged, cut short or encrypted" in getattr(found[-1], "reason", "")


@pytest.mark.parametrize("kind", PACK)
def test_a_bomb_is_cut_off_with_the_reason(kind: str) -> None:
    line = b'{"title": "' + b"x" * 1_000_000 + b'"}\n'
    bomb = PACK[kind](line * 200)

    last = records(bomb)[-1]

    assert "it unpacks to more than 200 times its size" in getattr(last, "reason", "")


def test_each_member_of_a_zip_is_read_by_its_own_format() -> None:
    data = zipped(
        {
            "a/lines": LINES,
            "b/text": b"Ferry sails\nOn Monday.",
            "__MACOSX/x": b"no\nno",
            "c/packed": gzip.compress(LINES),
        }
    )

    found = records(data)

    assert titles(data) == [*TITLES, "Ferry sails", *TITLES]
    assert [record.where for record in found][2:5] == ["news!a/lines:3", "news!b/text", "news!c/packed:1"]


def test_a_bomb_among_the_members_is_skipped_alone() -> None:
    data = zipped({"a": b'{"title": "' + b"x" * 200_000_000, "b": b"Ferry sails\nOn Monday."})

    assert titles(data) == ["Ferry sails"]
    assert any("like a bomb" in each.reason for each in skipped(data))


def test_a_zip_comes_through_a_pipe_too() -> None:
    near, far = os.pipe()
    os.write(far, zipped({"a": LINES}))
    os.close(far)

    with io.BufferedReader(io.FileIO(near)) as stream:
        assert sum(isinstance(record, Found) for record in read_stream(stream, where="news")) == 3


def test_what_is_packed_again_and_again_is_left() -> None:
    data = LINES
    for _ in range(3):
        data = gzip.compress(data)

    assert titles(gzip.compress(gzip.compress(LINES))) == TITLES
    assert reason(data) == "compressed more than 2 times over; unpack it first"


def test_a_packed_file_that_demands_gigabytes_to_be_unpacked_is_refused() -> None:
    # The size of the dictionary stands in the header; one small text is enough to claim it.
    claim = {"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 28}
    packed = lzma.LZMACompressor(lzma.FORMAT_XZ, filters=[claim])

    assert "Memory usage limit" in reason(packed.compress(LINES) + packed.flush())


def test_other_packers_and_damage_are_said() -> None:
    assert reason(bz2.compress(LINES)) == "a binary file of a kind that is not read"
    assert reason(b"\x1f\x8b" + b"\x08" * 30).startswith("damaged, cut short or encrypted")
    assert reason(gzip.compress(b"")) == "it is empty"
