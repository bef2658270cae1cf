"""The whole way in: what a run reports, and what is in the library after it."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from ingest.pipeline import IngestReport, ingest, put_articles
from ingest.sources.opening import Progress, read_sources
from ingest.sources.record import Found, Record, Skipped
from ingest.splitting import clean, split
from rag.domain import Article, Filters
from rag.errors import ArticleError
from rag.library import Library
from rag.settings import IngestSettings, Settings
from tests.newsroom import BRIDGE, FERRY, UNDATED, found, generated, json_lines
from tests.running import on_library

SMALL = IngestSettings(batch_articles=4)


def ingested(settings: Settings, *runs: list[Record]) -> list[IngestReport]:
    async def act(library: Library) -> list[IngestReport]:
        reports = [await ingest(records, library, SMALL) for records in runs]
        assert (await library.health()).sound
        return reports

    return on_library(settings, act)


def records_of(*articles: Article) -> list[Record]:
    return list(found(articles))


def test_ingesting_twice_changes_nothing(settings: Settings) -> None:
    records = records_of(*generated(10))

    first, second = ingested(settings, records, records)

    assert (first.new, first.updated, first.unchanged, first.read) == (10, 0, 0, 10)
    assert (second.new, second.updated, second.unchanged, second.passages) == (0, 0, 10, 0)


def test_a_corrected_article_is_updated_and_the_others_are_not(settings: Settings) -> None:
    articles = generated(6)
    corrected = [*articles[:5], replace(articles[5], body=articles[5].body + "\n\nA correction was made.")]

    _, second = ingested(settings, records_of(*articles), records_of(*corrected))

    assert (second.new, second.updated, second.unchanged) == (0, 1, 5)


def test_an_id_that_comes_again_with_another_body_in_one_run_is_a_revision(settings: Settings) -> None:
    later = replace(BRIDGE, body=BRIDGE.body + " The estimate is nine million.")

    async def act(library: Library) -> tuple[IngestReport, Article]:
        report = await ingest(records_of(BRIDGE, FERRY, later), library, SMALL)
        return report, await library.article("bridge")

    report, article = on_library(settings, act)

    assert (report.new, report.updated) == (2, 1)
    assert (article.revision, article.body) == (2, later.body)


def test_the_last_body_of_an_id_stands_although_lots_overlap(settings: Settings) -> None:
    changed = replace(BRIDGE, body=BRIDGE.body + " The estimate is nine million.")

    async def act(library: Library) -> tuple[IngestReport, Article]:
        await put_articles([BRIDGE], library, SMALL)
        # The second lot equals what the library holds while the first, which changes it, is still being stored.
        report = await ingest(records_of(changed, BRIDGE, changed, BRIDGE), library, SMALL)
        return report, await library.article("bridge")

    report, article = on_library(settings, act)

    assert (report.updated, report.unchanged) == (4, 0)
    assert article.body == BRIDGE.body


def test_a_report_counts_what_became_of_each_record(settings: Settings) -> None:
    wire = generated(1, paragraphs=3)[0]
    copy = replace(wire, url="https://copy.example/1", title="Another headline", outlet="Copyist")
    one_word = replace(UNDATED, id="", body="Hello")

    async def act(library: Library) -> IngestReport:
        await put_articles([FERRY, clean(UNDATED, SMALL)], library, SMALL)
        await library.withdraw("ferry")
        records: list[Record] = [
            *records_of(wire, copy, FERRY, UNDATED, one_word),
            Skipped("b.txt", "the file is empty", "empty"),
        ]
        return await ingest(records, library, SMALL)

    report = on_library(settings, act)

    assert (report.new, report.near_copies, report.withdrawn, report.unchanged) == (2, 1, 1, 1)
    assert report.passages == 2 * len(split(clean(wire, SMALL), SMALL).passages)
    assert report.skipped == (
        Skipped("made up:5", "body has 1 words; an article has at least 5", "too_short"),
        Skipped("b.txt", "the file is empty", "empty"),
    )
    assert report.skipped_by == {"too_short": 1, "empty": 1}
    assert report.rate == round(report.read / report.seconds, 1)


@pytest.mark.parametrize(
    "bad",
    [
        replace(BRIDGE, id="", title="\u200b"),
        replace(BRIDGE, id="", body="Short"),
        replace(BRIDGE, id="", url="https://harbour.example:99999/a"),
        replace(BRIDGE, id="", body="A body with a lone surrogate \ud800 in it is kept."),
        replace(BRIDGE, id="", url="https://[harbour/a"),
        replace(BRIDGE, id="", url="https://harbour.example/\ud800"),
        replace(BRIDGE, id="", language="\ud800"),
    ],
    ids=["no title", "one word", "bad port", "surrogate", "bad host", "surrogate in url", "surrogate in language"],
)
def test_one_bad_record_keeps_the_others(settings: Settings, bad: Article) -> None:
    (report,) = ingested(settings, records_of(FERRY, bad, UNDATED))

    assert report.new + len(report.skipped) == 3
    assert report.new >= 2


def test_an_article_without_a_title_is_known_by_its_first_sentence_and_counted(settings: Settings) -> None:
    untitled = replace(generated(1)[0], title="")

    async def act(library: Library) -> tuple[IngestReport, str]:
        report = await ingest(records_of(untitled, BRIDGE), library, SMALL)
        return report, (await library.article(clean(untitled, SMALL).id)).title

    report, title = on_library(settings, act)

    assert (report.new, report.untitled) == (2, 1)
    assert untitled.body.startswith(title)


def test_an_empty_run_is_a_report_of_nothing(settings: Settings) -> None:
    (report,) = ingested(settings, [])

    assert replace(report, seconds=0.0) == IngestReport()


def test_progress_is_told_after_each_batch(settings: Settings) -> None:
    told: list[int] = []

    async def act(library: Library) -> None:
        await ingest(records_of(*generated(10)), library, SMALL, on_progress=told.append)

    on_library(settings, act)

    assert told == [4, 8, 10]


def test_a_split_article_is_cut_within_its_body() -> None:
    settings = IngestSettings(max_passage_words=60)

    document = split(clean(generated(1)[0], settings), settings)

    body = document.article.body
    assert len(document.passages) > 3
    assert "".join(span.of(body) for span in document.sentences) == body.replace("\n\n", "").replace(". ", ".")
    assert all(any(passage.holds(sentence) for passage in document.passages) for sentence in document.sentences)


def test_an_article_that_cannot_be_stored_says_why_when_it_is_cleaned() -> None:
    with pytest.raises(ArticleError, match="body has 1 words"):
        clean(replace(BRIDGE, body="Short"), SMALL)


def test_putting_articles_gives_one_outcome_each_in_order(settings: Settings) -> None:
    corrected = replace(FERRY, body=FERRY.body + " The operator has not replied.")
    gone = replace(BRIDGE, id="gone")

    async def act(library: Library) -> list[tuple[str, str, int]]:
        await put_articles([BRIDGE, FERRY, gone], library, SMALL)
        await library.withdraw("gone")
        outcomes = await put_articles([gone, UNDATED, BRIDGE, corrected], library, SMALL)
        return [(o.article_id, o.outcome, o.passages) for o in outcomes]

    assert on_library(settings, act) == [
        ("gone", "withdrawn", 0),
        ("undated", "new", 1),
        ("bridge", "unchanged", 0),
        ("ferry", "updated", 1),
    ]


def test_a_withdrawn_article_that_is_restored_is_in_the_library_again(settings: Settings) -> None:
    async def act(library: Library) -> tuple[str, Article]:
        await put_articles([BRIDGE], library, SMALL)
        await library.withdraw("bridge")
        (outcome,) = await put_articles([BRIDGE], library, SMALL, restore=True)
        assert (await library.health()).sound
        return outcome.outcome, await library.article("bridge")

    assert on_library(settings, act) == ("updated", BRIDGE)


def test_files_are_ingested_with_their_good_records(settings: Settings, tmp_path: Path) -> None:
    source = json_lines(tmp_path / "news.jsonl", [BRIDGE, FERRY])
    with source.open("a", encoding="utf-8") as file:
        file.write("{broken\n")

    async def act(library: Library) -> tuple[IngestReport, int]:
        report = await ingest(read_sources([str(source)], Progress()), library, SMALL)
        filters = Filters(outlets=("Island Gazette",))
        return report, len(await library.lexical_search("fares", limit=5, filters=filters))

    report, hits = on_library(settings, act)

    assert (report.new, [each.where for each in report.skipped], hits) == (2, [f"{source}:3"], 1)


def test_every_sample_article_that_ships_is_taken_in(settings: Settings) -> None:
    samples = files("ingest") / "samples" / "articles.jsonl"
    records = list(read_sources([str(samples)], Progress()))

    (report,) = ingested(settings, records)

    assert all(isinstance(record, Found) for record in records)
    assert (report.new, report.skipped) == (len(records), ())
    assert report.near_copies >= 1
