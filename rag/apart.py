"""Blocking work on threads that nothing waits for: a silent pipe, a slow site or a long import must not hold up a stop.

The event loop's own threads are waited for when it ends.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def apart(call: Callable[[], T]) -> asyncio.Future[T]:
    """What `call` returns or raises. When the future is cancelled the call goes on, and its end is not heard of."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def work() -> None:
        try:
            result = call()
        except BaseException as error:
            _tell(loop, future, None, error)
        else:
            _tell(loop, future, result, None)

    threading.Thread(target=work, name="apart", daemon=True).start()
    return future


def _tell(
    loop: asyncio.AbstractEventLoop, future: asyncio.Future[T], result: T | None, error: BaseException | None
) -> None:
    def settle() -> None:
        if future.done():
            return
        if error is not None:
            # A StopIteration cannot be raised into a future; no reader of ours lets one out.
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    with suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(settle)


async def each_apart(items: Iterable[T], *, lot: int = 50) -> AsyncIterator[T]:
    """The items, taken on a thread of their own, `lot` at a time."""
    taken = iter(items)
    while some := await apart(lambda: list(islice(taken, lot))):
        for item in some:
            yield item
