"""Beside the requests: what other processes changed is followed, and what one of them left half done is finished."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rag.errors import OnRecordError
from rag.library import Library

log = logging.getLogger(__name__)
# Questions look by themselves; the less they then find to copy, the sooner they answer.
_EVERY_S = 2.0


@asynccontextmanager
async def keeping_up(library: Library) -> AsyncIterator[None]:
    """For as long as the context lasts; nothing where this process has the library alone."""
    if library.shared is None:
        yield
        return
    task = asyncio.create_task(_run(library))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _run(library: Library) -> None:
    failed = False
    while True:
        await asyncio.sleep(_EVERY_S)
        try:
            await library.keep_up()
        except OnRecordError as error:  # a store is gone: requests say so too, and it is tried again
            if not failed:
                log.warning("the library cannot be followed", extra={"error": str(error)})
            failed = True
        except Exception:  # nobody waits for this task: without a word, it would just stop
            log.exception("following the library failed")
        else:
            failed = False
