"""Are copies found, and only copies: `python -m evals.near_copies [--data DIR]`.

The cases are made at run time, of the samples and of real articles where they are at hand, by the edits that desks make
(evals/datasets/desk_edits.py); nothing of them is kept. Articles are halved by a hash of their titles: thresholds were set on
one half, and the other half is what counts. Exit 1 where precision or recall of that half is below .95.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from evals.datasets.desk_edits import EDITS, FORMS, form_item, newer_story
from evals.datasets.multihop_rag import load_queries
from evals.statistics import Estimate, proportion_interval
from ingest.sources.opening import Progress, read_sources
from ingest.sources.record import Found
from ingest.splitting import clean
from ingest.stories import bands, near_copies, runs
from rag.domain import Article
from rag.errors import ArticleError, OnRecordError
from rag.settings import IngestSettings

AIM = 0.95
_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_CORPORA = ("multihop_rag/corpus.jsonl", "newsarticles_2016_2017/articles.jsonl.xz")
_LEAST_WORDS = 120
_ARTICLES_A_HALF = 250
_FORM_PAIRS = 60


@dataclass(frozen=True, slots=True)
class Case:
    """Two bodies, and whether they are copies of one text."""

    kind: str
    one: str
    other: str
    copies: bool

    def found(self) -> bool:
        """What ingest decides: they meet in a bucket, and their runs agree."""
        return bool(set(bands(self.one)) & set(bands(self.other))) and near_copies(runs(self.one), runs(self.other))


@dataclass(frozen=True, slots=True)
class Score:
    precision: Estimate
    recall: Estimate
    right_of: dict[str, tuple[int, int]]


def score(cases: Sequence[Case]) -> Score:
    """Precision, recall and the number right of each kind. Raises ValueError where no case is, or none is found."""
    right_of: dict[str, tuple[int, int]] = {}
    found = hit = 0
    for case in cases:
        answer = case.found()
        right, total = right_of.get(case.kind, (0, 0))
        right_of[case.kind] = (right + (answer == case.copies), total + 1)
        found += answer
        hit += answer and case.copies
    copies = sum(case.copies for case in cases)
    return Score(proportion_interval(hit, found), proportion_interval(hit, copies), right_of)


def half(title: str) -> int:
    """0: thresholds were set on it; 1: held out."""
    return hashlib.sha256(title.encode()).digest()[0] & 1


def cases(articles: Sequence[Article], *, which: int, seed: int = 5) -> Iterator[Case]:
    """Copies and stories of their own, made of one half of the articles, and forms filled in."""
    chance = random.Random(seed + which)
    own = [a for a in articles if half(a.title) == which and len(a.body.split()) >= _LEAST_WORDS]
    chosen = chance.sample(own, min(len(own), _ARTICLES_A_HALF))
    for n, article in enumerate(chosen):
        other = chosen[n - 1].body
        for kind, edit in EDITS.items():
            yield Case(kind, article.body, edit(chance, article.body, other), True)
        yield Case("newer story with old background", article.body, newer_story(chance, article.body, other), False)
    for kind in FORMS:
        for _ in range(_FORM_PAIRS):
            yield Case(kind, form_item(chance, kind), form_item(chance, kind), False)


def same_event(data: Path, articles: Sequence[Article], *, which: int) -> Iterator[Case]:
    """Different articles that one MultiHop-RAG question needs together: reports of one event, each its own."""
    queries = data / "multihop_rag" / "queries_dev.jsonl"
    if not queries.exists():
        return
    bodies = {article.url: article for article in articles}
    pairs = {
        (one, other)
        for query in load_queries(queries)
        for one in (fact.url for fact in query.evidence)
        for other in (fact.url for fact in query.evidence)
        if one < other
    }
    for one, other in sorted(pairs):
        if one in bodies and other in bodies and half(bodies[one].title) == which:
            yield Case("reports of one event", bodies[one].body, bodies[other].body, False)


def load(data: Path) -> list[Article]:
    """The samples, and the real articles that are there, cleaned; each body once."""
    sources = [str(files("ingest") / "samples" / "articles.jsonl")]
    sources += [str(data / name) for name in _CORPORA if (data / name).exists()]
    found: dict[str, Article] = {}
    for record in read_sources(sources, Progress()):
        if isinstance(record, Found):
            try:
                article = clean(record.article, IngestSettings())
            except ArticleError:
                continue
            found.setdefault(article.body, article)
    return list(found.values())


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.near_copies", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("ONRECORD_BENCH_DATA") or _DATA), metavar="DIR"
    )
    options = parser.parse_args(argv)
    try:
        articles = load(options.data)
        scores = [
            score([*cases(articles, which=which), *same_event(options.data, articles, which=which)]) for which in (0, 1)
        ]
    except OnRecordError as error:
        print(f"near copies: {error}", file=sys.stderr)
        return 1
    tuned, held = scores
    print(f"{len(articles)} articles; thresholds were set on one half\n")
    print(f"{'kind':34} {'tuned on':>12} {'held out':>12}   (right of all)")
    for kind in dict.fromkeys([*tuned.right_of, *held.right_of]):
        columns = ("/".join(map(str, each.right_of.get(kind, ("-",)))) for each in scores)
        print(f"{kind:34} " + " ".join(f"{column:>12}" for column in columns))
    for name in ("precision", "recall"):
        estimates: list[Estimate] = [getattr(each, name) for each in scores]
        print(f"{name:10}" + "".join(f"  {e.value:.3f} [{e.low:.3f}, {e.high:.3f}]" for e in estimates))
    return 0 if min(held.precision.value, held.recall.value) >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
