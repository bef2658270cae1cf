"""Query -> ranked passages: each part searched lexically and densely, fused, raised by what is named, in turns."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rag.domain import Filters, Kind, Part, Period, Query, ScoredPassage
from rag.errors import ProviderError
from rag.fusion import Fused, fuse, interleaved, joined, raised
from rag.library import Library
from rag.ports import Hit, StoredPassage
from rag.ranking import Candidate, Reranker
from rag.settings import RetrievalSettings
from rag.terms import stems
from rag.timing import step

log = logging.getLogger(__name__)

# A passage repeats another article of its story where this much of its words stands there.
_SAME_WORDS = 0.8
# Passages are read from the catalog in lots of this many times k: copies and withdrawn ones may thin a lot out.
_LOT = 3


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Passages, best first, with what each step took in milliseconds; `degraded` says what was left out, and why."""

    passages: tuple[ScoredPassage, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)
    degraded: str | None = None


async def retrieve(
    query: Query, library: Library, settings: RetrievalSettings, *, k: int, reranker: Reranker | None = None
) -> Retrieved:
    """At most `k` passages, all of which satisfy the query's filters, no two of one story with the same words.

    Each part of the question is searched for by itself, and the parts take turns, so that none is left out. Where the
    reranker fails, the passages stay in the order of the search.

    Raises:
        ProviderError: the embedding of the question failed.
    """
    search = _Search(query, library, settings, k)
    stored: dict[int, StoredPassage] = {}
    degraded = None
    with step(search.timings, "retrieval"):
        rankings = await search.rankings(_limited(query))
        if not any(rankings) and query.limits:
            rankings = await search.rankings(
                query.filters
            )  # nothing is of what it names: better something else than nothing
        if reranker is not None:
            try:
                with step(search.timings, "rerank"):
                    rankings = await _reranked(rankings, query, library, reranker, stored)
            except ProviderError as error:
                degraded = f"The reranker failed: {error}."
                log.warning("the reranker failed", extra={"reranker": reranker.name, "error": str(error)})
        with step(search.timings, "passages"):
            passages = await _best(interleaved(rankings), library, k, stored)
    return Retrieved(tuple(passages), search.timings, degraded)


async def rankings_of(query: Query, library: Library, settings: RetrievalSettings) -> list[list[Fused]]:
    """What the search alone finds for each part of the question, so that rerankers can be fitted and compared."""
    search = _Search(query, library, settings, settings.k)
    rankings = await search.rankings(_limited(query))
    return rankings if any(rankings) or not query.limits else await search.rankings(query.filters)


async def _reranked(
    rankings: Sequence[Sequence[Fused]],
    query: Query,
    library: Library,
    reranker: Reranker,
    stored: dict[int, StoredPassage],
) -> list[list[Fused]]:
    """Each part's ranking with its best in the reranker's order; what was read for it is added to `stored`."""
    parts = query.parts or (Part(query.text),)
    heads = [[each.key for each in ranking[: reranker.depth]] for ranking in rankings]
    stored.update(await library.passages(list(dict.fromkeys(key for head in heads for key in head))))
    return list(
        await asyncio.gather(
            *(_in_its_order(*each, query, reranker, stored) for each in zip(rankings, parts, strict=True))
        )
    )


async def _in_its_order(
    ranking: Sequence[Fused], part: Part, query: Query, reranker: Reranker, stored: Mapping[int, StoredPassage]
) -> list[Fused]:
    head = [each for each in ranking[: reranker.depth] if each.key in stored]
    found = [Candidate(stored[each.key], each.score, each.channels) for each in head]
    scores = await reranker.scores(query, part, found)
    order = sorted(range(len(head)), key=lambda n: -scores[n])
    # The scores stay with the places: those of a reranker say nothing beside those of what it did not look at.
    return [
        replace(head[n], score=at.score, channels={**head[n].channels, "reranker": scores[n]})
        for n, at in zip(order, head, strict=True)
    ] + list(ranking[reranker.depth :])


