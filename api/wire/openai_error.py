"""Our problems -> errors in OpenAI's shape, for the routes that its clients call. Pure."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from api.problems import Problem

_CODES = {401: "invalid_api_key", 403: "insufficient_permissions", 429: "rate_limit_exceeded"}
# Where clients read OpenAI's errors and not problem+json.
_OURS = ("/v1/chat/completions", "/v1/responses", "/v1/models")
# What we do not have: its clients are told so in a form that they can show.
_THEIRS = tuple(
    f"/v1/{name}"
    for name in "assistants audio batches completions conversations embeddings files images moderations threads".split()
)


def speaks_openai(path: str) -> bool:
    return path.startswith(_OURS + _THEIRS)


class ErrorFields(BaseModel):
    """What is wrong; `param` is the field of the request."""

    message: str
    type: Literal["invalid_request_error", "server_error"]
    param: str | None
    code: str | None


class OpenAIError(BaseModel):
    """An error in OpenAI's shape."""

    error: ErrorFields


def error_out(problem: Problem) -> dict[str, object]:
    """`{"error": {message, type, param, code}}`."""
    wrong = problem.errors[0].field if problem.errors else None
    code = _CODES.get(problem.status)
    missing = problem.status == 404 and problem.detail.startswith("no model ")
    fields = ErrorFields(
        message=problem.detail,
        type="invalid_request_error" if problem.status < 500 else "server_error",
        param="model" if missing else wrong or None,
        code="model_not_found" if missing else code,
    )
    return OpenAIError(error=fields).model_dump()


def status_of(status: int) -> int:
    """OpenAI says 400 where we say 422."""
    return 400 if status == 422 else status
