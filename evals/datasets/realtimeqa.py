"""RealTime QA: weekly news quizzes of CNN, USA Today and The Week, with articles that a search found when they were asked.

Source: Kasai et al., RealTime QA: What's the Answer Right Now?, NeurIPS 2023 Datasets and Benchmarks, arXiv:2207.13332.
Licence: none is stated by github.com/realtimeqa/realtimeqa_public, and the articles are their publishers': measured with, and
never republished, not a sentence of them. To get it: the folders `past/YYYY` there; our files group them by year
(`questions_YYYY.jsonl`, `articles_YYYY.jsonl.xz`) and add weak labels (`derived_YYYY.jsonl`: which articles hold the answer's
words).

Known traps:
- About half of the questions have no answer in the articles: they have no ranking to score, and are left out here.
- Some found pages are quizzes with the question and its answer: `leaking_articles`. They are left out for all questions.
- A short or numeric answer ("2", "five") stands in passages that say nothing of it: `certain` is false for those.
- An answer's words in a passage do not make it the evidence: "Brazil" is in many. The score is an upper bound of what it is
  taken for, and says more about one ranking beside another than by itself.
- A question may need its choices ("Which of these ..."), and dates from its week: it names none.
- A url may have several texts, of live pages that changed; a library that goes by the url keeps the last.
- Many titles are cut with an ellipsis, as the search showed them; half of the articles are not the outlet's that asked.
"""

from __future__ import annotations

import json
import lzma
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from evals.cases import Case
from rag.errors import SourceError

_WORD = re.compile(r"[^\W_]+")
_LABELS = ("question_id", "answer_text", "answer_string_in", "leaking_articles", "short_or_numeric_answer")
_ARTICLES = frozenset(("the", "a", "an"))


@dataclass(frozen=True, slots=True)
class RealTimeQuestion:
    """A question that an article of its year answers; `certain` where a match of the answer's words means something."""

    id: str
    asked_on: date
    text: str
    answers: tuple[str, ...]
    certain: bool
    choices: tuple[str, ...] = ()


def load_questions(folder: Path, year: int, *, every: bool = False) -> tuple[RealTimeQuestion, ...]:
    """Those with the answer's words in an article of that year that does not leak, in the file's order; or `every` one.

    Raises SourceError.
    """
    derived = {record["question_id"]: record for record in _records(folder / f"derived_{year}.jsonl", *_LABELS)}
    leaking = _leaking(derived.values())
    return tuple(
        RealTimeQuestion(
            id=record["question_id"],
            asked_on=date.fromisoformat(record["question_date"].replace("/", "-")),
            text=record["question_sentence"],
            answers=tuple(label["answer_text"]),
            certain=not label["short_or_numeric_answer"],
            choices=tuple(map(str, record.get("choices", ()))),
        )
        for record in _records(folder / f"questions_{year}.jsonl", "question_id", "question_date", "question_sentence")
        if (label := derived.get(record["question_id"])) and (every or set(label["answer_string_in"]) - leaking)
    )


def write_articles(folder: Path, year: int, to: Path) -> int:
    """The year's articles that do not leak, as JSON Lines that `onrecord ingest` reads; how many. Raises SourceError."""
    leaking = _leaking(_records(folder / f"derived_{year}.jsonl", *_LABELS))
    written = 0
    with to.open("w", encoding="utf-8") as lines:
        for record in _records(folder / f"articles_{year}.jsonl.xz", "article_id"):
            if record["article_id"] not in leaking:
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")
                written += 1
    return written


def cases(folder: Path) -> Iterator[Case]:
    """The questions of the newest year in the folder, without their choices and without gold evidence. Raises SourceError."""
    for question in load_questions(folder, _newest(folder)):
        yield Case(
            id=question.id,
            question=question.text,
            answers=question.answers,
            choices=question.choices,
            answerable=True,
            tags=("realtimeqa", "worded" if question.certain else "short"),
        )


def sources(folder: Path, to: Path) -> list[str]:
    """That year's articles without the quizzes, written to a file in the folder `to`."""
    path = to / "realtimeqa.jsonl"
    write_articles(folder, _newest(folder), path)
    return [str(path)]


def _newest(folder: Path) -> int:
    names = (path.name.removeprefix("articles_").removesuffix(".jsonl.xz") for path in folder.glob("articles_*.xz"))
    years = [int(name) for name in names if name.isdecimal()]
    if not years:
        raise SourceError(f"{folder} has no articles_YYYY.jsonl.xz; evals/datasets/realtimeqa.py says what it needs")
    return max(years)


def relevant(passages: Sequence[str], question: RealTimeQuestion) -> list[bool]:
    """A passage is a hit if an answer stands in it, word by word: case, accents, punctuation and a leading "the" aside."""
    wanted = _wanted(question)
    return [any(words in text for words in wanted) for text in map(_spaced, passages)]


def answered(texts: Sequence[str], questions: Sequence[RealTimeQuestion]) -> list[bool]:
    """For each question, whether any of the texts is a hit by the rule of `relevant`; each text is read once."""
    read = [*map(_spaced, texts)]
    return [any(words in text for words in _wanted(question) for text in read) for question in questions]


def _wanted(question: RealTimeQuestion) -> list[str]:
    return [f" {' '.join(words)} " for answer in question.answers if (words := _answer_words(answer))]


def _spaced(text: str) -> str:
    return f" {' '.join(_words(text))} "


def _answer_words(answer: str) -> list[str]:
    words = _words(answer)
    return words[1:] if len(words) > 1 and words[0] in _ARTICLES else words


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def _leaking(records: Any) -> frozenset[str]:
    return frozenset(article for record in records for article in record["leaking_articles"])


def _records(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    try:
        # Lines of the file, not str.splitlines(): a text may hold U+2028.
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                yield _record(f"{path}:{number}", line, needed)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}") from error
    except lzma.LZMAError as error:
        raise SourceError(f"{path}: not a file of RealTime QA ({error})") from error


def _record(where: str, line: str, needed: Sequence[str]) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise SourceError(f"{where}: not a record of RealTime QA ({error})") from error
    missing = [name for name in needed if name not in record]
    if missing:
        raise SourceError(f"{where}: the field {missing[0]!r} is missing")
    return record
