"""OpenAI's chat format as the stand-in server writes it: chunks of a stream, a whole completion, errors. Pure."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evals.standins.chat_script import Body, Reply

_ID = "chatcmpl-stand-in"


def event(document: object) -> bytes:
    """One server-sent event, in UTF-8, so that a split write can fall inside a character; half a one has to be escaped."""
    try:
        return f"data: {json.dumps(document, ensure_ascii=False)}\n\n".encode()
    except UnicodeEncodeError:
        return f"data: {json.dumps(document)}\n\n".encode()


DONE = b"data: [DONE]\n\n"
GARBLED = b'data: {"id": "chatcmpl-stand-in", "choices": [{"delta": {"cont\n\n'


def opening(body: Body) -> bytes:
    """The first chunk, which has a role and no text."""
    return event(_chunk(body, {"role": "assistant", "content": "", "refusal": None}))


def piece(body: Body, text: str, top: Mapping[str, float] | None) -> bytes:
    return event(_chunk(body, {"content": text}, logprobs=_logprobs(body, text, top)))


def refusal(body: Body, text: str) -> bytes:
    return event(_chunk(body, {"refusal": text}))


def closing(body: Body, reply: Reply, pieces: Sequence[str]) -> Iterator[bytes]:
    """The chunk with the reason why it ended, and the one with the usage where it is asked for."""
    if reply.finish_reason is not None:
        yield event(_chunk(body, {}, finish_reason=finish_reason(body, reply, pieces)))
    if reply.usage and (body.get("stream_options") or {}).get("include_usage"):
        yield event(_head(body, "chat.completion.chunk") | {"choices": [], "usage": _usage(body, reply, len(pieces))})


def completion(body: Body, reply: Reply, pieces: Sequence[str]) -> dict[str, Any]:
    """The whole answer, not streamed."""
    text = "".join(pieces)
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if reply.refusal else text,
        "refusal": reply.refusal,
    }
    if reply.tool_calls:
        message["tool_calls"] = [
            {
                "id": f"call_{n}",
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
            }
            for n, call in enumerate(reply.tool_calls, 1)
        ]
    choice = {
        "index": 0,
        "message": message,
        "finish_reason": finish_reason(body, reply, pieces),
        "logprobs": _logprobs(body, pieces[0] if pieces else "", reply.top),
    }
    usage = {"usage": _usage(body, reply, len(pieces))} if reply.usage else {}
    return _head(body, "chat.completion") | {"choices": [choice]} | usage


def models(names: Sequence[str]) -> dict[str, Any]:
    data = [{"id": name, "object": "model", "created": 0, "owned_by": "stand-in"} for name in names]
    return {"object": "list", "data": data}


def token_limit(body: Body) -> int | None:
    """The most pieces that the request allows; a piece counts as a token."""
    limit = body.get("max_completion_tokens", body.get("max_tokens"))
    return limit if isinstance(limit, int) else None


def finish_reason(body: Body, reply: Reply, pieces: Sequence[str]) -> str | None:
    limit = token_limit(body)
    cut_off = limit is not None and len(pieces) >= limit and len(reply.cut_text()) > limit
    return "length" if cut_off else "tool_calls" if reply.tool_calls else reply.finish_reason


def _head(body: Body, kind: str) -> dict[str, Any]:
    return {"id": _ID, "object": kind, "created": int(time.time()), "model": body.get("model")}


def _chunk(
    body: Body, delta: Mapping[str, Any], *, finish_reason: str | None = None, logprobs: Any = None
) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": logprobs}
    return _head(body, "chat.completion.chunk") | {"choices": [choice]}


def _usage(body: Body, reply: Reply, written: int) -> dict[str, Any]:
    read = sum(len(str(message.get("content", "")).split()) for message in body.get("messages", ()))
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "prompt_tokens_details": {"cached_tokens": reply.cached_tokens},
    }


def _logprobs(body: Body, text: str, top: Mapping[str, float] | None) -> dict[str, Any] | None:
    if not body.get("logprobs") or top is None:
        return None
    ranked = sorted(top.items(), key=lambda entry: -entry[1])[: body.get("top_logprobs") or 0]
    rows = [{"token": token, "logprob": math.log(p), "bytes": list(token.encode())} for token, p in ranked]
    return {"content": [{"token": text, "logprob": 0.0, "bytes": None, "top_logprobs": rows}], "refusal": None}
