"""Files of JSON, a line a record, that are written line by line: a process that is killed leaves half a line at the end."""

from __future__ import annotations

from pathlib import Path

from rag.errors import SourceError


def whole_lines(path: Path) -> list[bytes]:
    """The lines that were written to their end. Raises SourceError where the file cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    return [line for line in data.split(b"\n")[:-1] if line.strip()]


def cut_half_line(path: Path) -> None:
    """Take off what stands after the last line feed, so that the next record begins a line."""
    data = path.read_bytes()
    if not data.endswith(b"\n"):
        with path.open("r+b") as file:
            file.truncate(data.rfind(b"\n") + 1)
