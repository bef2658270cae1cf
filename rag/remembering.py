"""Answers that a chat model wrote, kept for a while, so that the same question is not paid for twice.

An answer is handed out again only while every article that it cites stands as it was cited: a correction or a
withdrawal of one of them ends it at once. New articles do not, so an answer is kept for minutes and not for days.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from rag.domain import Answer
from rag.library import Library


@dataclass(slots=True)
class AnswerMemory:
    """At most `capacity` answers, the longest unused one forgotten first; none is older than `seconds`."""

    capacity: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[Hashable, tuple[float, Answer]] = field(default_factory=OrderedDict)

    def keep(self, asked: Hashable, answer: Answer) -> None:
        """Only what a model wrote to its end: anything else costs nothing, or may turn out better the next time."""
        if self.capacity and answer.mode == "model" and answer.degraded is None and answer.citations:
            self._kept[asked] = (self.clock(), answer)
            self._kept.move_to_end(asked)
            while len(self._kept) > self.capacity:
                self._kept.popitem(last=False)

    async def recall(self, asked: Hashable, library: Library) -> Answer | None:
        """The answer that was given to just this, where it still holds."""
        made, answer = self._kept.get(asked, (0.0, None))
        if answer is None:
            return None
        cited = {citation.article.id: citation.article.revision for citation in answer.citations}
        standing = await library.spans(list(cited))
        holds = all(key in standing and standing[key].revision == revision for key, revision in cited.items())
        if not holds or self.clock() - made > self.seconds:
            self._kept.pop(asked, None)
            return None
        self._kept.move_to_end(asked)
        return answer
