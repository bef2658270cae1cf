"""What tells a passage that answers from one that shares words: a few numbers for each candidate of a question.

Pure but for the word vectors it is handed. The numbers alone decide nothing: `ranking.py` weighs them. Each is made so that
it means the same for a short question as for a long one, and in a small library as in a large one: shares of the question's
weight, ranks, and scores beside the best of the same question.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.domain import Kind, Query
from rag.expectations import meets
from rag.matching import WordVectors
from rag.ranking import Candidate
from rag.terms import indexed_text, is_stopword, stem

Floats = NDArray[np.float64]

_TOKEN = re.compile(r"[^\W_]+")
_WINDOW = 30
_NEAR = 4
_PREFIX = 2


def tokens(text: str) -> list[str]:
    """Words in lower case, hyphenated ones in their parts."""
    return _TOKEN.findall(indexed_text(text).casefold())


class Asked:
    """A question's words: stems with their weights, which of them stand side by side, and its names."""

    def __init__(self, text: str, names: Sequence[str], rarity: Mapping[str, float], language: str) -> None:
        """`rarity` is 0 to 1 for each word as `tokens` gives it."""
        self.language = language
        self._table: dict[str, int] = {}
        self._seen: set[str] = set()
        self.stems: dict[str, int] = {}
        weights: list[float] = []
        row: list[int | None] = []
        self.words: list[str] = []
        for word in tokens(text):
            if is_stopword(word, language) or (len(word) == 1 and word.isalpha()):
                row.append(None)
                continue
            key = stem(word, language)
            if key not in self.stems:
                self.stems[key] = len(weights)
                weights.append(rarity.get(word, 1.0))
                self.words.append(word)
            row.append(self.stems[key])
        self.row = row
        self.weights = np.asarray(weights, dtype=np.float64)
        self.pairs = {(a, b) for a, b in pairwise([n for n in row if n is not None]) if a != b}
        self.names = [ids for name in names if (ids := self._ids(name))]
        self._prefixes = {key[:_PREFIX] for key in self.stems}

    def _ids(self, text: str) -> tuple[int, ...]:
        found = (self.stems.get(stem(word, self.language)) for word in tokens(text))
        return tuple(dict.fromkeys(n for n in found if n is not None))

    def places(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Where a word of the question stands: its place and which word it is."""
        new = set(words) - self._seen
        self._seen |= new
        for word in new:
            if word.isascii() and word[:_PREFIX] not in self._prefixes:
                continue
            n = self.stems.get(stem(word, self.language))
            if n is not None:
                self._table[word] = n
        table = self._table
        return [(place, table[word]) for place, word in enumerate(words) if word in table]

    def is_asked(self, word: str) -> bool:
        """Whether it is a form of one of the question's words."""
        if word in self._table:
            return True
        return word[:_PREFIX] in self._prefixes and stem(word, self.language) in self.stems

    def covered(self, met: set[int]) -> float:
        """The share of the question's weight in these words of it."""
        return float(sum(self.weights[n] for n in met)) / self.total

    @property
    def total(self) -> float:
        return float(self.weights.sum()) or 1.0


SIGNALS = (
    "lexical", "lexical_rank", "dense", "fused",
    "body", "whole", "title", "window", "window_title", "pairs", "names", "names_title", "rarest", "heaviest_missing",
    "bm25_body", "bm25_title", "near_names",
    "article_others", "article_count", "article_sum", "article_covered",
    "outlet", "other_outlet", "part", "outlet_part",
    "first", "ordinal", "length", "kind", "soft", "soft_title", "quoted", "said", "recency", "numbers",
    "agreed", "agreed_two", "agreed_rare",
)  # fmt: skip


@dataclass(slots=True)
class _Read:
    words: list[str]
    body: list[tuple[int, int]]
    title: list[tuple[int, int]]
    title_words: list[str]


def signals(query: Query, asked: Asked, candidates: Sequence[Candidate], vectors: WordVectors | None, parts: Sequence[str] = ()) -> Floats:
    """`(candidates, len(SIGNALS))`."""
    titles: dict[str, tuple[list[str], list[tuple[int, int]]]] = {}
    reads: list[_Read] = []
    for found in candidates:
        article = found.stored.article
        if article.id not in titles:
            title_words = tokens(article.title)
            titles[article.id] = title_words, asked.places(title_words)
        body_words = tokens(found.stored.passage.span.of(article.body))
        title_words, title_places = titles[article.id]
        reads.append(_Read(body_words, asked.places(body_words), title_places, title_words))
    n = len(candidates)
    columns: dict[str, Floats] = {}
    lexical = np.array([max(c.channels.get("lexical", 0.0), 0.0) for c in candidates])
    dense = np.array([max(c.channels.get("dense", 0.0), 0.0) for c in candidates])
    fused = np.array([c.score for c in candidates])
    columns["lexical"] = lexical / (lexical.max() or 1.0)
    columns["dense"] = dense / (dense.max() or 1.0)
    columns["fused"] = fused / (fused.max() or 1.0)
    order = np.argsort(-lexical, kind="stable")
    ranks = np.empty(n)
    ranks[order] = np.arange(n)
    columns["lexical_rank"] = np.log1p(ranks)
    body_sets = [{t for _, t in r.body} for r in reads]
    title_sets = [{t for _, t in r.title} for r in reads]
    columns["body"] = np.array([asked.covered(s) for s in body_sets])
    columns["title"] = np.array([asked.covered(s) for s in title_sets])
    columns["whole"] = np.array([asked.covered(s | t) for s, t in zip(body_sets, title_sets, strict=True)])
    windows = [_best_window(r.body, asked, s) for r, s in zip(reads, title_sets, strict=True)]
    columns["window"] = np.array([w[0] for w in windows])
    columns["window_title"] = np.array([w[1] for w in windows])
    columns["pairs"] = np.array([_pairs(r.body, asked) for r in reads])
    columns["names"] = np.array([_names(asked, s) for s in body_sets])
    columns["near_names"] = np.array([_near_names(asked, r.body) for r in reads])
    columns["names_title"] = np.array([_names(asked, s) for s in title_sets])
    heaviest = int(np.argmax(asked.weights)) if len(asked.weights) else -1
    columns["rarest"] = np.array([float(heaviest in s or heaviest in t) for s, t in zip(body_sets, title_sets, strict=True)])
    columns["heaviest_missing"] = np.array(
        [max((asked.weights[k] for k in range(len(asked.weights)) if k not in s and k not in t), default=0.0) for s, t in zip(body_sets, title_sets, strict=True)]
    )
    lengths = np.array([max(len(r.words), 1) for r in reads], dtype=float)
    columns["bm25_body"] = _relative(np.array([_bm25(r.body, asked, len(r.words) / lengths.mean()) for r in reads]))
    columns["bm25_title"] = _relative(np.array([_bm25(r.title, asked, 1.0) for r in reads]))
    columns |= _article_columns(candidates, columns["lexical"], body_sets, title_sets, asked)
    columns |= _outlet_columns(query, candidates, asked, body_sets, title_sets, parts)
    ordinals = np.array([c.stored.passage.ordinal for c in candidates], dtype=float)
    columns["first"] = (ordinals == 0).astype(float)
    columns["ordinal"] = np.log1p(ordinals)
    columns["length"] = np.log1p(lengths)
    stems = frozenset(asked.stems)
    texts = [c.stored.passage.span.of(c.stored.article.body) for c in candidates]
    met = [meets(query.kind, t, stems) for t in texts]
    columns["kind"] = np.array([0.5 if m is None else float(m) for m in met])
    columns["quoted"] = np.array([float("“" in t or '"' in t) for t in texts])
    columns["said"] = columns["quoted"] * float(query.kind is Kind.SAID)
    days = [c.stored.article.published_at for c in candidates]
    stamps = np.array([d.timestamp() if d else np.nan for d in days])
    if np.isfinite(stamps).sum() > 1:
        low, high = np.nanmin(stamps), np.nanmax(stamps)
        columns["recency"] = np.nan_to_num((stamps - low) / ((high - low) or 1.0), nan=0.5)
    else:
        columns["recency"] = np.full(n, 0.5)
    numeric = [k for w, k in zip(asked.words, asked.stems.values(), strict=True) if w[0].isdigit()]
    columns["numbers"] = np.array([sum(k in s for k in numeric) / len(numeric) if numeric else 0.0 for s in body_sets])
    soft, soft_title = _soft(asked, reads, vectors) if vectors else (columns["body"], columns["title"])
    columns["soft"], columns["soft_title"] = soft, soft_title
    columns |= _agreed(candidates, texts, asked)
    return np.column_stack([columns[name] for name in SIGNALS])


_NAMELIKE = re.compile(r"\b(?:[A-Z][^\W_]{2,}|\d[\d,.]*)")


def _agreed(candidates: Sequence[Candidate], texts: Sequence[str], asked: Asked) -> dict[str, Floats]:
    """How much the names and numbers of a passage, other than the question's, stand in the best passages of other articles."""
    n = len(candidates)
    weights = np.exp(-np.arange(n) / 8.0)
    by_name: dict[str, dict[str, float]] = {}
    own: list[set[str]] = []
    for k, (c, text) in enumerate(zip(candidates, texts, strict=True)):
        found = {w.casefold() for w in _NAMELIKE.findall(text)}
        found = {w for w in found if not is_stopword(w, asked.language) and (not asked.is_asked(w))}
        own.append(found)
        for w in found:
            votes = by_name.setdefault(w, {})
            votes[c.stored.article.id] = max(votes.get(c.stored.article.id, 0.0), float(weights[k]))
    sums = {w: sum(v.values()) for w, v in by_name.items()}
    agreed, two, rare = np.zeros(n), np.zeros(n), np.zeros(n)
    for k, c in enumerate(candidates):
        article = c.stored.article.id
        votes = sorted(((sums[w] - by_name[w][article], w) for w in own[k]), reverse=True)[:3]
        if votes:
            agreed[k] = votes[0][0]
            two[k] = sum(v for v, _ in votes) / 3
            rare[k] = max(v * math.log((n + 1) / len(by_name[w])) for v, w in votes)
    return {"agreed": _relative(agreed), "agreed_two": _relative(two), "agreed_rare": _relative(rare)}


def _relative(values: Floats) -> Floats:
    return values / (values.max() or 1.0)


def _bm25(places: Sequence[tuple[int, int]], asked: Asked, length: float) -> float:
    counts: dict[int, int] = {}
    for _, term in places:
        counts[term] = counts.get(term, 0) + 1
    norm = 1.2 * (0.25 + 0.75 * length)
    return float(sum(asked.weights[t] * c * 2.2 / (c + norm) for t, c in counts.items()))


def _best_window(places: Sequence[tuple[int, int]], asked: Asked, title: set[int]) -> tuple[float, float]:
    """The most of the question's weight within `_WINDOW` words, alone and with the title."""
    weights = asked.weights
    best = best_with = 0.0
    first = 0
    inside: dict[int, int] = {}
    now = now_with = 0.0
    base = float(sum(weights[t] for t in title))
    for place, term in places:
        while places[first][0] < place - _WINDOW:
            gone = places[first][1]
            inside[gone] -= 1
            if not inside[gone]:
                now -= weights[gone]
                now_with -= 0.0 if gone in title else weights[gone]
            first += 1
        inside[term] = inside.get(term, 0) + 1
        if inside[term] == 1:
            now += weights[term]
            now_with += 0.0 if term in title else weights[term]
        best, best_with = max(best, now), max(best_with, now_with)
    return best / asked.total, (best_with + base) / asked.total


def _pairs(places: Sequence[tuple[int, int]], asked: Asked) -> float:
    if not asked.pairs:
        return 0.0
    met: set[tuple[int, int]] = set()
    for i, (place, term) in enumerate(places):
        for other_place, other in places[i + 1 : i + 4]:
            if other_place - place > _NEAR:
                break
            if (term, other) in asked.pairs:
                met.add((term, other))
    w = asked.weights
    return sum(w[a] + w[b] for a, b in met) / sum(w[a] + w[b] for a, b in asked.pairs)


def _names(asked: Asked, met: set[int]) -> float:
    if not asked.names:
        return 0.0
    return sum(sum(n in met for n in name) / len(name) for name in asked.names) / len(asked.names)


def _near_names(asked: Asked, places: Sequence[tuple[int, int]]) -> float:
    """The share of names of several words that stand there as a run."""
    runs = [name for name in asked.names if len(name) > 1]
    if not runs:
        return 0.0
    at = dict.fromkeys(places)
    return sum(
        any(term == name[0] and all((place + k, name[k]) in at for k in range(1, len(name))) for place, term in places)
        for name in runs
    ) / len(runs)


def _article_columns(candidates: Sequence[Candidate], lexical: Floats, bodies: list[set[int]], titles: list[set[int]], asked: Asked) -> dict[str, Floats]:
    by_article: dict[str, list[int]] = {}
    for n, c in enumerate(candidates):
        by_article.setdefault(c.stored.article.id, []).append(n)
    others, count, total, covered = (np.zeros(len(candidates)) for _ in range(4))
    for members in by_article.values():
        union = set().union(*(bodies[m] for m in members), titles[members[0]])
        share = asked.covered(union)
        for m in members:
            others[m] = max((lexical[o] for o in members if o != m), default=0.0)
            count[m] = math.log1p(len(members))
            total[m] = lexical[members].sum()
            covered[m] = share
    return {"article_others": others, "article_count": count, "article_sum": _relative(total), "article_covered": covered}


def _outlet_columns(query: Query, candidates: Sequence[Candidate], asked: Asked, bodies: list[set[int]], titles: list[set[int]], parts: Sequence[str]) -> dict[str, Floats]:
    named: dict[str, bool] = {}
    for c in candidates:
        outlet = c.stored.article.outlet
        if outlet and outlet not in named:
            named[outlet] = bool(re.search(rf"(?<!\w){re.escape(outlet)}(?!\w)", query.text))
    own = np.array([float(bool(c.stored.article.outlet) and named.get(c.stored.article.outlet or "", False)) for c in candidates])
    other = (1 - own) * float(any(named.values()))
    clauses = [(clause, set(asked._ids(clause))) for clause in (parts or (query.text,))]
    w = asked.weights
    part, outlet_part = np.zeros(len(candidates)), np.zeros(len(candidates))
    for n, c in enumerate(candidates):
        met = bodies[n] | titles[n]
        for clause, ids in clauses:
            total = sum(w[i] for i in ids)
            if len(ids) < 2 or not total:
                continue
            share = sum(w[i] for i in ids & met) / total
            part[n] = max(part[n], share)
            if own[n] and c.stored.article.outlet in clause:
                outlet_part[n] = max(outlet_part[n], share)
    return {"outlet": own, "other_outlet": other, "part": part, "outlet_part": outlet_part}


def _soft(asked: Asked, reads: Sequence[_Read], vectors: WordVectors) -> tuple[Floats, Floats]:
    """Coverage where a word of like meaning counts in part."""
    vocabulary = list({w for r in reads for w in r.words if len(w) > 2} | {w for r in reads for w in r.title_words})
    if not vocabulary or not asked.words:
        return np.zeros(len(reads)), np.zeros(len(reads))
    row = {w: n for n, w in enumerate(vocabulary)}
    cosines = vectors.matrix(asked.words) @ vectors.matrix(vocabulary).T
    cosines = np.clip((cosines - 0.35) / 0.4, 0, 0.8)
    for word, place in row.items():
        n = asked._table.get(word)
        if n is not None:
            cosines[n, place] = 1.0
    w = asked.weights / asked.total

    def share(words: Sequence[str]) -> float:
        ids = [row[x] for x in set(words) if x in row]
        return float(w @ cosines[:, ids].max(axis=1)) if ids else 0.0

    return np.array([share(r.words) for r in reads]), np.array([share(r.title_words) for r in reads])
