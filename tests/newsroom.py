"""Articles that the tests make up: a few written out, and as many as wanted by a seeded generator."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.sources.record import Found
from ingest.splitting import clean, split
from rag.domain import Article, Document
from rag.settings import IngestSettings

BRIDGE = Article(
    id="bridge",
    title="Council votes to rebuild the old bridge",
    body=(
        "The council of Lower Fenwick voted on Tuesday to rebuild the old bridge.\n\n"
        "“We will not wait for another flood,” the mayor, Ada Thorne, told the meeting. Work begins in spring."
    ),
    url="https://harbour.example/bridge",
    outlet="Harbour Courier",
    authors=("Jo Marsh", "Émile Zöller"),
    published_at=datetime(2025, 3, 4, 9, tzinfo=UTC),
    language="en",
    section="Local",
)
FERRY = Article(
    id="ferry",
    title="Ferry fares to rise in June",
    body=(
        "Fares on the island ferry will rise by a tenth in June, the operator said on Wednesday.\n\n"
        "Passengers on the quay were not amused. “It is a scandal,” said Tom Reed, a fisherman."
    ),
    url="https://island.example/ferry",
    outlet="Island Gazette",
    authors=("Jo Marsh",),
    published_at=datetime(2025, 4, 9, 18, 30, tzinfo=UTC),
    language="en",
    section="Business",
)
UNDATED = Article(
    id="undated",
    title="How the lighthouse was kept",
    body="Three families kept the lighthouse for a century. Their logbooks lie in the museum of the harbour today.",
)

_WORDS = (
    "council harbour bridge vote budget minister rain ferry school market road winter judge court team goal farm wheat "
    "port ship union strike pay tax river flood mayor garden museum engine valley signal paper winter copper forest"
).split()


def sentence(chance: random.Random, words: int = 12) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize() + "."


def generated(count: int, *, paragraphs: int = 5, seed: int = 7) -> list[Article]:
    """Articles of unlike words, each with a URL of its own; the same for the same seed."""
    chance = random.Random(seed)
    first = datetime(2025, 1, 1, tzinfo=UTC)
    return [
        Article(
            id="",
            title=f"Report {n}: {sentence(chance, 4)}",
            body="\n\n".join(" ".join(sentence(chance) for _ in range(4)) for _ in range(paragraphs)),
            url=f"https://wire.example/{n}",
            outlet=("Harbour Courier", "Island Gazette", "Fenwick Wire")[n % 3],
            published_at=first + timedelta(hours=n),
        )
        for n in range(count)
    ]


def document(article: Article) -> Document:
    return split(clean(article, IngestSettings()), IngestSettings())


def found(articles: Sequence[Article]) -> list[Found]:
    return [Found(f"made up:{n}", article) for n, article in enumerate(articles, 1)]


def json_lines(path: Path, articles: Sequence[Article]) -> Path:
    rows = (
        {
            "title": a.title,
            "body": a.body,
            "url": a.url,
            "outlet": a.outlet,
            "date": a.published_at and str(a.published_at),
        }
        for a in articles
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
