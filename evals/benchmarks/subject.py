"""What is benchmarked: articles, and questions to ask them."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from evals.cases import read_cases
from evals.datasets.loaders import golden_path, sample_articles
from evals.datasets.multihop_rag import MultiHopQuery, load_queries
from evals.filling import fill
from rag.composition import open_library
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
    """Articles in a file, and questions: `long` ones of many words, `short` ones as readers type them."""

    name: str
    source: Path
    long: tuple[str, ...]
    short: tuple[str, ...]
    queries: tuple[MultiHopQuery, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        return (*self.long, *self.short)


def multihop_rag(data: Path) -> Subject | None:
    """MultiHop-RAG in the folder `data`, with a fixed sample of its queries; None where it is not there."""
    folder = data / "multihop_rag"
    corpus, dev = folder / "corpus.jsonl", folder / "queries_dev.jsonl"
    if not (corpus.is_file() and dev.is_file()):
        return None
    queries = load_queries(dev)
    texts = [query.text for query in queries]
    sampled = random.Random(_SEED).sample(texts, min(_SAMPLED, len(texts)))
    return Subject("MultiHop-RAG", corpus, tuple(sampled), _SHORT, queries)


def samples() -> Subject:
    """The sample newsroom that ships with the package, with the questions of its golden set."""
    return Subject("samples", sample_articles(), (), tuple(case.question for case in read_cases(golden_path())))


async def build(subject: Subject, settings: Settings) -> None:
    """The subject's articles into the library; nothing where one stands in its folder already."""
    if (settings.library / "catalog.sqlite").exists():
        return
    await fill([str(subject.source)], settings)


@asynccontextmanager
async def opened(subject: Subject, settings: Settings) -> AsyncIterator[tuple[Library, str]]:
    """The library, and in words what is in it."""
    async with open_library(settings) as library:
        counts = await library.counts()
        yield library, f"{subject.name}, {counts['articles']:,} articles, {counts['passages']:,} passages"
