"""`kill -9` at any moment: nothing acknowledged is lost, nothing is half-indexed after the next start."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.ingest.processes import Contents, Ingesting, acknowledged, contents, finish
from tests.newsroom import generated, json_lines

ARTICLES = 200


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return json_lines(tmp_path_factory.mktemp("source") / "news.jsonl", generated(ARTICLES))


@pytest.fixture(scope="module")
def untroubled(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """The library as it is without a kill."""
    folder = tmp_path_factory.mktemp("untroubled") / "library"
    done = finish(folder, source)
    assert (done.returncode, done.last_line) == (0, f"new {ARTICLES} unchanged 0 sound True"), done.stderr
    return contents(folder)


def killed(folder: Path, source: Path, *more: str) -> None:
    done = finish(folder, source, *more)
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_an_ingest_killed_at_three_moments_ends_in_the_same_library(
    untroubled: Contents, source: Path, folder: Path
) -> None:
    killed(folder, source, "--die", "commit", "--at", "2")
    first = acknowledged(folder)
    killed(folder, source, "--die", "mark_indexed", "--at", "3")
    second = acknowledged(folder)
    killed(folder, source, "--die", "upsert", "--at", "2")
    third = acknowledged(folder)

    done = finish(folder, source)

    assert done.returncode == 0, done.stderr
    assert done.last_line == f"new {ARTICLES - len(third)} unchanged {len(third)} sound True"
    assert first < second < third
    assert contents(folder) == untroubled
    assert untroubled.faults == ()


@pytest.mark.parametrize("moment", ["record", "commit", "upsert", "mark_indexed"])
def test_opening_the_library_after_a_kill_finishes_what_was_acknowledged(
    source: Path, folder: Path, moment: str
) -> None:
    killed(folder, source, "--die", moment, "--at", "2")
    known = acknowledged(folder)

    left = contents(folder)

    assert set(left.articles) == known
    assert left.faults == ()
    assert {article_id for article_id, _ in left.words_found} == known
    assert {article_id for article_id, _ in left.neighbours_found} == known


def test_a_kill_from_outside_loses_nothing_that_was_reported(untroubled: Contents, source: Path, folder: Path) -> None:
    ended = Ingesting(folder, source).kill_at("at 96")
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert len(acknowledged(folder)) >= 96

    done = finish(folder, source)

    assert done.returncode == 0, done.stderr
    assert contents(folder) == untroubled
