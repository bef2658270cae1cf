"""Async code run from plain tests: one fresh event loop a call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from rag.composition import open_library
from rag.library import Library
from rag.settings import Settings

T = TypeVar("T")
Use = Callable[[Library], Awaitable[T]]


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def on_library(settings: Settings, use: Use[T], *, rebuild: bool = False) -> T:
    """Open the library as an entry point does, use it, close it."""

    async def opened() -> T:
        async with open_library(settings, command="a test", rebuild=rebuild) as library:
            return await use(library)

    return asyncio.run(opened())
