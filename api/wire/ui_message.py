"""Answer -> the Vercel AI SDK's UI message stream, version 1; and what its chat transport sends -> messages. Pure.

The text is one part, `[n]` in it is the source with that `sourceId`, and `providerMetadata.onrecord` of the source has its
words. Offsets are code points of the article's body; JavaScript counts UTF-16, so the words stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.wire.chat_message import ChatMessage, Piece
from api.wire.chat_request import MessageIn, SearchFields
from api.wire.native import answer_out
from rag.domain import Answer, Citation

Json = dict[str, object]
HEADERS = {"x-vercel-ai-ui-message-stream": "v1"}
# Parts that a message by the user may have beside its text, and that say nothing of the question.
_SILENT = ("step-start",)


class UiMessageIn(BaseModel):
    """One message, as `useChat` keeps it."""

    role: Literal["system", "user", "assistant"]
    parts: list[dict[str, Any]] = Field(examples=[[{"type": "text", "text": "what did Peskov say about a summit?"}]])

    def message(self) -> MessageIn:
        return MessageIn(role=self.role, content=[part for part in self.parts if part.get("type") not in _SILENT])


class UiChatRequest(SearchFields):
    """A conversation whose last message by the user is the question; the transport's other fields change nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"messages": [
        {"role": "user", "parts": [{"type": "text", "text": "what did Peskov say about a summit?"}]}
    ]}]})  # fmt: skip

    model: str = Field("onrecord", examples=["onrecord"])
    messages: list[UiMessageIn] = Field(min_length=1, max_length=2000)


class UiReply:
    """One reply in the making; each method gives the chunks that come next."""

    def __init__(self, reply_id: str, message: ChatMessage) -> None:
        self._id, self._message, self._sourced = reply_id, message, 0

    def opening(self) -> Iterator[Json]:
        yield {"type": "start", "messageId": f"msg-{self._id}"}
        yield {"type": "start-step"}
        yield {"type": "text-start", "id": self._text_id}

    def piece(self, piece: Piece) -> Iterator[Json]:
        """What is said next, then the sources that it is the first to name."""
        if piece.text:
            yield {"type": "text-delta", "id": self._text_id, "delta": piece.text}
        new = self._message.citations[self._sourced :]
        self._sourced += len(new)
        for citation in new:
            yield self._source(citation)

    def closing(self, answer: Answer) -> Iterator[Json]:
        """The message's metadata has the answer as /v1/ask gives it."""
        yield {"type": "text-end", "id": self._text_id}
        yield {"type": "finish-step"}
        metadata = {"onrecord": answer_out(answer).model_dump(mode="json")}
        yield {"type": "finish", "finishReason": "stop", "messageMetadata": metadata}

    def failed(self, message: str) -> Json:
        return {"type": "error", "errorText": message}

    @property
    def _text_id(self) -> str:
        return f"txt-{self._id}"

    def _source(self, citation: Citation) -> Json:
        article, span = citation.article, citation.span
        words: Json = {
            "number": citation.number,
            "quote": citation.quote,
            "start": span.start,
            "end": span.end,
            "article": article.id,
            "revision": article.revision,
            "outlet": article.outlet,
            "publishedAt": article.published_at.isoformat() if article.published_at else None,
            "speaker": citation.speaker.name if citation.speaker else None,
        }
        return {
            "type": "source-url",
            "sourceId": str(citation.number),
            "url": self._message.address(citation),
            "title": article.title,
            "providerMetadata": {"onrecord": words},
        }
