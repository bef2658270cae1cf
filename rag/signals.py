"""What tells a passage that answers from one that shares words, in numbers from 0 to 1. Pure.

The numbers alone decide nothing: `adapters/signals_reranker.py` weighs them. Each means the same for a short question as for a
long one and in a small library as in a large one: a share of the question's weight, or of the best of the same question.

- search: the fused score, as a share of the best.
- close: how much of the question stands within `_WINDOW` words of the passage, or in the title.
- agreed: how much the names and numbers that the question does not have stand in the best passages of other articles too. What
  answers is told by several (Clarke, Cormack and Lynam, Exploiting Redundancy in Question Answering, SIGIR 2001), but for a
  question for what one outlet wrote.
- timely: 1 in the time that is asked about, and less the further from it, before or after: the mean of halving by the month
  and by the year. Such a time is one that the question names ("this week"), else the moment as of which it is asked, else,
  for the latest, the library's newest; 0 where there is none. Li and Croft, Time-Based Language Models, CIKM 2003.
- early: 1 for an article's first passage, half for its second, a third for its third: news tells the main thing first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.domain import Period
from rag.languages import is_asking
from rag.ranking import Candidate
from rag.terms import indexed_text, is_stopword, stem

Floats = NDArray[np.float64]

SIGNALS = ("search", "close", "agreed", "timely", "early")
_TOKEN = re.compile(r"[^\W_]+")
_NAMELIKE = re.compile(r"\b(?:[A-Z][^\W_]{2,}|\d[\d,.]*)")
_WINDOW = 30
_PREFIX = 2
# By how many places further down a passage's vote falls to 1/e; the three best names of a passage count.
_VOTE_PLACES = 8.0
_NAMES = 3
_HALF_LIVES_DAYS = (30.0, 365.0)


@lru_cache(maxsize=2048)
def tokens(text: str) -> tuple[str, ...]:
    """Words in lower case, hyphenated ones in their parts. Kept, since a question's parts find much the same passages."""
    return tuple(_TOKEN.findall(indexed_text(text).casefold()))


@lru_cache(maxsize=2048)
def namelike(text: str) -> frozenset[str]:
    """Capitalised words and numbers, in lower case."""
    return frozenset(name.casefold() for name in _NAMELIKE.findall(text))


def question_words(text: str, language: str) -> list[str]:
    """Those of the tokens, each once, that carry a subject."""
    return [
        word
        for word in dict.fromkeys(tokens(text))
        if not (is_stopword(word, language) or is_asking(word, language) or (len(word) == 1 and word.isalpha()))
    ]


def rarity(frequency: int, passages: int) -> float:
    """0.05 to 1: how rare a word is that `frequency` of `passages` passages have."""
    share = math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5)) / math.log(1 + max(passages, 2))
    return min(max(share, 0.05), 1.0)


