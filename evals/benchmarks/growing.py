"""Articles enough for libraries of several sizes: each size holds all of the smaller ones.

The smallest is MultiHop-RAG alone, to which the questions belong; RealTime QA's years come after it. Where both end, articles
are recombined: a third each of three articles drawn at random, under the first one's headline, outlet and day. A fifth of these
still have enough of one of the three to count as its near-copies.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from evals.datasets import realtimeqa
from ingest.sources.opening import Progress, read_sources
from ingest.sources.record import Found
from rag.domain import Article
from rag.errors import SourceError

_SEED = 11
_YEARS = (2023, 2024)
# Passages a word of English news, about: what MultiHop-RAG's 8,567 have of its words.
_WORDS_A_PASSAGE = 124


def write_lots(data: Path, sizes: Sequence[int], folder: Path) -> list[Path]:
    """A file of JSON Lines a size, with what it has more than the one before; about as many passages as `sizes` say.

    Raises SourceError where the articles are not in `data`, or the years are too few to be recombined.
    """
    articles = _all_articles(data, folder)
    lots, passages = [], 0.0
    for n, size in enumerate(sizes):
        path = folder / f"lot{n}.jsonl"
        with path.open("w", encoding="utf-8") as lines:
            while passages < size and (article := next(articles, None)) is not None:
                lines.write(json.dumps(article, ensure_ascii=False) + "\n")
                passages += len(article["body"].split()) / _WORDS_A_PASSAGE
        lots.append(path)
    return lots


def _all_articles(data: Path, folder: Path) -> Iterator[dict[str, Any]]:
    asked = data / "multihop_rag" / "corpus.jsonl"
    if not asked.is_file():
        raise SourceError(f"no multihop_rag/corpus.jsonl in {data}; name the folder that holds it with --data")
    years = []
    for year in _YEARS:
        if (data / "realtimeqa" / f"articles_{year}.jsonl.xz").is_file():
            realtimeqa.write_articles(data / "realtimeqa", year, folder / f"{year}.jsonl")
            years.append(folder / f"{year}.jsonl")
    return chain(records([asked]), records(years), _recombined(years))


def records(sources: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """The articles in files of any form, as the fields that an archive gives, ready for JSON Lines."""
    for record in read_sources(list(map(str, sources)), Progress()):
        if isinstance(record, Found):
            yield _fields(record.article)


def _fields(article: Article) -> dict[str, Any]:
    day = article.published_at.isoformat() if article.published_at else None
    return {
        "title": article.title,
        "body": article.body,
        "url": article.url,
        "outlet": article.outlet,
        "published_at": day,
    }


def _recombined(sources: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Without end. Raises SourceError where there are not three articles to draw from."""
    drawn = random.Random(_SEED)
    pool = [article for article in records(sources) if article["body"].count("\n") >= 6]
    if len(pool) < 3:
        raise SourceError("there are too few articles to be recombined: get RealTime QA's, or ask for smaller sizes")
    number = 0
    while True:
        number += 1
        three = drawn.sample(pool, 3)
        thirds = (_third(article["body"], n) for n, article in enumerate(three))
        yield three[0] | {"body": "\n".join(thirds), "url": f"https://recombined.invalid/{number}"}


def _third(body: str, n: int) -> str:
    lines = body.split("\n")
    cut = len(lines) // 3
    return "\n".join(lines[n * cut : (n + 1) * cut if n < 2 else None])
