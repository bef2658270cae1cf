"""Plain text: the headline on the first line, the article after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ingest.sources.record import Found, Record, Skipped
from rag.domain import Article

# Four bytes a character at the most, for the longest body that any setting allows.
_MAX_BYTES = 40_000_000
_MAX_HEADLINE_CHARS = 400


def read_plain_text(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    """One record: the whole file."""
    data = stream.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        reason = f"larger than {_MAX_BYTES // 1_000_000} MB: not one article; split it into one file each"
        yield Skipped(where, reason, "too_large")
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Skipped(
            where, f"not UTF-8: byte {error.start} is 0x{data[error.start]:02x}; convert it, for example with iconv"
        )
        return
    headline, _, body = text.lstrip().partition("\n")
    if not body.strip():
        yield Skipped(where, "no text after the first line, which is read as the headline", "no_body")
    elif len(headline) > _MAX_HEADLINE_CHARS:
        yield Skipped(where, f"the first line should be the headline, but has {len(headline):,} characters")
    else:
        yield Found(where, Article(id="", title=headline, body=body))
