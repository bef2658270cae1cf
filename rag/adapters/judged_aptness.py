"""Whether a sentence answers the question, by the chat model itself: one call, and the probability of a Yes."""

from __future__ import annotations

from rag.adapters.judging import yes
from rag.chatting import ChatModel
from rag.numbering import shown_line
from rag.prompting import prompt


class JudgedAptness:
    """As good as the model is: a small one doubts many right answers (evals/LOG.md)."""

    def __init__(self, chat: ChatModel, *, threshold: float = 0.5) -> None:
        self.name = f"judged:{chat.name}"
        self.threshold = threshold
        self._chat = chat
        self._prompt = prompt("aptness")

    async def score(self, question: str, sentence: str) -> float:
        """Raises as the chat model does."""
        values = {"question": shown_line(question), "sentence": shown_line(sentence)}
        return await yes(self._chat, self._prompt.messages(values))
