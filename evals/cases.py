"""Cases: questions with what a right answer to them has, as JSON Lines, one object a line.

    {"id": "g013", "question": "When will the bridge reopen?", "answers": ["end of March"], "wrong": ["before December"],
     "evidence": [{"url": "https://...", "quote": "back by the end of March"}], "answerable": true, "tags": ["when"]}

Beside these: `conversation`, `filters` and `as_of` as /v1/ask takes them, `parts`, `choices`, `speaker`. What a case does not
say is not scored: `answerable` left out means that nobody knows, and then neither an answer nor an abstention is right or wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ingest.cleaning import article_id
from rag.citations import fold
from rag.domain import Article, Filters, Turn
from rag.errors import SourceError

_FILTERS = frozenset(each.name for each in fields(Filters))


class GoldEvidence(BaseModel):
    """Words of an article that answer the question; the article by its id in the library, or by its URL."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    article: str | None = None
    url: str | None = None
    quote: str

    @model_validator(mode="after")
    def _names_words_of_an_article(self) -> GoldEvidence:
        if not (self.article or self.url):
            raise ValueError("evidence needs the article's id as `article`, or its `url`")
        if not self.quote.strip():
            raise ValueError("an empty quote, which would stand in every passage")
        return self

    @property
    def key(self) -> str:
        """The article's id."""
        return self.article or id_of(str(self.url))


class Case(BaseModel):
    """One question. Of `answers` each is right by itself; those in `wrong` are outdated, or planted in an article.

    `parts`: what has to be put together, each part by any of its words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    conversation: tuple[Turn, ...] = ()
    filters: dict[str, Any] = {}
    as_of: datetime | None = None
    answers: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    wrong: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    evidence: tuple[GoldEvidence, ...] = ()
    answerable: bool | None = None
    speaker: str | None = None
    tags: tuple[str, ...] = ()
    note: str = ""

    @field_validator("filters")
    @classmethod
    def _are_filters(cls, given: dict[str, Any]) -> dict[str, Any]:
        if unknown := set(given) - _FILTERS:
            raise ValueError(f"no such filter: {', '.join(sorted(unknown))}; there are {', '.join(sorted(_FILTERS))}")
        return given

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Case:
        if self.answerable is False and (self.answers or self.parts or self.evidence):
            raise ValueError("answerable is false, and yet there are answers or evidence")
        if self.answerable and not (self.answers or self.parts or self.evidence):
            raise ValueError("answerable is true, and there are neither answers nor evidence to tell a right answer by")
        if self.choices and self.answerable and not set(self.answers) & set(self.choices):
            raise ValueError(f"none of the choices is an answer: {', '.join(self.choices)}")
        if not all(map(str.strip, (*self.answers, *self.wrong, *self.choices, *sum(self.parts, ())))):
            raise ValueError("an empty answer, which would stand in every text")
        return self

    def request(self) -> dict[str, Any]:
        """What /v1/ask is sent."""
        asked = self.model_dump(mode="json", include={"question", "conversation", "filters", "as_of"})
        return {name: value for name, value in asked.items() if value}

    def facts(self) -> list[list[GoldEvidence]]:
        """The evidence by what it says: the same words in several articles are one fact, found in any of them."""
        told: dict[str, list[GoldEvidence]] = {}
        for each in self.evidence:
            told.setdefault(fold(each.quote), []).append(each)
        return list(told.values())


def id_of(url: str) -> str:
    """The id that an article of this URL has in a library."""
    return article_id(Article(id="", title="", body="", url=url))


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases in the file's order. Raises SourceError, naming the line and what is wrong in it."""
    found: dict[str, Case] = {}
    at: dict[str, int] = {}
    for number, record in _records(path):
        try:
            case = Case.model_validate(record)
        except ValidationError as error:
            raise SourceError(f"{path}:{number}: {in_words(error)}") from error
        if case.id in found:
            raise SourceError(
                f"{path}:{number}: the id {case.id!r} stands in line {at[case.id]} too; each needs its own"
            )
        found[case.id], at[case.id] = case, number
    if not found:
        raise SourceError(f"{path}: no cases in it; write one JSON object a line, with id and question at least")
    return tuple(found.values())


def write_cases(cases: Iterable[Case], path: Path) -> None:
    """As `read_cases` reads them; what a case does not say is left out."""
    with path.open("w", encoding="utf-8") as lines:
        for case in cases:
            record = case.model_dump(mode="json", exclude_defaults=True)
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def in_words(error: ValidationError, most: int = 3) -> str:
    """The first few faults on one line, each with its field."""
    faults = error.errors(include_url=False)
    said = [f"{'.'.join(map(str, fault['loc'])) or 'the object'}: {fault['msg']}" for fault in faults[:most]]
    return "; ".join(said) + (f"; and {len(faults) - most} more" if len(faults) > most else "")


def _records(path: Path) -> Iterator[tuple[int, object]]:
    try:
        # Lines of the file, not str.splitlines(): a text may hold U+2028.
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    yield number, json.loads(line)
                except ValueError as error:
                    raise SourceError(
                        f"{path}:{number}: not JSON ({error}); one whole object stands on a line"
                    ) from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8: {error.reason}") from error


def tags_of(cases: Sequence[Case]) -> list[str]:
    """Every tag, the most frequent first."""
    counted: dict[str, int] = {}
    for case in cases:
        for tag in case.tags:
            counted[tag] = counted.get(tag, 0) + 1
    return sorted(counted, key=lambda tag: (-counted[tag], tag))