class Asked:
    """The words of a question with their weights, and where they stand in a text."""

    def __init__(self, weights: Mapping[str, float], language: str) -> None:
        """`weights` are positive, by word as `question_words` gives them."""
        self._language = language
        self._stems: dict[str, int] = {}
        self.weights: list[float] = []
        for word, weight in weights.items():
            key = stem(word, language)
            if key not in self._stems:
                self._stems[key] = len(self.weights)
                self.weights.append(weight)
        self.total = sum(self.weights) or 1.0
        self._prefixes = {key[:_PREFIX] for key in self._stems}
        self._known: dict[str, int | None] = {}

    def number(self, word: str) -> int | None:
        """Which of the question's words this is a form of."""
        if word not in self._known:
            # Stemming is the slow step, and most words begin otherwise than any of the question's.
            likely = word[:_PREFIX] in self._prefixes or not word.isascii()
            self._known[word] = self._stems.get(stem(word, self._language)) if likely else None
        return self._known[word]

    def places(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """The place and the number of each word of the question in a text."""
        own = {word: number for word in set(words) if (number := self.number(word)) is not None}
        return [(place, own[word]) for place, word in enumerate(words) if word in own]

    def names_in(self, text: str) -> set[str]:
        """Names and numbers, in lower case, that the question does not have."""
        return {name for name in namelike(text) if not is_stopword(name, self._language) and self.number(name) is None}


def signals(asked: Asked, candidates: Sequence[Candidate], *, time: Period | None, one_source: bool = False) -> Floats:
    """`(candidates, len(SIGNALS))`. `candidates` come best first; `time` is the one asked about, None where there is none.

    With `one_source` the question asks what some outlet wrote: then it says nothing whether others have it too.
    """
    texts = [candidate.text for candidate in candidates]
    search = np.array([candidate.score for candidate in candidates], dtype=np.float64)
    agreed = np.zeros(len(candidates)) if one_source else _agreed(asked, candidates, texts)
    early = np.array([1 / (1 + candidate.stored.passage.ordinal) for candidate in candidates], dtype=np.float64)
    return np.column_stack(
        [_shares(search), _close(asked, candidates, texts), agreed, _timely(candidates, time), early]
    )


def _shares(values: Floats) -> Floats:
    best = values.max(initial=0.0)
    return values / best if best > 0 else np.zeros_like(values)


def _close(asked: Asked, candidates: Sequence[Candidate], texts: Sequence[str]) -> Floats:
    titles: dict[str, set[int]] = {}
    shares = []
    for candidate, text in zip(candidates, texts, strict=True):
        article = candidate.stored.article
        if article.id not in titles:
            titles[article.id] = {number for _, number in asked.places(tokens(article.title))}
        shares.append(closeness(asked, asked.places(tokens(text)), titles[article.id]))
    return np.array(shares, dtype=np.float64)


def closeness(asked: Asked, places: Sequence[tuple[int, int]], title: set[int]) -> float:
    """The most of the question's weight that stands in the title or within one window of the text."""
    weights = asked.weights
    inside: dict[int, int] = {}
    now = best = 0.0
    first = 0
    for place, number in places:
        while places[first][0] < place - _WINDOW:
            gone = places[first][1]
            inside[gone] -= 1
            now -= weights[gone] if not inside[gone] and gone not in title else 0.0
            first += 1
        inside[number] = inside.get(number, 0) + 1
        now += weights[number] if inside[number] == 1 and number not in title else 0.0
        best = max(best, now)
    return (best + sum(weights[number] for number in title)) / asked.total


def _agreed(asked: Asked, candidates: Sequence[Candidate], texts: Sequence[str]) -> Floats:
    votes: dict[str, dict[str, float]] = {}  # for each name, the best vote of each article
    names = [asked.names_in(text) for text in texts]
    articles = [candidate.stored.article.id for candidate in candidates]
    for place, (own, article) in enumerate(zip(names, articles, strict=True)):
        weight = math.exp(-place / _VOTE_PLACES)
        for name in own:
            votes.setdefault(name, {}).setdefault(article, weight)  # the first of an article is its best
    sums = {name: sum(by_article.values()) for name, by_article in votes.items()}
    found = [
        sum(sorted((sums[name] - votes[name][article] for name in own), reverse=True)[:_NAMES])
        for own, article in zip(names, articles, strict=True)
    ]
    return _shares(np.array(found, dtype=np.float64))


def _timely(candidates: Sequence[Candidate], time: Period | None) -> Floats:
    """An article without a date counts as the middle of the others."""
    if time is None:
        return np.zeros(len(candidates))
    days = [candidate.stored.article.published_at for candidate in candidates]
    known = [_days_from(time, day) for day in days if day is not None]
    middle = float(np.median(known)) if known else 0.0
    away = np.array([middle if day is None else _days_from(time, day) for day in days], dtype=np.float64)
    return np.asarray(np.mean([0.5 ** (away / half) for half in _HALF_LIVES_DAYS], axis=0), dtype=np.float64)


def _days_from(time: Period, moment: datetime) -> float:
    """How far a moment is from the nearer end of a period; 0 within it."""
    before = (time.after - moment).total_seconds() if time.after is not None else 0.0
    after = (moment - time.before).total_seconds() if time.before is not None else 0.0
    return max(before, after, 0.0) / 86_400
