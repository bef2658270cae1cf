"""How much of a question stands in a piece of text: the measure that answering and abstaining rest on.

Pure but for the word vectors it is handed. A word counts by how rare it is in the library; the same stem counts whole,
a word of like meaning in part, so that "kids" finds "children" while "grain" finds nothing in "summit".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from rag.ports import Matrix
from rag.terms import WORD, Word, is_stopword, stem, words

# Cosines of unrelated words reach .35 with the static vectors, those of synonyms begin at about .45.
_ALIKE = 0.45
_MOST_CREDIT = 0.8
# Names are the same where they begin alike: Zelensky and Zelenskyy, Russia and Russian.
NAME_PREFIX = 5
_NAME_ENDINGS = 3
# Of words alike in meaning, so many letters alike at the front make them forms of one.
_ROOT = 4
# Days and months are alike to every vector and never stand for each other.
CALENDAR = frozenset(
    stem(word)
    for word in (
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
        " september october november december spring summer autumn winter morning evening night today yesterday tomorrow"
        " north south east west"
    ).split()
)


# The words for what was done are those that articles put otherwise most often ("swapped", "exchange of").
_VERBLIKE = re.compile(r"(?:ed|ing)$", re.IGNORECASE)
_VERB_PLACE = re.compile(r"\b(?:who|will|would|can|could|should|must|to)\s+(\w+)", re.IGNORECASE)
_CROSSING_SHARE = 0.3
_VERB_SHARE, _UNKNOWN_VERB_SHARE = 0.6, 0.3


class WordVectors(Protocol):
    """Unit vectors of single words, `(len(words), dimensions)`."""

    def matrix(self, texts: Sequence[str]) -> Matrix: ...


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the question: its weight grows with its rarity. A `name` is met by that name alone."""

    text: str
    stem: str
    weight: float
    name: bool


class Matcher:
    """Credits of texts for the terms of one question, in its language."""

    def __init__(self, terms: Sequence[Term], vectors: WordVectors, *, language: str = "en") -> None:
        self.terms = tuple(terms)
        self.language = language
        self.total = sum(term.weight for term in terms)
        self._vectors = vectors
        self._named: dict[str, list[int]] = {}
        for n, term in enumerate(self.terms):
            if term.name:
                self._named.setdefault(term.stem[:NAME_PREFIX], []).append(n)
        self._alike: dict[str, dict[int, float]] = {}
        self._learnt: set[str] = set()
        self._vectors_of: dict[str, Matrix] = {}
        self._meant: Matrix | None = None

    def learn(self, texts: Iterable[str]) -> None:
        """Compare the words of these texts with the terms once, all together; `credits` then only looks them up."""
        new = {w for text in texts for w in _stems_with_words(text, self.language).values()} - self._learnt
        self._learnt |= new
        for word in new:
            key = stem(word, self.language)
            for n in self._named.get(key[:NAME_PREFIX], ()):
                if same_name(self.terms[n].stem, key):
                    self._alike.setdefault(word, {})[n] = 1.0
        # The word vectors know English alone.
        likely = [n for n, term in enumerate(self.terms) if self.language == "en" and _has_synonyms(term)]
        candidates = sorted(word for word in new if stem(word) not in CALENDAR and not word[:1].isdigit())
        if not likely or not candidates:
            return
        own = self._vectors.matrix([self.terms[n].text.casefold() for n in likely])
        theirs = self._vectors.matrix(candidates)
        self._vectors_of.update(zip(candidates, theirs, strict=True))
        self._meant = _mean(list(own))
        cosines = own @ theirs.T
        for row, column in zip(*(cosines >= _ALIKE).nonzero(), strict=True):
            word, term = candidates[column], self.terms[likely[row]]
            same = _same_root(term.text.casefold(), word)
            credit = 1.0 if same else min(float(cosines[row, column]), _MOST_CREDIT)
            self._alike.setdefault(word, {})[likely[row]] = credit

    def credits(self, text: str) -> tuple[float, ...]:
        """For each term, 0 to 1: 1 where its stem stands in the text, less for a word of like meaning."""
        present = _stems_with_words(text, self.language)
        found = [1.0 if term.stem in present else 0.0 for term in self.terms]
        for word in present.values():
            for n, credit in self._alike.get(word, {}).items():
                found[n] = max(found[n], credit)
        return tuple(found)

    @property
    def knows_likeness(self) -> bool:
        """Whether word vectors tell anything of the question: not in other languages, nor of names alone."""
        return self._meant is not None

    def likeness(self, text: str) -> float:
        """How near the words of a learnt text are to those of the question that are no names, by their mean vectors; 0 to 1."""
        if self._meant is None:
            return 0.0
        found = (self._vectors_of.get(word) for word in _stems_with_words(text, self.language).values())
        rows = [row for row in found if row is not None]
        return max(float(_mean(rows) @ self._meant), 0.0) if rows else 0.0

    def beside_names(self, credits: Sequence[float]) -> float:
        """The share of the question's words that are no names which the credits stand for; 1 where all are names."""
        beside = [(credit, term.weight) for credit, term in zip(credits, self.terms, strict=True) if not term.name]
        total = sum(weight for _, weight in beside)
        return sum(credit * weight for credit, weight in beside) / total if total else 1.0

    def most_missed(self, credits: Sequence[float]) -> tuple[float, str]:
        """The largest share of the question's weight that the credits lack of one word, and the word; 0 without terms."""
        lacks = [((1.0 - c) * term.weight, term.text) for c, term in zip(credits, self.terms, strict=True)]
        lack, word = max(lacks, default=(0.0, ""))
        return (lack / self.total if self.total else 0.0), word

    def coverage(self, credits: Sequence[float]) -> float:
        """The share of the question's weight that the credits stand for; 1 for a question without terms."""
        if not self.terms:
            return 1.0
        return sum(c * term.weight for c, term in zip(credits, self.terms, strict=True)) / self.total


