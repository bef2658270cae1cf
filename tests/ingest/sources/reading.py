"""How the tests of formats read: bytes in, records out, as `read_stream` gives them."""

from __future__ import annotations

import io

from ingest.sources.following import followed
from ingest.sources.readers import READERS, read_stream
from ingest.sources.record import Found, Read, Record, Skipped
from rag.domain import Article

WHERE = "news"


def reads(data: bytes | str) -> list[Read]:
    data = data.encode() if isinstance(data, str) else data
    return list(read_stream(io.BytesIO(data), where=WHERE))


def records(data: bytes | str) -> list[Record]:
    """As from a file, whose links are not followed."""
    return list(followed(iter(reads(data)), None))


def article(data: bytes | str) -> Article:
    """The one article in it."""
    found = records(data)
    assert len(found) == 1, found
    assert isinstance(found[0], Found), found[0]
    return found[0].article


def titles(data: bytes | str) -> list[str]:
    return [record.article.title for record in records(data) if isinstance(record, Found)]


def skipped(data: bytes | str) -> list[Skipped]:
    return [record for record in records(data) if isinstance(record, Skipped)]


def reason(data: bytes | str) -> str:
    """Why there is no article in it."""
    found = records(data)
    assert len(found) == 1, found
    assert isinstance(found[0], Skipped), found[0]
    return found[0].reason


def format_of(head: bytes | str) -> str:
    """The name of the reader that takes it."""
    head = head.encode() if isinstance(head, str) else head
    return next(reader.name for reader in READERS if reader.recognises(head))
