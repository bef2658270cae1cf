"""Asking a service over HTTP: ours by /v1/ask, any other by /v1/chat/completions.

Every call has a timeout and few retries, only after what may pass: a broken connection, 408, 429, 5xx.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from evals.cases import Case
from evals.replies import Json, reply_of_ask, reply_of_chat
from evals.results import Citation, Reply
from rag.errors import OnRecordError

_ATTEMPTS = 4
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0
_WORTH_ANOTHER = frozenset({408, 425, 429, 500, 502, 503, 504})
_ARTICLES_KEPT = 500


class AskError(OnRecordError):
    """The service gave no reply to a case; the text says what it did."""


class _PassingError(AskError):
    """It may go better in a moment; `wait_s` is how long the service asks to wait."""

    def __init__(self, message: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Asked:
    """A reply, and the seconds from asking to its end and to its first sentence, where that was seen to come."""

    reply: Reply
    seconds: float
    first_claim_s: float | None = None


class Asker(Protocol):
    """Asks one service."""

    async def ask(self, case: Case) -> Asked:
        """Raises AskError."""
        ...

    async def describe(self) -> dict[str, Any]:
        """What the service says of itself: version, models, embedding."""
        ...


async def asker_for(client: httpx.AsyncClient, *, mode: str, streams: bool) -> Asker:
    """Our own interface where the service has it, else chat completions. Raises AskError where it has neither.

    `streams`: whether what comes back comes as it is made, so that the first sentence has a time.
    """
    described = await _json_or_none(client, "/openapi.json")
    if described and "/v1/ask" in described.get("paths", {}):
        return Service(client, mode=mode, streams=streams, version=described.get("info", {}).get("version"))
    models = await _json_or_none(client, "/v1/models")
    if models and (data := models.get("data")):
        return ChatCompletions(client, model=str(data[0].get("id")))
    raise AskError(
        f"{client.base_url} has neither /v1/ask (by /openapi.json) nor /v1/models: is a server there, and is the address"
        " the one that /v1/... follows?"
    )


class Service:
    """A server of On the Record, or the same application in this process."""

    def __init__(self, client: httpx.AsyncClient, *, mode: str, streams: bool, version: str | None = None) -> None:
        self._client, self._mode, self._streams, self._version = client, mode, streams, version
        self._bodies: dict[tuple[str, int], str | None] = {}

    async def ask(self, case: Case) -> Asked:
        body = case.request() | {"mode": self._mode, "include": ["evidence"]}
        asked = await retried(lambda: self._streamed(body) if self._streams else self._whole(body))
        citations = tuple([await self._read_again(citation) for citation in asked.reply.citations])
        return Asked(asked.reply.model_copy(update={"citations": citations}), asked.seconds, asked.first_claim_s)

    async def describe(self) -> dict[str, Any]:
        library = await _json_or_none(self._client, "/v1/library") or {}
        return {"version": self._version, "embedding": library.get("embedding"), "counts": library.get("counts")}

    async def _whole(self, body: Json) -> Asked:
        started = time.perf_counter()
        async with sent(self._client, "POST", "/v1/ask", body) as response:
            await response.aread()
        return Asked(reply_of_ask(response.json()), time.perf_counter() - started)

    async def _streamed(self, body: Json) -> Asked:
        started = time.perf_counter()
        first: float | None = None
        async with sent(self._client, "POST", "/v1/ask", body | {"stream": True}) as response:
            async for name, data in _events(response):
                if name == "claim" and first is None:
                    first = time.perf_counter() - started
                elif name == "error":
                    raise AskError(str(data.get("detail", data)))
                elif name == "answer":
                    return Asked(reply_of_ask(data), time.perf_counter() - started, first)
        raise _PassingError("the stream ended without an answer")

    async def _read_again(self, citation: Citation) -> Citation:
        """With the words that its article has at its span, as the service serves the article."""
        if citation.article is None or citation.start is None or citation.end is None:
            return citation
        body = await self._body(citation.article, citation.revision or 1)
        return citation.model_copy(update={"stands": body[citation.start : citation.end] if body is not None else None})

    async def _body(self, article: str, revision: int) -> str | None:
        """None where it cannot be had: withdrawn since, or not to be shown whole."""
        if (article, revision) not in self._bodies:
            if len(self._bodies) >= _ARTICLES_KEPT:
                self._bodies.clear()
            path = f"/v1/articles/{article}?revision={revision}"
            found = await _json_or_none(self._client, path)
            self._bodies[article, revision] = found.get("body") if found else None
        return self._bodies[article, revision]


class ChatCompletions:
    """Any server with OpenAI's chat format. What it reads is not known, nor where in an article its citations point."""

    def __init__(self, client: httpx.AsyncClient, *, model: str) -> None:
        self._client, self._model = client, model

    async def ask(self, case: Case) -> Asked:
        messages = [{"role": turn.role, "content": turn.content} for turn in case.conversation]
        body: Json = {"model": self._model, "messages": [*messages, {"role": "user", "content": case.question}]}
        return await retried(lambda: self._whole(body))

    async def describe(self) -> dict[str, Any]:
        return {"model": self._model}

    async def _whole(self, body: Json) -> Asked:
        started = time.perf_counter()
        async with sent(self._client, "POST", "/v1/chat/completions", body) as response:
            await response.aread()
        return Asked(reply_of_chat(response.json()), time.perf_counter() - started)


async def retried(once: Any) -> Asked:
    """The first try that succeeds. Raises AskError with what the last one met."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            asked: Asked = await once()
        except _PassingError as error:
            wait = error.wait_s if error.wait_s is not None else _FIRST_WAIT_S * 2 ** (attempt - 1) * random.random()
            if attempt == _ATTEMPTS or wait > _LONGEST_WAIT_S:
                raise AskError(f"{error} (asked {attempt} times)") from error
            await asyncio.sleep(wait)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AskError(f"the reply has another form than expected ({type(error).__name__}: {error})") from error
        else:
            return asked
    raise AssertionError("the last attempt returns or raises")


@asynccontextmanager
async def sent(client: httpx.AsyncClient, method: str, path: str, body: Json) -> AsyncIterator[httpx.Response]:
    """A response that succeeded, its body still to be read. Raises AskError; _PassingError where another try may help."""
    try:
        async with client.stream(method, path, json=body) as response:
            if not response.is_success:
                await response.aread()
                raise _refused(response)
            yield response
    except httpx.HTTPError as error:
        raise _PassingError(f"no reply from {client.base_url}: {error or type(error).__name__}") from error


def _refused(response: httpx.Response) -> AskError:
    try:
        said = response.json()
        detail = str(said.get("detail") or said.get("error", {}).get("message") or "")
    except (ValueError, AttributeError):
        detail = ""
    message = f"{response.status_code}{': ' + detail if detail else ''}"
    if response.status_code not in _WORTH_ANOTHER:
        return AskError(message)
    waits = response.headers.get("retry-after", "")
    return _PassingError(message, float(waits) if waits.isdecimal() else None)


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, Json]]:
    """Server-sent events, each with its name and data; comments are left out."""
    name, data = "message", list[str]()
    async for line in response.aiter_lines():
        if line.startswith("event:"):
            name = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            data.append(line.removeprefix("data:").removeprefix(" "))
        elif not line and data:
            yield name, json.loads("\n".join(data))
            name, data = "message", []


async def _json_or_none(client: httpx.AsyncClient, path: str) -> Json | None:
    try:
        response = await client.get(path)
        found = response.json() if response.is_success else None
    except (httpx.HTTPError, ValueError):
        return None
    return found if isinstance(found, dict) else None
