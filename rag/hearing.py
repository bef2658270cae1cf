"""Where somebody's words are asked for: their statements in all of the library, not only in what the search found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from rag.domain import Abstention, Kind, Part, Query, ScoredPassage
from rag.library import Library
from rag.retrieval import Retrieved, retrieve
from rag.settings import RetrievalSettings
from rag.terms import stems

# Of the evidence, this share is for passages with the speaker's words; the rest shows what else there is.
_SHARE = 2 / 3
# Where the newest are asked for, they are chosen among so many that are about it at least so much as the best.
_NEWEST_AMONG, _NEARLY_ABOUT = 50, 0.5


async def hear(query: Query, found: Retrieved, library: Library, settings: RetrievalSettings, *, k: int) -> Retrieved:
    """What was found, with the speakers' words on the topic first; the newest of them first where that is asked."""
    if query.kind is not Kind.SAID or not query.speakers or query.filters.speakers:
        return found
    known = [who for who in query.speakers if await library.said.names_of(who)]
    if not known:
        return found
    each = [await _heard(replace(query, speakers=(who,)), library, settings, k=k) for who in known]
    # Of several, each has as many places.
    first = [scored for turn in zip_longest(*(heard.passages for heard in each)) for scored in turn if scored]
    passages = {scored.passage.id: scored for scored in (*first[: round(_SHARE * k)], *found.passages, *first)}
    ranked = tuple(replace(scored, rank=rank) for rank, scored in enumerate(list(passages.values())[:k], 1))
    took = sum(heard.timings_ms.get("retrieval", 0.0) for heard in each)
    return Retrieved(ranked, found.timings_ms | {"statements": took})


async def _heard(query: Query, library: Library, settings: RetrievalSettings, *, k: int) -> Retrieved:
    """The passages with the one speaker's words, those on the topic first."""
    filters = await library.said.resolved(replace(query.filters, speakers=query.speakers))
    topic = query.topic or query.text
    part = Part(topic, outlets=query.outlets, period=query.period)
    theirs = replace(query, text=topic, parts=(part,), filters=filters, kind=Kind.OTHER)
    heard = await retrieve(theirs, library, settings, k=_NEWEST_AMONG if query.latest else k)
    if query.latest:
        heard = replace(heard, passages=_newest(heard.passages))
    if heard.passages:
        return heard
    # Nobody says a word of the topic: what they do say shows that.
    anything = replace(theirs, text=query.text, parts=(replace(part, text=query.text),))
    return replace(heard, passages=(await retrieve(anything, library, settings, k=k)).passages)


async def with_suggestion(abstention: Abstention, query: Query, library: Library) -> Abstention:
    """The abstention with what the person who is asked for does speak about; what was asked is no suggestion."""
    if query.kind is not Kind.SAID or not query.speakers:
        return abstention
    each = [await library.said.subjects_of(who) for who in query.speakers]
    asked = stems(query.topic)
    subjects = tuple(
        dict.fromkeys(subject for one in zip_longest(*each) for subject in one if subject and stems(subject) - asked)
    )
    if not subjects:
        return abstention
    detail = f"{abstention.detail} What is quoted is about: {', '.join(subjects)}."
    return replace(abstention, detail=detail, spoke_about=subjects)


def _newest(passages: Sequence[ScoredPassage]) -> tuple[ScoredPassage, ...]:
    enough = _NEARLY_ABOUT * max((scored.score for scored in passages), default=0.0)
    about = [scored for scored in passages if scored.score >= enough]
    return tuple(sorted(about, key=lambda scored: -_published(scored)))


def _published(scored: ScoredPassage) -> float:
    moment = scored.article.published_at
    return moment.timestamp() if moment else 0.0
