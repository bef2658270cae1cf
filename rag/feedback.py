"""What readers say about answers: the values, the port to where they are kept, and the answers they can speak of.

Nothing of an article is kept with it, only where the answer pointed: a purge of an article has nothing to look for here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from rag.domain import Answer, Filters, Turn

# right: as it should be. wrong: the answer, or that there was none. nothing_there: the articles do not answer this.
Verdict = Literal["right", "wrong", "nothing_there"]


@dataclass(frozen=True, slots=True)
class Pointed:
    """Where a citation of the answer stood."""

    article_id: str
    revision: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as feedback needs it: what was asked, whether it was answered, and where it pointed."""

    answer_id: str
    question: str
    answered: bool
    pointed: tuple[Pointed, ...] = ()
    conversation: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's word on an answer; `id` counts up from 1 and is 0 until it is kept."""

    given: Given
    verdict: Verdict
    note: str
    at: datetime
    id: int = 0


class FeedbackStore(Protocol):
    """Keeps feedback. Blocking: call on a thread."""

    def add(self, feedback: Feedback) -> int:
        """Its id. It is on the disk when this returns."""
        ...

    def after(self, number: int, *, limit: int) -> Sequence[Feedback]:
        """At most `limit` with a greater id, by id."""
        ...


class RecentAnswers:
    """The last `capacity` answers by id, in memory: a question is written down only where somebody says something of it."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._given: OrderedDict[str, Given] = OrderedDict()

    def note(self, answer: Answer, conversation: tuple[Turn, ...], filters: Filters) -> Given:
        self._given[answer.id] = given = Given(
            answer_id=answer.id,
            question=answer.query.question,
            answered=answer.answered,
            pointed=tuple(
                Pointed(c.article.id, c.article.revision, c.span.start, c.span.end) for c in answer.citations
            ),
            conversation=conversation,
            filters=filters,
            as_of=answer.query.as_of,
        )
        while len(self._given) > self.capacity:
            self._given.popitem(last=False)
        return given

    def get(self, answer_id: str) -> Given | None:
        return self._given.get(answer_id)
