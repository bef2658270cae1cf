"""ragas' metrics that need no judge: an answer's words against the gold ones, and what was read against the gold sentences.

They compare letters, words and vectors: right in other words is far, wrong by one number is near. What is here with a meaning
of its own is in evals/metrics; these are for those who compare with figures of other systems.

Known traps of ragas 0.4.3, met here:
- its BLEU cuts both texts at full stops and pairs the parts as if they were translations of each other: a text of two sentences
  scores 0 against itself. It is given texts that it does not cut;
- an apostrophe opens or closes a quotation for it ("the Kremlin's ... it's"): those within words are taken out. Without a
  quotation it says 1; here that is unscored;
- its context metrics compare whole passages, and a gold sentence is never like a passage of 160 words: passages are given by
  their sentences (recall), or by the one of each that is most like a gold sentence (precision);
- its ROUGE needs a package without a wheel that brings NLTK, and is left out.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from evals.by_ragas.loading import prepare, reference, static_embeddings
from evals.cases import Case
from evals.metrics.answering import shown
from evals.results import Result
from rag.sentences import sentence_spans

Unjudged = Callable[[Case, Result], Coroutine[None, None, float | None]]
_IN_A_WORD = re.compile(r"(?<=\w)['’](?=\w)")


@dataclass(frozen=True, slots=True)
class _Metrics:
    """ragas' metrics, made once."""

    exact: Any
    present: Any
    alike: Any
    bleu: Any
    chrf: Any
    near: Any
    quoted: Any
    recall: Any
    precision: Any
    id_recall: Any
    id_precision: Any


@cache
def _ragas() -> _Metrics:
    prepare("metrics of the group ragas")
    from ragas.metrics import collections as c

    with warnings.catch_warnings():
        # These four have no successor in `collections` yet.
        warnings.simplefilter("ignore", DeprecationWarning)
        from ragas.metrics import (
            IDBasedContextPrecision,
            IDBasedContextRecall,
            NonLLMContextPrecisionWithReference,
            NonLLMContextRecall,
        )
    return _Metrics(
        exact=c.ExactMatch(),
        present=c.StringPresence(),
        alike=c.NonLLMStringSimilarity(),
        bleu=c.BleuScore(),
        chrf=c.CHRFScore(),
        near=c.SemanticSimilarity(embeddings=static_embeddings()),
        quoted=c.QuotedSpansAlignment(),
        recall=NonLLMContextRecall(),
        precision=NonLLMContextPrecisionWithReference(),
        id_recall=IDBasedContextRecall(),
        id_precision=IDBasedContextPrecision(),
    )


# --- the answer against the gold one ---------------------------------------------------------------------------------


async def exact_match(case: Case, result: Result) -> float | None:
    """1 where the answer is a gold answer letter for letter."""
    return await _best(_ragas().exact, case.answers, case, result)


async def string_presence(case: Case, result: Result) -> float | None:
    """1 where a gold answer stands in the answer letter for letter."""
    return await _best(_ragas().present, case.answers, case, result)


async def string_similarity(case: Case, result: Result) -> float | None:
    """1 less the Levenshtein distance to the reference, as a share of the longer one's letters."""
    return await _best(_ragas().alike, _references(case), case, result)


async def bleu(case: Case, result: Result) -> float | None:
    """BLEU-4 against the reference. Source: Papineni et al., ACL 2002; by sacrebleu."""
    return await _best(_ragas().bleu, _references(case), case, result, prepared=lambda text: text.replace(". ", ".\n"))


async def chrf(case: Case, result: Result) -> float | None:
    """F2 over runs of one to six letters against the reference. Source: Popović, WMT 2015; by sacrebleu."""
    return await _best(_ragas().chrf, _references(case), case, result)


async def semantic_similarity(case: Case, result: Result) -> float | None:
    """The cosine of the answer's static vector and the reference's, at least 0."""
    return await _best(_ragas().near, _references(case), case, result)


