"""What the choice of sentences is fitted on: the questions of MultiHop-RAG and RealTime QA, each with what may answer it.

A sentence is right where an answer stands in it, or the evidence that the set names; where a set says that there is no
answer, none is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks.subject import build, opened, subject_of
from evals.datasets import multihop_rag, realtimeqa
from evals.metrics.answering import stands_in
from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.adapters.weighed_answers import shipped_choice
from rag.answering import Request
from rag.composition import make_answerer
from rag.domain import Abstention, Evidence, Kind, Query
from rag.drafting import ExtractiveDrafts
from rag.evidence import open_evidence
from rag.extractive import Extractor
from rag.settings import read_settings
from rag.weighing import Floats

# Right or not: whether this text of a claim answers.
Judge = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Question:
    """One of a set, and what tells a right sentence."""

    text: str
    right: Judge
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sentences:
    """What may answer one question, `(sentences, ...)`: signals, what tells how sure each would be, whether it is right."""

    signals: Floats
    sureness: Floats
    right: NDArray[np.bool_]


def sentences(extractor: Extractor, right: Judge) -> Sentences | None:
    """Of one question; None where nothing may answer."""
    found = extractor.sentences()
    if not found:
        return None
    drafts = (extractor.sentence_draft(each).text for each in found)
    return Sentences(
        np.asarray([each.signals for each in found], dtype=np.float64),
        np.asarray([extractor.sureness(each, 0.0) for each in found], dtype=np.float64),
        np.asarray([right(text) for text in drafts], dtype=bool),
    )


def multihop_questions(data: Path) -> list[Question]:
    """Right is what holds a fact of the evidence or the answer's words, unless that is yes or no."""
    found = []
    for query in multihop_rag.load_queries(data / "multihop_rag" / "queries_dev.jsonl"):
        named = [query.answer] if query.kind == "inference_query" else []
        facts = [fact.text for fact in query.evidence]
        found.append(Question(query.text, partial(_holds, named, facts)))
    return found


def realtime_questions(data: Path, *, year: int) -> list[Question]:
    """Every question whose answer is words, found or not in the articles: right is what has the answer's words."""
    return [
        Question(
            each.text,
            partial(_holds, each.answers, []),
            datetime.combine(each.asked_on + timedelta(days=1), time(), UTC),
        )
        for each in realtimeqa.load_questions(data / "realtimeqa", year, every=True)
        if each.certain
    ]


def _holds(named: Sequence[str], facts: Sequence[str], text: str) -> bool:
    return stands_in(named, text) or (bool(facts) and multihop_rag.hold_any([text], facts)[0])


SETS: dict[str, Callable[[Path], list[Question]]] = {
    "multihop_rag": multihop_questions,
    "realtimeqa_2024_dated": partial(realtime_questions, year=2024),
}


async def read(name: str, data: Path, library: Path, most: int | None) -> list[Sentences | None]:
    """Of all questions of a set, in order; None for one that nothing may answer."""
    settings = read_settings(library=library)
    subject = subject_of(name, data)
    if subject is None:
        raise FileNotFoundError(f"{data} has no {name}")
    await build(subject, settings)
    found: list[Sentences | None] = []
    async with opened(subject, settings) as (stored, _):
        answerer = make_answerer(settings, stored)
        drafts = ExtractiveDrafts(stored, WordVectorCache(StaticEmbeddings()), shipped_choice())
        for question in SETS[name](data)[:most]:
            query = await answerer.understand(Request(question.text, as_of=question.as_of))
            if query.kind is Kind.SAID:
                continue
            passages = (await answerer.search(query, k=settings.evidence.passages)).passages
            found.append(await _of(query, await open_evidence(passages, stored), drafts, question.right))
    return found


async def _of(query: Query, evidence: Evidence, drafts: ExtractiveDrafts, right: Judge) -> Sentences | None:
    extractor = await drafts.extractor(query, evidence)
    if isinstance(extractor, Abstention) or not evidence.passages:
        return None
    return await asyncio.to_thread(sentences, extractor, right)
