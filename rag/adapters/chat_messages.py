"""LangChain's messages from ours, and what its replies say beside their text: why they ended, what they used. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage

from rag.chatting import Message, Usage

_KINDS: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
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


def converted(messages: Sequence[Message]) -> list[BaseMessage]:
    return [_KINDS[message.role](content=message.content) for message in messages]


def reason_of(chunk: AIMessageChunk) -> str | None:
    if chunk.additional_kwargs.get("refusal"):
        return "content_filter"
    given = chunk.response_metadata
    reason = given.get("finish_reason") or given.get("stop_reason")
    return None if reason is None else _REASONS.get(str(reason), str(reason))


def usage_of(chunk: AIMessageChunk) -> Usage:
    if (used := chunk.usage_metadata) is None:
        return Usage()
    cached = used.get("input_token_details", {}).get("cache_read") or 0
    return Usage(used["input_tokens"], used["output_tokens"], cached)


def shares_of(reply: AIMessage, choices: Sequence[str]) -> Mapping[str, float] | None:
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
