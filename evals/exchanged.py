"""How often a claim that has its source the other way round is found, and one that has it right is let through.

    python -m evals.exchanged

83 pairs of claims on made-up sentences: roles, order, figures, direction, negation and speakers exchanged. The rules were written
on the pairs `first`; those `after` were written when the rules stood.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.splitting import clean, split
from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.adapters.weighed_support import WeighedSupport
from rag.citations import Pointer
from rag.corrections import Corrections
from rag.domain import Article, Reading
from rag.errors import SourceError
from rag.settings import IngestSettings
from rag.support import Support
from rag.verifying import Grounded

PAIRS = Path(__file__).parent / "datasets" / "exchanged.jsonl"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims on one cited sentence, one right and one that has it the other way round."""

    kind: str
    cited: str
    right: str
    wrong: str
    drawn: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether each claim passes, by the facts and the support check alone (`before`) and with the order of words."""

    pair: Pair
    right_before: bool
    right: bool
    wrong_before: bool
    wrong: bool


def load(path: Path = PAIRS) -> list[Pair]:
    """The pairs in file order. Raises SourceError."""
    try:
        return [Pair(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, TypeError, ValueError) as error:
        raise SourceError(
            f"{path}: expected one object a line with kind, cited, right, wrong, drawn: {error}"
        ) from error


async def outcomes(pairs: Iterable[Pair], support: Support) -> list[Outcome]:
    """Each pair with what passes, in order."""
    found: list[Outcome] = []
    for pair in pairs:
        grounds = [_grounded(claim, pair.cited) for claim in (pair.right, pair.wrong)]
        scores = await support.scores([ground.claimed for ground in grounds])
        before = [
            not ground.missing and not ground.unquoted and score >= support.threshold
            for ground, score in zip(grounds, scores, strict=True)
        ]
        (right, wrong) = (passed and ground.holds for passed, ground in zip(before, grounds, strict=True))
        found.append(Outcome(pair, before[0], right, before[1], wrong))
    return found


def _grounded(claim: str, cited: str) -> Grounded:
    settings = IngestSettings()
    article = Article(id="made-up", title="Note", body=cited, published_at=datetime(2025, 4, 7, tzinfo=UTC))
    document = split(clean(article, settings), settings)
    reading = Reading(document.article, document.sentences, (), document.statements)
    pointers = [Pointer(reading, span) for span in document.sentences]
    return Grounded.of(pointers, claim, Corrections([reading]))


def report(found: Iterable[Outcome]) -> Iterator[str]:
    """A line for each kind and for each time of writing: wrong claims let through, right ones kept, before and after."""
    rows = list(found)
    for name in ("kind", "drawn"):
        for value in dict.fromkeys(getattr(row.pair, name) for row in rows):
            some = [row for row in rows if getattr(row.pair, name) == value]
            counts = {part: sum(getattr(row, part) for row in some) for part in Outcome.__slots__[1:]}
            yield (
                f"{value:10} {len(some):3} pairs: wrong let through {counts['wrong_before']} -> {counts['wrong']},"
                f" right kept {counts['right_before']} -> {counts['right']}"
            )


def main() -> None:
    """Print the figures."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    for line in report(asyncio.run(outcomes(load(), WeighedSupport(WordVectorCache(StaticEmbeddings()))))):
        print(line)


if __name__ == "__main__":
    main()
