"""`onrecord library copy`: a library from its stores to others."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dotenv import dotenv_values

from api.commands.running import print_json, run_async, settings_of
from rag.composition import copy_library
from rag.errors import InputError
from rag.settings import Settings, is_ours, read_settings


def run_copy(arguments: argparse.Namespace) -> int:
    settings_of(arguments)  # how to log
    source, target = _place(arguments.source), _place(arguments.target)
    if source.library.resolve() == target.library.resolve():
        raise InputError(f"FROM and TO are both in the folder {source.library}; name another one")
    if not any((source.library / name).exists() for name in ("catalog.sqlite", "indexed-for")):
        raise InputError(f"{source.library} holds no library")
    started, copied = time.perf_counter(), Counter[str]()

    def told(what: str, count: int) -> None:
        copied[what] += count
        if sys.stderr.isatty():
            print(f"\r{what}: {copied[what]:,}\033[K", end="", file=sys.stderr, flush=True)

    counts = run_async(copy_library(source, target, told))
    seconds = round(time.perf_counter() - started, 1)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    if arguments.json:
        print_json({"library": str(target.library), "seconds": seconds, "copied": dict(copied), **counts})
    else:
        print(
            f"{counts['articles']} articles, {counts['passages']} passages in {target.library}, in {seconds} s;"
            f" {copied['vectors']} vectors copied now"
        )
    return 0


def _place(where: str) -> Settings:
    """A folder with every store in it, under the settings of the environment; or what a file of settings says alone."""
    path = Path(where)
    if not path.is_file():
        return read_settings(library=path).alone()
    written = {name: value for name, value in dotenv_values(path).items() if value is not None}
    with _environment({name: value for name, value in os.environ.items() if not is_ours(name)} | written):
        return read_settings()


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
