"""Ask every case and keep what comes back; a run that was stopped goes on where it stood."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from evals.asking import Asked, Asker, AskError
from evals.cases import Case
from evals.results import Header, Result, Run, RunFile, fingerprint, read_run

T = TypeVar("T")
log = logging.getLogger(__name__)
# Done so far, of how many, and how many of the done have failed.
Progress = Callable[[int, int, int], None]


def chosen(items: Sequence[T], *, limit: int | None, seed: int) -> tuple[T, ...]:
    """`limit` of them, drawn by `seed`, in their own order; all where there is no limit."""
    if limit is None or limit >= len(items):
        return tuple(items)
    drawn = random.Random(seed).sample(range(len(items)), limit)
    return tuple(items[n] for n in sorted(drawn))


async def run(
    cases: Sequence[Case],
    asker: Asker,
    out: Path,
    *,
    name: str,
    target: str,
    asked: dict[str, Any],
    concurrency: int = 4,
    timeout_s: float = 300.0,
    on_progress: Progress = lambda done, total, failed: None,
) -> Run:
    """Each case asked once and its result appended to `out`; those that stand there already are not asked again.

    A case without a reply within `timeout_s`, or whose reply is an error, is kept as failed, and asked again when the run
    is made again. `target` and `asked` say what is asked and how; another run's file is refused. Raises SourceError.
    """
    header = Header(
        name=name,
        cases=fingerprint(cases),
        count=len(cases),
        target=target,
        asked=asked,
        service=await asker.describe(),
        started=datetime.now(UTC).replace(microsecond=0),
    )
    file = RunFile(out, header)
    waiting = [case for case in cases if case.id not in file.done]
    done, failed = len(cases) - len(waiting), 0
    on_progress(done, len(cases), failed)
    left = iter(waiting)

    async def work() -> None:
        nonlocal done, failed
        for case in left:
            result = await _result(case, asker, timeout_s)
            file.add(result)
            done, failed = done + 1, failed + (result.failure is not None)
            on_progress(done, len(cases), failed)

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(concurrency, len(waiting))):
            workers.create_task(work())
    return read_run(out)


async def _result(case: Case, asker: Asker, timeout_s: float) -> Result:
    try:
        async with asyncio.timeout(timeout_s):
            asked = await asker.ask(case)
    except TimeoutError:
        return Result(case=case, failure=f"no reply within {timeout_s:g} s")
    except AskError as error:
        return Result(case=case, failure=str(error))
    except Exception as error:
        # Of a service in this process this is what a 500 is of a server: a fault of this case, to be seen, and no other's.
        log.exception("case failed", extra={"case": case.id})
        return Result(case=case, failure=f"{type(error).__name__}: {error}")
    return _kept(case, asked)


def _kept(case: Case, asked: Asked) -> Result:
    first = None if asked.first_claim_s is None else round(asked.first_claim_s, 4)
    return Result(case=case, reply=asked.reply, seconds=round(asked.seconds, 4), first_claim_s=first)
