"""The port to a chat model: messages in, pieces of text out. Every adapter maps its vendor's errors to ours."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a chat model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counts them; `cached` are those of the prompt that it had read before."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
        )


@dataclass(frozen=True, slots=True)
class Finished:
    """The last thing of a stream: why it ended (`stop`, `length`, `content_filter`, ...) and what it used."""

    reason: str | None = None
    usage: Usage = field(default_factory=Usage)


class ChatModel(Protocol):
    """A chat model behind whatever serves it. Deterministic as far as the provider can be: temperature 0."""

    @property
    def name(self) -> str:
        """The model's name as the provider knows it."""
        ...

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> AsyncGenerator[str | Finished, None]:
        """Pieces of text as they come, never empty, then one `Finished`. Closing the iterator stops the call.

        Tried again, within the deadline, only while nothing has come yet.

        Raises:
            ProviderTimeoutError: no first piece, or no next one, in time, or the deadline has passed.
            ProviderRefusedError: a wrong key, no such model, a prompt that is too long, a refusal by the provider.
            ProviderError: anything else, a connection that broke in mid-stream too.
        """
        ...

    async def judge(self, messages: Sequence[Message], choices: Sequence[str]) -> Mapping[str, float] | None:
        """The probability that the reply's first word is each of `choices` (normalised over them); None where the
        provider gives no log-probabilities. Raises as `stream`."""
        ...

    async def close(self) -> None:
        """Connections and processes of its own are gone when this returns."""
        ...
