"""Query -> ranked passages: lexical and dense search, fused, one per story, best first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field

from rag.domain import Query, ScoredPassage
from rag.fusion import Fused, fuse
from rag.library import Library
from rag.ports import Hit, StoredPassage
from rag.settings import RetrievalSettings
from rag.terms import stems

# A passage repeats another article of its story where this much of its words stands there.
_SAME_WORDS = 0.8
# Passages are read from the catalog in lots of this many times k: copies and withdrawn ones may thin a lot out.
_LOT = 3


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Passages, best first, with what each step took in milliseconds."""

    passages: tuple[ScoredPassage, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)


async def retrieve(query: Query, library: Library, settings: RetrievalSettings, *, k: int) -> Retrieved:
    """At most `k` passages, all of which satisfy the query's filters, no two of one story with the same words.

    Raises:
        ProviderError: the embedding of the question failed.
    """
    timings: dict[str, float] = {}
    started = time.perf_counter()
    lexical, dense = await asyncio.gather(
        _timed("lexical", timings, _lexical(query, library, settings, k)),
        _timed("dense", timings, _dense(query, library, settings, k)),
    )
    weights = {"lexical": 1 - settings.dense_weight, "dense": settings.dense_weight}
    fused = fuse({"lexical": lexical, "dense": dense}, weights)
    fetching = time.perf_counter()
    passages = await _best(fused, library, k)
    timings["passages"] = _ms(fetching)
    timings["retrieval"] = _ms(started)
    return Retrieved(tuple(passages), timings)


async def _lexical(query: Query, library: Library, settings: RetrievalSettings, k: int) -> list[Hit]:
    return await library.lexical_search(query.text, limit=max(settings.lexical_depth, _LOT * k), filters=query.filters)


async def _dense(query: Query, library: Library, settings: RetrievalSettings, k: int) -> list[Hit]:
    if settings.dense_depth == 0 or settings.dense_weight == 0:
        return []
    vector = await library.embed_question(query.text)
    if not vector.any():
        return []  # a question without a single known token is near to nothing
    return await library.dense_search(vector, limit=max(settings.dense_depth, _LOT * k), filters=query.filters)


async def _best(fused: Sequence[Fused], library: Library, k: int) -> list[ScoredPassage]:
    kept: list[tuple[Fused, StoredPassage]] = []
    told: dict[str, dict[str, str]] = {}  # the bodies that are kept of each story, by article
    lot = _LOT * k
    for start in range(0, len(fused), lot):
        stored = await library.passages([item.key for item in fused[start : start + lot]])
        for item in fused[start : start + lot]:
            found = stored.get(item.key)
            if found is not None and len(kept) < k and not _stands_already(found, told):
                kept.append((item, found))
                told.setdefault(found.story, {})[found.article.id] = found.article.body
        if len(kept) == k:
            break
    outlets = await library.story_outlets(sorted({found.story for _, found in kept}))
    return [
        ScoredPassage(
            passage=found.passage,
            article=found.article,
            score=item.score,
            rank=rank,
            channels=item.channels,
            also_in=other_outlets(outlets.get(found.story, ()), found.article.id, found.article.outlet),
            story=found.story,
            quote_words=library.rights.quote_words(found.article.outlet),
        )
        for rank, (item, found) in enumerate(kept, 1)
    ]


def _stands_already(found: StoredPassage, told: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether another article that tells the same story, and is kept already, has these words.

    What a copy adds of its own is kept: it is not in the others, and so repeats nobody.
    """
    others = [body for article_id, body in told.get(found.story, {}).items() if article_id != found.article.id]
    own = stems(found.passage.span.of(found.article.body)) if others else set()
    return bool(own) and any(len(own & stems(body)) >= _SAME_WORDS * len(own) for body in others)


def other_outlets(members: Sequence[tuple[str, str]], article_id: str, outlet: str | None) -> tuple[str, ...]:
    """The outlets of a story's other articles, each once; `members` are `(article id, outlet)`."""
    names = (name for other, name in members if other != article_id and name and name != outlet)
    return tuple(dict.fromkeys(names))


async def _timed(name: str, timings: dict[str, float], step: Awaitable[list[Hit]]) -> list[Hit]:
    started = time.perf_counter()
    result = await step
    timings[name] = _ms(started)
    return result


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
