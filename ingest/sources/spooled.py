"""A stream made one that can be read from any place, for formats whose table of contents is at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

_MAX_BYTES = 8_000_000_000
_IN_MEMORY = 32_000_000
_PIECE = 1_000_000


@contextmanager
def seekable(stream: BinaryIO) -> Iterator[IO[bytes]]:
    """The stream itself where it can seek, else a copy of what is left of it, in a temporary file when large.

    Raises:
        OSError: it is larger than any temporary file should be.
    """
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        written = 0
        while piece := stream.read(_PIECE):
            written += len(piece)
            if written > _MAX_BYTES:
                raise OSError(f"more than {_MAX_BYTES // 1_000_000_000} GB from a pipe; name the file instead")
            copy.write(piece)
        copy.seek(0)
        yield copy
