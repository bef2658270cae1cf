"""The golden set's questions asked in other words: the same cases, so that two runs can be compared case by case.

    onrecord eval run golden --out a.jsonl; onrecord eval run reworded --out b.jsonl; onrecord eval compare a.jsonl b.jsonl

Source: written for this project, one for each of 61 of the golden cases (48 of them with an answer in the samples).
Licence: the project's.

Known trap: the rewordings were written by one who knows the articles; what they show is how far an answer hangs on the
question's words, not how people would put it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from evals.cases import Case, read_cases


def golden_path() -> Path:
    """The golden set over the sample articles, as it ships with the package."""
    return Path(str(files("evals") / "datasets" / "golden.jsonl"))


def cases() -> Iterator[Case]:
    """The golden cases that are reworded, under their own ids, with the other question."""
    golden = {case.id: case for case in read_cases(golden_path())}
    text = (files("evals") / "datasets" / "golden_reworded.jsonl").read_text(encoding="utf-8")
    for line in text.splitlines():
        reworded = json.loads(line)
        case = golden[reworded["id"]]
        yield case.model_copy(update={"question": reworded["question"], "tags": (*case.tags, "reworded")})
