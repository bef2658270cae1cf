"""A rerank model behind HTTP, in the form that Cohere, Jina, Voyage, vLLM, llama.cpp and Infinity share: POST /v1/rerank.

Asked: `{model, query, documents, top_n}`. Answered: `{results: [{index, relevance_score}]}`, in any order.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from math import isfinite

import httpx

from rag.adapters.vendor_errors import provider_error
from rag.domain import Part, Query
from rag.errors import ProviderBusyError, ProviderError, ProviderRefusedError, ProviderTimeoutError
from rag.ranking import Candidate

_MOST_BYTES = 4_000_000
_LONGEST_WAIT_S = 10.0


class ServedReranker:
    """The `Reranker` port on a server. One call for each part of a question, retried while that is safe and there is time."""

    def __init__(
        self,
        model: str,
        url: str,
        *,
        key: str | None = None,
        depth: int = 60,
        deadline_s: float = 5.0,
        retries: int = 1,
        backoff_s: float = 0.2,
        max_chars: int = 4000,
    ) -> None:
        """`url` is the endpoint's, whole. A document is cut after `max_chars` characters."""
        self.depth = depth
        self.name = f"{model} at {httpx.URL(url).host}"
        self._model, self._url, self._max_chars = model, url, max_chars
        self._deadline_s, self._retries, self._backoff_s = deadline_s, retries, backoff_s
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    async def scores(self, query: Query, part: Part, candidates: Sequence[Candidate]) -> list[float]:
        """See the port; a document that the server leaves out comes last."""
        if not candidates:
            return []
        body = {
            "model": self._model,
            "query": part.text,
            "documents": [each.document[: self._max_chars] for each in candidates],
            "top_n": len(candidates),
        }
        try:
            async with asyncio.timeout(self._deadline_s):
                reply = await self._asked(body)
        except TimeoutError as error:
            raise ProviderTimeoutError(f"{self.name}: no order within {self._deadline_s:g} s") from error
        return self._read(reply, len(candidates))

    async def _asked(self, body: object) -> object:
        # A client for each call: it is bound to the event loop that it was first used in, and outlives none.
        async with httpx.AsyncClient(timeout=self._deadline_s, headers=self._headers, trust_env=False) as client:
            for tries in range(self._retries + 1):
                try:
                    return await self._once(client, body)
                except (ProviderBusyError, ProviderTimeoutError) as error:
                    if tries == self._retries:
                        raise
                    longest_s = min(self._backoff_s * 2**tries, _LONGEST_WAIT_S)
                    wait_s = longest_s * random.uniform(0.5, 1)  # noqa: S311
                    await asyncio.sleep(max(wait_s, getattr(error, "retry_after_s", None) or 0.0))
        raise AssertionError("the last try returns or raises")

    async def _once(self, client: httpx.AsyncClient, body: object) -> object:
        try:
            async with client.stream("POST", self._url, json=body) as response:
                response.raise_for_status()
                read = bytearray()
                async for chunk in response.aiter_bytes():
                    read += chunk
                    if len(read) > _MOST_BYTES:
                        raise ProviderError(f"{self.name}: the reply is longer than {_MOST_BYTES:,} bytes")
            return httpx.Response(200, content=bytes(read)).json()
        except (httpx.HTTPError, ValueError) as error:
            raise provider_error(self.name, error) from error

    def _read(self, reply: object, count: int) -> list[float]:
        try:
            results = reply["results"]  # type: ignore[index]
            found = {int(each["index"]): float(each["relevance_score"]) for each in results}
        except (KeyError, TypeError, ValueError) as error:
            raise ProviderRefusedError(
                f"{self.name}: the reply is no list of results with index and relevance_score; is the url that of a rerank"
                " endpoint, such as http://127.0.0.1:8000/v1/rerank?"
            ) from error
        if not found or not all(0 <= place < count and isfinite(score) for place, score in found.items()):
            raise ProviderError(f"{self.name}: the reply scores documents that were not sent, or none")
        last = min(found.values()) - 1
        return [found.get(n, last) for n in range(count)]
