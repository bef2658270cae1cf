"""A support check by the chat model itself: one call a claim, and the probability that it begins its reply with Yes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import aclosing

from rag.chatting import ChatModel, Finished, Message
from rag.numbering import shown_line
from rag.prompting import prompt
from rag.support import Claimed

_YES, _NO = "Yes", "No"
_ANSWER = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)
# What a bare word is worth: a model's yes is right more often than not, and never sure.
_SAID = {"yes": 0.9, "no": 0.1}
_REPLY_TOKENS = 4


class JudgedSupport:
    """As good as the model is. A reply that says neither supports nothing: what nobody confirms is not shown."""

    def __init__(self, chat: ChatModel, *, threshold: float = 0.5) -> None:
        self.name = f"judged:{chat.name}"
        self.threshold = threshold
        self._chat = chat
        self._prompt = prompt("support")

    async def scores(self, claims: Sequence[Claimed]) -> list[float]:
        """Asked all at once; how many calls are in flight is the chat model's to bound. Raises as the chat model does."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._score(claim)) for claim in claims]
        return [task.result() for task in tasks]

    async def _score(self, claim: Claimed) -> float:
        if not any(claim.cited):
            return 0.0
        messages = self._prompt.messages(
            {
                "context": shown_line(claim.context) or "none",
                "sentences": "\n".join(f"- {shown_line(sentence)}" for sentence in claim.cited),
                "claim": shown_line(claim.text),
            }
        )
        shares = await self._chat.judge(messages, (_YES, _NO))
        return shares.get(_YES, 0.0) if shares is not None else await self._said(messages)

    async def _said(self, messages: Sequence[Message]) -> float:
        """What a plain reply is worth."""
        reply = ""
        async with aclosing(self._chat.stream(messages, max_tokens=_REPLY_TOKENS)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Finished):
                    break
                reply += piece
        found = _ANSWER.match(reply)
        return _SAID[found[1].lower()] if found else 0.0
