"""What peers and ours are asked, and of which articles: each with the rule that tells a passage that answers by its text."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from evals.benchmarks.subject import SUBJECTS
from evals.datasets import multihop_rag, realtimeqa
from rag.errors import SourceError

# The half-year of RealTime QA that is asked about, and the articles of a month more: some 8,000 passages, as MultiHop-RAG's.
# Nothing of ours was fitted on that year.
_YEAR, _ASKED_SINCE, _PUBLISHED_SINCE = 2023, date(2023, 7, 1), "2023/06"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and which of some texts answer it."""

    question: str
    judge: Callable[[Sequence[str]], list[bool]]


@dataclass(frozen=True, slots=True)
class PeerSubject:
    """`articles` is a JSON Lines file with `title`, `body`, `url`, `source` and `published_at` in each line.

    `asked` are scored and timed, `short` are timed alone; `rule` says in words what counts as a hit.
    """

    name: str
    rule: str
    articles: Path
    asked: tuple[Asked, ...]
    short: tuple[str, ...] = ()


def _multihop_rag(data: Path, to: Path) -> PeerSubject:
    folder = data / "multihop_rag"
    source = folder / "corpus.jsonl"
    if not source.is_file():
        raise SourceError(f"no multihop_rag/corpus.jsonl in {data}; name the folder that holds it with --data")
    queries = multihop_rag.load_queries(folder / "queries_dev.jsonl")
    asked = (Asked(q.text, partial(multihop_rag.relevant, query=q)) for q in queries if q.answerable)
    short = SUBJECTS["multihop_rag"](data).short
    rule = "those without an answer left out; its official rule: a fact's words stand in the passage"
    return PeerSubject("MultiHop-RAG", rule, source, tuple(asked), short)


def _realtimeqa(data: Path, to: Path) -> PeerSubject:
    folder = data / "realtimeqa"
    if not (folder / f"articles_{_YEAR}.jsonl.xz").is_file():
        raise SourceError(
            f"no realtimeqa/articles_{_YEAR}.jsonl.xz in {data}; name the folder that holds it with --data"
        )
    with tempfile.TemporaryDirectory() as made:
        whole = Path(made) / "articles.jsonl"
        realtimeqa.write_articles(folder, _YEAR, whole)
        with whole.open(encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
    # By their address, as a library goes: of several texts the last stays.
    kept = {record["url"]: record for record in records if str(record["publish_date"]) >= _PUBLISHED_SINCE}
    articles = to / "realtimeqa.jsonl"
    articles.write_text(
        "".join(json.dumps(_as_read(record), ensure_ascii=False) + "\n" for record in kept.values()), encoding="utf-8"
    )
    certain = [
        question
        for question in realtimeqa.load_questions(folder, _YEAR)
        if question.certain and question.asked_on >= _ASKED_SINCE
    ]
    held = realtimeqa.answered([str(record["text"]) for record in kept.values()], certain)
    asked = tuple(
        Asked(question.text, partial(realtimeqa.relevant, question=question))
        for question, answerable in zip(certain, held, strict=True)
        if answerable
    )
    name = f"RealTime QA, July to December {_YEAR}"
    return PeerSubject(name, "the answer's words stand in the passage, which is an upper bound", articles, asked)


def _as_read(record: dict[str, Any]) -> dict[str, str]:
    published = str(record["publish_date"]).replace("/", "-")
    return {
        "title": record["title"],
        "body": record["text"],
        "url": record["url"],
        "source": record["url"].split("/")[2].removeprefix("www."),
        "published_at": f"{published}T00:00:00+00:00",
    }


# What `--subject` takes: the folder of the data sets and one for files that are made, to what is asked. Raises SourceError.
PEER_SUBJECTS: dict[str, Callable[[Path, Path], PeerSubject]] = {
    "multihop_rag": _multihop_rag,
    "realtimeqa": _realtimeqa,
}