def _mean(rows: Sequence[Matrix]) -> Matrix:
    """The unit vector of their mean."""
    total: Matrix = np.add.reduce(rows)
    length = math.sqrt(float(total @ total))
    return total / length if length else total


def best_of(*lists: Sequence[float]) -> tuple[float, ...]:
    """Term by term, the best credit."""
    return tuple(map(max, zip(*lists, strict=True)))


def scaled(credits: Sequence[float], factor: float) -> tuple[float, ...]:
    return tuple(credit * factor for credit in credits)


def same_name(one: str, other: str) -> bool:
    """Whether two stems can be forms of one name."""
    if one == other:
        return True
    shortest = min(len(one), len(other))
    return (
        shortest >= NAME_PREFIX
        and abs(len(one) - len(other)) <= _NAME_ENDINGS
        and one[: max(NAME_PREFIX, shortest - 1)] == other[: max(NAME_PREFIX, shortest - 1)]
    )


def _same_root(one: str, other: str) -> bool:
    """Whether two words of like meaning are forms of one that stemming keeps apart: cheap and cheaply, mine and miner."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _ROOT and long.startswith(short.rstrip("ey")) and len(long) - len(short) <= _NAME_ENDINGS


def make_terms(
    topic: str,
    names: Iterable[str],
    frequencies: Mapping[str, int],
    passages: int,
    *,
    question: str = "",
    language: str = "en",
) -> tuple[Term, ...]:
    """The topic's words, each once, weighted by rarity; `frequencies` are passages with the word, of `passages` in all.

    `question` is the whole of it: where a word stands there tells whether it is what was done.
    """
    named = {word.stem for name in names for word in words(name, language)} - CALENDAR
    found = [word for word in reversed(words(topic, language)) if not is_stopword(word.text, language)]
    kept = {word.stem: word.text for word in found}
    shares = _shares(found, frequencies)
    weights = {key: _weight(frequencies.get(text, 0), passages) for key, text in kept.items()}
    # A word that the library never had cannot be met: unless it is a name, it counts no more than the others do.
    met = [weights[key] for key, text in kept.items() if frequencies.get(text, 0)]
    ordinary = sum(met) / len(met) if met else 1.0
    verbs = {stem(word) for word in _VERB_PLACE.findall(question)} if language == "en" else set()
    terms = []
    for key, text in reversed(kept.items()):
        weight = weights[key]
        if key not in named and not frequencies.get(text, 0):
            weight = min(weight, ordinary)
        if language == "en" and key not in named and (key in verbs or _VERBLIKE.search(text)):
            weight *= _VERB_SHARE if frequencies.get(text, 0) else _UNKNOWN_VERB_SHARE
        terms.append(Term(text, key, weight * shares[key], key in named))
    return tuple(terms)


def _shares(found: Sequence[Word], frequencies: Mapping[str, int]) -> dict[str, float]:
    """What part of a word each stem stands for; little for a pair of letters that the library never had beside one it has.

    Such a pair mostly lies across two words, since nothing says where one ends.
    """
    known = {n for word in found if frequencies.get(word.text, 0) for n in range(word.start, word.end)}
    crossing = {
        word.stem
        for word in found
        if word.share < 1 and not frequencies.get(word.text, 0) and known & {word.start, word.end - 1}
    }
    return {word.stem: word.share * (_CROSSING_SHARE if word.stem in crossing else 1.0) for word in found}


def _weight(frequency: int, passages: int) -> float:
    # A small library makes every word look common: the floor keeps each word of the question in the count, and the
    # ceiling keeps one rare word (or one that the library never had) from being all of it.
    rarity = math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
    scale = math.log(1 + max(passages, 50))
    return min(max(rarity / scale, 0.35), 1.0)


def _has_synonyms(term: Term) -> bool:
    return not term.name and term.stem not in CALENDAR and not term.stem[:1].isdigit() and len(term.stem) > 2


# A sentence is looked at for what it holds itself, for what stands beside others, and for its likeness.
@lru_cache(maxsize=8192)
def _stems_with_words(text: str, language: str) -> Mapping[str, str]:
    """Each stem of the text with the lower-cased word that had it; hyphenated words whole and in parts."""
    found: dict[str, str] = {}
    for word in WORD.findall(text):
        for key, plain in _forms(word, language):
            found.setdefault(key, plain)
    return found


@lru_cache(maxsize=131_072)
def _forms(word: str, language: str) -> tuple[tuple[str, str], ...]:
    """The stem and the lower-cased form of a word, and of its parts where it is hyphenated; none for a stop word."""
    parts = [word, *word.split("-")] if "-" in word else [word]
    return tuple(
        (found.stem, found.text.casefold())
        for part in parts
        for found in words(part, language)
        if not is_stopword(found.text, language)
    )
