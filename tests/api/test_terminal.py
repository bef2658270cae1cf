"""What a person reads at a terminal."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from api import terminal

PLAIN: dict[str, Any] = {
    "outlets": [],
    "sections": [],
    "people": [],
    "spelling": [],
    "period": None,
    "latest": False,
    "parts": [{"period": None}],
}
MAY = {"words": "in May 2025", "after": "2025-05-01T00:00:00+00:00", "before": "2025-06-01T00:00:00+00:00"}
SINCE = {"words": "since May", "after": "2025-05-01T00:00:00+00:00", "before": None}


def shown(query: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool = True) -> str:
    out = Console(force_terminal=is_terminal, color_system=None, width=200, record=True)
    monkeypatch.setattr(terminal, "console", lambda: out)
    terminal.show_understood(query)
    return out.export_text().strip()


def test_what_was_understood_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    query = PLAIN | {
        "outlets": ["The Lantern"],
        "sections": ["Travel"],
        "people": ["Ada Norrby"],
        "period": MAY,
        "latest": True,
        "parts": [{"period": MAY}, {"period": SINCE}],
    }

    assert shown(query, monkeypatch) == (
        "Understood: The Lantern · section Travel · Ada Norrby · in May 2025 (1 May 2025 to 31 May 2025)"
        " · since May (1 May 2025 on) · the latest · 2 parts"
    )


def test_a_plain_question_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(PLAIN, monkeypatch) == ""


def test_a_pipe_gets_no_such_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(PLAIN | {"latest": True}, monkeypatch, is_terminal=False) == ""
