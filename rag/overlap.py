"""How the words of a claim stand in the sentences that it cites, as a few numbers with names.

Pure but for the word vectors it is handed. The numbers alone decide nothing: `adapters/weighed_support.py` weighs them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np

from rag.facts import MissingFact, missing_facts
from rag.matching import WordVectors
from rag.opposites import NEGATIONS, OPPOSITE
from rag.ports import Matrix
from rag.support import Claimed
from rag.terms import WORD, is_stopword, stem

# Cosines of unrelated words reach .35 with the static vectors, those of synonyms begin at about .45.
_ALIKE = 0.45
_MOST_ALIKE = 0.95
_WINDOW = 4
_MOST_ANCHORS = 12


@dataclass(frozen=True)
class Reading:
    """The words of a text, read once."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        """As written, hyphenated ones in their parts."""
        return [part for m in WORD.finditer(self.text) for part in re.split(r"-", m.group()) if part]

    @cached_property
    def stems(self) -> list[str]:
        return [stem(word) for word in self.words]

    @cached_property
    def plain(self) -> list[str]:
        return [word.casefold().replace("’", "'") for word in self.words]

    @cached_property
    def content(self) -> list[int]:
        """Which words carry a subject."""
        return [n for n, word in enumerate(self.words) if not is_stopword(word)]

    @cached_property
    def comparable(self) -> list[str]:
        """The content words that may be alike to others: not the numbers."""
        return sorted({self.plain[n] for n in self.content if not self.plain[n][0].isdigit()})

    @cached_property
    def weights(self) -> list[float]:
        """One for each of `content`, without any count of documents: names, numbers and long words weigh more."""
        return [_weight(self.words[n], first=n == 0) for n in self.content]


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """The same sentences are compared with many claims."""
    return Reading(text)


def _weight(word: str, *, first: bool) -> float:
    if word[0].isdigit() or (word[0].isupper() and not first):
        return 1.5
    return min(1.0, 0.4 + 0.1 * len(word))


# In the order in which `features` gives them; a model names its coefficients by them.
FEATURES = (
    "covered", "end_covered", "longest_uncovered", "last_uncovered", "pairs", "longest_common", "order", "cosine",
    "least_anchor", "missing_numbers", "missing_names", "missing_days", "negated_anew", "opposite", "cited_length",
)  # fmt: skip
# A word whose nearest in the cited text is this close counts as standing there.
_STANDS = 0.7


def features(claim: Claimed, vectors: WordVectors) -> list[float]:
    """The numbers of `FEATURES`, in their order; shares are 0 to 1, counts are logarithms of one more."""
    own, cited = read(claim.text), read("\n".join(claim.cited))
    known = set(read(claim.context).stems) | set(cited.stems)
    exact = [float(own.stems[n] in known) for n in own.content]
    alike = [max(c, e) for c, e in zip(_alignment(own, [cited], vectors)[0], exact, strict=True)]
    uncovered = [credit < _STANDS for credit in alike]
    end = -(len(alike) // 3 + 1)
    missing = missing_facts(claim)
    values = {
        "covered": _mean(exact, own.weights),
        "end_covered": _mean(alike[end:], own.weights[end:]),
        "longest_uncovered": math.log1p(_longest(uncovered)),
        "last_uncovered": float(bool(uncovered) and uncovered[-1]),
        "pairs": _pairs(own.stems, cited.stems),
        "longest_common": _common(own.stems, cited.stems) / max(len(own.stems), 1),
        "order": _order(own, cited),
        "cosine": _cosine(own, cited, vectors),
        "least_anchor": min(_anchors(own, cited), default=0.5),
        "missing_numbers": _count(missing, "number"),
        "missing_names": _count(missing, "name"),
        "missing_days": _count(missing, "day"),
        "negated_anew": float(_negated(own) and not _negated(cited)),
        "opposite": float(_has_opposite(own, cited)),
        "cited_length": math.log1p(len(cited.content)),
    }
    return [values[name] for name in FEATURES]


def nearest(text: str, sentences: Sequence[str], vectors: WordVectors, *, most: int = 3) -> tuple[int, ...]:
    """Which sentences bear a claim out best, at most so many, in their own order.

    Chosen one by one: each has to cover words that those before it do not. None where no word is shared.
    """
    own = read(text)
    if not own.content:
        return ()
    shares = np.asarray(_alignment(own, [read(sentence) for sentence in sentences], vectors), dtype=np.float32)
    weights = np.asarray(own.weights, dtype=np.float32)
    chosen: list[int] = []
    best = np.zeros(len(own.content), dtype=np.float32)
    while shares.size and len(chosen) < most:
        gains = ((np.maximum(shares, best) - best) * weights).sum(axis=1)
        at = int(gains.argmax())
        if gains[at] < (_LEAST_FIRST if not chosen else _LEAST_MORE) * weights.sum():
            break
        chosen.append(at)
        best = np.maximum(best, shares[at])
    return tuple(sorted(chosen))


# A sentence that covers less than this share of a claim's words more than the others do is not cited beside them.
_LEAST_FIRST, _LEAST_MORE = 0.02, 0.06


def _alignment(own: Reading, others: Sequence[Reading], vectors: WordVectors) -> list[list[float]]:
    """For each other text: for each content word of `own`, 1 where its stem stands there, else the cosine of the word
    there that is nearest to it, 0 where none is alike."""
    words = {word: n for n, word in enumerate(sorted({word for other in others for word in other.comparable}))}
    mine = [own.plain[n] for n in own.content]
    loose = [k for k, word in enumerate(mine) if not word[0].isdigit()]
    cosines: Matrix = np.zeros((len(mine), len(words)), dtype=np.float32)
    if loose and words:
        cosines[loose] = vectors.matrix([mine[k] for k in loose]) @ vectors.matrix(list(words)).T
    cosines[cosines < _ALIKE] = 0.0
    found: list[list[float]] = []
    for other in others:
        there = set(other.stems)
        columns = [words[word] for word in other.comparable]
        best = cosines[:, columns].max(axis=1) if columns else np.zeros(len(mine), dtype=np.float32)
        found.append(
            [
                1.0 if own.stems[n] in there else min(float(cosine), _MOST_ALIKE)
                for n, cosine in zip(own.content, best, strict=True)
            ]
        )
    return found


def _mean(shares: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    return sum(s * w for s, w in zip(shares, weights, strict=True)) / total if total else 1.0


def _longest(flags: Sequence[bool]) -> int:
    best = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        best = max(best, run)
    return best


def _content(reading: Reading) -> list[str]:
    return [reading.stems[n] for n in reading.content]


def _pairs(own: Sequence[str], other: Sequence[str]) -> float:
    """The share of neighbouring words that also stand side by side in the other."""
    theirs = set(pairwise(other))
    mine = list(pairwise(own))
    return sum(pair in theirs for pair in mine) / len(mine) if mine else 0.0


def _common(own: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence.

    Source: Hyyrö, Bit-parallel LCS-length computation revisited, AWOCA 2004.
    """
    masks: dict[str, int] = {}
    for n, word in enumerate(own):
        masks[word] = masks.get(word, 0) | 1 << n
    full = (1 << len(own)) - 1
    row = full
    for word in other:
        matched = row & masks.get(word, 0)
        row = ((row + matched) | (row - matched)) & full
    return len(own) - row.bit_count()


