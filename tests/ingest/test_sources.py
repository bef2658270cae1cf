"""Files, folders and streams made records: what is bad is skipped alone, with its place and the reason."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.sources.opening import Progress, read_sources
from ingest.sources.readers import read_stream
from ingest.sources.record import Found, Read, Record, Skipped

BODY = "The council voted on the bridge. Work begins in spring."


def read(*sources: Path | str) -> list[Record]:
    return list(read_sources([str(source) for source in sources], Progress()))


def line(title: str = "A title", **fields: object) -> str:
    return json.dumps({"title": title, "body": BODY, **fields}) + "\n"


def only(records: Sequence[Record]) -> Skipped:
    assert len(records) == 1
    assert isinstance(records[0], Skipped)
    return records[0]


# --- plain text ------------------------------------------------------------------------------------------------


def test_plain_text_has_its_headline_on_the_first_line(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"\xef\xbb\xbf\r\n\nCouncil votes\r\n\r\n" + BODY.encode())

    (record,) = read(file)

    assert isinstance(record, Found)
    assert (record.where, record.article.title.strip()) == (str(file), "Council votes")
    assert record.article.body.strip() == BODY


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b" \n\t\n", "it is empty"),
        (b"\xef\xbb\xbf", "no text after the first line"),
        (b"Only a headline\n", "no text after the first line, which is read as the headline"),
        (b"x" * 401 + b"\nbody", "the first line should be the headline, but has 401 characters"),
        (b"Caf\xe9 closes\nIt closed.", "not UTF-8: byte 3 is 0xe9; convert it, for example with iconv"),
        (b"\x7fELF\x02\x00\x00\x00code", "a binary file"),
        (b"%PDF-1.7\n%abc", "a binary file"),
        (b"PK\x03\x04zip", "damaged, cut short or encrypted: "),
        ("Headline\nBody".encode("utf-16"), "a binary file"),
    ],
)
def test_a_file_that_is_no_article_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(content)

    skipped = only(read(file))

    assert (skipped.where, skipped.reason[: len(reason)]) == (str(file), reason)


def test_a_text_of_fifty_megabytes_is_refused_without_hurting_the_next(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"A headline\n" + b"many words " * 4_700_000)
    (tmp_path / "b.txt").write_text(f"Council votes\n{BODY}")

    records = read(tmp_path)

    assert isinstance(records[0], Skipped)
    assert records[0].reason == "larger than 40 MB: not one article; split it into one file each"
    assert isinstance(records[1], Found)


# --- JSON Lines ------------------------------------------------------------------------------------------------


def test_a_broken_line_among_ten_thousand_is_skipped_alone_by_its_number(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    lines = [line(f"Report {n}") for n in range(1, 10_001)]
    lines[4999] = lines[4999][:-10] + "\n"
    file.write_text("".join(lines))

    records = read(file)

    skipped = [record for record in records if isinstance(record, Skipped)]
    assert len(records) == 10_000
    assert [each.where for each in skipped] == [f"{file}:5000"]
    assert skipped[0].reason.startswith("broken JSON: ")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[1, 2]", "the line is JSON but not an object with title, body, ..."),
        (b"5", "the line is JSON but not an object"),
        (b"null", "the line is JSON but not an object"),
        (b'{"body": "A body."}', "title is missing (names read: title, headline)"),
        (
            b'{"headlin": "A title", "body": "A body.", "x\\u202e": 1}',
            "title is missing (names read: title, headline); not read: 'headlin', 'x\\u202e'",
        ),
        (b'{"title": "x", "body": "y", "date": "soon"}', "date='soon' is not a date that can be read"),
        (b'{"title": "Caf\xe9"}', "not UTF-8: byte 14 of the line is 0xe9"),
        (b'{"title": ' + b"[" * 100_000, "broken JSON: "),
        (b'{"date": 1' + b"0" * 5000 + b"}", "broken JSON: "),
        (b"\x00\x01", "broken JSON: "),
    ],
)
def test_a_bad_line_says_why_and_the_lines_around_it_are_kept(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "a.jsonl"
    # The head of a file decides whether it is binary; the lines before the bad one are longer than that.
    before = line("Before", rights="x" * 1900) * 5
    file.write_bytes(before.encode() + content + b"\n" + line("After").encode())

    records = read(file)

    assert [type(record) for record in records] == [*[Found] * 5, Skipped, Found]
    assert isinstance(records[5], Skipped)
    assert records[5].where == f"{file}:6"
    assert records[5].reason.startswith(reason)


def test_empty_lines_a_mark_at_the_start_and_a_missing_last_newline_are_no_errors(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + line("One").encode() + b"\n  \r\n" + line("Two").rstrip("\n").encode())

    assert [record.where for record in read(file) if isinstance(record, Found)] == [f"{file}:1", f"{file}:4"]


def test_a_line_longer_than_any_article_is_skipped_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(line("Before") + line("Long", rights="x" * 33_000_000) + line("After"))

    records = read(file)

    assert [type(record) for record in records] == [Found, Skipped, Found]
    assert records[1] == Skipped(f"{file}:2", "the line is longer than 32 MB", "too_large")


def test_a_format_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(line("From JSON"))
    (tmp_path / "b.jsonl").write_text(f"From text\n{BODY}")

    assert [record.article.title for record in read(tmp_path) if isinstance(record, Found)] == [
        "From JSON",
        "From text",
    ]


# --- folders and paths -----------------------------------------------------------------------------------------


def test_a_folder_is_read_in_depth_in_order_of_name_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/.hidden.txt", ".git/config", "c/deep/er.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{name}\n{BODY}")

    titles = [record.article.title for record in read(tmp_path) if isinstance(record, Found)]

    assert titles == ["a/z.txt", "b.txt", "c/deep/er.txt"]


def test_a_hidden_folder_or_file_that_is_named_is_read(tmp_path: Path) -> None:
    hidden = tmp_path / ".archive"
    hidden.mkdir()
    (hidden / "a.txt").write_text(f"Kept\n{BODY}")

    assert all(isinstance(record, Found) for record in read(hidden, hidden / "a.txt"))


def test_a_path_that_is_missing_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Here\n{BODY}")

    records = read(tmp_path / "gone.txt", tmp_path / "a.txt")

    assert records[0] == Skipped(str(tmp_path / "gone.txt"), "no such file or folder", "unreadable")
    assert isinstance(records[1], Found)


def test_a_link_to_nothing_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Here\n{BODY}")
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone")

    assert [type(record) for record in read(tmp_path)] == [Found]


def test_progress_ends_at_the_size_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Here\n{BODY}")
    (tmp_path / "b.jsonl").write_text(line() * 3)
    (tmp_path / "c.bin").write_bytes(b"\x00" * 5000)
    progress = Progress()

    list(read_sources([str(tmp_path)], progress))

    assert progress.bytes_read == progress.bytes_total == sum(file.stat().st_size for file in tmp_path.iterdir())


# --- patterns --------------------------------------------------------------------------------------------------


def test_a_pattern_names_the_files_that_match_in_order(tmp_path: Path) -> None:
    for name in ("b/two.txt", "a/one.txt", "a/deep/er/three.txt", "a/other.md", "b/.hidden/four.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{name}\n{BODY}")

    records = read(f"{tmp_path}/**/*.txt")

    assert [Path(record.where).relative_to(tmp_path).as_posix() for record in records] == [
        "a/deep/er/three.txt",
        "a/one.txt",
        "b/two.txt",
    ]


def test_a_pattern_that_matches_nothing_says_so_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Here\n{BODY}")

    first, second = read(f"{tmp_path}/*.html", f"{tmp_path}/[a].txt")

    assert first == Skipped(f"{tmp_path}/*.html", "no file matches the pattern", "unreadable")
    assert isinstance(second, Found)


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "[draft] a?.txt").write_text(f"Here\n{BODY}")

    assert isinstance(read(tmp_path / "[draft] a?.txt")[0], Found)


# --- streams ---------------------------------------------------------------------------------------------------


def through_a_pipe(chunks: Sequence[bytes]) -> list[Read]:
    """Read as from standard input: a pipe gives what has been written so far, not what was asked for."""
    near, far = os.pipe()
    stream = io.BufferedReader(io.FileIO(near))
    os.write(far, chunks[0])
    first = stream.peek(1)
    assert first == chunks[0]
    for chunk in chunks[1:]:
        os.write(far, chunk)
    os.close(far)
    with stream:
        return list(read_stream(stream, where="standard input"))


def test_a_stream_is_read_whatever_pieces_it_comes_in() -> None:
    text = (line("One") + line("Two")).encode()

    records = through_a_pipe([text[:1], text[1:30], text[30:]])

    assert [record.where for record in records] == ["standard input:1", "standard input:2"]
    assert all(isinstance(record, Found) for record in records)


def test_an_empty_line_that_comes_by_itself_first_loses_nothing() -> None:
    records = through_a_pipe([b"\n", line("One").encode()])

    assert [type(record) for record in records] == [Found]
