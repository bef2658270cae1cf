"""The table of data sets: how each is made into cases, and what has to be ingested before they are asked.

A new one is a file beside this with `cases` and what it ingests, and a line of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from evals.cases import Case, read_cases
from evals.datasets import golden_reworded, multihop_rag, poisoned_cases, ragtruth, realtimeqa, rgb
from evals.datasets.golden_reworded import golden_path
from rag.errors import SourceError


@dataclass(frozen=True, slots=True)
class DataSet:
    """`cases` of a folder; `sources` of it for `onrecord ingest`, some of them written to the second folder first."""

    cases: Callable[[Path], Iterable[Case]]
    sources: Callable[[Path, Path], list[str]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Cases, with what to ingest for them into a library of their own; None where they are about any library."""

    name: str
    cases: tuple[Case, ...]
    sources: Callable[[Path], list[str]] | None


def sample_articles() -> Path:
    return Path(str(files("ingest") / "samples" / "articles.jsonl"))


DATA_SETS: dict[str, DataSet] = {
    "multihop-rag": DataSet(multihop_rag.cases, multihop_rag.sources),
    "realtimeqa": DataSet(realtimeqa.cases, realtimeqa.sources),
    "rgb": DataSet(rgb.cases, rgb.sources),
    "ragtruth": DataSet(ragtruth.cases, ragtruth.articles),
}


# Those that ship with the package, with their articles.
OWN: dict[str, Callable[[], Loaded]] = {
    "golden": lambda: Loaded("golden", read_cases(golden_path()), lambda _: [str(sample_articles())]),
    "reworded": lambda: Loaded("reworded", tuple(golden_reworded.cases()), lambda _: [str(sample_articles())]),
    "poisoned": lambda: Loaded("poisoned", tuple(poisoned_cases.cases()), poisoned_cases.sources),
}


def load(named: str) -> Loaded:
    """The cases that a word of the command line names: our own, `NAME:FOLDER` of the table, or a file of cases.

    Raises SourceError: no such file or folder, or a record of another form.
    """
    if named in OWN:
        return OWN[named]()
    name, colon, path = named.partition(":")
    if not colon or (data := DATA_SETS.get(name)) is None:
        if not Path(named).is_file():
            known = ", ".join([*OWN, *(f"{each}:FOLDER" for each in DATA_SETS)])
            raise SourceError(f"{named!r} names no cases: write a JSON Lines file, or {known}")
        return Loaded(Path(named).name, read_cases(Path(named)), None)
    folder = Path(path)
    if not folder.is_dir():
        raise SourceError(f"{named!r}: {path!r} is no folder; name the one that holds the data set's files")
    cases = tuple(data.cases(folder))
    if not cases:
        raise SourceError(
            f"{folder} has no cases of {name}; evals/datasets/{name.replace('-', '_')}*.py says what it needs"
        )
    return Loaded(name, cases, lambda to: data.sources(folder, to))
