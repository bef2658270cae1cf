"""ragas' metrics that a chat model judges (`ragas.metrics.collections`).

A judge is a model: what its verdicts are worth has to be measured before anyone leans on them. On RAGTruth's news summaries
ragas' faithfulness with a large judge was barely above a constant (F1 40.8 against 37.0 for "always invented").
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from evals.by_ragas.loading import Model, no_usable_reply, reference, static_embeddings
from evals.cases import Case
from evals.metrics.answering import shown
from evals.results import Result, under_header
from rag.errors import ProviderError

Arguments = dict[str, Any]


class Judge(Protocol):
    """Scores one case by one metric of `JUDGED`."""

    async def score(self, metric: str, case: Case, result: Result) -> float | None:
        """0 to 1, None where the case has nothing to score. Raises ProviderError where the judge gave no usable reply."""
        ...


@dataclass(frozen=True, slots=True)
class Judged:
    """A metric by ragas' class name, and what it is given of a case; None where the case lacks something."""

    ragas: str
    of: Callable[[Case, Result], Arguments | None]
    better: str = "higher"
    embeds: bool = False


def _answer(case: Case, result: Result) -> Arguments | None:
    text = shown(result)
    return {"user_input": case.question, "response": text} if text else None


def _answer_and_passages(case: Case, result: Result) -> Arguments | None:
    answer, read = _answer(case, result), _read(result)
    return answer | read if answer and read else None


def _passages_and_gold(case: Case, result: Result) -> Arguments | None:
    read, gold = _read(result), _gold(case)
    return {"user_input": case.question} | read | gold if read and gold else None


def _answer_and_gold(case: Case, result: Result) -> Arguments | None:
    answer, gold = _answer(case, result), _gold(case)
    return {"response": answer["response"]} | gold if answer and gold else None


def _all(case: Case, result: Result) -> Arguments | None:
    both, gold = _answer_and_passages(case, result), _gold(case)
    return both | gold if both and gold else None


def _read(result: Result) -> Arguments | None:
    """Each passage under its article's header: an answer names outlet and day, which the passage itself does not say."""
    passages = result.reply.passages if result.reply else None
    return {"retrieved_contexts": [under_header(passage) for passage in passages]} if passages else None


def _gold(case: Case) -> Arguments | None:
    told = reference(case)
    return {"reference": told} if told else None


JUDGED: dict[str, Judged] = {
    "faithfulness": Judged("Faithfulness", _answer_and_passages),
    "answer_relevancy": Judged("AnswerRelevancy", _answer, embeds=True),
    "context_precision": Judged("ContextPrecisionWithReference", _passages_and_gold),
    "context_recall": Judged("ContextRecall", _passages_and_gold),
    "factual_correctness": Judged("FactualCorrectness", _answer_and_gold),
    "noise_sensitivity": Judged("NoiseSensitivity", _all, better="lower"),
}


class RagasJudge:
    """A model asked by ragas' metrics."""

    def __init__(self, model: Model) -> None:
        from ragas.metrics import collections

        embeddings = static_embeddings()
        self._metrics = {
            name: getattr(collections, judged.ragas)(
                llm=model.llm, **({"embeddings": embeddings} if judged.embeds else {})
            )
            for name, judged in JUDGED.items()
        }

    async def score(self, metric: str, case: Case, result: Result) -> float | None:
        arguments = JUDGED[metric].of(case, result)
        if arguments is None:
            return None
        try:
            value = float((await self._metrics[metric].ascore(**arguments)).value)
        except Exception as error:  # ragas, instructor and the client each raise their own
            raise ProviderError(f"{metric}: {no_usable_reply(error)}") from error
        return None if math.isnan(value) else value
