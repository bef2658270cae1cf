"""How sources (files, folders, patterns, addresses, `-`) become streams for the readers, in the order in which they are named.

The generators here block, also on the network, and so are iterated on a thread and never in the event loop.
"""

from __future__ import annotations

import glob
import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from ingest.sources.downloads import Door, Download
from ingest.sources.following import ahead, followed
from ingest.sources.readers import read_stream
from ingest.sources.record import Found, Read, Record, Skipped

# Addresses whose files are fetched before their turn comes: they may be large.
_DOWNLOADS_AHEAD = 3
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(slots=True)
class Progress:
    """How far a run has read: bytes of files, where known."""

    bytes_total: int = 0
    bytes_read: int = 0


class ReadElsewhere(Protocol):
    """Files read by other processes, for up to `ahead` files before their turn comes."""

    ahead: int

    def begin(self, path: Path, where: str) -> Future[list[Read] | None] | None:
        """The file's records; None, at once or in the end, where it is to be read here."""
        ...


def read_sources(
    sources: Sequence[str], progress: Progress, door: Door | None = None, elsewhere: ReadElsewhere | None = None
) -> Iterator[Record]:
    """Every record of every source, in order; folders are read in depth, in order of name.

    Without a door, no address is read. An address that is named twice is read once.
    """
    files = [file for source in dict.fromkeys(sources) for file in _files(source)]
    progress.bytes_total = sum(path.stat().st_size for _, path in files if path is not None)

    def begin(file: tuple[str, Path | None]) -> Future[Download | Skipped] | Future[list[Read] | None] | None:
        where, path = file
        if is_address(where):
            return door.file(where) if door is not None else None
        return elsewhere.begin(path, where) if elsewhere is not None and path is not None else None

    follows = door if door and door.follows_files else None
    for (where, path), coming in ahead(iter(files), begin, elsewhere.ahead if elsewhere else _DOWNLOADS_AHEAD):
        had = None if coming is None else coming.result()
        if isinstance(had, Download | Skipped):
            yield from _read_download(where, had, progress, door)
        elif had is not None and path is not None:
            progress.bytes_read += path.stat().st_size
            yield from followed(iter(had), follows)
        else:
            yield from followed(_read_file(where, path, progress), follows)


def is_address(source: str) -> bool:
    """Whether the source is to be fetched. Anything with `://` is, so that a wrong scheme is refused by name."""
    return _ADDRESS.match(source) is not None


def _read_download(where: str, file: Download | Skipped, progress: Progress, door: Door | None) -> Iterator[Record]:
    if isinstance(file, Skipped):
        yield file
        return
    progress.bytes_total += file.path.stat().st_size
    yield from followed(_with_address(_read_file(where, file.path, progress), file.url), door)
    file.path.unlink(missing_ok=True)


def _with_address(reads: Iterator[Read], url: str) -> Iterator[Read]:
    """One article alone is the page itself, and has its address where it does not say another."""
    first, second = next(reads, None), next(reads, None)
    if isinstance(first, Found) and second is None and not first.article.url:
        first = replace(first, article=replace(first.article, url=url))
    yield from (read for read in (first, second) if read is not None)
    yield from reads


def _files(source: str) -> Iterator[tuple[str, Path | None]]:
    path = Path(source)
    if source == "-" or is_address(source):
        yield source, None
    elif path.is_dir():
        yield from _within(path, path.rglob("*")) or [(source, None)]
    elif not path.exists() and glob.has_magic(source):
        # Not Path.glob, which takes no absolute pattern.
        matches = (Path(match) for match in glob.iglob(source, recursive=True))  # noqa: PTH207
        yield from _within(None, matches) or [(source, None)]
    else:
        # A path that does not exist is reported when its turn comes, with the others still read.
        readable = path.is_file() or path.is_fifo() or path.is_char_device()
        yield source, path if readable else None


def _within(folder: Path | None, paths: Iterable[Path]) -> list[tuple[str, Path | None]]:
    """The files among the paths, in order of name; not the hidden ones of a folder. (`*` matches none of them.)"""
    return [
        (str(path), path)
        for path in sorted(paths)
        if path.is_file()
        and not (folder is not None and any(part.startswith(".") for part in path.relative_to(folder).parts))
    ]


def _read_file(where: str, path: Path | None, progress: Progress) -> Iterator[Read]:
    if path is None and where != "-":
        yield Skipped(where, _missing(where), "unreadable")
        return
    before = progress.bytes_read
    try:
        with _open(path) as stream:
            for read in read_stream(stream, where="standard input" if path is None else where):
                if path is not None and path.is_file():
                    progress.bytes_read = before + min(stream.tell(), path.stat().st_size)
                yield read
    except OSError as error:
        yield Skipped(where, f"cannot be read: {error.strerror or error}", "unreadable")
    if path is not None and path.exists():
        progress.bytes_read = before + path.stat().st_size


def _missing(where: str) -> str:
    if is_address(where):
        return "an address, and nothing is fetched here"
    if Path(where).is_dir():
        return "a folder without a file in it"
    return "no file matches the pattern" if glob.has_magic(where) else "no such file or folder"


def _open(path: Path | None) -> BinaryIO:
    if path is not None:
        return path.open("rb")
    return io.BufferedReader(io.FileIO(sys.stdin.fileno(), closefd=False))
