"""Answer -> OpenAI's Chat Completions, at once or in chunks, with Perplexity's `citations` and `search_results`. Pure.

`annotations` say where in `content` a citation is marked, in code points as OpenAI counts; JavaScript counts UTF-16. Their
order and the `[n]` in the text agree with `citations` and `search_results`: `[1]` is the first of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from api.wire.chat_message import ChatMessage, Mark, Piece
from api.wire.native import answer_out
from api.wire.open_webui import sources
from rag.domain import Answer

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Completion:
    """What all objects of one reply share; `created` in seconds since 1970; `framed`: our pages may be shown in others'."""

    id: str
    model: str
    created: int
    framed: bool = False

    def whole(self, answer: Answer, message: ChatMessage) -> Json:
        """`chat.completion`; `onrecord` is the answer as /v1/ask gives it."""
        said: Json = {"role": "assistant", "content": message.text, "refusal": None}
        choice = {"index": 0, "message": said, "logprobs": None, "finish_reason": "stop"}
        whole = self._object("chat.completion", [choice], message)
        if message.style == "sources":
            whole["sources"] = sources(message, framed=self.framed)
        else:
            said["annotations"] = url_citations(message.marks, message)
        return whole | {"usage": usage(answer), "onrecord": answer_out(answer).model_dump(mode="json")}

    def opening(self, message: ChatMessage) -> Json:
        """The first chunk: who speaks."""
        return self._chunk({"role": "assistant", "content": ""}, message)

    def piece(self, piece: Piece, message: ChatMessage) -> Json:
        delta: Json = {"content": piece.text}
        if piece.marks and message.style != "sources":
            delta["annotations"] = url_citations(piece.marks, message)
        return self._chunk(delta, message)

    def closing(self, answer: Answer, message: ChatMessage) -> Iterator[Json]:
        """Where they are wanted, `sources`, beside an empty delta; then that it has ended: `onrecord` is the whole answer."""
        if message.style == "sources" and message.citations:
            yield self._chunk({}, message) | {"sources": sources(message, framed=self.framed)}
        yield self._chunk({}, message, "stop") | {"onrecord": answer_out(answer).model_dump(mode="json")}

    def used(self, answer: Answer, message: ChatMessage) -> Json:
        """The chunk that `stream_options.include_usage` asks for."""
        return self._object("chat.completion.chunk", [], message) | {"usage": usage(answer)}

    def _chunk(self, delta: Json, message: ChatMessage, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._object("chat.completion.chunk", [choice], message)

    def _object(self, kind: str, choices: list[Json], message: ChatMessage) -> Json:
        return {
            "id": f"chatcmpl-{self.id}",
            "object": kind,
            "created": self.created,
            "model": self.model,
            "choices": choices,
            "citations": [message.address(citation) for citation in message.citations],
            "search_results": _search_results(message),
        }


def url_citations(marks: Iterable[Mark], message: ChatMessage) -> list[Json]:
    """`url_citation`s, with all four fields: the Vercel AI SDK refuses others."""
    return [{"type": "url_citation", "url_citation": url_citation(mark, message)} for mark in marks]


def url_citation(mark: Mark, message: ChatMessage) -> Json:
    return {
        "start_index": mark.start,
        "end_index": mark.end,
        "url": message.address(mark.citation),
        "title": mark.citation.article.title,
    }


def usage(answer: Answer) -> Json:
    """Tokens; zeros where no model was asked."""
    read, wrote = answer.usage.get("prompt_tokens", 0), answer.usage.get("completion_tokens", 0)
    return {
        "prompt_tokens": read,
        "completion_tokens": wrote,
        "total_tokens": read + wrote,
        "prompt_tokens_details": {"cached_tokens": answer.usage.get("cached_tokens", 0)},
    }


def _search_results(message: ChatMessage) -> list[Json]:
    return [
        {
            "title": citation.article.title,
            "url": message.address(citation),
            "date": _day(citation.article.published_at),
            "last_updated": _day(citation.article.updated_at),
            "snippet": citation.quote,
            "source": citation.article.outlet,
        }
        for citation in message.citations
    ]


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None
