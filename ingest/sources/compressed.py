"""Compressed files as the streams that they hold: gzip, xz, zstandard, and each member of a zip.

Nothing is unpacked to disk. A stream that grows far beyond what text compresses to is cut off with the reason.
"""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

import zstandard

from ingest.sources.spooled import seekable

# News text packs 3 to 12 times; a year of near-equal pages perhaps 50. A bomb packs a thousand times or more.
_MAX_RATIO = 200
_ALWAYS_ALLOWED_BYTES = 64_000_000
_BUFFER = 1 << 17
_ZSTANDARD_PIECE = 512

# What xz -9 and zstd --long=27 need. A file may demand gigabytes to be unpacked, and is then refused.
_MAX_WINDOW_BYTES = 1 << 27
_ZIP = b"PK\x03\x04"
_DAMAGED = (EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError, zipfile.BadZipFile, RuntimeError, ValueError)


class TooLargeError(OSError):
    """What was packed grows beyond any article's measure."""


@dataclass(frozen=True, slots=True)
class Member:
    """One stream within a compressed file; `where` names it by the file and, in a zip, its own name."""

    where: str
    stream: BinaryIO


def looks_compressed(head: bytes) -> bool:
    return head.startswith((*_OPENERS, _ZIP))


@contextmanager
def members(stream: io.BufferedReader, head: bytes, *, where: str) -> Iterator[Iterator[Member]]:
    """The streams that it holds, each to be read before the next is asked for.

    Raises, here and from the streams:
        OSError: it is damaged, encrypted or a bomb; the text says which.
    """
    if head.startswith(_ZIP):
        with _as_os_error(), seekable(stream) as file, zipfile.ZipFile(file) as archive:
            yield _zip_members(archive, where)
        return
    opener = next(opener for magic, opener in _OPENERS.items() if head.startswith(magic))
    counted = _Counted(stream)
    yield iter([Member(where, _bounded(opener(counted), lambda: counted.taken))])


def _bounded(stream: Any, packed: Callable[[], int]) -> BinaryIO:
    return io.BufferedReader(_Unpacked(stream, packed), _BUFFER)


def _zip_members(archive: zipfile.ZipFile, where: str) -> Iterator[Member]:
    for info in archive.infolist():
        name = info.filename
        if info.is_dir() or name.startswith("__MACOSX/") or any(part.startswith(".") for part in name.split("/")):
            continue
        yield Member(f"{where}!{name}", _bounded(_LateMember(archive, info), partial(int, info.compress_size)))


class _LateMember:
    """A member that is opened at its first read, so that what is wrong with it is wrong with it alone."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self._archive, self._info = archive, info
        self._open: Any = None

    def read(self, size: int) -> bytes:
        if self._open is None:
            self._open = self._archive.open(self._info)
        data: bytes = self._open.read1(size)
        return data


class _Counted:
    """Counts the packed bytes as a decompressor takes them."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.taken += len(data)
        return data

    def seekable(self) -> bool:
        return False


class _Unpacked(io.RawIOBase):
    """The unpacked bytes, with every way of being damaged made an OSError, and a bound on how they grow."""

    def __init__(self, stream: Any, packed: Callable[[], int]) -> None:
        self._stream = stream
        self._packed = packed
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _as_os_error():
            data: bytes = self._stream.read(len(buffer))
        self._given += len(data)
        if self._given > _ALWAYS_ALLOWED_BYTES + _MAX_RATIO * self._packed():
            raise TooLargeError(
                f"it unpacks to more than {_MAX_RATIO} times its size ({self._given // 1_000_000} MB so far), like a bomb"
            )
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise OSError(f"damaged, cut short or encrypted: {error!s:.120}") from error


class _Xz:
    """As lzma.LZMAFile, which cannot be told how much memory a file may demand."""

    def __init__(self, stream: _Counted) -> None:
        self._stream = stream
        self._decompressor = self._fresh()

    def read(self, size: int) -> bytes:
        while True:
            if self._decompressor.eof:
                # Files may be joined, with zeros between them.
                packed = self._decompressor.unused_data.lstrip(b"\x00") or self._stream.read(_BUFFER).lstrip(b"\x00")
                if not packed:
                    return b""
                self._decompressor = self._fresh()
            else:
                packed = self._stream.read(_BUFFER) if self._decompressor.needs_input else b""
                if not packed and self._decompressor.needs_input:
                    raise EOFError("the file ends before its end mark")
            if data := self._decompressor.decompress(packed, size):
                return data

    @staticmethod
    def _fresh() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MAX_WINDOW_BYTES)


class _Gzip:
    """One piece at a time: GzipFile.read gives nothing of what came before the damage that it meets."""

    def __init__(self, stream: _Counted) -> None:
        self._file = gzip.GzipFile(fileobj=stream, mode="rb")  # type: ignore[call-overload] # it only reads

    def read(self, size: int) -> bytes:
        data: bytes = self._file.read1(size)
        return data


class _Zstandard:
    """As zstandard's stream_reader, which takes a file that was cut short for one that ended."""

    def __init__(self, stream: _Counted) -> None:
        self._stream = stream
        self._decompressor = self._fresh()
        self._packed = b""
        self._unpacked = b""

    def read(self, size: int) -> bytes:
        while not self._unpacked:
            self._packed = self._packed or self._stream.read(_BUFFER)
            if not self._packed:
                if not self._decompressor.eof:
                    raise EOFError("the file ends before its end mark")
                return b""
            if self._decompressor.eof:
                self._decompressor = self._fresh()
            # A block of 4 bytes may stand for 128 KB, and nothing bounds what one call gives but what it is fed.
            piece, self._packed = self._packed[:_ZSTANDARD_PIECE], self._packed[_ZSTANDARD_PIECE:]
            self._unpacked = self._decompressor.decompress(piece)
            if self._decompressor.eof:
                self._packed = self._decompressor.unused_data + self._packed
        data, self._unpacked = self._unpacked[:size], self._unpacked[size:]
        return data

    @staticmethod
    def _fresh() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES).decompressobj()


_OPENERS: dict[bytes, Callable[[_Counted], Any]] = {
    b"\x1f\x8b": _Gzip,
    b"\xfd7zXZ\x00": _Xz,
    b"\x28\xb5\x2f\xfd": _Zstandard,
}
