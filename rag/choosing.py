"""Which sentence answers, and how sure that is: numbers from 0 to 1 that fitted coefficients weigh. Pure.

The coefficients stand in `adapters/weighed_answers.json`; `python -m evals.answer_fitting` makes it. Signals order the
sentences of one question:

- held: how much of the question stands in the sentence and its surroundings.
- asked: of its words that are no names, how much stands in the sentence itself.
- search: the passage's score, as a share of the best.
- alike: how near the sentence's words are to the question's, by word vectors.
- recent: halved with each month of age, where it is asked as of a day.
- named: a name that the question does not have, where it asks for one.
- agreed: how much its names and numbers that the question does not have stand in other articles too.
- kind: words of the kind asked for.

The rest say of the first of them how likely it is right: how far it lies above what a question of its length needs, what
it has itself, what of the question stands nowhere in what was found, how old it is, how far the next lies behind, and its signals
`search` and `alike`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rag.candidates import Candidate
from rag.domain import Evidence, Query, Reading, ScoredPassage
from rag.expectations import meets, names_other
from rag.holding import BESIDE, Held
from rag.matching import best_of
from rag.signals import namelike
from rag.terms import is_stopword, stem, words
from rag.weighing import Floats, Weighing

SIGNALS = ("held", "asked", "search", "alike", "recent", "named", "agreed", "kind")
SURENESS = ("above", "asked", "own", "absent", "unmet", "stale", "ahead", "search", "alike")
_WANTS_A_NAME = re.compile(r"\b(?:which|whose|who|whom|name of|called|named)\b", re.IGNORECASE)
_MONTH_DAYS = 30.0
_UNDATED = 0.2
# By how many places further down a passage's vote falls to 1/e; the three best names of a sentence count.
_VOTE_PLACES = 8.0
_NAMES = 3
_MOST_AHEAD = 2.0


@dataclass(frozen=True, slots=True)
class Kept:
    """Were only answers of `confidence` and above given: the share of questions answered, and of these, right."""

    confidence: float
    coverage: float
    precision: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The fitted model: a weight a signal, how sure the first is, and what was kept of the dev sets at each confidence."""

    weights: tuple[float, ...]
    sureness: Weighing
    curve: tuple[Kept, ...] = ()

    def least_confidence(self, precision: float) -> float:
        """The lowest at which at least so many of the answers given were right; beyond the curve, its highest."""
        enough = [kept.confidence for kept in self.curve if kept.precision >= precision]
        return min(enough, default=max((kept.confidence for kept in self.curve), default=0.0))


@dataclass(slots=True)
class Choosing:
    """Looks at the candidates of one question."""

    query: Query
    evidence: Evidence
    held: Held
    asked: frozenset[str]
    _best: float = 1.0
    _wants_a_name: bool = False
    _votes: dict[str, dict[str, float]] = field(default_factory=dict)
    _everywhere: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        passages = self.evidence.passages
        self._best = max((scored.score for scored in passages), default=0.0) or 1.0
        self._wants_a_name = bool(_WANTS_A_NAME.search(self.query.text))
        # What one outlet wrote is not made likelier by others.
        for place, scored in enumerate(passages if not self.query.outlets else ()):
            for name in self._new_names(scored.text):
                self._votes.setdefault(name, {}).setdefault(scored.article.id, math.exp(-place / _VOTE_PLACES))

    def signals(
        self, scored: ScoredPassage, text: str, own: Sequence[float], credits: Sequence[float]
    ) -> tuple[float, ...]:
        """Of one sentence of a passage, in the order of `SIGNALS`."""
        matcher, article = self.held.matcher, scored.article
        return (
            matcher.coverage(credits),
            matcher.beside_names(own),
            scored.score / self._best,
            matcher.likeness(text),
            self._recent(scored),
            float(self._wants_a_name and names_other(text, self.asked)),
            self._agreed(text, article.id),
            float(bool(meets(self.query.kind, text, self.asked))),
        )

    def weighed(self, candidates: Sequence[Candidate], choice: Choice) -> list[Candidate]:
        """With their scores: e to the power of what the signals weigh, less the best's; so the best has 1."""
        if not candidates:
            return []
        sums = np.asarray([c.signals for c in candidates]) @ np.asarray(choice.weights)
        scores = np.exp(sums - sums.max())
        return [replace(c, score=float(score)) for c, score in zip(candidates, scores, strict=True)]

    def sureness(self, best: Candidate, ahead: float, enough: float) -> tuple[float, ...]:
        """Of the best candidate, in the order of `SURENESS`; `enough` is what its question needs, `ahead` as below."""
        matcher = self.held.matcher
        found = self._found()
        names = [credit for credit, term in zip(found, matcher.terms, strict=True) if term.name]
        return (
            best.coverage - enough,
            matcher.beside_names(best.credits_alone),
            best.own,
            sum(credit < BESIDE for credit in names) / len(names) if names else 0.0,
            1.0 - matcher.coverage(found),
            1.0 - best.signals[SIGNALS.index("recent")] if self.query.as_of else 0.0,
            ahead,
            best.signals[SIGNALS.index("search")],
            best.signals[SIGNALS.index("alike")],
        )

    def _found(self) -> tuple[float, ...]:
        """The best credit of each term anywhere in what was found."""
        if self._everywhere is not None:
            return self._everywhere
        lists = []
        for scored in self.evidence.passages:
            reading = self.evidence.readings[scored.article.id]
            lists.append(self.held.lead(reading))
            lists += [self.held.by(reading, n) for n in _sentences(reading, scored)]
        self._everywhere = best_of(*lists)
        return self._everywhere

    def _recent(self, scored: ScoredPassage) -> float:
        if self.query.as_of is None:
            return 0.0
        published = scored.article.published_at
        if published is None:
            return _UNDATED
        days = max((self.query.as_of - published).total_seconds(), 0.0) / 86_400
        return float(0.5 ** (days / _MONTH_DAYS))

    def _new_names(self, text: str) -> set[str]:
        return {name for name in namelike(text) if not is_stopword(name) and stem(name) not in self.asked}

    def _agreed(self, text: str, article: str) -> float:
        """The votes of other articles for the sentence's best names, to at most 1."""
        if not self._votes:
            return 0.0
        sums = (
            sum(vote for other, vote in self._votes.get(name, {}).items() if other != article)
            for name in self._new_names(text)
        )
        return min(sum(sorted(sums, reverse=True)[:_NAMES]) / _VOTE_PLACES, 1.0)


def _sentences(reading: Reading, scored: ScoredPassage) -> list[int]:
    return [n for n, span in enumerate(reading.sentences) if scored.passage.span.holds(span)]


def ahead(sums: Floats) -> float:
    """How far the greatest of some weighed sums lies ahead of the next, to at most `_MOST_AHEAD`; 0 where it is alone."""
    if len(sums) < 2:
        return 0.0
    second, first = np.partition(sums, -2)[-2:]
    return float(min(first - second, _MOST_AHEAD))


def asked_stems(query: Query) -> frozenset[str]:
    """The stems of the question's words."""
    return frozenset(word.stem for word in words(query.text))
