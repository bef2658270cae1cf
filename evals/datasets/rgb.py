"""RGB: questions with search snippets that answer them, that do not, and that answer them wrongly.

Source: Chen, Lin, Han and Sun, Benchmarking Large Language Models in Retrieval-Augmented Generation, AAAI 2024,
arXiv:2309.01431. Licence: CC BY-NC-SA 4.0, so not for commercial use, and never republished here.
To get it: `data/en*.json` of github.com/chen700564/RGB; write each as JSON Lines (`en_fact.jsonl`), keys as they are.

A snippet is an article of its own, and a case may read its own snippets alone (a filter by article). A question gives up to
three cases: noise (right snippets among others), rejection (only the others: nothing to find), counterfactual (wrong snippets
among others: the planted answer must not be given). A question whose answer has several parts (`en_int.jsonl`) is one of the
fourth ability, integration, in place of noise: its right snippets come part by part, and every part has to be answered.

Known traps:
- A snippet of a search is cut with "..." at both ends; some are too short to be an article and are not read.
- "Nothing to find" is what the snippets were searched for, not what somebody checked in every one of them.
- Without knowledge of the world, a planted answer that is told like any other cannot be told from a right one: an extractive
  answerer says what the articles say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.cases import Case, id_of
from rag.errors import SourceError

_PARTS = ("positive", "positive_wrong", "negative")
# Snippets have no headline; one that says nothing is the same for all of them.
_TITLE = "Search result"


def cases(folder: Path) -> Iterator[Case]:
    """The cases of every `en*.jsonl` in the folder. Raises SourceError, naming file and line."""
    for where, row in _rows(folder):
        parts = _parts(row["answer"])
        shared = {"question": row["query"]}
        right = {"parts": parts} if parts else {"answers": _texts(row["answer"])}
        if row.get("positive"):
            ability = "integration" if parts else "noise"
            yield Case(
                id=f"{where}-{ability}",
                **shared,
                **right,
                answerable=True,
                filters=_only(where, row, "positive", "negative"),
                tags=("rgb", ability),
            )
        if row.get("negative"):
            yield Case(
                id=f"{where}-rejection",
                **shared,
                answerable=False,
                filters=_only(where, row, "negative"),
                tags=("rgb", "rejection"),
            )
        if row.get("positive_wrong") and row.get("fakeanswer"):
            yield Case(
                id=f"{where}-counterfactual",
                **shared,
                **right,
                wrong=_texts(row["fakeanswer"]),
                filters=_only(where, row, "positive_wrong", "negative"),
                tags=("rgb", "counterfactual"),
            )


def sources(folder: Path, to: Path) -> list[str]:
    """The snippets as articles, written to a file in `to`."""
    path = to / "rgb.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for where, row in _rows(folder):
            for part in _PARTS:
                for number, text in enumerate(_texts(row.get(part, ()))):
                    article = {"title": _TITLE, "body": text, "url": _url(where, part, number), "language": "en"}
                    lines.write(json.dumps(article, ensure_ascii=False) + "\n")
    return [str(path)]


def _only(where: str, row: dict[str, Any], *parts: str) -> dict[str, Any]:
    return {
        "article_ids": [id_of(_url(where, part, n)) for part in parts for n in range(len(_texts(row.get(part, ()))))]
    }


def _url(where: str, part: str, number: int) -> str:
    return f"https://rgb.example/{where}/{part}/{number}"


def _texts(value: Any) -> tuple[str, ...]:
    """One answer, several, or several of several parts, flat."""
    return (value,) if isinstance(value, str) else tuple(text for each in value for text in _texts(each))


def _parts(answer: Any) -> tuple[tuple[str, ...], ...]:
    """Of an answer that has several, each with the words that it may be given in; of any other none."""
    several = not isinstance(answer, str) and len(answer) > 1
    return tuple(_texts(part) for part in answer) if several else ()


def _rows(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    paths = sorted(folder.glob("en*.jsonl"))
    if not paths:
        raise SourceError(f"{folder} has no en*.jsonl; evals/datasets/rgb.py says where it comes from")
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    row = json.loads(line)
                    yield f"{path.stem}-{row['id']}", row | {"query": row["query"], "answer": row["answer"]}
                except (ValueError, KeyError, TypeError) as error:
                    raise SourceError(f"{path}:{number}: not a record of RGB ({error})") from error
