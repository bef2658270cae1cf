"""Whether a sentence answers the question, or stands true beside it: what a model writes when it has no answer.

Two looks. By rule, at no cost: a "who" without any name, a "when" without a time, and somebody's words on another matter are no
answers. And, where it is set, by a check that asks a model (`Aptness`). A sentence that fails either is not an answer;
once one has passed, what follows it may explain it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from rag.citations import Draft
from rag.domain import Evidence, Kind, Query
from rag.drafting import look, reading_language, topic_matcher
from rag.expectations import is_decided, meets
from rag.library import Library
from rag.matching import Matcher, WordVectors
from rag.terms import words

# Of what somebody was asked about, this much stands in their words: as where the articles answer in their own.
_ENOUGH_SAID = 0.25
# "When did she say that?" asks for a time as well.
_LEADING = {"when": Kind.WHEN, "where": Kind.WHERE}


class Aptness(Protocol):
    """Scores sentences as answers. Below `threshold` a sentence counts as none."""

    name: str
    threshold: float

    async def score(self, question: str, sentence: str) -> float:
        """The probability that the sentence says what the question asks for, 0 to 1; true or not does not count.

        Raises:
            ProviderTimeoutError: a model that it asks did not answer in time; safe to retry.
            ProviderError: anything else that such a model did.
        """
        ...


class AptnessCheck:
    """Looks at the drafts of one answer after the other. Holds no state of any."""

    def __init__(self, library: Library, vectors: WordVectors, judge: Aptness | None = None) -> None:
        self._library, self._vectors, self._judge = library, vectors, judge

    async def of(self, query: Query, evidence: Evidence) -> Gauge:
        """What one question's sentences are held to."""
        presence = await look(query, evidence, self._library)
        language = reading_language(query, evidence)
        return Gauge(query, topic_matcher(query.topic, query, presence, self._vectors, language), self._judge)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One question, and what its answer has to have."""

    query: Query
    topic: Matcher
    judge: Aptness | None = None

    async def answers(self, draft: Draft) -> bool:
        """Raises ProviderError where a model is asked."""
        if not (self._is_of_the_kind(draft) and self._is_on_the_matter(draft)):
            return False
        if self.judge is None:
            return True
        return await self.judge.score(self.query.text, draft.text) >= self.judge.threshold

    def _is_of_the_kind(self, draft: Draft) -> bool:
        """Whether it has the name, number, time or place that was asked for, itself or in what it cites."""
        kind = self.query.kind
        asked = frozenset(word.stem for word in words(self.query.text))
        if kind is Kind.SAID:
            # "When did she say so": what is cited has times of its own, so the sentence itself must give one.
            kind, texts = _LEADING.get(self.query.text.split(maxsplit=1)[0].casefold(), Kind.SAID), [draft.text]
        else:
            texts = [draft.text, *_cited(draft)]
        return not is_decided(kind) or any(meets(kind, text, asked) for text in texts)

    def _is_on_the_matter(self, draft: Draft) -> bool:
        """Of somebody's words: whether what they were asked about stands in them."""
        if self.query.kind is not Kind.SAID or not self.topic.terms:
            return True
        text = "\n".join([draft.text, *_cited(draft)])
        self.topic.learn([text])
        return self.topic.coverage(self.topic.credits(text)) >= _ENOUGH_SAID


def _cited(draft: Draft) -> Iterator[str]:
    for pointer in draft.pointers:
        yield pointer.span.of(pointer.reading.article.body)
