"""Several processes at one address, each with the library open for itself; one parent starts, watches and stops them.

The parent owns the library's folder, so that commands started beside it find the address, and each worker has a folder
within it. uvicorn's supervisor does the rest: a worker that dies is replaced, SIGTERM stops all after what is under way.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import multiprocessing.connection
import os
import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Any

from api.access.policy import check_binding
from api.streaming import GRACE_S
from api.telemetry.traces import traced
from rag.errors import SettingsError
from rag.settings import ServerSettings, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

_MOST = 256


def check_workers(count: int, settings: Settings) -> None:
    """Raises SettingsError where so many processes cannot serve the library."""
    if not 1 <= count <= _MOST:
        raise SettingsError(f"--workers {count}: a number from 1 to {_MOST}")
    lacking = [
        setting
        for setting, there in (
            ("ONRECORD_CATALOG=postgresql+psycopg://...", settings.catalog is not None),
            ("ONRECORD_LEXICAL=postgres", settings.lexical == "postgres"),
            ("ONRECORD_CHROMA=http://HOST:PORT", settings.chroma is not None),
        )
        if not there
    ]
    if lacking:
        raise SettingsError(
            f"--workers {count}: the library {settings.library} has stores in its folder, which are one process's alone (an"
            " embedded Chroma breaks when two write to it). Serve it with one worker, or move it to servers with `onrecord"
            f" library copy`, and set {', '.join(lacking)}"
        )


def uvicorn_options(server: ServerSettings) -> dict[str, Any]:
    return {
        "log_level": "warning",
        "timeout_graceful_shutdown": GRACE_S,
        # Longer than the minute for which load balancers keep a connection: whoever closes first must not be the server, or a
        # request that is on its way meets a closed door.
        "timeout_keep_alive": 75,
        "server_header": False,
        # Anybody can write these headers: they are believed of the proxies that are named alone.
        "proxy_headers": bool(server.proxies),
        "forwarded_allow_ips": list(server.proxies),
    }


async def look_first(settings: Settings) -> None:
    """Open the library and close it: what is wrong with it is said once and not by each worker. Raises as `open_library`."""
    from rag.composition import open_library

    async with open_library(_worker(settings, 0)) as library:
        if not any(key.state(datetime.now(UTC)) == "active" for key in await asyncio.to_thread(library.keys.all)):
            check_binding(settings.server)


def supervise(settings: Settings, listener: socket, url: str, secret: str, count: int) -> None:
    """Have the workers serve at the socket until a signal stops them."""
    import uvicorn
    from uvicorn.supervisors.multiprocess import Multiprocess

    from api.telemetry.metrics import FOLDER_VARIABLE

    counted = _counted(settings)
    # What an earlier run counted is no part of this one.
    if counted.exists():
        shutil.rmtree(counted)
    counted.mkdir(parents=True)
    os.environ[FOLDER_VARIABLE] = str(counted)
    config = uvicorn.Config(
        partial(make_worker, settings, url, secret, count),
        factory=True,
        workers=count,
        timeout_worker_healthcheck=20,
        **uvicorn_options(settings.server),
    )
    Multiprocess(config, [listener]).run()


def make_worker(settings: Settings, url: str, secret: str, count: int) -> FastAPI:
    """The application of one worker, in its process."""
    from api.app import create_app
    from api.telemetry.logs import log_to_stderr
    from api.telemetry.metrics import Metrics

    log_to_stderr(settings.log_level, settings.log_format)
    _die_with_parent()
    app = create_app(
        _free(settings, count),
        command="onrecord serve",
        url=url,
        secret=secret,
        watch=True,
        metrics=Metrics(_counted(settings)),
    )
    opened = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with traced():
            async with opened(app):
                yield

    app.router.lifespan_context = lifespan
    return app


def _free(settings: Settings, count: int) -> Settings:
    """With the folder of a worker that is not there, or not any more."""
    from filelock import FileLock, Timeout

    for number in range(count + 1):
        mine = _worker(settings, number)
        mine.library.mkdir(parents=True, exist_ok=True)
        taken = FileLock(mine.library.with_suffix(".lock"), thread_local=False)
        try:
            taken.acquire(timeout=0)
        except Timeout:
            continue
        _HELD.append(taken)
        return mine
    raise SettingsError(f"the {count} folders of workers in {settings.library} are all in use")


# For as long as the process lives.
_HELD: list[Any] = []


def _worker(settings: Settings, number: int) -> Settings:
    return settings.model_copy(update={"library": Path(settings.library) / "workers" / str(number)})


def _counted(settings: Settings) -> Path:
    """Where the workers count, so that one reply of /metrics tells of all."""
    return Path(settings.library) / "workers" / "counted"


def _die_with_parent() -> None:
    """A worker would go on serving when its parent was killed, with nobody to replace or to stop it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        logging.getLogger(__name__).error("the parent process is gone, and so its workers stop")
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
