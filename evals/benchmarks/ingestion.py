"""How fast articles come in: each stage alone on the same texts, then all of it by the command."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from evals.benchmarks.command import Finished, onrecord, run_measured
from evals.benchmarks.subject import Subject
from evals.benchmarks.tables import Cell, Table
from ingest.sources.opening import Progress, read_sources
from ingest.sources.record import Found
from ingest.splitting import clean, split
from rag.composition import make_embedder
from rag.domain import Article, Document
from rag.errors import ArticleError
from rag.ports import IndexEntry, Matrix
from rag.settings import IngestSettings, Settings

T = TypeVar("T")
R = TypeVar("R")


def ingestion(subject: Subject, settings: Settings) -> list[Table]:
    """Two tables: the rate of each stage beside that of the whole, and what the command takes, twice."""
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        stages = _staged(subject, settings, Path(folder))
        command = onrecord("ingest", str(subject.source), "--library", str(Path(folder) / "library"), "--json")
        first, again = run_measured(command), run_measured(command)
    counted = f"{subject.name}, {stages.articles:,} articles, {stages.passages:,} passages"
    return [
        _rates(stages, first, f"{counted}; lots of {settings.ingest.batch_articles} articles"),
        Table(
            "onrecord ingest into a fresh library",
            counted,
            ("run", "new", "unchanged", "skipped", "seconds", "with start and stop", "articles/s", "peak MB", "aim"),
            (_run_row("first", first, "< 30 s"), _run_row("again", again, "")),
            digits=2,
        ),
    ]


def _rates(stages: _Stages, first: Finished, cases: str) -> Table:
    whole = float(first.printed["seconds"])
    rows: list[tuple[Cell, ...]] = [
        (name, took, stages.cpu_seconds[name], round(stages.passages / took), took / whole)
        for name, took in stages.seconds.items()
    ]
    total, cpu = sum(stages.seconds.values()), sum(stages.cpu_seconds.values())
    rows.append(("all stages, one after the other", total, cpu, round(stages.passages / total), total / whole))
    rate = first.printed["passages"] / whole
    rows.append(("the whole of ingest", whole, first.cpu_seconds, round(rate), 1.0))
    slowest = max(stages.seconds, key=lambda name: stages.seconds[name])
    share = rate / (stages.passages / stages.seconds[slowest])
    return Table(
        "Ingestion, each stage alone on the same texts",
        cases,
        ("stage", "seconds", "CPU seconds", "passages/s", "seconds / whole"),
        tuple(rows),
        digits=2,
        notes=(f"the whole runs at {share:.0%} of the rate of its slowest stage alone ({slowest})",),
    )


def _run_row(name: str, run: Finished, aim: str) -> tuple[Cell, ...]:
    counts = run.printed
    seconds = float(counts["seconds"])
    rate = (counts["new"] + counts["updated"] + counts["unchanged"]) / seconds
    skipped = len(counts["skipped"])
    return name, counts["new"], counts["unchanged"], skipped, seconds, run.seconds, round(rate), run.peak_mb, aim


@dataclass(slots=True)
class _Stages:
    """Seconds of each stage, those of all cores that it used, and what went through all of them."""

    seconds: dict[str, float] = field(default_factory=dict)
    cpu_seconds: dict[str, float] = field(default_factory=dict)
    articles: int = 0
    passages: int = 0

    def each(self, stage: str, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """The work done on every item, timed together as one stage."""
        started, used = time.perf_counter(), time.process_time()
        done = [work(item) for item in items]
        self.seconds[stage] = time.perf_counter() - started
        self.cpu_seconds[stage] = time.process_time() - used
        return done


def _staged(subject: Subject, settings: Settings, folder: Path) -> _Stages:
    """Every stage alone, on what the one before it made."""
    stages = _Stages()
    [records] = stages.each("read", lambda source: list(read_sources([source], Progress())), [str(subject.source)])
    found = [record.article for record in records if isinstance(record, Found)]
    [cleaned] = stages.each("clean, tell the language", lambda articles: _cleaned(articles, settings.ingest), [found])
    documents = stages.each("split (a process of its own)", lambda article: split(article, settings.ingest), cleaned)
    size = settings.ingest.batch_articles
    lots = [documents[start : start + size] for start in range(0, len(documents), size)]
    entries = _through_catalog(lots, folder, stages)
    embedder = make_embedder(settings.embedding)
    texts = [[entry.embedded_text for entry in lot] for lot in entries]
    vectors = stages.each("embed", embedder.passages, texts)
    _through_indexes(entries, vectors, folder, stages)
    stages.articles, stages.passages = len(documents), sum(map(len, entries))
    return stages


def _cleaned(articles: Sequence[Article], settings: IngestSettings) -> list[Article]:
    """The last of each id; those that cannot be stored are left out."""
    cleaned: dict[str, Article] = {}
    for article in articles:
        try:
            one = clean(article, settings)
        except ArticleError:
            continue
        cleaned[one.id] = one
    return list(cleaned.values())


def _through_catalog(lots: Sequence[Sequence[Document]], folder: Path, stages: _Stages) -> list[list[IndexEntry]]:
    """Recorded, then read back as the indexes are given them."""
    from rag.adapters.catalog import SqlCatalog

    catalog = SqlCatalog(folder / "catalog.sqlite")
    ids = [[document.article.id for document in lot] for lot in lots]
    try:
        stages.each("catalog: record", catalog.record, lots)
        entries = stages.each("catalog: read for the indexes", catalog.index_entries, ids)
        stages.each("catalog: mark indexed", catalog.mark_indexed, ids)
    finally:
        catalog.close()
    return entries


def _through_indexes(
    entries: Sequence[Sequence[IndexEntry]], vectors: Sequence[Matrix], folder: Path, stages: _Stages
) -> None:
    from rag.adapters.lexical import TantivyLexical
    from rag.adapters.vectors import ChromaVectors

    dense, lexical = ChromaVectors(folder / "vectors"), TantivyLexical(folder / "lexical")
    keyed = [([entry.passage.key for entry in lot], rows) for lot, rows in zip(entries, vectors, strict=True)]

    def add_and_commit(lot: Sequence[IndexEntry]) -> None:
        lexical.add(lot)
        lexical.commit()

    try:
        stages.each("Chroma upsert", lambda lot: dense.upsert(*lot), keyed)
        stages.each("tantivy add and commit", add_and_commit, entries)
    finally:
        dense.close()
        lexical.close()
