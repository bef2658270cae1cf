"""Splitting here and in processes beside this one."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from typing import Any

import pytest

from ingest import splitting
from ingest.splitting import SplittingBeside, SplittingHere, split
from rag.domain import Article
from rag.errors import ArticleError
from rag.settings import IngestSettings
from tests.running import run

SETTINGS = IngestSettings()


def _articles(count: int) -> list[Article]:
    body = "The mayor of Port {n} opened the ferry line on Monday. “It will carry {n} people a day,” Ana Brandt said.\nIt rained."
    return [Article(id=f"a{n}", title=f"Ferry line {n} opens", body=body.format(n=n)) for n in range(count)]


def test_processes_cut_articles_as_this_one_does_and_in_order() -> None:
    async def both() -> tuple[list[Any], list[Any]]:
        articles = _articles(120)
        async with SplittingBeside(2) as beside:
            await beside.split(articles[:60], SETTINGS)
            return await beside.split(articles, SETTINGS), await SplittingHere().split(articles, SETTINGS)

    apart, here = run(both())

    assert apart == here
    assert [document.article.id for document in apart] == [f"a{n}" for n in range(120)]


def test_processes_clean_articles_as_this_one_does_and_say_why_one_cannot_be_stored() -> None:
    articles = [*_articles(60), Article(id="empty", title="Nothing", body=" ")]

    async def both() -> tuple[list[Any], list[Any]]:
        async with SplittingBeside(1) as beside:
            await beside.split(articles[:60], SETTINGS)
            return await asyncio.to_thread(beside.clean, articles, SETTINGS), SplittingHere().clean(articles, SETTINGS)

    apart, here = run(both())

    assert apart[:60] == here[:60]
    assert isinstance(apart[60], ArticleError)
    assert (str(apart[60]), apart[60].kind) == (str(here[60]), here[60].kind)


def test_a_few_articles_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(count: int) -> Any:
        raise AssertionError(f"{count} processes were started")

    monkeypatch.setattr(splitting, "_pool", refused)

    async def few() -> list[Any]:
        async with SplittingBeside(1) as beside:
            return await beside.split(_articles(5), SETTINGS)

    assert run(few()) == [split(article, SETTINGS) for article in _articles(5)]


def test_a_process_that_is_killed_loses_no_article() -> None:
    async def killed() -> list[Any]:
        articles = _articles(60)
        async with SplittingBeside(1) as beside:
            await beside.split(articles, SETTINGS)
            await beside.split(articles, SETTINGS)
            assert beside._pool is not None
            for number in list(beside._pool._processes):
                os.kill(number, signal.SIGKILL)
            await asyncio.sleep(0)
            return await beside.split(articles, SETTINGS)

    assert run(killed()) == [split(article, SETTINGS) for article in _articles(60)]


def test_no_process_is_left_when_splitting_has_ended() -> None:
    async def numbers() -> list[int]:
        async with SplittingBeside(2) as beside:
            await beside.split(_articles(60), SETTINGS)
            await beside.split(_articles(60), SETTINGS)
            assert beside._pool is not None
            return list(beside._pool._processes)

    for number in run(numbers()):
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_an_article_that_cannot_be_cut_fails_in_a_process_as_it_does_here() -> None:
    async def broken() -> None:
        wrong = replace(_articles(1)[0], published_at="yesterday")  # type: ignore[arg-type]
        async with SplittingBeside(1) as beside:
            await beside.split(_articles(60), SETTINGS)
            await beside.split([*_articles(60), wrong], SETTINGS)

    with pytest.raises(AttributeError):
        run(broken())
