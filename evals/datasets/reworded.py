"""Questions in other words: none shares a stem of a content word with the passage that answers it.

Source: written for this project, one for each of 104 passages of MultiHop-RAG's articles (evals/datasets/multihop_rag.py).
Licence: the questions are the project's; of the articles only an address, offsets and the first 16 digits of a SHA-256 are
kept, no words.

Known traps:
- Offsets count code points of the body as our cleaning leaves it: `passage_of` says where that has changed since.
- Lexical search is blind to the passage, but not quite to its header.
- They are riddles more than questions that people ask: a difference here says which channel bridges words, not how often it
  has to.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files

from rag.domain import Article, Span
from rag.errors import SourceError
from rag.terms import stems


@dataclass(frozen=True, slots=True)
class RewordedQuestion:
    """A question with the place of what answers it: `span` of the body of the article at `url`."""

    text: str
    url: str
    span: Span
    sha256: str


def load() -> tuple[RewordedQuestion, ...]:
    """All of them, in the file's order."""
    text = (files("evals") / "datasets" / "reworded.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in text.split("\n") if line.strip()]
    return tuple(RewordedQuestion(r["question"], r["url"], Span(r["start"], r["end"]), r["sha256"]) for r in records)


def passage_of(question: RewordedQuestion, article: Article) -> str:
    """The words that answer. Raises SourceError where they no longer stand at these offsets."""
    text = question.span.of(article.body)
    if hashlib.sha256(text.encode()).hexdigest()[:16] != question.sha256:
        raise SourceError(
            f"{question.url}: the body is cut otherwise than when {question.text!r} was written; find its passage anew"
        )
    return text


def shared_words(question: RewordedQuestion, article: Article) -> frozenset[str]:
    """The stems of content words that the question has in common with its passage: none, or it does not belong here."""
    return frozenset(stems(question.text) & stems(passage_of(question, article)))
