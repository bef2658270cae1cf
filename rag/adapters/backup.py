"""A library in one file: a compressed copy of its catalog, from which both indexes are made anew.

The copy is of one moment, also while a server writes: SQLite's `VACUUM INTO` reads as one transaction, and leaves out the
places where purged text once stood.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import zstandard
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from rag.adapters.catalog import SqlCatalog
from rag.adapters.databases import sqlite_url
from rag.adapters.queries import counts
from rag.errors import InputError, StorageError

_WAIT_S = 60


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds, and its size."""

    articles: int
    passages: int
    bytes: int


def back_up(folder: Path, to: Path) -> Saved:
    """The library in `folder`, written to the new file `to`, which is there whole or not at all.

    Raises InputError where `to` exists or `folder` holds no library; StorageError where either cannot be read or written.
    """
    catalog = folder / "catalog.sqlite"
    if not catalog.exists():
        raise InputError(f"{folder} holds no library; name one with --library or ONRECORD_LIBRARY")
    if to.exists():
        raise InputError(f"{to} exists; a backup is written to a new file")
    copy, partial = to.with_name(f"{to.name}.sqlite"), to.with_name(f"{to.name}.partial")
    with _told(f"the backup {to} cannot be written"):
        try:
            with closing(sqlite3.connect(catalog, timeout=_WAIT_S)) as database:
                copy.unlink(missing_ok=True)
                database.execute("VACUUM INTO ?", (str(copy),))
            held = _counts(copy)
            with copy.open("rb") as plain, partial.open("wb") as packed:
                zstandard.ZstdCompressor(level=6, write_checksum=True).copy_stream(plain, packed)
                packed.flush()
                os.fsync(packed.fileno())
            partial.rename(to)
        finally:
            copy.unlink(missing_ok=True)
            partial.unlink(missing_ok=True)
    return Saved(held["articles"], held["passages"], to.stat().st_size)


def _counts(catalog: Path) -> dict[str, int]:
    engine = create_engine(sqlite_url(catalog), poolclass=NullPool)
    with engine.connect() as connection:
        return counts(connection)


def restore(backup: Path, folder: Path) -> None:
    """The catalog of `backup` as that of the new library `folder`; opening it then makes both indexes.

    Raises InputError where `folder` has something in it or `backup` is none; StorageError where it is damaged.
    """
    if folder.exists() and any(entry.name != _PARTIAL for entry in folder.iterdir()):
        raise InputError(f"{folder} is not empty; a backup is restored into a new folder")
    with _told(f"the backup {backup} cannot be restored"):
        with backup.open("rb") as packed:
            folder.mkdir(parents=True, exist_ok=True)
            partial = folder / _PARTIAL
            try:
                with partial.open("wb") as plain:
                    _unpack(packed, plain, backup)
                _check(partial, backup)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
        partial.rename(folder / "catalog.sqlite")


_PARTIAL = "catalog.partial"


def _unpack(packed: object, plain: object, backup: Path) -> None:
    try:
        zstandard.ZstdDecompressor().copy_stream(packed, plain)  # type: ignore[arg-type]
    except zstandard.ZstdError as error:
        raise StorageError(f"{backup} is damaged, or no backup of `onrecord backup`: {error}") from error


def _check(partial: Path, backup: Path) -> None:
    """That it is a catalog, whole; every article is marked as in no index."""
    try:
        with closing(sqlite3.connect(partial)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"articles", "passages", "notes"} <= tables:
                raise StorageError(f"{backup} is no backup of a library, or is cut short")
            verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{backup} is damaged: {error}") from error
    if verdict != "ok":
        raise StorageError(f"{backup} is damaged: {verdict}")
    with closing(SqlCatalog(partial)) as catalog:
        catalog.mark_all_unindexed()
        # A server's collection stays with the library that was saved.
        catalog.note("vectors", "restored")


@contextmanager
def _told(what: str) -> Iterator[None]:
    """The file system's and SQLite's errors in our words."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{what}: {error.strerror or error}") from error
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise StorageError(f"{what}: {error}") from error
