"""A dry run says what an ingest would do, and does not do it."""

from __future__ import annotations

from dataclasses import replace

from ingest.pipeline import IngestReport, ingest, put_articles
from ingest.rehearsal import rehearse
from ingest.sources.record import Record, Skipped
from rag.domain import Article, Filters
from rag.library import Library
from rag.settings import IngestSettings, Settings
from tests.newsroom import BRIDGE, FERRY, UNDATED, found, generated
from tests.running import on_library, run

SMALL = IngestSettings(batch_articles=4)
WIRE = generated(1, paragraphs=3)[0]
COPY = replace(WIRE, url="https://copy.example/1", title="Another headline", outlet="Copyist")


def counts(report: IngestReport) -> IngestReport:
    """Without what a dry run has of its own, or lacks: it changes nothing."""
    return replace(report, seconds=0.0, dry_run=False, changed=())


def mixed() -> list[Record]:
    """Everything that can become of a record, some of it in different batches."""
    corrected = replace(FERRY, body=FERRY.body + " A correction was made.")
    untitled = replace(generated(2, seed=3)[1], title="")
    articles: list[Article] = [
        BRIDGE, corrected, UNDATED, WIRE, untitled, *generated(6, seed=9)[3:], COPY, WIRE, replace(BRIDGE, id="gone"),
        replace(COPY, body=COPY.body + " It was raining."), replace(UNDATED, id="", body="Hello"),
    ]  # fmt: skip
    return [*found(articles), Skipped("b.txt", "the file is empty", "empty")]


def test_a_dry_run_reports_what_the_run_then_does(settings: Settings) -> None:
    async def act(library: Library) -> tuple[IngestReport, IngestReport]:
        await put_articles([BRIDGE, FERRY, replace(BRIDGE, id="gone")], library, SMALL)
        await library.withdraw("gone")
        return await rehearse(mixed(), library, SMALL), await ingest(mixed(), library, SMALL)

    rehearsed, done = on_library(settings, act)

    assert rehearsed.dry_run
    assert not done.dry_run
    # One of them was new, and then updated.
    assert (rehearsed.changed, len(done.changed)) == ((), done.new + done.updated - 1)
    assert counts(rehearsed) == counts(done)
    assert (done.new, done.updated, done.unchanged, done.withdrawn, done.near_copies, done.untitled) == (
        7,
        2,
        2,
        1,
        2,
        1,
    )


def test_a_dry_run_without_a_library_takes_every_article_for_new_and_knows_copies_among_them() -> None:
    report = run(rehearse(found([BRIDGE, FERRY, UNDATED, *generated(6, seed=2)[1:], WIRE, COPY, BRIDGE]), None, SMALL))

    assert (report.new, report.unchanged, report.near_copies) == (10, 1, 1)


def test_a_dry_run_leaves_the_library_as_it_was(settings: Settings) -> None:
    async def act(library: Library) -> tuple[dict[str, int], dict[str, int], bool]:
        await put_articles([BRIDGE, FERRY], library, SMALL)
        before = await library.counts()
        await rehearse(mixed(), library, SMALL)
        hits = await library.lexical_search("correction", limit=5, filters=Filters())
        return before, await library.counts(), bool(hits)

    before, after, corrected = on_library(settings, act)

    assert before == after
    assert not corrected


def test_a_copy_is_known_however_far_it_stands_from_its_original() -> None:
    between = [replace(each, body=each.body[:60]) for each in generated(5_101, paragraphs=1)[1:]]

    report = run(rehearse(found([WIRE, *between, COPY]), None, IngestSettings(batch_articles=500)))

    assert (report.new, report.near_copies) == (5_102, 1)


def test_an_article_that_was_corrected_within_the_run_is_no_longer_what_it_was_a_copy_of() -> None:
    rewritten = replace(WIRE, body=generated(2, seed=8, paragraphs=3)[1].body)

    report = run(rehearse(found([WIRE, rewritten, COPY]), None, SMALL))

    assert (report.new, report.updated, report.near_copies) == (2, 1, 0)
