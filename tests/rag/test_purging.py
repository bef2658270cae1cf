"""A purged article's text is gone from the disk, and a purge that was broken off is finished at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import NotFoundError, StorageError
from rag.library import Library
from rag.ports import Embedder
from rag.settings import Settings
from tests.newsroom import BRIDGE, FERRY, document, generated
from tests.rag.stores import Stores, stores_in
from tests.running import on_library, run

# Words that stand nowhere else, one in each part of the article, in each of its revisions.
MARKS = ("Zuphlar", "Qwendobor", "Ixtravik", "Mondrelby", "Vaspuline", "Orcanthy", "Yelbrand", "Trostigor")
SECRET = replace(
    BRIDGE,
    id="secret",
    title="Zuphlar council votes",
    body="The Qwendobor plan was read twice. “It is an Ixtravik,” said Mondrelby Vale, the clerk, on Tuesday.",
    outlet="Vaspuline Post",
    authors=("Ann Orcanthy",),
    section="Yelbrand",
    url="https://a.example/trostigor",
)
LATER = replace(SECRET, title="Zuphlar council votes again", body=SECRET.body + " A Qwendobor was added.")


def left(folder: Path) -> dict[str, list[str]]:
    """The marks that stand in any file beneath the folder, by file; case aside, since an index folds it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        text = path.read_bytes().lower() if path.is_file() else b""
        if marks := [mark for mark in MARKS if mark.lower().encode() in text]:
            found[str(path.relative_to(folder))] = marks
    return found


async def fill(library: Library) -> None:
    others = [document(replace(article, id=f"n{n}")) for n, article in enumerate(generated(60))]
    await library.put([*others, document(FERRY)])
    await library.put([document(SECRET)])
    await library.put([document(LATER)])


@pytest.fixture
def stores(folder: Path, static: Embedder) -> Iterator[Stores]:
    with stores_in(folder, static) as stores:
        run(fill(stores.library))
        yield stores


def test_nothing_of_a_purged_article_is_left_in_any_file(stores: Stores, folder: Path) -> None:
    assert left(folder)

    run(stores.library.purge("secret"))

    assert left(folder) == {}
    assert run(stores.library.health()).sound
    assert run(stores.library.put([document(SECRET)]))[0].outcome == "withdrawn"


def test_what_was_withdrawn_before_is_purged_all_the_same(stores: Stores, folder: Path) -> None:
    run(stores.library.withdraw("secret"))
    assert left(folder)

    run(stores.library.purge("secret"))

    assert left(folder) == {}


def test_what_was_never_stored_cannot_be_purged(stores: Stores) -> None:
    with pytest.raises(NotFoundError, match="no article 'nobody' was ever stored"):
        run(stores.library.purge("nobody"))


def test_a_purge_that_failed_is_finished_by_the_next_reconciliation(
    stores: Stores, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(entries: object) -> None:
        raise StorageError("the lexical index cannot be written: no space left")

    with monkeypatch.context() as broken:
        broken.setattr(stores.lexical, "replace", full)
        with pytest.raises(StorageError, match="withdrawn"):
            run(stores.library.purge("secret"))
    with pytest.raises(NotFoundError):
        run(stores.library.article("secret"))

    run(stores.library.reconcile())

    assert left(folder) == {}


_KILLED = """
import asyncio, os, signal, sys
from rag.adapters import {store}
from rag.composition import open_library
from rag.settings import Settings
{store}.{cls}.{step} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
async def purge():
    async with open_library(Settings(library=sys.argv[1])) as library:
        await library.purge("secret")
asyncio.run(purge())
"""


@pytest.mark.parametrize(
    ("store", "cls", "step"),
    [
        ("catalog", "SqlCatalog", "stale_keys"),
        ("vectors", "ChromaVectors", "remove"),
        ("lexical", "TantivyLexical", "replace"),
        ("vectors", "ChromaVectors", "scrub"),
        ("catalog", "SqlCatalog", "scrub"),
    ],
)
def test_a_purge_that_was_killed_is_finished_at_the_next_start(
    settings: Settings, store: str, cls: str, step: str
) -> None:
    on_library(settings, fill)
    code = _KILLED.format(store=store, cls=cls, step=step)
    killed = subprocess.run([sys.executable, "-c", code, settings.library], env=os.environ, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL

    health = on_library(settings, lambda library: library.health())

    assert left(settings.library) == {}
    assert health.sound
