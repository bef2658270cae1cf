"""One short call to a chat model, and the probability that its reply begins with Yes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import aclosing

from rag.chatting import ChatModel, Finished, Message

_YES, _NO = "Yes", "No"
_ANSWER = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)
# What a bare word is worth: a model's yes is right more often than not, and never sure.
_SAID = {"yes": 0.9, "no": 0.1}
_REPLY_TOKENS = 4


async def yes(chat: ChatModel, messages: Sequence[Message]) -> float:
    """0 to 1; 0 for a reply that says neither: what nobody confirms is not shown. Raises as the chat model does."""
    shares = await chat.judge(messages, (_YES, _NO))
    return shares.get(_YES, 0.0) if shares is not None else await _said(chat, messages)


async def _said(chat: ChatModel, messages: Sequence[Message]) -> float:
    """What a plain reply is worth."""
    reply = ""
    async with aclosing(chat.stream(messages, max_tokens=_REPLY_TOKENS)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Finished):
                break
            reply += piece
    found = _ANSWER.match(reply)
    return _SAID[found[1].lower()] if found else 0.0
