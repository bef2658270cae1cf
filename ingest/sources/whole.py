"""A document that must be in memory to be parsed, with the bound that keeps memory flat."""

from __future__ import annotations

from typing import BinaryIO

from ingest.sources.record import Skipped

MAX_DOCUMENT_BYTES = 64_000_000


def whole(stream: BinaryIO, *, where: str, advice: str) -> bytes | Skipped:
    """All of the stream, or why not."""
    data = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(data) > MAX_DOCUMENT_BYTES:
        return Skipped(where, f"larger than {MAX_DOCUMENT_BYTES // 1_000_000} MB; {advice}", "too_large")
    return data
