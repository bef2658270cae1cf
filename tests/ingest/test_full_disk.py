"""A disk that is full: a clear error, nothing acknowledged lost, and the next run with room heals."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ingest.processes import acknowledged, contents, finish
from tests.newsroom import generated, json_lines

ARTICLES = 200


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return json_lines(tmp_path_factory.mktemp("source") / "news.jsonl", generated(ARTICLES))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A disk of a given size in memory; called again, it is the same one with another size."""
    where = tmp_path / "disk"
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("a small disk can only be mounted by root on Linux")

    def sized(size: str) -> Path:
        mounted = where.is_mount()
        where.mkdir(exist_ok=True)
        options = f"remount,size={size}" if mounted else f"size={size}"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(where)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
        return where

    yield sized
    if where.is_mount():
        subprocess.run(["umount", "-l", str(where)], check=True)


@pytest.mark.parametrize("size", ["64k", "400k", "1200k", "2500k"])
def test_a_full_disk_is_one_clear_line_and_the_next_run_with_room_heals(
    disk: Callable[[str], Path], source: Path, size: str
) -> None:
    library = disk(size) / "library"

    failed = finish(library, source)
    disk("100m")
    kept = acknowledged(library)
    healed = finish(library, source)

    assert failed.returncode == 1
    assert failed.stderr.startswith("StorageError: "), failed.stderr
    assert len(failed.stderr.splitlines()) == 1
    assert healed.last_line == f"new {ARTICLES - len(kept)} unchanged {len(kept)} sound True", healed.stderr


def test_a_library_on_a_disk_without_a_byte_to_spare_is_a_storage_error(
    disk: Callable[[str], Path], source: Path
) -> None:
    library = disk("100m") / "library"
    assert finish(library, source).returncode == 0
    used = sum(file.stat().st_blocks * 512 for file in library.rglob("*"))
    disk(str(used))

    failed = finish(library, source)

    assert failed.returncode == 1
    assert failed.stderr.startswith("StorageError: "), failed.stderr


@pytest.mark.parametrize("largest", ["3000", "300000"])
def test_a_file_that_may_not_grow_is_a_storage_error_and_the_next_run_heals(
    source: Path, folder: Path, largest: str
) -> None:
    failed = finish(folder, source, "--largest-file", largest)
    kept = acknowledged(folder)

    assert failed.returncode == 1
    assert failed.stderr.startswith("StorageError: "), failed.stderr
    healed = finish(folder, source)
    assert healed.last_line == f"new {ARTICLES - len(kept)} unchanged {len(kept)} sound True", healed.stderr
    assert contents(folder).faults == ()
