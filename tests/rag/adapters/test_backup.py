"""A library in one file and back: whole, of one moment, and never over something that is there."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from rag.adapters.backup import back_up, restore
from rag.domain import Article, Filters
from rag.errors import InputError, NotFoundError, StorageError
from rag.library import Library
from rag.settings import Settings
from tests.newsroom import BRIDGE, FERRY, document, generated
from tests.running import on_library


@pytest.fixture
def library(tmp_path: Path, made: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "library"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty-nine articles, one of them corrected, one withdrawn, one purged."""

    async def fill(library: Library) -> None:
        purged = replace(BRIDGE, id="purged", body="Zuphlar qwendobor ixtravik, and then the council voted again.")
        others = [document(replace(article, id=f"n{n}")) for n, article in enumerate(generated(36))]
        await library.put([document(BRIDGE), document(FERRY), document(purged), *others])
        await library.put([document(replace(BRIDGE, body=BRIDGE.body.replace("spring", "autumn")))])
        await library.withdraw("ferry")
        await library.purge("purged")

    folder = tmp_path_factory.mktemp("made") / "library"
    on_library(Settings(library=folder), fill)
    return folder


async def _told(library: Library) -> tuple[bool, dict[str, int], Article, Article, list[str]]:
    hits = await library.lexical_search("bridge council autumn", limit=20, filters=Filters())
    found = await library.passages([hit.key for hit in hits])
    return (
        (await library.health()).sound,
        await library.counts(),
        await library.article("bridge"),
        await library.article("bridge", revision=1),
        [found[hit.key].article.id for hit in hits],
    )


def test_a_restored_library_holds_what_the_first_held(library: Path, tmp_path: Path) -> None:
    saved = back_up(library, tmp_path / "saved")
    restore(tmp_path / "saved", tmp_path / "again")

    first = on_library(Settings(library=library), _told)
    again = on_library(Settings(library=tmp_path / "again"), _told)

    assert first == again
    assert again[0]
    assert (saved.articles, saved.passages) == (again[1]["articles"], again[1]["passages"])


def test_what_was_withdrawn_stays_away_and_what_was_purged_is_not_in_the_file(library: Path, tmp_path: Path) -> None:
    back_up(library, tmp_path / "saved")
    restore(tmp_path / "saved", tmp_path / "again")

    async def withdrawn(library: Library) -> str:
        with pytest.raises(NotFoundError):
            await library.article("ferry")
        return (await library.put([document(FERRY)]))[0].outcome

    assert on_library(Settings(library=tmp_path / "again"), withdrawn) == "withdrawn"
    plain = zstandard.ZstdDecompressor().decompressobj().decompress((tmp_path / "saved").read_bytes())
    assert b"autumn" in plain
    assert b"ixtravik" not in plain.lower()


def test_a_library_is_backed_up_while_it_is_written(library: Path, tmp_path: Path) -> None:
    async def both(library: Library) -> int:
        back_up(tmp_path / "library", tmp_path / "saved")
        await library.put([document(replace(article, id=f"late{n}")) for n, article in enumerate(generated(5, seed=9))])
        return (await library.counts())["articles"]

    assert on_library(Settings(library=library), both) == 42
    restore(tmp_path / "saved", tmp_path / "again")
    assert on_library(Settings(library=tmp_path / "again"), _told)[1]["articles"] == 37


def test_nothing_is_written_over(library: Path, tmp_path: Path) -> None:
    (tmp_path / "saved").write_text("precious")
    with pytest.raises(InputError, match="a new file"):
        back_up(library, tmp_path / "saved")
    assert (tmp_path / "saved").read_text() == "precious"

    back_up(library, tmp_path / "other")
    with pytest.raises(InputError, match="a new folder"):
        restore(tmp_path / "other", library)


def test_no_library_no_backup(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no library"):
        back_up(tmp_path, tmp_path / "saved")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.999])
def test_a_backup_that_is_cut_short_is_told_from_a_whole_one(library: Path, tmp_path: Path, share: float) -> None:
    back_up(library, tmp_path / "saved")
    os.truncate(tmp_path / "saved", int((tmp_path / "saved").stat().st_size * share))

    with pytest.raises(StorageError, match=r"cut short|damaged"):
        restore(tmp_path / "saved", tmp_path / "again")

    assert list((tmp_path / "again").iterdir()) == []


def test_a_byte_that_changed_is_noticed(library: Path, tmp_path: Path) -> None:
    back_up(library, tmp_path / "saved")
    data = bytearray((tmp_path / "saved").read_bytes())
    data[len(data) // 2] ^= 0x10
    (tmp_path / "saved").write_bytes(data)

    with pytest.raises(StorageError, match=r"damaged|cut short"):
        restore(tmp_path / "saved", tmp_path / "again")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("bread, milk")
    with pytest.raises(StorageError, match="no backup"):
        restore(tmp_path / "notes.txt", tmp_path / "again")


def test_a_library_may_stand_in_a_folder_whose_name_means_something_in_an_address(tmp_path: Path) -> None:
    odd = tmp_path / "what? 100%25 &x=#1"

    async def fill(library: Library) -> None:
        await library.put([document(FERRY)])

    on_library(Settings(library=odd), fill)

    assert (odd / "catalog.sqlite").is_file()
    assert back_up(odd, tmp_path / "saved?").articles == 1
