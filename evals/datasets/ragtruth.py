"""RAGTruth: answers by six models from given sources, with the spans that no source bears out.

Source: Niu et al., RAGTruth: A Hallucination Corpus for Developing Trustworthy Retrieval-Augmented Language Models,
ACL 2024, arXiv:2401.00396. Licence: MIT.
To get it: `dataset/response.jsonl` and `dataset/source_info.jsonl` of github.com/ParticleMedia/RAGTruth; one pair of
files a task here: `summary_news_*` (summaries of news) and `qa_marco_*` (answers from MS MARCO passages).

Known traps:
- The share of hallucinated answers differs between the splits (news summaries: .311 in train, .227 in test), and F1 of
  "always hallucinated" with it (.475 and .370): an F1 from one split says nothing beside one from the other.
- Six answers share a source: whatever is held out, and every interval, goes by source.
- How much a model invents follows from its name and its manner: figures for a detector that sees either flatter it.
- `implicit_true` spans are true of the world but not in the source; they count as hallucinated here, as upstream.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.cases import Case, id_of
from rag.domain import Span
from rag.errors import SourceError
from rag.sentences import sentence_spans

TASKS = {"news": "summary_news", "marco": "qa_marco"}
# Every fifth source is kept from fitting, thresholds and all; the six answers of one source stay together.
_HELD_OUT_EVERY = 5
_PASSAGE_NOTE = re.compile(r"\s*\((?:from |in |see )?passages? [\d, and&]+\)", re.IGNORECASE)
# "Here is a summary in 90 words:", "1.": neither is part of a claim.
_FRAME = re.compile(r"\b(?:summary|words|passages?|article|answer|question)\b[^:]*:$", re.IGNORECASE)
_LIST_MARK = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")
_HAS_WORD = re.compile(r"[^\W_]{2}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer; `invented`: it overlaps a labelled span by a word."""

    text: str
    invented: bool


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. `source` is the same for the answers to one source; `sentences` are the source's own."""

    id: int
    task: str
    source: int
    question: str
    sources: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    invented: bool


def load(folder: Path, task: str, split: str) -> list[Response]:
    """The answers of a task in file order.

    `split`: train or test as upstream has them, or `fit` and `held-out`, four fifths and one fifth of train's sources.

    Raises:
        SourceError: a file is missing or has another form, or the split has no answer in these files.
    """
    name = TASKS[task]
    sources = {row["source_no"]: row for row in _rows(folder / f"{name}_sources.jsonl")}
    cut: dict[int, tuple[str, ...]] = {}
    found: list[Response] = []
    for row in _rows(folder / f"{name}_responses.jsonl"):
        number = int(row["source_no"])  # type: ignore[call-overload]
        if not _in_split(str(row["split"]), number, split):
            continue
        if number not in cut:
            context = _context(sources[number])
            cut[number] = tuple(span.of(context) for span in sentence_spans(context))
        found.append(_response(row, task, number, str(sources[number]["query"]), cut[number]))
    if not found:
        raise SourceError(f"{folder}/{name}_responses.jsonl has no answer of the split {split!r}; name another --split")
    return found


def cases(folder: Path) -> Iterator[Case]:
    """The questions of MS MARCO, each over its own passages: no answer is known, so what is scored is how answers cite."""
    for row in _rows(folder / f"{TASKS['marco']}_sources.jsonl"):
        url = _url(row)
        yield Case(
            id=f"marco-{row['source_no']}",
            question=str(row["query"]),
            filters={"article_ids": [id_of(url)]},
            tags=("ragtruth", "marco"),
        )


def articles(folder: Path, to: Path) -> list[str]:
    """The passages of each question as one article, written to a file in `to`."""
    path = to / "ragtruth.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for row in _rows(folder / f"{TASKS['marco']}_sources.jsonl"):
            article = {"title": "Passages", "body": _context(row), "url": _url(row), "language": "en"}
            lines.write(json.dumps(article, ensure_ascii=False) + "\n")
    return [str(path)]


def _context(row: dict[str, object]) -> str:
    return str(row["context"]).removesuffix("output:")


def _url(row: dict[str, object]) -> str:
    return f"https://ragtruth.example/marco/{row['source_no']}"


def _in_split(written: str, source: int, split: str) -> bool:
    if split in {"train", "test"}:
        return written == split
    return written == "train" and (source % _HELD_OUT_EVERY == 0) == (split == "held-out")


def _response(row: dict[str, object], task: str, number: int, query: str, sources: tuple[str, ...]) -> Response:
    output, labels = str(row["output"]), row["hallucination_labels"]
    if not isinstance(labels, list):
        raise SourceError(f"response {row['id']}: hallucination_labels is {labels!r}, expected a list of spans")
    spans = [Span(int(label["start"]), int(label["end"])) for label in labels if label["end"] > label["start"]]
    question = query if task == "marco" else ""
    return Response(
        int(str(row["id"])), task, number, question, sources, tuple(_sentences(output, spans)), bool(labels)
    )


def _sentences(output: str, labelled: Sequence[Span]) -> Iterator[Sentence]:
    for span in sentence_spans(output):
        text = _LIST_MARK.sub("", _PASSAGE_NOTE.sub("", span.of(output)))
        if _HAS_WORD.search(text) and not _FRAME.search(text):
            yield Sentence(text, any(_shares_a_word(span, label, output) for label in labelled))


def _shares_a_word(span: Span, label: Span, output: str) -> bool:
    start, end = max(span.start, label.start), min(span.end, label.end)
    return start < end and any(character.isalnum() for character in output[start:end])


def _rows(path: Path) -> Iterator[dict[str, object]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = json.loads(line)
                if not isinstance(row, dict) or "source_no" not in row:
                    raise SourceError(f"{path}:{number}: expected an object with source_no")
                yield row
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read ({error.strerror}); see its docstring for where it comes from"
        ) from error
    except json.JSONDecodeError as error:
        raise SourceError(f"{path}: not JSON Lines: {error}") from error