async def quoted_spans(case: Case, result: Result) -> float | None:
    """Of the quotations of three words and more in the answer, those that stand in what was read; None without any."""
    text, passages = shown(result), _read(result)
    if not text or not passages:
        return None
    told = await _ragas().quoted.ascore(
        response=_IN_A_WORD.sub("", text), retrieved_contexts=[_IN_A_WORD.sub("", each) for each in passages]
    )
    return None if told.reason.startswith("No quoted spans") else float(told.value)


# --- what was read against the gold sentences ------------------------------------------------------------------------


async def context_recall(case: Case, result: Result) -> float | None:
    """Of the gold sentences, those that some sentence that was read is like (similarity over a half)."""
    gold = _gold(case)
    read = [sentence for passage in _read(result) for sentence in _sentences(passage)]
    return await _of_contexts(_ragas().recall, read, gold, result)


async def context_precision(case: Case, result: Result) -> float | None:
    """Average precision of the passages by rank; one is relevant if its nearest sentence is like a gold one (a half or more)."""
    gold = _gold(case)
    near = [await _nearest(passage, gold) for passage in _read(result)] if gold else []
    return await _of_contexts(_ragas().precision, near, gold, result)


async def article_recall(case: Case, result: Result) -> float | None:
    """Of the articles of the gold evidence, those that were read."""
    return await _of_ids(_ragas().id_recall, case, result)


async def article_precision(case: Case, result: Result) -> float | None:
    """Of the articles that were read, those of the gold evidence."""
    return await _of_ids(_ragas().id_precision, case, result)


UNJUDGED: dict[str, Unjudged] = {
    "ragas_exact_match": exact_match,
    "ragas_string_presence": string_presence,
    "ragas_string_similarity": string_similarity,
    "ragas_bleu": bleu,
    "ragas_chrf": chrf,
    "ragas_semantic_similarity": semantic_similarity,
    "ragas_quoted_spans": quoted_spans,
    "ragas_context_recall": context_recall,
    "ragas_context_precision": context_precision,
    "ragas_article_recall": article_recall,
    "ragas_article_precision": article_precision,
}


async def _best(
    metric: Any, against: Iterable[str], case: Case, result: Result, *, prepared: Callable[[str], str] = str
) -> float | None:
    """The best over what the answer may be held against. An abstention is 0 where there is an answer, as everywhere here."""
    wanted = list(against)
    if result.reply is None or case.answerable is False or not wanted:
        return None
    text = prepared(shown(result).strip())
    if not text:
        return 0.0
    scores = [float((await metric.ascore(reference=prepared(each), response=text)).value) for each in wanted]
    return min(1.0, max(0.0, *scores))


async def _of_contexts(metric: Any, read: list[str], gold: list[str], result: Result) -> float | None:
    from ragas.dataset_schema import SingleTurnSample

    if not gold or result.reply is None or result.reply.passages is None:
        return None
    if not read:
        return 0.0
    sample = SingleTurnSample(retrieved_contexts=read, reference_contexts=gold)
    return float(await metric.single_turn_ascore(sample))


async def _of_ids(metric: Any, case: Case, result: Result) -> float | None:
    from ragas.dataset_schema import SingleTurnSample

    if not case.evidence or result.reply is None or result.reply.passages is None:
        return None
    read = [passage.article for passage in result.reply.passages]
    if not read:
        return 0.0
    gold = list({fact.key for fact in case.evidence})
    sample = SingleTurnSample(retrieved_context_ids=read, reference_context_ids=gold)
    return float(await metric.single_turn_ascore(sample))


async def _nearest(passage: str, gold: list[str]) -> str:
    """The sentence of a passage that is most like a gold one."""
    scored = [
        (max([float((await _ragas().alike.ascore(reference=each, response=s)).value) for each in gold]), s)
        for s in _sentences(passage)
    ]
    return max(scored, key=lambda pair: pair[0])[1] if scored else passage


def _references(case: Case) -> list[str]:
    told = reference(case)
    return [told] if told else []


def _gold(case: Case) -> list[str]:
    return list(dict.fromkeys(fact.quote for fact in case.evidence))


def _read(result: Result) -> list[str]:
    return [passage.text for passage in result.reply.passages or ()] if result.reply else []


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]
