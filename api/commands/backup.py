"""`onrecord backup` and `onrecord restore`: a library to one file and back, also while a server holds it."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from pathlib import Path

from api.commands.running import print_json, run_async, settings_of
from rag.adapters.backup import back_up, restore
from rag.composition import open_library
from rag.errors import SettingsError
from rag.settings import Settings


def run_backup(arguments: argparse.Namespace) -> int:
    settings = _with_own_catalog(arguments)
    saved = back_up(settings.library, Path(arguments.file))
    if arguments.json:
        print_json({"file": arguments.file, **asdict(saved)})
    else:
        print(f"{saved.articles} articles, {saved.passages} passages in {arguments.file} ({saved.bytes / 1e6:.1f} MB)")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    settings = _with_own_catalog(arguments)
    started = time.perf_counter()
    restore(Path(arguments.file), settings.library)
    counts = run_async(_indexed(settings))
    seconds = round(time.perf_counter() - started, 1)
    if arguments.json:
        print_json({"library": str(settings.library), "seconds": seconds, **counts})
    else:
        print(f"{counts['articles']} articles, {counts['passages']} passages in {settings.library}, in {seconds} s")
    return 0


def _with_own_catalog(arguments: argparse.Namespace) -> Settings:
    settings = settings_of(arguments)
    if settings.catalog is not None:
        raise SettingsError(
            "the catalog is on a PostgreSQL server (ONRECORD_CATALOG): save it with pg_dump and restore it with pg_restore;"
            " the indexes are made anew from it in any new folder"
        )
    return settings


async def _indexed(settings: Settings) -> dict[str, int]:
    """The library opened, which indexes what is in no index."""
    async with open_library(settings) as library:
        return await library.counts()
