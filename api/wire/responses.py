"""Answer -> OpenAI's Responses API: one message of one text, at once or as events. Pure.

Annotations are flat here, and their offsets are code points of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from api.wire.chat_completions import Json, url_citation, usage
from api.wire.chat_message import ChatMessage, Mark, Piece
from api.wire.native import answer_out
from rag.domain import Answer


@dataclass(slots=True)
class Reply:
    """One reply, and how many of its events have been made; `created` in seconds since 1970."""

    id: str
    model: str
    created: int
    message: ChatMessage
    _events: int = field(default=0, init=False)
    _annotations: int = field(default=0, init=False)

    def whole(self, answer: Answer) -> Json:
        """The `response`; `onrecord` is the answer as /v1/ask gives it."""
        return self._response("completed", [self._item("completed")], answer)

    def opening(self) -> Iterator[Json]:
        begun = self._response("in_progress", [])
        yield self._event("response.created", response=begun)
        yield self._event("response.in_progress", response=begun)
        yield self._event("response.output_item.added", output_index=0, item=self._item("in_progress", empty=True))
        yield self._event("response.content_part.added", **self._place(), part=self._part(empty=True))

    def piece(self, piece: Piece) -> Iterator[Json]:
        yield self._event("response.output_text.delta", **self._place(), delta=piece.text, logprobs=[])
        for mark in piece.marks:
            yield self._event(
                "response.output_text.annotation.added",
                **self._place(),
                annotation_index=self._annotations,
                annotation=self._annotation(mark),
            )
            self._annotations += 1

    def closing(self, answer: Answer) -> Iterator[Json]:
        yield self._event("response.output_text.done", **self._place(), text=self.message.text, logprobs=[])
        yield self._event("response.content_part.done", **self._place(), part=self._part())
        yield self._event("response.output_item.done", output_index=0, item=self._item("completed"))
        yield self._event("response.completed", response=self.whole(answer))

    def failed(self, message: str) -> Json:
        """The event of a reply that could not be ended."""
        error: Json = {"code": "server_error", "message": message}
        return self._event("response.failed", response=self._response("failed", []) | {"error": error})

    def _event(self, kind: str, **fields: object) -> Json:
        number, self._events = self._events, self._events + 1
        return {"type": kind, "sequence_number": number} | fields

    def _place(self) -> Json:
        return {"item_id": f"msg_{self.id}", "output_index": 0, "content_index": 0}

    def _response(self, status: str, output: list[Json], answer: Answer | None = None) -> Json:
        response: Json = {
            "id": f"resp_{self.id}",
            "object": "response",
            "created_at": self.created,
            "status": status,
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "max_output_tokens": None,
            "metadata": {},
            "model": self.model,
            "output": output,
            "parallel_tool_calls": False,
            "previous_response_id": None,
            "store": False,
            "temperature": None,
            "tool_choice": "none",
            "tools": [],
            "top_p": None,
            "truncation": "disabled",
            "usage": None,
            "user": None,
        }
        if answer is None:
            return response
        used = usage(answer)
        tokens: Json = {
            "input_tokens": used["prompt_tokens"],
            "input_tokens_details": used["prompt_tokens_details"],
            "output_tokens": used["completion_tokens"],
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": used["total_tokens"],
        }
        return response | {"usage": tokens, "onrecord": answer_out(answer).model_dump(mode="json")}

    def _item(self, status: str, *, empty: bool = False) -> Json:
        content = [] if empty else [self._part()]
        return {
            "id": f"msg_{self.id}",
            "type": "message",
            "status": status,
            "role": "assistant",
            "content": content,
        }

    def _part(self, *, empty: bool = False) -> Json:
        marks = [] if empty else self.message.marks
        return {
            "type": "output_text",
            "text": "" if empty else self.message.text,
            "annotations": [self._annotation(mark) for mark in marks],
            "logprobs": [],
        }

    def _annotation(self, mark: Mark) -> Json:
        return {"type": "url_citation"} | url_citation(mark, self.message)
