"""How it is shown that articles disagree: each side with who says it and when, the newest first. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rag import wording
from rag.citations import Draft
from rag.disagreement import Told


def side(told: Told, *, earlier: bool = False) -> Draft:
    """One side in its article's own words."""
    return wording.placed(wording.reported(told.reading, told.sentence, told.sentence), earlier=earlier)


def both_sides(draft: Draft, rivals: Sequence[Told]) -> list[Draft]:
    """A draft and what says otherwise: what is older by a day or more is given as earlier."""
    own = draft.pointers[0].reading.article.published_at
    newest = max((day for day in (own.date() if own else None, *(r.published for r in rivals)) if day), default=None)
    age = -own.timestamp() if own else float("inf")
    sides = [(age, wording.placed(draft, earlier=bool(own and newest and own.date() < newest)))]
    sides += [(r.age, side(r, earlier=bool(r.published and newest and r.published < newest))) for r in rivals]
    return [shown for _, shown in sorted(sides, key=lambda each: each[0])]
