"""What peers found and what it cost them, as tables: every system by the same rule, ours beside each. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from evals.benchmarks.peer_subjects import Asked, PeerSubject
from evals.benchmarks.peering import Measured
from evals.benchmarks.tables import Cell, Table, percentile
from evals.metrics.ranking import hits_at, reciprocal_rank
from evals.statistics import bootstrap_interval, paired_difference

# Four of our passages hold no more.
READ_WORDS = 640


def found_table(ours: Measured, peers: Sequence[Measured], subject: PeerSubject) -> Table:
    """How often what answers is found. Raises ValueError where a system has fewer replies than were asked."""
    asked = len(subject.asked)
    own = _scores(ours, subject.asked)
    rows: list[tuple[Cell, ...]] = []
    for each in (ours, *peers):
        scores = _scores(each, subject.asked)
        lengths = [len(text.split()) for passages in each.found[:asked] for text in passages]
        differences = [
            None if each is ours else paired_difference(own[metric], scores[metric])
            for metric in ("Hits@10", "Hits@4", "MRR@10")
        ]
        length = statistics.median(lengths) if lengths else 0.0
        rows.append(
            (
                each.form.name,
                each.version,
                each.passages,
                round(length),
                *map(bootstrap_interval, scores.values()),
                *differences,
            )
        )
    columns = ("", "version", "passages", "words", *own, "ours - its Hits@10", "ours - its Hits@4", "ours - its MRR@10")
    return Table(
        "Is what answers found?",
        f"{subject.name}, {asked} questions; {subject.rule}",
        columns,
        tuple(rows),
        digits=3,
        notes=(
            "words: median of a found passage; a longer one holds more, and so is a hit more easily",
            f"in {READ_WORDS} words: a hit within the first {READ_WORDS} words of the ten passages, cut there",
            "95 % bootstrap intervals over questions; differences are paired",
        ),
    )


def costs_table(ours: Measured, peers: Sequence[Measured], subject: PeerSubject) -> Table:
    """What it takes, medians over rounds; times of a search over all rounds, of what is scored and of short questions."""
    asked = len(subject.asked)
    with subject.articles.open(encoding="utf-8") as lines:
        articles = sum(1 for line in lines if line.strip())
    rows: list[tuple[Cell, ...]] = []
    for each in (ours, *peers):
        long = [ms for times in each.search_ms for ms in times[:asked]]
        short = [ms for times in each.search_ms for ms in times[asked:]]
        rows.append(
            (
                each.form.name,
                each.lines,
                articles / statistics.median(each.ingest_s),
                statistics.median(each.ingest_cpu_s),
                max(each.ingest_peak_mb),
                statistics.median(each.disk_mb),
                statistics.median(each.ready_s),
                percentile(long, 50),
                percentile(long, 95),
                percentile(short, 50) if short else None,
                statistics.median(each.search_cpu_ms),
                max(each.search_peak_mb),
            )
        )
    columns = (
        *("", "lines", "articles/s", "ingest CPU s", "ingest MB", "disk MB", "first answer s"),
        *("p50 ms", "p95 ms", "short p50 ms", "CPU ms", "search MB"),
    )
    return Table(
        "What does it take?",
        f"{subject.name}, {articles} articles, {asked} questions and {len(subject.short)} short ones,"
        f" {len(ours.search_ms)} rounds in turns",
        columns,
        tuple(rows),
        notes=(
            "lines: those of the script with code on them; a hybrid one builds on the plain one, which stands before it",
            "first answer: from the start of a process on a filled store; MB: the most that its processes held at once",
            "every system in process, none over HTTP; without a model none of the peers writes an answer",
        ),
    )


def in_first_words(passages: Sequence[str], words: int) -> list[str]:
    """The passages as far as their first `words` words, counted over all in order, reach."""
    kept: list[str] = []
    for passage in passages:
        own = passage.split()[:words]
        words -= len(own)
        kept.append(" ".join(own))
    return kept


def _scores(measured: Measured, asked: Sequence[Asked]) -> dict[str, list[float]]:
    """A score a question and metric."""
    if len(measured.found) < len(asked):
        raise ValueError(f"{measured.form.name}: {len(measured.found)} replies to {len(asked)} questions")
    pairs = list(zip(measured.found, asked, strict=False))
    judged = [each.judge(passages) for passages, each in pairs]
    read = [each.judge(in_first_words(passages, READ_WORDS)) for passages, each in pairs]
    return {
        "Hits@10": [hits_at(each, k=10) for each in judged],
        "Hits@4": [hits_at(each, k=4) for each in judged],
        "MRR@10": [reciprocal_rank(each, k=10) for each in judged],
        f"in {READ_WORDS} words": [hits_at(each, k=10) for each in read],
    }
