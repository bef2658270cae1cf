"""Support checks beside each other on the same claims of RAGTruth: `weighed`, and `judged` by the model that is set.

    ONRECORD_CHAT_MODEL=gguf:FILE python -m evals.claim_checks ../shared/data/ragtruth --most 120 --scores scores.jsonl

A model takes seconds a claim. So half of the claims that are drawn are invented and half are not, and precision is weighed
back to the share of invented ones in the split. Each check flags what lies below its own threshold. Scores are written as
they come, and a run that was broken off goes on where it was. Beside them in the same run: "always invented".
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from evals.datasets.ragtruth import TASKS, Response, load
from evals.ragtruth import Cited, Detection, Flags, Floats, claims, detection, parser
from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.adapters.judged_support import JudgedSupport
from rag.adapters.weighed_support import WeighedSupport
from rag.composition import open_chat
from rag.errors import SettingsError
from rag.facts import missing_facts
from rag.matching import WordVectors
from rag.settings import read_settings
from rag.support import Claimed, Support

_SEED = 7
_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Drawn:
    """One sentence of an answer with what it cites; `id` is the answer's number and the sentence's place in it."""

    id: str
    source: int
    claimed: Claimed
    invented: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """Claims in a random order, half of them invented; `share` is how many are in the split."""

    claims: tuple[Drawn, ...]
    share: float


def draw(responses: Sequence[Response], vectors: WordVectors, most: int, cited: Cited = "nearest") -> Draw:
    """So many claims at most, the same for the same arguments."""
    chooser = random.Random(_SEED)
    places = [(response, n) for response in responses for n in range(len(response.sentences))]
    kinds = [[place for place in places if place[0].sentences[place[1]].invented is kind] for kind in (True, False)]
    count = min(most // 2, *map(len, kinds))
    chosen = [place for kind in kinds for place in chooser.sample(kind, count)]
    chooser.shuffle(chosen)
    found = []
    for response, n in chosen:
        claimed = list(claims(response, vectors, cited))[n]
        found.append(Drawn(f"{response.id}.{n}", response.source, claimed, response.sentences[n].invented))
    return Draw(tuple(found), len(kinds[0]) / len(places))


async def score(drawn: Sequence[Drawn], support: Support, kept: Path | None) -> Floats:
    """The score of each claim; those in the file `kept` are not asked for again, and new ones are added to it."""
    known = _known(kept, support.name)
    for each in drawn:
        if each.id in known:
            continue
        (known[each.id],) = await support.scores([each.claimed])
        if kept is not None:
            with kept.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps({"check": support.name, "claim": each.id, "score": known[each.id]}) + "\n")
    return np.array([known[each.id] for each in drawn])


def _known(kept: Path | None, check: str) -> dict[str, float]:
    if kept is None or not kept.exists():
        return {}
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    return {row["claim"]: row["score"] for row in rows if row["check"] == check}


def interval(drawn: Sequence[Drawn], flagged: Flags, share: float) -> tuple[float, float]:
    """The middle 95 % of F1 over resamples of sources."""
    rows = sorted(zip(drawn, flagged, strict=True), key=lambda row: row[0].source)
    by_source = [list(group) for _, group in groupby(rows, key=lambda row: row[0].source)]
    chooser = random.Random(_SEED)
    found = []
    for _ in range(_RESAMPLES):
        again = [row for group in chooser.choices(by_source, k=len(by_source)) for row in group]
        invented = np.array([row[0].invented for row in again])
        if invented.any() and not invented.all():
            found.append(detection(np.array([row[1] for row in again]), invented, prevalence=share).f1)
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def auc(scores: Floats, invented: Flags) -> float:
    """How often an invented claim scores below a supported one; ties count half."""
    below = scores[invented][:, None] - scores[~invented][None, :]
    return float(((below < 0) + 0.5 * (below == 0)).mean())


def report(task: str, drawn: Draw, checks: Mapping[str, tuple[Floats, float]]) -> Iterator[str]:
    """Lines for a terminal: each check alone, and with the facts that are missing."""
    invented = np.array([each.invented for each in drawn.claims])
    missing = np.array([bool(missing_facts(each.claimed)) for each in drawn.claims])
    always = detection(np.ones(len(invented), dtype=bool), invented, prevalence=drawn.share)
    yield (
        f"{task}: {len(invented)} claims, half of them invented, weighed to the split's {drawn.share:.3f};"
        f" always: F1 {always.f1:.3f}"
    )
    yield _line("a fact missing", drawn, missing)
    for name, (scores, threshold) in checks.items():
        yield _line(f"{name}, below {threshold:.2f}", drawn, scores < threshold) + f" AUC {auc(scores, invented):.3f}"
        yield _line(f"{name}, or a fact missing", drawn, (scores < threshold) | missing)


def _line(name: str, drawn: Draw, flagged: Flags) -> str:
    found: Detection = detection(flagged, np.array([each.invented for each in drawn.claims]), prevalence=drawn.share)
    low, high = interval(drawn.claims, flagged, drawn.share)
    return (
        f"  {name}: F1 {found.f1:.3f} [{low:.3f}, {high:.3f}] P {found.precision:.3f} R {found.recall:.3f},"
        f" supported ones flagged {found.share:.3f}"
    )


async def run(options: argparse.Namespace) -> None:
    """Raises SettingsError where no chat model is set."""
    vectors = WordVectorCache(StaticEmbeddings())
    async with open_chat(read_settings()) as chat:
        if chat is None:
            raise SettingsError("ONRECORD_CHAT_MODEL is not set; name the model that is to judge, such as gguf:FILE")
        supports: tuple[Support, ...] = (WeighedSupport(vectors), JudgedSupport(chat))
        for task in options.tasks:
            drawn = draw(load(options.path, task, options.split), vectors, options.most, options.cited)
            scored = {each.name: (await score(drawn.claims, each, options.scores), each.threshold) for each in supports}
            for line in report(task, drawn, scored):
                print(line)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of each task."""
    made = parser(__doc__)
    made.add_argument("--split", choices=("held-out", "test"), default="held-out")
    made.add_argument("--tasks", nargs="+", choices=sorted(TASKS), default=["news"])
    made.add_argument("--most", type=int, default=120, help="so many claims of each task")
    made.add_argument("--scores", type=Path, help="a file that keeps the scores, to go on after a break")
    asyncio.run(run(made.parse_args(arguments)))


if __name__ == "__main__":
    main()
