"""What is benchmarked: articles, and questions to ask them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

from evals.cases import read_cases
from evals.datasets import multihop_rag as multihop
from evals.datasets import realtimeqa, reworded
from evals.datasets.golden_reworded import golden_path
from evals.datasets.loaders import sample_articles
from evals.filling import fill
from evals.ranking_cases import RankingCase
from rag.composition import open_library
from rag.domain import ScoredPassage
from rag.library import Library
from rag.settings import Settings

_SAMPLED = 200
_SEED = 7
# As a reader types them: a name and a subject, a few words.
_SHORT = (
    "What did Sam Bankman-Fried say at his trial?",
    "Who replaced Sam Altman as chief executive of OpenAI?",
    "When did Sam Altman return to OpenAI?",
    "How much did Google pay Apple to be the default search engine?",
    "What did Satya Nadella say about Google?",
    "Why did the judge rule against Donald Trump?",
    "How many customers did FTX have?",
    "What did Caroline Ellison tell the jury?",
    "Who won the Las Vegas Grand Prix?",
    "What did Taylor Swift say about Travis Kelce?",
    "How long was Sam Altman out of OpenAI?",
    "What did Erik ten Hag say about Manchester United's defeat?",
    "Which deals are best on Cyber Monday?",
    "What did Jurgen Klopp say about the referee?",
    "Where was the hostage deal negotiated?",
    "What does Mark Zuckerberg think about open source models?",
    "How much did Amazon invest in Anthropic?",
    "What did Lina Khan accuse Amazon of?",
    "Is Twitter losing advertisers?",
    "What did Tim Cook say about the Vision Pro?",
    "Epic Games against Google verdict",
    "inflation in November",
    "What did Angela Merkel say about nuclear power?",
    "latest on the Writers Guild strike",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Articles in a file, and questions: `long` ones of many words, `short` ones as readers type them.

    `cases` are those whose evidence is known, and `to_reach` the aim for each figure of them. Where `write` is given, it
    writes the articles that are to be read, and `source` is what it takes them from.
    """

    name: str
    source: Path
    long: tuple[str, ...]
    short: tuple[str, ...]
    cases: tuple[RankingCase, ...] = ()
    to_reach: Mapping[str, float] = field(default_factory=dict)
    write: Callable[[Path], object] | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        return (*self.long, *self.short)


def subject_of(name: str, data: Path) -> Subject | None:
    """The subject of that name; None where its data is not in the folder `data`."""
    found = SUBJECTS[name](data)
    return found if found.source.is_file() else None


def _multihop_rag(data: Path) -> Subject:
    """MultiHop-RAG, with a fixed sample of its queries."""
    folder = data / "multihop_rag"
    corpus, dev = folder / "corpus.jsonl", folder / "queries_dev.jsonl"
    queries = multihop.load_queries(dev) if dev.is_file() else ()
    texts = [query.text for query in queries]
    sampled = random.Random(_SEED).sample(texts, min(_SAMPLED, len(texts)))
    cases = tuple(
        RankingCase(query.text, partial(_by_text, partial(multihop.relevant, query=query)), query.kind)
        for query in queries
        if query.answerable
    )
    to_reach = {"Hits@10": 0.97, "Hits@4": 0.90, "MRR@10": 0.78}
    return Subject("MultiHop-RAG", corpus, tuple(sampled), _SHORT, cases, to_reach)


def _reworded(data: Path) -> Subject:
    """The same articles, asked in words that the evidence does not have."""
    cases = tuple(RankingCase(question.text, partial(_by_place, question)) for question in reworded.load())
    texts = tuple(case.question for case in cases)
    return Subject("questions in other words", data / "multihop_rag" / "corpus.jsonl", (), texts, cases)


def _realtimeqa(data: Path, *, year: int, dated: bool = False) -> Subject:
    """A year of RealTime QA: questions whose answer its articles hold, none short or a number; as of their days, if `dated`."""
    folder = data / "realtimeqa"
    source = folder / f"articles_{year}.jsonl.xz"
    questions = realtimeqa.load_questions(folder, year) if source.is_file() else ()
    cases = tuple(
        RankingCase(
            question.text,
            partial(_by_text, partial(realtimeqa.relevant, question=question)),
            as_of=datetime.combine(question.asked_on + timedelta(days=1), time(), UTC) if dated else None,
        )
        for question in questions
        if question.certain
    )
    sampled = random.Random(_SEED).sample([case.question for case in cases], min(_SAMPLED, len(cases)))
    write = partial(realtimeqa.write_articles, folder, year)
    name = f"RealTime QA {year}{', each as of its day' if dated else ''}"
    return Subject(name, source, (), tuple(sampled), cases, write=write)


def _by_text(judge: Callable[[Sequence[str]], list[bool]], passages: Sequence[ScoredPassage]) -> list[bool]:
    return judge([passage.text for passage in passages])


def _by_place(question: reworded.RewordedQuestion, passages: Sequence[ScoredPassage]) -> list[bool]:
    return [
        passage.article.url == question.url and passage.passage.span.overlaps(question.span) for passage in passages
    ]


# What `--subject` takes.
SUBJECTS: dict[str, Callable[[Path], Subject]] = {
    "multihop_rag": _multihop_rag,
    "realtimeqa_2023": partial(_realtimeqa, year=2023),
    "realtimeqa_2024": partial(_realtimeqa, year=2024),
    "realtimeqa_2023_dated": partial(_realtimeqa, year=2023, dated=True),
    "realtimeqa_2024_dated": partial(_realtimeqa, year=2024, dated=True),
    "reworded": _reworded,
}


def samples() -> Subject:
    """The sample newsroom that ships with the package, with the questions of its golden set."""
    return Subject("samples", sample_articles(), (), tuple(case.question for case in read_cases(golden_path())))


async def build(subject: Subject, settings: Settings) -> None:
    """The subject's articles into the library; nothing where one stands in its folder already."""
    if settings.stored:
        return
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        source = subject.source
        if subject.write is not None:
            source = Path(folder) / "articles.jsonl"
            subject.write(source)
        await fill([str(source)], settings)


@asynccontextmanager
async def opened(subject: Subject, settings: Settings) -> AsyncIterator[tuple[Library, str]]:
    """The library, and in words what is in it."""
    async with open_library(settings) as library:
        counts = await library.counts()
        yield library, f"{subject.name}, {counts['articles']:,} articles, {counts['passages']:,} passages"
