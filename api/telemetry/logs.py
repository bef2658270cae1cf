"""Log lines on standard error: for a person to read, or one JSON object each for a collector.

What belongs to a request carries its id, which the reply's `x-request-id` tells the caller. Questions, keys and article texts
are never logged.
"""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar
from typing import Any, Literal

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)

# What every record has; anything else was given as `extra`.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request_id"}


def log_to_stderr(level: str, form: Literal["text", "json"]) -> None:
    """Every log line of this process goes there from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_with_request_id)
    handler.setFormatter(_TextFormatter("%(levelname)s %(name)s: %(message)s") if form == "text" else _json())
    logging.basicConfig(handlers=[handler], level=level.upper())


def _with_request_id(record: logging.LogRecord) -> bool:
    record.request_id = REQUEST_ID.get()
    return True


class _TextFormatter(logging.Formatter):
    """The message, then what was said beside it, as `name=value`."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        beside = {name: value for name, value in vars(record).items() if name not in _USUAL}
        if request_id := getattr(record, "request_id", None):
            beside["request"] = request_id
        return " ".join(
            [super().formatMessage(record), *(f"{name}={_one_word(value)}" for name, value in beside.items())]
        )


def _one_word(value: Any) -> str:
    text = str(value)
    return repr(text) if not text or any(c.isspace() for c in text) else text


def _json() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    return JsonFormatter(
        ["timestamp", "levelname", "name", "message", "request_id"],
        timestamp=True,
        rename_fields={"levelname": "level", "name": "logger"},
        json_ensure_ascii=False,
    )
