"""Whether ragas can be used, and what its files share."""

from __future__ import annotations

import logging
import os
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from evals.cases import Case
from rag.errors import SettingsError

_MOST_TOLD = 200
# The last two are what its string metrics are computed with; it asks for them when they are called.
_PACKAGES = ("ragas", "rapidfuzz", "sacrebleu")


def missing() -> str | None:
    """Why ragas cannot be used and what would be right; None where it can."""
    lacking = [name for name in _PACKAGES if find_spec(name) is None]
    if not lacking:
        return None
    verb = "is" if len(lacking) == 1 else "are"
    return f"{', '.join(lacking)} {verb} not installed; .venv/bin/pip install -e '.[evals]' does it"


def prepare(what: str) -> None:
    """To be called before ragas is imported. Raises SettingsError where it cannot be: `what` needs it."""
    if (reason := missing()) is not None:
        raise SettingsError(f"{what} need ragas: {reason}")
    # It would report each use to its makers' server.
    os.environ["RAGAS_DO_NOT_TRACK"] = "true"
    # It logs each call that failed; here that is kept with what was asked.
    logging.getLogger("instructor").setLevel(logging.CRITICAL)


class Model:
    """A chat model behind an OpenAI-compatible address, as ragas asks it; open while the context lasts.

    `timeout_s` is for one call, which is tried three times; `max_tokens` bound its reply. Raises SettingsError without ragas.
    """

    def __init__(self, url: str, name: str, *, key: str | None, timeout_s: float, max_tokens: int) -> None:
        prepare("judged metrics and cases that a model writes")
        from openai import AsyncOpenAI
        from ragas.llms import llm_factory

        self._client = AsyncOpenAI(base_url=url, api_key=key or "none", timeout=timeout_s, max_retries=2)
        self.llm = llm_factory(name, client=self._client, max_tokens=max_tokens)

    async def __aenter__(self) -> Model:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()


def no_usable_reply(error: BaseException) -> str:
    """What went wrong with a call, in one line: what the server said, where instructor only says that it tried."""
    from openai import APIError

    seen: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in seen:
        seen.append(at)
        at = at.__cause__ or at.__context__
    told = next((each for each in seen if isinstance(each, APIError)), error)
    return f"the model gave no usable reply ({type(told).__name__}: {' '.join(str(told).split())[:_MOST_TOLD]})"


def prompts() -> str:
    """Whose prompts a model is given: they are ragas' own and change with its version."""
    try:
        return f"ragas {version('ragas')}"
    except PackageNotFoundError:
        return "ragas is not installed"


def reference(case: Case) -> str | None:
    """What an answer is held against: the gold sentences, which say more than the gold answer's few words; else this."""
    return " ".join(dict.fromkeys(fact.quote for fact in case.evidence)) or "; ".join(case.answers[:1]) or None


def static_embeddings() -> Any:
    """Our own vectors as ragas takes them, so that nobody is asked for any."""
    from ragas.embeddings.base import BaseRagasEmbedding

    from rag.adapters.embedding import StaticEmbeddings

    vectors = StaticEmbeddings()

    class Static(BaseRagasEmbedding):  # type: ignore[misc]
        def embed_text(self, text: str, **_: Any) -> list[float]:
            return [float(number) for number in vectors.embed_query(text)]

        async def aembed_text(self, text: str, **_: Any) -> list[float]:
            return self.embed_text(text)

    return Static()
