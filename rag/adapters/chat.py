"""Any chat model that LangChain speaks to, within bounds of time, length and calls at once.

The provider's stream is read by a task of its own, so that a reader who is slow costs no timeout, and one who leaves
stops the call where it stands. Prompts, keys and providers' messages never reach a log or an error.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage

from rag.adapters.chat_providers import OPEN_REPLIES, Connected
from rag.adapters.cutting import Cutter
from rag.adapters.vendor_errors import provider_error, refused_parameter
from rag.chatting import Finished, Message, Usage
from rag.errors import (
    ProviderBusyError,
    ProviderError,
    ProviderFilteredError,
    ProviderRefusedError,
    ProviderTimeoutError,
)
from rag.settings import ChatSettings

T = TypeVar("T")
Piece = str | Finished

# The client logs whole requests at its debug level.
logging.getLogger("openai").setLevel(logging.INFO)

_KINDS: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
# What may be left out of a request where a model does not take it, by the names that servers know.
_OPTIONAL = frozenset(
    {
        "temperature",
        "max_tokens",
        "max_completion_tokens",
        "stop",
        "stream_options",
        "logprobs",
        "top_logprobs",
        "reasoning_effort",
    }
)
# Other providers' words for why an answer ended, in OpenAI's.
_REASONS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "MAX_TOKENS": "length",
    "STOP": "stop",
    "SAFETY": "content_filter",
    "refusal": "content_filter",
}
# No vocabulary has many tokens longer than this; a provider that ignores its limit is cut here.
_MOST_CHARS_A_TOKEN = 16
_LONGEST_BACKOFF_S = 20.0


@dataclass(slots=True)
class _Call:
    """One call from its first try to its last: when it must be over, and whether text has come."""

    deadline: float
    begun: bool = False


class LangChainChat:
    """A `ChatModel`. Its connections belong to the event loop that it is first used in."""

    def __init__(self, connected: Connected, settings: ChatSettings) -> None:
        self._connected, self._settings = connected, settings
        self._turns = asyncio.Semaphore(settings.concurrency)
        self._not_taken: set[str] = {"temperature", "stop"} if connected.thinking else set()

    @property
    def name(self) -> str:
        return self._connected.name

    async def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> AsyncGenerator[Piece, None]:
        """As the port says. `Finished("length")` also where the provider went on past its limit and was cut."""
        out: asyncio.Queue[Piece | BaseException] = asyncio.Queue()

        async def read(call: _Call) -> None:
            await self._read(messages, max_tokens, stop, call, out)

        async def work() -> None:
            try:
                await self._within_bounds(read)
            except Exception as error:
                out.put_nowait(error)

        reading = asyncio.create_task(work())
        try:
            while True:
                item = await out.get()
                if isinstance(item, BaseException):
                    raise item
                yield item
                if isinstance(item, Finished):
                    return
        finally:
            # The task waits inside the vendor's code: cancelled there, every layer closes what it opened.
            reading.cancel()
            await asyncio.wait([reading])

    async def judge(self, messages: Sequence[Message], choices: Sequence[str]) -> Mapping[str, float] | None:
        """As the port says; None too where none of the likeliest first tokens begins one of `choices`."""
        if not self._connected.openai or self._not_taken & {"logprobs", "top_logprobs"}:
            return None

        async def ask(call: _Call) -> Mapping[str, float] | None:
            if self._not_taken & {"logprobs", "top_logprobs"}:
                return None  # what the first try was told
            options = self._options(1, ()) | {"logprobs": True, "top_logprobs": 20}
            options.pop("stream_usage", None)
            reply = await self._connected.model.ainvoke(_converted(messages), **options)
            return _shares(reply, choices)

        return await self._within_bounds(ask)

    async def close(self) -> None:
        await self._connected.close()

    # --- bounds ------------------------------------------------------------------------------------------------

    async def _within_bounds(self, attempt: Callable[[_Call], Awaitable[T]]) -> T:
        """Try until it succeeds, begins, is refused, has been tried often enough or the deadline has come."""
        limit = self._settings.deadline_s
        call = _Call(asyncio.get_running_loop().time() + limit)
        waiting = True
        try:
            async with asyncio.timeout_at(call.deadline):
                async with self._turns:
                    waiting = False
                    return await self._tried(attempt, call)
        except TimeoutError:
            why = (
                f"{self._settings.concurrency} other calls were under way all the time" if waiting else "it took longer"
            )
            raise ProviderTimeoutError(f"{self.name}: given up after {limit:g} s, since {why}") from None

    async def _tried(self, attempt: Callable[[_Call], Awaitable[T]], call: _Call) -> T:
        tries = 0
        while True:
            opened: list[Any] = []
            OPEN_REPLIES.set(opened)
            try:
                return await attempt(call)
            except Exception as error:
                parameter = None if call.begun else refused_parameter(error, _OPTIONAL - self._not_taken)
                failure = provider_error(self.name, error, begun=call.begun)
            finally:
                for reply in opened:
                    with suppress(Exception):  # it is gone either way, and what went wrong before matters more
                        await reply.aclose()
            if parameter is not None:
                self._not_taken.add(parameter)
                continue
            wait_s = self._wait_s(failure, tries)
            tries += 1
            over = asyncio.get_running_loop().time() + wait_s >= call.deadline
            if call.begun or over or tries > self._settings.retries or isinstance(failure, ProviderRefusedError):
                raise failure from None  # the vendor's own may hold the key or the prompt
            await asyncio.sleep(wait_s)

    def _wait_s(self, failure: ProviderError, tries: int) -> float:
        """What the provider asks for, never less; else a random part of a time that doubles, so that callers spread."""
        longest_s: float = min(_LONGEST_BACKOFF_S, self._settings.backoff_s * 2**tries)
        backoff_s = longest_s * random.uniform(0.5, 1)  # noqa: S311
        asked_s = failure.retry_after_s if isinstance(failure, ProviderBusyError) else None
        return backoff_s if asked_s is None else asked_s + backoff_s * 0.1

    # --- one try -----------------------------------------------------------------------------------------------

    async def _read(
        self,
        messages: Sequence[Message],
        max_tokens: int,
        stop: Sequence[str],
        call: _Call,
        out: asyncio.Queue[Piece | BaseException],
    ) -> None:
        """Put the answer's text piece by piece, and `Finished` last."""
        cutter = Cutter(stop=stop, most_chars=max_tokens * _MOST_CHARS_A_TOKEN)
        stream = self._connected.model.astream(_converted(messages), **self._options(max_tokens, stop))
        reason, usage = None, Usage()
        limit_s = self._settings.first_token_timeout_s
        while cutter.ended is None and (chunk := await self._next(stream, limit_s)) is not None:
            limit_s = self._settings.next_token_timeout_s
            reason = reason if reason == "content_filter" else _reason(chunk) or reason
            usage += _usage(chunk)
            _put(cutter.feed(str(chunk.text)), call, out)
        _put(cutter.rest(), call, out)
        reason = cutter.ended or reason
        if reason is None and self._connected.openai:
            raise ProviderError(f"{self.name}: the answer broke off without an end")
        if not call.begun:
            raise self._silence(reason)
        out.put_nowait(Finished(reason, usage))

    async def _next(self, stream: Any, limit_s: float) -> AIMessageChunk | None:
        try:
            async with asyncio.timeout(limit_s):
                chunk: AIMessageChunk | None = await anext(stream, None)
        except TimeoutError:
            raise ProviderTimeoutError(
                f"{self.name}: nothing came for {limit_s:g} s; it is safe to try again"
            ) from None
        return chunk

    def _silence(self, reason: str | None) -> ProviderError:
        if reason == "content_filter":
            return ProviderFilteredError(f"{self.name}: the provider's rules keep it from answering this")
        if reason == "length":
            return ProviderRefusedError(
                f"{self.name}: all tokens were used before the answer's first word; raise ONRECORD_CHAT__REASONING_TOKENS"
            )
        return ProviderError(f"{self.name}: the answer was empty")

    def _options(self, max_tokens: int, stop: Sequence[str]) -> dict[str, Any]:
        """What goes with a request to OpenAI's format; other providers were told at the start."""
        if not self._connected.openai:
            return {"stop": list(stop)} if stop else {}
        if self._connected.thinking:
            max_tokens += self._settings.reasoning_tokens
        options: dict[str, Any] = {
            "temperature": 0.0,
            "max_completion_tokens": max_tokens,
            "stop": list(stop) or None,
            "stream_options": {"include_usage": True},
            # Servers older than the new name know this one only; OpenAI's own takes no two.
            "max_tokens": None if self._connected.official else max_tokens,
        }
        taken = {name: value for name, value in options.items() if value is not None and name not in self._not_taken}
        return _for_langchain(taken)


