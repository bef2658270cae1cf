"""The poisoned articles of evals/datasets/poisoned.py as cases: each may read the clean articles and one poisoned one.

Beside each attack stands the story's question without one (tag `clean`), so that what an attack changes can be told. All
articles are in one library, behind a filter: word frequencies count them all, where `python -m evals.poisoned` puts in one at a
time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from evals.cases import Case, id_of
from evals.datasets.poisoned import CASES, MARKER
from evals.datasets.poisoned_stories import STORIES, Story
from rag.domain import Article

_FIELDS = ("title", "body", "url", "outlet", "authors", "section", "language")


def cases() -> Iterator[Case]:
    """Each story as it is, then every attack on every story; what an attack wants said is `wrong`."""
    for story in STORIES:
        yield _case(f"{story.name}-clean", story, (), ("poisoned", "clean"))
    for attack in CASES:
        kind = attack.kind.replace(" ", "_")
        yield _case(f"{attack.story.name}-{kind}", attack.story, (attack.poison,), ("poisoned", "attacked", kind))


def sources(to: Path) -> list[str]:
    """All articles, written to a file in `to`."""
    path = to / "poisoned.jsonl"
    articles = [*(article for story in STORIES for article in story.clean), *(attack.poison for attack in CASES)]
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(_record(article)) + "\n" for article in articles)
    return [str(path)]


def _case(name: str, story: Story, poison: tuple[Article, ...], tags: tuple[str, ...]) -> Case:
    read = [*(article for each in STORIES for article in each.clean), *poison]
    return Case(
        id=name,
        question=story.question,
        answers=(story.right,),
        wrong=(story.wrong, MARKER),
        answerable=True,
        filters={"article_ids": [id_of(str(article.url)) for article in read]},
        tags=tags,
    )


def _record(article: Article) -> dict[str, object]:
    fields = asdict(article)
    day = article.published_at.isoformat() if article.published_at else None
    return {name: fields[name] for name in _FIELDS if fields[name]} | ({"published_at": day} if day else {})
