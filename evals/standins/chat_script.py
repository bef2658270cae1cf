"""What the stand-in chat server answers: replies, every fault that a provider has shown, and which request gets which.

Pure. A script is any function from the request's body to a `Reply`; `Script` is one that is written as rules, in a
JSON file or in Python.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from rag.errors import SettingsError

Body = Mapping[str, Any]


class ToolCall(BaseModel, frozen=True, extra="forbid"):
    """A tool and what it is called with."""

    name: str
    arguments: Mapping[str, Any] = {}


class Reply(BaseModel, frozen=True, extra="forbid"):
    """One answer of the server, or one fault. `..._after` counts pieces of text; 0 is before the first."""

    text: str = ""
    pieces: tuple[str, ...] | None = Field(None, description="the text, cut as given")
    cut: Literal["words", "characters", "whole"] = Field("words", description="how the text is cut into pieces")
    bytes_a_write: int | None = Field(None, ge=1, description="split the stream anywhere, inside a character too")
    first_token_s: float = Field(0, ge=0)
    between_tokens_s: float = Field(0, ge=0)
    finish_reason: str | None = "stop"
    refusal: str | None = Field(None, description="in OpenAI's own field, in place of text")
    tool_calls: tuple[ToolCall, ...] = Field((), description="what an agent is to call; not in a stream")
    top: Mapping[str, float] | None = Field(
        None, description="probabilities of the first token, where they are asked for"
    )
    usage: bool = True
    cached_tokens: int = Field(0, ge=0)
    done: bool = Field(True, description="end the stream with [DONE]")
    endless: bool = Field(False, description="the text again and again, whatever max_tokens says")
    hang_after: int | None = Field(None, ge=0, description="then nothing more comes, and the connection stays open")
    close_after: int | None = Field(None, ge=0, description="then the connection breaks")
    garble_after: int | None = Field(None, ge=0, description="then a chunk that is not JSON")
    error_after: int | None = Field(None, ge=0, description="then `error` as a chunk of the stream")
    status: int = Field(200, ge=200, le=599)
    headers: Mapping[str, str] = {}
    content_type: str | None = Field(None, description="of a stream; text/html is what a captive proxy sends")
    error: Mapping[str, Any] | str | None = Field(None, description="the body of a status that is not 200")

    def cut_text(self) -> tuple[str, ...]:
        """The pieces of one round of the text."""
        if self.pieces is not None:
            return self.pieces
        if self.cut == "characters":
            return tuple(self.text)
        return (
            tuple(re.findall(r"\s*\S+|\s+$", self.text)) if self.cut == "words" else (self.text,) if self.text else ()
        )


class When(BaseModel, frozen=True, extra="forbid"):
    """Which requests a rule is for; all of what is given must hold."""

    contains: str | None = Field(None, description="in any message, letter case aside")
    matches: str | None = Field(None, description="a regular expression that is found in the last message")
    logprobs: bool | None = Field(None, description="whether log-probabilities are asked for")

    def holds(self, body: Body) -> bool:
        texts = [_text(message) for message in body.get("messages", ())]
        return (
            (self.contains is None or self.contains.casefold() in "\n".join(texts).casefold())
            and (self.matches is None or re.search(self.matches, texts[-1] if texts else "") is not None)
            and (self.logprobs is None or self.logprobs == bool(body.get("logprobs")))
        )


class Rule(BaseModel, frozen=True, extra="forbid"):
    """A reply for the requests that fit; with `times`, for so many of them, and then the next rule that fits."""

    when: When = When()
    times: int | None = Field(None, ge=1)
    reply: Reply


class Script:
    """Rules in order; the first that fits and is not used up answers. Safe to use from several threads."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._used = [0] * len(self._rules)
        self._lock = threading.Lock()

    def __call__(self, body: Body) -> Reply:
        with self._lock:
            for number, rule in enumerate(self._rules):
                if rule.when.holds(body) and (rule.times is None or self._used[number] < rule.times):
                    self._used[number] += 1
                    return rule.reply
        return failing(500, "no rule of the script fits this request")


