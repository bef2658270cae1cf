"""How a command runs: settings read, errors made exit codes, and requests sent to the service.

The service is a running server where one holds the library, else the same application in this process; a command is a
client of the HTTP interface either way, so that `--json` prints what HTTP returns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from api.access.callers import command_line
from api.client import RefusedError, inside
from api.printable import printable
from api.telemetry.logs import log_to_stderr
from rag.errors import InputError, OnRecordError, SettingsError
from rag.settings import Settings, read_settings, unknown_variables

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
log = logging.getLogger("onrecord")
_TIMEOUT_S = 300.0


def guarded(run: Callable[[], int]) -> int:
    """The command's exit code; a known error is one line on stderr."""
    try:
        code = run()
        sys.stdout.flush()
        return code
    except (InputError, SettingsError) as error:
        return _failed(error, 2)
    except RefusedError as error:
        return _failed(error, 2 if error.wrongly else 1)
    except OnRecordError as error:
        return _failed(error, 1)
    except KeyboardInterrupt:
        print("onrecord: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        _silence_stdout()  # the reader of our output has gone (`| head`): nothing more to say
        return 0
    except OSError as error:
        _silence_stdout()
        return _failed(error, 1)


def _failed(error: Exception, code: int) -> int:
    print(printable(f"onrecord: {error}"), file=sys.stderr)
    return code


def _silence_stdout() -> None:
    """Python writes what is left in the buffer when it ends, and must not fail at that a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def settings_of(arguments: argparse.Namespace, **more: object) -> Settings:
    library = Path(arguments.library) if arguments.library else None
    settings = read_settings(library=library, **more)
    log_to_stderr(settings.log_level, settings.log_format)
    for name, meant in unknown_variables(os.environ).items():
        log.warning("%s is no setting%s; it changes nothing", name, f" ({meant} is)" if meant else "")
    return settings


def run_async(work: Coroutine[Any, Any, T], *, fast_loop: bool = False) -> T:
    """The one place where an event loop is started; with `fast_loop`, the fastest that is installed (uvloop)."""
    factory = None
    if fast_loop:
        from uvicorn.loops.auto import auto_loop_factory

        factory = auto_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(work)


def print_json(document: object) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))


def filters_of(arguments: argparse.Namespace) -> dict[str, object]:
    given = {
        "published_after": arguments.after,
        "published_before": arguments.before,
        "outlets": arguments.outlet,
        "authors": arguments.author,
        "sections": arguments.section,
        "speakers": arguments.speaker,
    }
    return {name: value for name, value in given.items() if value}


@asynccontextmanager
async def service(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service on this library."""
    import httpx

    from rag.adapters.ownership import running_server

    server = running_server(settings.library)
    if server is not None:
        headers = {"authorization": f"Bearer {server.secret}"} if server.secret else {}
        # It is on this machine: no proxy of the environment is to see the secret.
        async with httpx.AsyncClient(
            base_url=server.url, headers=headers, timeout=_TIMEOUT_S, trust_env=False
        ) as client:
            yield client
        return
    if not settings.stored:
        print(f"onrecord: the library {settings.library} is empty; `onrecord ingest` fills it", file=sys.stderr)
    from api.app import create_app

    app = create_app(settings)
    async with app.router.lifespan_context(app), inside(app, command_line, timeout_s=_TIMEOUT_S) as client:
        yield client