def _cosine(own: Reading, other: Reading, vectors: WordVectors) -> float:
    """Of the summed vectors of both texts' content words."""
    if not own.content or not other.content:
        return 0.0
    one = vectors.matrix([own.plain[n] for n in own.content]).sum(axis=0)
    two = vectors.matrix([other.plain[n] for n in other.content]).sum(axis=0)
    return float(one @ two / (np.linalg.norm(one) * np.linalg.norm(two) + 1e-9))


def _count(missing: Sequence[MissingFact], kind: str) -> float:
    return math.log1p(sum(fact.kind == kind for fact in missing))


def _negated(reading: Reading) -> bool:
    return any(word in NEGATIONS for word in reading.plain)


def _has_opposite(own: Reading, cited: Reading) -> bool:
    mine, theirs = set(own.plain), set(cited.plain)
    return any(OPPOSITE[word] & theirs and word not in theirs for word in mine if word in OPPOSITE)


def _anchors(own: Reading, cited: Reading) -> list[float]:
    """For each name or number that both have: the share of the content words around it that also stand around it there."""
    places: dict[str, list[int]] = {}
    theirs = _content(cited)
    for n, word in enumerate(theirs):
        places.setdefault(word, []).append(n)
    mine = _content(own)
    found: list[float] = []
    for k, n in enumerate(own.content):
        word = own.words[n]
        if not (word[0].isdigit() or (word[0].isupper() and n)) or mine[k] not in places:
            continue
        around = {w for w in mine[max(0, k - _WINDOW) : k + _WINDOW + 1] if w != mine[k]}
        if around:
            reach = _WINDOW + 2
            near = (set(theirs[max(0, p - reach) : p + reach + 1]) for p in places[mine[k]])
            found.append(max(len(around & words) for words in near) / len(around))
        if len(found) == _MOST_ANCHORS:
            break
    return found


def _order(own: Reading, cited: Reading) -> float:
    """The share of neighbouring shared words that come in the same order in the cited text."""
    first: dict[str, int] = {}
    for n, word in enumerate(_content(cited)):
        first.setdefault(word, n)
    places = [first[word] for word in _content(own) if word in first]
    steps = [b >= a for a, b in pairwise(places)]
    return sum(steps) / len(steps) if steps else 0.5
