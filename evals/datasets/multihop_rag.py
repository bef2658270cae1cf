"""MultiHop-RAG: 609 news articles of September to December 2023 and questions over two to four of them.

Source: Tang and Yang, MultiHop-RAG: Benchmarking Retrieval-Augmented Generation for Multi-Hop Queries, COLM 2024,
arXiv:2401.15391. Licence: ODC-BY 1.0 for the collection; the article bodies stay their publishers'.
To get it: `dataset/corpus.json` and `dataset/MultiHopRAG.json` of github.com/yixuantt/MultiHop-RAG (Git LFS), or the data
set yixuantt/MultiHopRAG at Hugging Face; write each as JSON Lines, one object a line, keys as they are.

Known traps:
- Null queries (answer "Insufficient information.") have no evidence: they are left out of every ranking figure.
- The paper words Hits@k as a share of the evidence; the released code counts a query as hit by any one fact, and so does
  everything published since. The released MAP@10 is not the paper's: do not compare it.
- The official answer score (any shared word) is passed by the constant "yes no insufficient information" on 64 % of the
  queries, and the official `accuracy` counts misses as true negatives. Score the normalised answer instead.
- One answer, Sam Bankman-Fried, is 271 of the 816 inference answers; guessing it scores.
- A fact that two passages share between them, at a cut, is in neither: smaller passages lower the ceiling.
- The articles are in the training data of any later model, so answers without any retrieval score above zero.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from evals.cases import Case, GoldEvidence
from rag.errors import SourceError

NULL = "null_query"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MultiHopArticle:
    """One article of the corpus; `url` is its identity."""

    title: str
    author: str | None
    source: str
    published_at: datetime
    category: str
    url: str
    body: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One piece of evidence: words that stand in the article at `url`, white space aside."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class MultiHopQuery:
    """A question with its answer and evidence. `kind` is comparison_query, inference_query, temporal_query or null_query."""

    text: str
    answer: str
    kind: str
    evidence: tuple[Fact, ...]

    @property
    def answerable(self) -> bool:
        return self.kind != NULL


def load_corpus(path: Path) -> tuple[MultiHopArticle, ...]:
    """The articles in the file's order. Raises SourceError, naming the line."""
    return tuple(_read(path, _article))


def load_queries(path: Path) -> tuple[MultiHopQuery, ...]:
    """The queries in the file's order, null queries included. Raises SourceError, naming the line."""
    return tuple(_read(path, _query))


def relevant(passages: Sequence[str], query: MultiHopQuery) -> list[bool]:
    """The official rule: a passage is a hit if any evidence fact stands in it, all white space removed from both.

    Source: retrieval_evaluate.py of the upstream repository, which removes spaces and line feeds; here all white space.
    """
    return hold_any(passages, [fact.text for fact in query.evidence])


def hold_any(passages: Sequence[str], facts: Sequence[str]) -> list[bool]:
    """For each passage, whether any of the facts stands in it, by the rule of `relevant`."""
    squeezed = [_squeezed(fact) for fact in facts]
    return [any(fact in text for fact in squeezed) for text in map(_squeezed, passages)]


def cases(folder: Path) -> Iterator[Case]:
    """The queries of the folder's `queries*.jsonl`, each id the file's name and line; raises SourceError.

    Null queries say that there is nothing to find; their "Insufficient information." is no answer to look for in a text.
    """
    for path in sorted(folder.glob("queries*.jsonl")):
        for number, query in enumerate(load_queries(path), 1):
            yield Case(
                id=f"{path.stem}-{number}",
                question=query.text,
                answers=(query.answer,) if query.answerable else (),
                evidence=tuple(GoldEvidence(url=fact.url, quote=fact.text) for fact in query.evidence),
                answerable=query.answerable,
                tags=("multihop-rag", query.kind),
            )


def sources(folder: Path, _: Path) -> list[str]:
    """What is to be ingested before the cases are asked."""
    return [str(folder / "corpus.jsonl")]


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _read(path: Path, make: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    # Lines of the file, not str.splitlines(): a body may hold U+2028.
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield make(json.loads(line))
            except KeyError as error:
                raise SourceError(f"{path}:{number}: the field {error} is missing") from error
            except (ValueError, TypeError, AttributeError) as error:
                raise SourceError(f"{path}:{number}: not a record of MultiHop-RAG ({error})") from error


def _article(record: dict[str, Any]) -> MultiHopArticle:
    return MultiHopArticle(
        title=record["title"],
        author=record["author"],
        source=record["source"],
        published_at=datetime.fromisoformat(record["published_at"]),
        category=record["category"],
        url=record["url"],
        body=record["body"],
    )


def _query(record: dict[str, Any]) -> MultiHopQuery:
    query = MultiHopQuery(
        text=record["query"],
        answer=record["answer"],
        kind=record["question_type"],
        evidence=tuple(Fact(each["fact"], each["url"]) for each in record["evidence_list"]),
    )
    if any(not fact.text.strip() for fact in query.evidence):
        raise ValueError("an empty fact, which would stand in every passage")
    if query.answerable and not query.evidence:
        raise ValueError(f"a {query.kind} without evidence")
    return query
