"""A small soak: a real `onrecord ingest` killed twice ends in the library that it makes without kills."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from evals.soak import SoakError, _compare, soak, write_articles


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a soak that found nothing: a library without kills, and one after two."""
    folder = tmp_path_factory.mktemp("soak")
    assert soak(folder, articles=60, kills=2, seed=3).startswith("2 kills among 60 articles")
    return folder


def test_two_kills_change_nothing_in_the_end(soaked: Path) -> None:
    _compare(soaked)


def test_a_library_that_lacks_a_word_is_told_from_one_that_does_not(soaked: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(soaked, tmp_path / "soak"))
    catalog = sqlite3.connect(folder / "troubled" / "catalog.sqlite")
    catalog.execute("update revisions set body = replace(body, 'percent', 'per cent')")
    catalog.commit()
    catalog.close()

    with pytest.raises(SoakError, match="differs in its bodies"):
        _compare(folder)


def test_the_articles_are_the_same_for_the_same_seed_and_some_are_copies(tmp_path: Path) -> None:
    first, second = (write_articles(tmp_path / name, 20, seed=3) for name in ("a", "b"))

    assert first.read_bytes() == second.read_bytes()
    bodies = [json.loads(line)["body"] for line in first.read_text().splitlines()]
    assert bodies[9].startswith(bodies[4])