def _for_langchain(options: dict[str, Any]) -> dict[str, Any]:
    """LangChain writes `max_tokens` as `max_completion_tokens`, so that the old name has to go by another way."""
    if (old := options.pop("max_tokens", None)) is not None:
        options["extra_body"] = {"max_tokens": old}
    options["stream_usage"] = options.pop("stream_options", None) is not None
    return options


def _put(text: str, call: _Call, out: asyncio.Queue[Piece | BaseException]) -> None:
    if text:
        call.begun = True
        out.put_nowait(text)


def _converted(messages: Sequence[Message]) -> list[BaseMessage]:
    return [_KINDS[message.role](content=message.content) for message in messages]


def _reason(chunk: AIMessageChunk) -> str | None:
    if chunk.additional_kwargs.get("refusal"):
        return "content_filter"
    given = chunk.response_metadata
    reason = given.get("finish_reason") or given.get("stop_reason")
    return None if reason is None else _REASONS.get(str(reason), str(reason))


def _usage(chunk: AIMessageChunk) -> Usage:
    if (used := chunk.usage_metadata) is None:
        return Usage()
    cached = used.get("input_token_details", {}).get("cache_read") or 0
    return Usage(used["input_tokens"], used["output_tokens"], cached)


def _shares(reply: AIMessage, choices: Sequence[str]) -> Mapping[str, float] | None:
    """Each choice's share of the probability that the first token gives to all of them.

    A token counts for the choice that it begins, letter case and spaces aside, where it begins no other.
    """
    content = (reply.response_metadata.get("logprobs") or {}).get("content") or ()
    if not content:
        return None
    weights = dict.fromkeys(choices, 0.0)
    for row in content[0].get("top_logprobs") or ():
        token = row["token"].strip().casefold()
        begun = [choice for choice in choices if token and choice.casefold().startswith(token)]
        if len(begun) == 1:
            weights[begun[0]] += math.exp(row["logprob"])
    total = sum(weights.values())
    return {choice: weight / total for choice, weight in weights.items()} if total else None
