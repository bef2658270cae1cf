"""What a command changes without the HTTP interface, written down as that would."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from rag.auditing import MOST_TARGETS, Change
from rag.library import Library


async def write_down(library: Library, action: str, targets: Sequence[str], detail: str) -> None:
    """A change by the command line is in the audit log when this returns."""
    change = Change(datetime.now(UTC), "command line", "", "", action, tuple(targets[:MOST_TARGETS]), True, detail)
    await asyncio.to_thread(library.audit.append, change)
