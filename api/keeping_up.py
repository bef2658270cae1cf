"""Beside the requests: what other processes changed is followed, what one of them left half done is finished, and the names
that questions are read by are at hand.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from rag.errors import OnRecordError
from rag.known import KnownNames
from rag.library import Library

log = logging.getLogger(__name__)
# Questions look by themselves; the less they then find to copy, the sooner they answer.
_EVERY_S = 2.0
# Of a large library names take seconds to read, and each correction may have them read anew: a twentieth of the time at most.
_REST = 20
# So many are looked through in a tenth of a second, for which everything would stand still at each full collection.
_MANY_NAMES = 20_000


@asynccontextmanager
async def keeping_up(library: Library) -> AsyncIterator[None]:
    """For as long as the context lasts."""
    task = asyncio.create_task(_run(library))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _run(library: Library) -> None:
    failed = False
    names, due = None, 0.0
    while True:
        try:
            if library.shared is not None:
                await library.keep_up()
            if (started := monotonic()) >= due and (held := await library.names()) is not names:
                names = held
                await asyncio.to_thread(_set_aside, names)
                due = monotonic() + _REST * (monotonic() - started)
        except OnRecordError as error:  # a store is gone: requests say so too, and it is tried again
            if not failed:
                log.warning("the library cannot be followed", extra={"error": str(error)})
            failed = True
        except Exception:  # nobody waits for this task: without a word, it would just stop
            log.exception("following the library failed")
        else:
            failed = False
        await asyncio.sleep(_EVERY_S)


def _set_aside(names: KnownNames) -> None:
    """Take what is held now out of the garbage collector's sight; names go by themselves when others replace them."""
    if names.people_known >= _MANY_NAMES:
        gc.collect()
        gc.freeze()