def turns(*replies: Reply) -> Script:
    """Each reply once, in order; the last one for every request after it."""
    *first, last = replies
    return Script([*(Rule(reply=reply, times=1) for reply in first), Rule(reply=last)])


def echo(body: Body) -> Reply:
    """The last message back, which is enough to see that a client works."""
    messages: Sequence[Body] = body.get("messages") or ({},)
    return Reply(text=_text(messages[-1]))


def read_script(file: Path) -> Callable[[Body], Reply]:
    """A JSON file: an array of rules, `[{"when": {"contains": "summit"}, "reply": {"text": "..."}}]`.

    Raises SettingsError, saying what is wrong in it.
    """
    try:
        return Script(TypeAdapter(tuple[Rule, ...]).validate_json(file.read_bytes()))
    except OSError as error:
        raise SettingsError(f"the script {file} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise SettingsError(f"the script {file} is not an array of rules: {faults}") from error


# --- the faults, as providers word them --------------------------------------------------------------------------


def failing(status: int, message: str = "The server had an error while processing your request", **more: Any) -> Reply:
    """An error in OpenAI's form."""
    return Reply(status=status, error={"error": {"message": message, "type": "server_error", "param": None} | more})


def rate_limited(after_s: float | None = None, *, as_date: bool = False) -> Reply:
    """429; Retry-After in seconds or as a date, which has whole seconds, so that it is never earlier than meant."""
    headers = {}
    if after_s is not None:
        then = datetime.now(UTC) + timedelta(seconds=after_s + 1)
        headers["retry-after"] = format_datetime(then, usegmt=True) if as_date else f"{after_s:g}"
    error = {"message": "Rate limit reached", "type": "requests", "param": None, "code": "rate_limit_exceeded"}
    return Reply(status=429, headers=headers, error={"error": error})


def out_of_quota() -> Reply:
    return failing(429, "You exceeded your current quota", type="insufficient_quota", code="insufficient_quota")


def wrong_key() -> Reply:
    """OpenAI's words, which repeat a part of the key."""
    message = "Incorrect API key provided: sk-ver*********cret. You can find your API key at the provider's page."
    return failing(401, message, type="invalid_request_error", code="invalid_api_key")


def no_such_model(name: str) -> Reply:
    message = f"The model `{name}` does not exist or you do not have access to it."
    return failing(404, message, type="invalid_request_error", code="model_not_found")


def refused_parameter(name: str) -> Reply:
    message = f"Unsupported parameter: '{name}' is not supported with this model."
    return failing(400, message, type="invalid_request_error", param=name, code="unsupported_parameter")


def filtered() -> Reply:
    """The prompt is refused before a word is written, as Azure does."""
    message = "The response was filtered due to the prompt triggering the content management policy."
    return failing(400, message, type="invalid_request_error", param="prompt", code="content_filter")


TOO_LONG: Mapping[str, Reply] = {
    "openai": failing(
        400,
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens.",
        type="invalid_request_error",
        param="messages",
        code="context_length_exceeded",
    ),
    "llama.cpp": Reply(
        status=400,
        error={
            "error": {
                "code": 400,
                "message": "request (5120 tokens) exceeds the available context size (4096 tokens), try increasing it",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": 5120,
                "n_ctx": 4096,
            }
        },
    ),
    "vllm": Reply(
        status=400,
        error={
            "object": "error",
            "message": "This model's maximum context length is 4096 tokens. However, you requested 5120 tokens (4096 in"
            " the messages, 1024 in the completion). Please reduce the length of the messages or completion.",
            "type": "BadRequestError",
            "param": None,
            "code": 400,
        },
    ),
    "anthropic": failing(400, "prompt is too long: 210000 tokens > 200000 maximum", type="invalid_request_error"),
    "tgi": Reply(
        status=422,
        error={
            "error": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5120 `inputs`"
            " tokens and 1024 `max_new_tokens`",
            "error_type": "validation",
        },
    ),
}


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
