"""A body read from the network, unpacked as it comes and never beyond the limit: a small reply may unpack to a huge one.

httpx would unpack whole chunks at once, and as many layers as the site names; so it is done here, one layer, in steps.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, AsyncIterator

from rag.errors import FetchTooLargeError, UnreachableError

# What is sent with a request, and so all that a reply may be packed in.
ACCEPTED = "gzip, deflate"
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW = -zlib.MAX_WBITS


async def read_body(
    parts: AsyncIterable[bytes], *, encoding: str, limit: int, where: str, truncate: bool = False
) -> bytes:
    """The unpacked body, of at most `limit` bytes; with `truncate`, its beginning where it is longer.

    Raises:
        FetchTooLargeError, UnreachableError: as `unpacked` does.
    """
    body = bytearray()
    try:
        async for piece in unpacked(parts, encoding=encoding, limit=limit, where=where):
            body += piece
    except FetchTooLargeError:
        if not truncate:
            raise
    return bytes(body[:limit])


async def unpacked(
    parts: AsyncIterable[bytes], *, encoding: str, limit: int, where: str, setting: str = "ONRECORD_FETCH__MAX_BODY_MB"
) -> AsyncIterator[bytes]:
    """The body in pieces, as it comes.

    Raises:
        FetchTooLargeError: longer than `limit`, packed or unpacked; `setting` is what the message names.
        UnreachableError: packed in another way than we asked for, or damaged.
    """
    packing = encoding.strip().casefold()
    if packing not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise UnreachableError(f"{where}: packed as {encoding[:40]!r}, which was not asked for")
    unpack = _Unpacking() if packing not in ("", "identity") else None
    received = given = 0
    async for part in parts:
        received += len(part)
        try:
            # One byte more than the limit tells that there is more.
            piece = part if unpack is None else unpack.feed(part, limit + 1 - given)
        except zlib.error as error:
            raise UnreachableError(f"{where}: the {packing} data is damaged: {error}") from error
        given += len(piece)
        yield piece
        if given > limit or received > limit:
            raise FetchTooLargeError(f"{where}: larger than {limit:,} bytes; see {setting}")
    if unpack is not None and not unpack.whole:
        raise UnreachableError(f"{where}: the {packing} data ends early")


class _Unpacking:
    """gzip (also in several members), zlib, and the bare deflate that some servers send for it."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._begun = False

    @property
    def whole(self) -> bool:
        return not self._begun or self._stream.eof

    def feed(self, data: bytes, most: int) -> bytes:
        """What `data` unpacks to, up to `most` bytes."""
        out = bytearray()
        while data and len(out) < most:
            if self._stream.eof:
                if not data.startswith(b"\x1f"):  # padding after the end
                    break
                self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
            try:
                out += self._stream.decompress(data, most - len(out))
            except zlib.error:
                if self._begun:
                    raise
                self._stream = zlib.decompressobj(_RAW)
                out += self._stream.decompress(data, most - len(out))
            self._begun = True
            data = self._stream.unused_data or self._stream.unconsumed_tail
        return bytes(out)
