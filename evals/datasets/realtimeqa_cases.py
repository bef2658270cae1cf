"""RealTime QA as cases: weekly news quizzes with four choices, over the articles that a search found when they were asked.

Source: Kasai et al., RealTime QA: What's the Answer Right Now?, NeurIPS 2023 Datasets and Benchmarks, arXiv:2207.13332.
Licence: none is stated by github.com/realtimeqa/realtimeqa_public, and the articles are their publishers': to measure with, and
never to republish. To get it: the folders `past/YYYY` there; here grouped by year as `questions_YYYY.jsonl`,
`articles_YYYY.jsonl.xz` and, made from them, `derived_YYYY.jsonl` (which articles hold the
answer's words, and which the quiz itself).

The newest year of the folder is taken. Questions whose answer stands in none of its articles are left out, and so are articles
that are the quiz with its answers.

Known traps:
- An answer's words in an article do not make it the evidence: there is no gold evidence, and no ranking is scored.
- The choices are not asked with the question; "Which of these ..." cannot be answered without them.
- A quiz says "this week" and names no date.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.cases import Case
from rag.errors import SourceError


def cases(folder: Path) -> Iterator[Case]:
    """The questions of the newest year that can be answered from its articles. Raises SourceError, naming the line."""
    year = _newest(folder)
    derived = {row["question_id"]: row for _, row in _rows(folder / f"derived_{year}.jsonl", "question_id")}
    leaking = _leaking(folder, year)
    for where, row in _rows(folder / f"questions_{year}.jsonl", "question_sentence"):
        label = derived.get(row["question_id"])
        if label is None or not set(label["answer_string_in"]) - leaking:
            continue
        try:
            choices = tuple(map(str, row["choices"]))
            yield Case(
                id=row["question_id"],
                question=row["question_sentence"],
                answers=tuple(dict.fromkeys(choices[int(number)] for number in row["answer"])),
                choices=choices,
                answerable=True,
                tags=("realtimeqa", "short" if label["short_or_numeric_answer"] else "worded"),
            )
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise SourceError(f"{where}: not a question of RealTime QA ({error})") from error


def sources(folder: Path, to: Path) -> list[str]:
    """That year's articles without the quizzes, written to a file in `to`."""
    year = _newest(folder)
    leaking = _leaking(folder, year)
    path = to / "realtimeqa.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for _, row in _rows(folder / f"articles_{year}.jsonl.xz", "article_id"):
            if row["article_id"] not in leaking:
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    return [str(path)]


def _newest(folder: Path) -> str:
    years = sorted(
        path.name.removeprefix("articles_").removesuffix(".jsonl.xz") for path in folder.glob("articles_*.xz")
    )
    if not years:
        raise SourceError(
            f"{folder} has no articles_YYYY.jsonl.xz; evals/datasets/realtimeqa_cases.py says what it needs"
        )
    return years[-1]


def _leaking(folder: Path, year: str) -> frozenset[str]:
    rows = _rows(folder / f"derived_{year}.jsonl", "leaking_articles")
    return frozenset(article for _, row in rows for article in row["leaking_articles"])


def _rows(path: Path, needed: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each record with its file and line."""
    try:
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = json.loads(line)
                if needed not in row:
                    raise SourceError(f"{path}:{number}: the field {needed!r} is missing")
                yield f"{path}:{number}", row
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, lzma.LZMAError) as error:
        raise SourceError(f"{path}: not a file of RealTime QA ({error})") from error
