"""What is kept of a run: a first line that says how it was made, then one line a case, as JSON Lines.

Each line is whole in itself: case, reply, evidence, timings. So metrics can be computed again, and new ones, without asking
again. A line that a crash cut short is dropped, and its case asked again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.cases import Case, in_words
from evals.json_lines import cut_half_line, whole_lines
from rag.errors import SourceError


class _Kept(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Passage(_Kept):
    """A passage that the answerer could read, best first."""

    id: str
    article: str
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    published_at: datetime | None = None
    text: str
    score: float | None = None


def under_header(passage: Passage) -> str:
    """As the answerer reads it: "title — outlet, date" above the words; the words alone where nothing else was told."""
    day = passage.published_at.strftime("%-d %B %Y") if passage.published_at else None
    imprint = ", ".join(part for part in (passage.outlet, day) if part)
    header = " — ".join(part for part in (passage.title, imprint) if part)
    return f"{header}\n{passage.text}" if header else passage.text


class Citation(_Kept):
    """Words that a claim points at. `stands`: what the article has at `[start, end)`, as it was read again afterwards.

    None where that could not be had: then nobody knows whether the span is right.
    """

    number: int
    article: str | None = None
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    published_at: datetime | None = None
    revision: int | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    before: str = ""
    after: str = ""
    speaker: str | None = None
    stands: str | None = None


class Claim(_Kept):
    """One sentence of the answer and the numbers of what it cites."""

    text: str
    citations: tuple[int, ...] = ()


class Reply(_Kept):
    """An answer as it came. `passages` is None where the service does not say what it read; so is `confidence`."""

    answered: bool
    reason: str | None = None
    detail: str | None = None
    text: str = ""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] | None = None
    mode: str | None = None
    model: str | None = None
    prompts: tuple[str, ...] = ()
    degraded: str | None = None
    confidence: float | None = None
    usage: dict[str, int] = {}
    timings_ms: dict[str, float] = {}


class Result(_Kept):
    """One case asked: a reply, or why there is none (`failure`), which no metric counts.

    `first_claim_s` is from asking to the first sentence, where the service streams.
    """

    case: Case
    reply: Reply | None = None
    failure: str | None = None
    seconds: float | None = None
    first_claim_s: float | None = None


class Header(_Kept):
    """How a run was made. A run goes on after a crash only with the same `cases`, `target` and `asked`."""

    format: Literal["onrecord-eval-1"] = "onrecord-eval-1"
    name: str
    cases: str
    count: int
    target: str
    asked: dict[str, Any] = {}
    service: dict[str, Any] = {}
    started: datetime

    @property
    def identity(self) -> str:
        """Tells this run from every other: its name, its cases and when it began."""
        return f"{self.name} ({self.cases}) of {self.started.isoformat()}"


class Run(_Kept):
    """A run as it is on disk so far."""

    header: Header
    results: tuple[Result, ...]

    @property
    def whole(self) -> bool:
        return len(self.results) == self.header.count

    @property
    def failed(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.failure is not None)


def fingerprint(cases: Sequence[Case]) -> str:
    """The same for the same cases in the same order."""
    text = "\n".join(case.model_dump_json() for case in cases)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_run(path: Path) -> Run:
    """The run in a file; of a case that was asked twice, the later. Raises SourceError, naming the line."""
    header: Header | None = None
    found: dict[str, Result] = {}
    for number, line in enumerate(whole_lines(path), 1):
        try:
            if header is None:
                header = Header.model_validate_json(line)
            else:
                result = Result.model_validate_json(line)
                found[result.case.id] = result
        except ValidationError as error:
            what = "a run's first line" if header is None else "a result"
            raise SourceError(
                f"{path}:{number}: not {what} ({in_words(error)}); `onrecord eval run CASES --out FILE` writes runs"
            ) from error
    if header is None:
        raise SourceError(f"{path} is empty; `onrecord eval run CASES --out FILE` writes runs")
    return Run(header=header, results=tuple(found.values()))


class RunFile:
    """A run being written: each result is on the disk when `add` returns."""

    def __init__(self, path: Path, header: Header) -> None:
        """Begins the file, or goes on with it. Raises SourceError where it holds another run."""
        self._path = path
        self.done: dict[str, Result] = {}
        if path.exists() and path.stat().st_size:
            run = read_run(path)
            _check_same(path, run.header, header)
            self.done = {result.case.id: result for result in run.results if result.failure is None}
            cut_half_line(path)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(header)

    def add(self, result: Result) -> None:
        self._write(result)

    def _write(self, record: BaseModel) -> None:
        line = json.dumps(record.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
        if isinstance(record, Header):
            line = record.model_dump_json()
        with self._path.open("a", encoding="utf-8", newline="\n") as lines:
            lines.write(line + "\n")


def _check_same(path: Path, there: Header, ours: Header) -> None:
    for name in ("cases", "target", "asked"):
        if getattr(there, name) != getattr(ours, name):
            raise SourceError(
                f"{path} holds a run of other {name} ({getattr(there, name)}, not {getattr(ours, name)}): name another"
                " --out, or delete it"
            )
