"""Opening a library: whose it is, what made it, what stands in the way, and what is rebuilt."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from rag.adapters.ownership import Ownership, Running, read_owner, running_server
from rag.composition import make_embedder, open_library
from rag.domain import Filters
from rag.errors import LibraryLockedError, LibraryMismatchError, SettingsError, StorageError
from rag.health import Health
from rag.library import Library
from rag.settings import Settings
from tests.newsroom import BRIDGE, FERRY, document
from tests.running import on_library, run

_OWNER = """
import sys
from pathlib import Path
from rag.adapters.ownership import Ownership
held = Ownership(Path(sys.argv[1]), command="onrecord serve", url="http://127.0.0.1:8123")
held.take(wait_s=0)
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def other_process_owning(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the library until its standard input is closed."""
    folder.mkdir(exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        yield owner


async def stock(library: Library) -> None:
    await library.put([document(BRIDGE), document(FERRY)])


async def health(library: Library) -> Health:
    return await library.health()


async def nothing(library: Library) -> None:
    return None


# --- one owner -------------------------------------------------------------------------------------------------


def test_a_library_in_use_by_another_process_names_its_owner(settings: Settings, folder: Path) -> None:
    with other_process_owning(folder) as owner:
        with pytest.raises(LibraryLockedError, match=rf"in use by `onrecord serve` \(process {owner.pid}\)"):
            on_library(settings, nothing)
        assert running_server(folder) == Running("http://127.0.0.1:8123", None)


def test_a_library_whose_owner_was_killed_is_free_and_has_no_server(settings: Settings, folder: Path) -> None:
    on_library(settings, stock)
    with other_process_owning(folder) as owner:
        owner.send_signal(signal.SIGKILL)
        owner.wait()
    noted = read_owner(folder)

    assert noted is not None
    assert running_server(folder) is None
    assert on_library(settings, health).sound


def test_a_closed_library_leaves_no_owner(settings: Settings, folder: Path) -> None:
    on_library(settings, stock)

    assert read_owner(folder) is None
    assert on_library(settings, health).sound


def test_the_lock_is_given_back_when_the_use_fails(settings: Settings) -> None:
    async def fails(library: Library) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        on_library(settings, fails)

    assert on_library(settings, health).sound


def test_the_lock_is_given_back_when_opening_fails(settings: Settings, folder: Path) -> None:
    on_library(settings, stock)
    with pytest.raises(LibraryMismatchError) as refused:
        on_library(Settings(library=folder, embedding="minilm", lock_wait_s=0), nothing)

    assert on_library(settings, health).sound
    assert refused.value.__traceback__ is not None  # whoever keeps the error keeps what it refers to


# --- one embedding ---------------------------------------------------------------------------------------------


def test_a_library_made_by_another_embedding_is_refused_and_says_what_to_do(settings: Settings, folder: Path) -> None:
    on_library(settings, stock)
    other = Settings(library=folder, embedding="minilm", lock_wait_s=0)

    with pytest.raises(LibraryMismatchError) as refused:
        on_library(other, nothing)

    for words in (str(folder), "ONRECORD_EMBEDDING=static", "not minilm", "Set it back", "onrecord doctor --repair"):
        assert words in str(refused.value)


def test_an_unknown_embedding_is_refused_and_lists_what_is_known(folder: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"ONRECORD_EMBEDDING='statc' is unknown; write static, minilm, or provider:"
    ):
        on_library(Settings(library=folder, embedding="statc"), nothing)


def test_an_embedding_of_an_unknown_provider_is_refused() -> None:
    with pytest.raises(SettingsError, match="ONRECORD_EMBEDDING='nobody:model' cannot be set up"):
        make_embedder("nobody:model")


def test_a_mistyped_embedding_leaves_no_trace_in_a_new_library(settings: Settings, folder: Path) -> None:
    with pytest.raises(SettingsError):
        on_library(Settings(library=folder, embedding="statc"), nothing)

    assert on_library(settings, health).sound


def test_a_rebuild_with_a_mistyped_embedding_leaves_the_library_as_it_was(settings: Settings, folder: Path) -> None:
    on_library(settings, stock)
    with pytest.raises(SettingsError):
        on_library(Settings(library=folder, embedding="statc"), nothing, rebuild=True)

    assert on_library(settings, health).sound


# --- the folder ------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_a_library_is_refused_and_left_alone(settings: Settings, folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.txt").write_text("Years of work.", encoding="utf-8")

    with pytest.raises(StorageError, match=r"is not a library: it holds 'thesis.txt'; name an empty or a new folder"):
        on_library(settings, nothing)

    assert [entry.name for entry in folder.iterdir()] == ["thesis.txt"]


def test_a_file_in_place_of_the_folder_is_refused(settings: Settings, folder: Path) -> None:
    folder.write_text("a file", encoding="utf-8")

    with pytest.raises(StorageError, match="is a file; a library is a folder"):
        on_library(settings, nothing)


def test_a_library_that_had_a_policy_file_says_when_it_is_opened_without_one(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    policy = tmp_path / "rights.toml"
    policy.write_text('["*"]\nquote_words = 9\n', encoding="utf-8")
    on_library(settings, nothing)
    on_library(settings.model_copy(update={"rights": policy}), nothing)
    assert caplog.messages == []

    on_library(settings, nothing)
    on_library(settings, nothing)

    assert caplog.messages == [
        "the library had a policy file and is opened without one (ONRECORD_RIGHTS): its limits end"
    ]


def test_a_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "a" / "b" / "library")

    assert on_library(settings, health).sound


# --- rebuilding ------------------------------------------------------------------------------------------------


def overwrite(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"overwritten " * 50)


@pytest.mark.parametrize("part", ["lexical", "vectors"])
@pytest.mark.parametrize("damage", [shutil.rmtree, overwrite], ids=["deleted", "overwritten"])
def test_a_rebuild_mends_a_derived_folder(
    settings: Settings, folder: Path, part: str, damage: Callable[[Path], None]
) -> None:
    on_library(settings, stock)
    damage(folder / part)

    async def searched(library: Library) -> tuple[int, int]:
        assert (await library.health()).sound
        words = await library.lexical_search("bridge", limit=5, filters=Filters())
        vector = await library.embed_question("bridge")
        return len(words), len(await library.dense_search(vector, limit=5, filters=Filters()))

    assert on_library(settings, searched, rebuild=True) == (1, 2)
    assert on_library(settings, health).sound


@pytest.mark.parametrize("part", ["lexical", "vectors"])
def test_a_derived_folder_that_is_gone_is_a_fault_until_it_is_rebuilt(
    settings: Settings, folder: Path, part: str
) -> None:
    on_library(settings, stock)
    shutil.rmtree(folder / part)

    async def rebuilt(library: Library) -> tuple[Health, int, Health]:
        return await library.health(), await library.rebuild(), await library.health()

    before, articles, after = on_library(settings, rebuilt)

    assert any("of 2 passages are missing" in fault for fault in before.faults)
    assert articles == 2
    assert after.sound


def test_what_a_crash_left_unindexed_is_finished_when_the_library_opens(settings: Settings, folder: Path) -> None:
    on_library(settings, stock)
    from rag.adapters.catalog import SqlCatalog

    catalog = SqlCatalog(folder / "catalog.sqlite")
    catalog.record([document(replace(BRIDGE, body=BRIDGE.body + " The estimate is nine million."))])
    catalog.close()

    async def found(library: Library) -> int:
        assert (await library.health()).sound
        return len(await library.lexical_search("estimate", limit=5, filters=Filters()))

    assert on_library(settings, found) == 1


def test_two_libraries_can_be_open_beside_each_other(tmp_path: Path) -> None:
    async def act() -> list[bool]:
        one, other = Settings(library=tmp_path / "one"), Settings(library=tmp_path / "other")
        async with open_library(one) as first, open_library(other) as second:
            await first.put([document(BRIDGE)])
            await second.put([document(FERRY)])
            return [(await each.health()).sound and (await each.counts())["articles"] == 1 for each in (first, second)]

    assert run(act()) == [True, True]


def test_a_library_that_is_given_up_while_it_is_waited_for_is_not_taken(tmp_path: Path) -> None:
    given_up = Ownership(tmp_path, command="onrecord watch", url=None)
    given_up.release()
    given_up.take(wait_s=0)

    assert not (tmp_path / "owner.json").exists()
    other = Ownership(tmp_path, command="onrecord ask", url=None)
    other.take(wait_s=0)
    assert read_owner(tmp_path) is not None
    given_up.release()
    assert read_owner(tmp_path) is not None, "what another owns is not given back"
    other.release()
    assert read_owner(tmp_path) is None
