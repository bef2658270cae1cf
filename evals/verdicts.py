"""Verdicts of a judge as they are kept: a first line that says whose they are and on what, then one line a verdict."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from glob import escape
from pathlib import Path

from evals.json_lines import cut_half_line, whole_lines
from rag.errors import SourceError

_FORMAT = "onrecord-verdicts-1"
_SUFFIX = ".judged"


@dataclass(frozen=True, slots=True)
class Judging:
    """Who judged (the model's name), by whose prompts, in which version, and what (a run, or a data set's answers)."""

    judge: str
    prompts: str
    of: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict; `score` is None where the case has nothing to score, or where the judge failed (`failure` says how)."""

    case: str
    metric: str
    time: int
    score: float | None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a file holds."""

    by: Judging
    judgements: tuple[Judgement, ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        """Those that there are verdicts by, as they come."""
        return tuple(dict.fromkeys(each.metric for each in self.judgements))


def read_verdicts(path: Path) -> Verdicts:
    """The verdicts in whole lines: of a verdict that was asked for again, the later.

    Raises SourceError where the file cannot be read or holds anything else.
    """
    lines = whole_lines(path)
    try:
        first, *rows = [json.loads(line) for line in lines]
        if not isinstance(first, dict) or first.pop("format", None) != _FORMAT:
            raise ValueError("its first line does not say who judged")
        made = [Judgement(str(case), str(metric), int(time), *_told(*told)) for case, metric, time, *told in rows]
        return Verdicts(Judging(**first), tuple({(j.case, j.metric, j.time): j for j in made}.values()))
    except (ValueError, TypeError) as error:
        raise SourceError(
            f"{path} holds no verdicts ({error}); `onrecord eval judge RUN --out FILE` writes them"
        ) from error


def beside(run: Path, model: str) -> Path:
    """Where the verdicts of a model on a run are kept unless another file is named."""
    return run.with_suffix(f".{Path(model).name}{_SUFFIX}")


def verdicts_on(run: Path, of: str, named: Sequence[Path] | None) -> tuple[Verdicts, ...]:
    """Those in the files that are named, else in those beside the run, where verdicts on an earlier run do not count.

    `of` identifies the run. Raises SourceError where a named file holds verdicts on another run.
    """
    if named is None:
        found = [read_verdicts(path) for path in sorted(run.parent.glob(f"{escape(run.stem)}.*{_SUFFIX}"))]
        return tuple(each for each in found if each.by.of == of)
    read = [(path, read_verdicts(path)) for path in named]
    for path, each in read:
        if each.by.of != of:
            raise SourceError(
                f"{path} holds verdicts on {each.by.of}, and {run} is {of}: `onrecord eval judge {run}` judges it"
            )
    return tuple(each for _, each in read)


def _told(score: float | None, failure: str | None) -> tuple[float | None, str | None]:
    return (None if score is None else float(score), None if failure is None else str(failure))


class VerdictsFile:
    """Verdicts being written: each is on the disk when `add` returns."""

    def __init__(self, path: Path, by: Judging) -> None:
        """Begins the file, or goes on with it; what a crash cut short is taken off. Raises SourceError where it holds others'."""
        self._path = path
        self.kept: Sequence[Judgement] = ()
        if path.exists():
            cut_half_line(path)
        if path.exists() and path.stat().st_size:
            found = read_verdicts(path)
            if found.by != by:
                raise SourceError(
                    f"{path} holds verdicts of {found.by.judge} by {found.by.prompts} on {found.by.of}, not of {by.judge} by"
                    f" {by.prompts} on {by.of}: name another --out, or delete it"
                )
            self.kept = found.judgements
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write({"format": _FORMAT, **asdict(by)})

    def add(self, made: Judgement) -> None:
        self._write([made.case, made.metric, made.time, made.score, made.failure])

    def _write(self, line: object) -> None:
        with self._path.open("a", encoding="utf-8", newline="\n") as lines:
            lines.write(json.dumps(line) + "\n")
