"""Vendors' exceptions in our words: the one place where their trees are read.

By the names of their classes, by status and by what the server's error says, since importing every provider's tree
would import every provider. Their messages are read and never repeated: some echo the key or the text that was sent.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from rag.errors import (
    ProviderBusyError,
    ProviderContextError,
    ProviderError,
    ProviderFilteredError,
    ProviderRefusedError,
    ProviderTimeoutError,
)

_TIMEOUTS = ("Timeout", "Connection", "ConnectError")
_REFUSALS = ("Authentication", "PermissionDenied", "NotFound")
_MOST_READ = 4000

# OpenAI and Azure, llama.cpp, vLLM, Anthropic, TGI, Mistral, in this order.
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceeds? the (available )?context|exceed_context_size|maximum context length"
    r"|prompt is too long|max_new_tokens|too large for model with|context (window|length) exceed|input tokens exceed",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"content_filter|content_policy|content management policy|ResponsibleAIPolicy|safety system", re.IGNORECASE
)
_NO_QUOTA = re.compile(r"insufficient_quota|credit balance|exceeded your current quota", re.IGNORECASE)
_NOT_TAKEN = re.compile(
    r"unsupported|not support|unrecogni[sz]ed|unknown|not permitted|not allowed|unexpected|extra inputs", re.IGNORECASE
)


def provider_error(name: str, error: BaseException, *, begun: bool = False) -> ProviderError:
    """The error of ours that says what to do about it; `begun` where a part of the answer has come already."""
    cause: BaseException | None = error
    while cause is not None:  # one of ours may have been raised inside the vendor's code, and wrapped by it
        if isinstance(cause, ProviderError):
            return cause
        cause = cause.__cause__
    kind = type(error).__name__
    kinds = " ".join(each.__name__ for each in type(error).__mro__)
    status, said = _status(error), _said(error)
    if "ContextOverflow" in kinds or status == 413 or _TOO_LONG.search(said):
        return ProviderContextError(f"{name}: the prompt and the answer do not fit the model's context; send less")
    if status != 429 and _FILTERED.search(said):
        return ProviderFilteredError(f"{name}: the provider's rules keep it from answering this")
    if status is not None and (found := _by_status(name, status, said, error)) is not None:
        return found
    if any(word in kinds for word in _TIMEOUTS):
        if begun:
            return ProviderError(f"{name}: the connection broke off in the middle of the answer ({kind})")
        return ProviderTimeoutError(f"{name}: no reply ({kind}); is its address right? It is safe to try again")
    if any(word in kinds for word in _REFUSALS):
        return ProviderRefusedError(f"{name}: the provider refused ({kind}); check the key and the model's name")
    if isinstance(error, ValueError):
        return ProviderError(f"{name}: what the provider sent cannot be read ({kind})")
    return ProviderError(f"{name}: the provider failed ({kind})")


def _by_status(name: str, status: int, said: str, error: BaseException) -> ProviderError | None:
    if status == 402 or _NO_QUOTA.search(said):
        return ProviderRefusedError(
            f"{name}: the account has no quota left ({status}); see the provider's billing page"
        )
    if status == 429:
        wait_s = _retry_after_s(error)
        until = "" if wait_s is None else f", and asks to wait {wait_s:.0f} s"
        return ProviderBusyError(f"{name}: the provider has too many requests (429){until}", retry_after_s=wait_s)
    if status in (408, 504):
        return ProviderTimeoutError(f"{name}: the provider gave up waiting ({status}); it is safe to try again")
    if status >= 500:
        message = f"{name}: the provider fails for now ({status}); it is safe to try again"
        return ProviderBusyError(message, retry_after_s=_retry_after_s(error))
    if status in (401, 403):
        return ProviderRefusedError(
            f"{name}: the provider refused the key ({status}); check OPENAI_API_KEY or its like"
        )
    if status == 404:
        return ProviderRefusedError(f"{name}: the provider has no such model or address (404); check both names")
    if status >= 400:
        return ProviderRefusedError(f"{name}: the provider refused the request ({status})")
    return None


def refused_parameter(error: BaseException, among: Collection[str]) -> str | None:
    """Which of these parameters of a request the provider does not take, where that is what it says."""
    said = _said(error)
    if _status(error) not in (400, 403, 422) or not _NOT_TAKEN.search(said):
        return None
    param = getattr(error, "param", None)
    if param in among:
        return str(param)
    # The longest first, since one name can stand in another: max_tokens is not max_completion_tokens.
    found = (name for name in sorted(among, key=len, reverse=True) if re.search(rf"(?<!\w){name}(?!\w)", said))
    return next(found, None)


def _status(error: BaseException) -> int | None:
    """HTTP's, from the exception, from its response, or from an error that came as a part of a stream."""
    for owner in (error, getattr(error, "response", None)):
        if isinstance(status := getattr(owner, "status_code", None), int):
            return status
    code = getattr(error, "code", None)
    return int(code) if isinstance(code, int | str) and re.fullmatch(r"[45]\d\d", str(code)) else None


def _said(error: BaseException) -> str:
    """What the server said, for sorting it only."""
    return " ".join(
        str(getattr(error, field, None) or "")[:_MOST_READ] for field in ("code", "type", "body", "message")
    )


def _retry_after_s(error: BaseException) -> float | None:
    """Seconds from now, from milliseconds (OpenAI's own header), seconds or a date."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        if (milliseconds := headers.get("retry-after-ms")) is not None:
            return max(0.0, float(milliseconds) / 1000)
        if (written := headers.get("retry-after")) is None:
            return None
        if re.fullmatch(r"\d+(\.\d+)?", written.strip()):
            return float(written)
        then = parsedate_to_datetime(written)
        return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return None