class _Search:
    """One question's searches."""

    def __init__(self, query: Query, library: Library, settings: RetrievalSettings, k: int) -> None:
        self._query, self._library, self._settings = query, library, settings
        self._parts = query.parts or (Part(query.text),)
        self._lexical_depth = max(settings.lexical_depth, _LOT * k)
        self._dense_depth = max(settings.dense_depth, _LOT * k)
        self.timings: dict[str, float] = {}

    async def rankings(self, filters: Filters) -> list[list[Fused]]:
        """One for each part of the question."""
        whole = (self._query.text,) if len(self._parts) > 1 else ()
        texts = list(dict.fromkeys((*whole, *(part.text for part in self._parts))))
        found = dict(zip(texts, await self._found(texts, filters), strict=True))
        with step(self.timings, "understood"):
            return await asyncio.gather(*(self._ranking(part, found, filters) for part in self._parts))

    async def _found(self, texts: Sequence[str], filters: Filters) -> list[dict[str, list[Hit]]]:
        lexical, dense = await asyncio.gather(
            self._timed("lexical", asyncio.gather(*(self._lexical(text, filters) for text in texts))),
            self._timed("dense", self._dense(texts, filters)),
        )
        return [{"lexical": one, "dense": other} for one, other in zip(lexical, dense, strict=True)]

    async def _ranking(self, part: Part, found: Mapping[str, dict[str, list[Hit]]], filters: Filters) -> list[Fused]:
        hits = dict(found[part.text])
        fitting = _fitting(part, filters)
        if fitting is not None:
            # What fits may be too far down among all: it is looked for by itself, and scored on the same scale.
            own = await self._lexical(part.text, fitting)
            hits["lexical"] = list({hit.key: hit for hit in (*hits["lexical"], *own)}.values())
        ranking = self._fused(hits)
        if len(self._parts) > 1:
            ranking = joined(ranking, self._fused(found[self._query.text]), self._settings.whole_weight)
        return raised(ranking, await self._factors(part, [each.key for each in ranking]))

    def _fused(self, hits: Mapping[str, Sequence[Hit]]) -> list[Fused]:
        dense = self._settings.dense_weight
        return fuse(hits, {"lexical": 1 - dense, "dense": dense})

    async def _factors(self, part: Part, keys: Sequence[int]) -> dict[int, float]:
        """By how much each passage is raised for what the part names."""
        settings, query = self._settings, self._query
        named: list[Filters] = []
        if part.outlets:
            named.append(Filters(outlets=part.outlets))
        if part.sections:
            named.append(Filters(sections=part.sections))
        if part.people and query.kind is Kind.SAID:
            named.append(Filters(speakers=part.people))
        if part.period is not None:
            named.append(Filters(published_after=part.period.after, published_before=part.period.before))
        factors = dict.fromkeys(keys, 1.0)
        for filters in named if settings.named_boost else ():
            for key in await self._library.matching(filters, among=keys):
                factors[key] += settings.named_boost
        if query.latest and settings.recency_boost:
            for key, age in (await self._ages(keys)).items():
                factors[key] += settings.recency_boost * 0.5 ** (age / settings.recency_half_life_days)
        return factors

    async def _ages(self, keys: Sequence[int]) -> dict[int, float]:
        """In days, counted from the moment as of which is asked, else from the newest article."""
        published = await self._library.published(keys)
        latest = self._query.as_of or (await self._library.names()).newest
        if latest is None:
            return {}
        return {key: max((latest - moment).total_seconds(), 0) / 86_400 for key, moment in published.items()}

    async def _lexical(self, text: str, filters: Filters) -> list[Hit]:
        return await self._library.lexical_search(text, limit=self._lexical_depth, filters=filters)

    async def _dense(self, texts: Sequence[str], filters: Filters) -> list[list[Hit]]:
        """For each text; a text without a single known token is near to nothing."""
        if self._settings.dense_depth == 0 or self._settings.dense_weight == 0:
            return [[] for _ in texts]
        vectors = np.stack(await asyncio.gather(*map(self._library.embed_question, texts)))
        known = np.flatnonzero(vectors.any(axis=1))
        every = await self._library.dense_searches(vectors[known], limit=self._dense_depth, filters=filters)
        found: list[list[Hit]] = [[] for _ in texts]
        for n, hits in zip(known, every, strict=True):
            found[n] = hits
        return found

    async def _timed(self, name: str, searches: Awaitable[list[list[Hit]]]) -> list[list[Hit]]:
        with step(self.timings, name):
            return await searches


def _limited(query: Query) -> Filters:
    """The filters with what the question's words limit it to."""
    filters = query.filters
    if "outlets" in query.limits and not filters.outlets:
        filters = replace(filters, outlets=query.outlets)
    if "sections" in query.limits and not filters.sections:
        filters = replace(filters, sections=query.sections)
    if "period" in query.limits and query.period is not None:
        filters = _within(query.period, filters)
    return filters


def _fitting(part: Part, filters: Filters) -> Filters | None:
    """The filters with all that the part names; None where that is nothing more."""
    wanted = filters
    if part.outlets and not filters.outlets:
        wanted = replace(wanted, outlets=part.outlets)
    if part.sections and not filters.sections:
        wanted = replace(wanted, sections=part.sections)
    if part.period is not None:
        wanted = _within(part.period, wanted)
    return None if wanted == filters else wanted


def _within(period: Period, filters: Filters) -> Filters:
    after = [each for each in (filters.published_after, period.after) if each is not None]
    before = [each for each in (filters.published_before, period.before) if each is not None]
    return replace(filters, published_after=max(after, default=None), published_before=min(before, default=None))


async def _best(
    fused: Sequence[Fused], library: Library, k: int, read: Mapping[int, StoredPassage]
) -> list[ScoredPassage]:
    """`read` are passages that were read already."""
    kept: list[tuple[Fused, StoredPassage]] = []
    told: dict[str, dict[str, str]] = {}  # the bodies that are kept of each story, by article
    lot = _LOT * k
    for start in range(0, len(fused), lot):
        stored = dict(read)
        if unread := [item.key for item in fused[start : start + lot] if item.key not in read]:
            stored.update(await library.passages(unread))
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
