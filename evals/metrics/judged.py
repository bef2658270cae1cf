"""ragas' metrics that a chat model judges. The only file that imports ragas (extra `evals`), and only when a judge is made.

Source: Es, James, Espinosa-Anke and Schockaert, RAGAS: Automated Evaluation of Retrieval Augmented Generation, EACL 2024 demos;
ragas 0.4, `ragas.metrics.collections`.

A judge is a model: what its verdicts are worth has to be measured before anyone leans on them. On RAGTruth's news summaries
ragas' faithfulness with a large judge was barely above a constant (F1 40.8 against 37.0 for "always invented").
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

from evals.cases import Case
from evals.metrics.answering import shown
from evals.results import Result
from rag.errors import ProviderError, SettingsError

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
    passages = result.reply.passages if result.reply else None
    return {"retrieved_contexts": [passage.text for passage in passages]} if passages else None


def _gold(case: Case) -> Arguments | None:
    """The gold sentences, which say more than the gold answer's few words; else these."""
    reference = " ".join(dict.fromkeys(fact.quote for fact in case.evidence)) or "; ".join(case.answers[:1])
    return {"reference": reference} if reference else None


JUDGED: dict[str, Judged] = {
    "faithfulness": Judged("Faithfulness", _answer_and_passages),
    "answer_relevancy": Judged("AnswerRelevancy", _answer, embeds=True),
    "context_precision": Judged("ContextPrecisionWithReference", _passages_and_gold),
    "context_recall": Judged("ContextRecall", _passages_and_gold),
    "factual_correctness": Judged("FactualCorrectness", _answer_and_gold),
    "noise_sensitivity": Judged("NoiseSensitivity", _all, better="lower"),
}


class RagasJudge:
    """A chat model behind an OpenAI-compatible address, asked by ragas. Raises SettingsError where ragas is not installed."""

    def __init__(self, url: str, model: str, *, key: str | None, timeout_s: float, max_tokens: int) -> None:
        try:
            from ragas.llms import llm_factory
            from ragas.metrics import collections
        except ImportError as error:
            raise SettingsError(
                f"judged metrics need ragas ({error}): .venv/bin/pip install -e '.[evals]' installs it"
            ) from error
        from openai import AsyncOpenAI

        client = AsyncOpenAI(base_url=url, api_key=key or "none", timeout=timeout_s, max_retries=2)
        llm = llm_factory(model, client=client, max_tokens=max_tokens)
        embeddings = _static_embeddings()
        self._metrics = {
            name: getattr(collections, judged.ragas)(llm=llm, **({"embeddings": embeddings} if judged.embeds else {}))
            for name, judged in JUDGED.items()
        }

    async def score(self, metric: str, case: Case, result: Result) -> float | None:
        arguments = JUDGED[metric].of(case, result)
        if arguments is None:
            return None
        try:
            value = float((await self._metrics[metric].ascore(**arguments)).value)
        except Exception as error:  # ragas, instructor and the client each raise their own
            raise ProviderError(f"{metric}: the judge gave no usable reply ({type(error).__name__})") from error
        return None if math.isnan(value) else value


def prompts() -> str:
    """Whose prompts the judge is given: they are ragas' own and change with its version."""
    try:
        return f"ragas {version('ragas')}"
    except PackageNotFoundError:
        return "ragas is not installed"


def _static_embeddings() -> Any:
    """Our own vectors, so that only the judge itself is asked."""
    from ragas.embeddings.base import BaseRagasEmbedding

    from rag.adapters.embedding import StaticEmbeddings

    vectors = StaticEmbeddings()

    class Static(BaseRagasEmbedding):  # type: ignore[misc]
        def embed_text(self, text: str, **_: Any) -> list[float]:
            return [float(number) for number in vectors.embed_query(text)]

        async def aembed_text(self, text: str, **_: Any) -> list[float]:
            return self.embed_text(text)

    return Static()
