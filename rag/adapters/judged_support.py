"""A support check by the chat model itself: one call a claim, and the probability that it begins its reply with Yes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from rag.adapters.judging import yes
from rag.chatting import ChatModel
from rag.numbering import shown_line
from rag.prompting import prompt
from rag.support import Claimed


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
        return await yes(self._chat, messages)
