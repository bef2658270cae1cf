"""Politeness: how often, and how many at a time, one host is asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

# More hosts than a run meets in practice; above it, those that nobody waits for are forgotten.
_MAX_HOSTS = 10_000


class Clock(Protocol):
    """Time, which a test can make its own."""

    def monotonic(self) -> float: ...

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's time."""

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    interval_s: float
    next_at: float = 0.0
    turns: int = 0


class Turns:
    """One turn for each request: at most so many at once, and so far apart, for each host."""

    def __init__(self, *, interval_s: float, at_once: int, clock: Clock) -> None:
        self._interval_s = interval_s
        self._at_once = at_once
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Waits until the host may be asked; its slot is held until the end."""
        state = self._host(host)
        state.turns += 1
        try:
            async with state.slots:
                now = self._clock.monotonic()
                starts_at = max(now, state.next_at)
                state.next_at = starts_at + state.interval_s
                if starts_at > now:
                    await self._clock.sleep(starts_at - now)
                yield
        finally:
            state.turns -= 1

    def slow_down(self, host: str, interval_s: float) -> None:
        """The host asks for this much time between requests; a shorter time than ours changes nothing."""
        state = self._host(host)
        state.interval_s = max(self._interval_s, interval_s)

    def hold(self, host: str, seconds: float) -> None:
        """No request to the host before so many seconds have passed."""
        state = self._host(host)
        state.next_at = max(state.next_at, self._clock.monotonic() + seconds)

    def _host(self, host: str) -> _Host:
        if host not in self._hosts:
            if len(self._hosts) >= _MAX_HOSTS:
                now = self._clock.monotonic()
                self._hosts = {name: h for name, h in self._hosts.items() if h.turns or h.next_at > now}
            self._hosts[host] = _Host(asyncio.Semaphore(self._at_once), self._interval_s)
        return self._hosts[host]
