"""`onrecord serve`: the page and the HTTP API, in one process or in several, until stopped."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from api.access.policy import check_binding
from api.commands.running import run_async, settings_of
from api.telemetry.traces import traced
from api.workers import check_workers, look_first, supervise, uvicorn_options
from rag.errors import SettingsError
from rag.settings import Settings

if TYPE_CHECKING:
    import uvicorn


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    given = {name: value for name in ("host", "port") if (value := getattr(arguments, name)) is not None}
    settings = settings.model_copy(update={"server": settings.server.model_copy(update=given)})
    if not settings.stored:
        check_binding(settings.server)  # a library that is not there has no keys, and need not be made to know it
    if arguments.workers != 1:
        check_workers(arguments.workers, settings)
        if arguments.open:
            raise SettingsError(
                "--open is for one worker: leave out --workers, or open the page that is named at the start"
            )
    listener = _listen(settings.server.host, settings.server.port)
    port = listener.getsockname()[1]
    host = settings.server.host
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"

    # uvicorn ends the answers under way and then sends itself the signal again: its default would leave the library open,
    # its note behind, and a local model without its parent.
    signal.signal(signal.SIGTERM, _stop)
    if arguments.workers != 1:
        return _with_workers(settings, listener, url, arguments.workers)
    with traced():
        return run_async(_serve(settings, listener, url, arguments.open), fast_loop=True)


def _stop(number: int, frame: object) -> None:
    raise SystemExit(0)


def _with_workers(settings: Settings, listener: socket.socket, url: str, count: int) -> int:
    from api.app import local_secret
    from rag.adapters.ownership import Ownership
    from rag.opening import make_folder

    make_folder(settings.library)
    secret = local_secret()
    # The workers have folders of their own: this one is owned so that commands started beside them find the address.
    owned = Ownership(settings.library, command="onrecord serve", url=url, secret=secret)
    owned.take(wait_s=settings.lock_wait_s)
    try:
        run_async(look_first(settings))
        _announce(url, settings, f"; {count} workers")
        supervise(settings, listener, url, secret, count)
    finally:
        owned.release()
    return 0


def _announce(url: str, settings: Settings, workers: str = "") -> None:
    print(
        f"On the Record is at {url} (API: {url}/docs); library {settings.library}{workers}; Ctrl-C stops it",
        file=sys.stderr,
        flush=True,
    )


async def _serve(settings: Settings, listener: socket.socket, url: str, question: str | None) -> int:
    import uvicorn

    from api.app import create_app

    app = create_app(settings, command="onrecord serve", url=url, watch=True)
    # The library is opened here and not by uvicorn, whose word for a locked one would be a traceback.
    async with app.router.lifespan_context(app):
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", **uvicorn_options(settings.server)))
        _announce(url, settings)
        if question:
            _open_page(f"{url}/?{urlencode({'q': question})}", server)
        await server.serve(sockets=[listener])
    return 0 if server.started else 1


def _listen(host: str, port: int) -> socket.socket:
    """A socket of our own, so that a port in use is known before the library is opened."""
    if not 0 <= port <= 65535:
        raise SettingsError(f"port={port}: a port is a number from 0 to 65535")
    # The protocol is named since asyncio turns Nagle's algorithm off only where it is: 40 ms an answer otherwise.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SettingsError(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port") from error
    return listener


def _open_page(page: str, server: uvicorn.Server) -> None:
    """Once the server answers, say where the page is, and show it where there is a screen to show it on."""

    def when_ready() -> None:
        while not server.started:
            if server.should_exit:
                return
            time.sleep(0.05)
        print(f"Open {page}", file=sys.stderr, flush=True)
        if sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
            import webbrowser

            webbrowser.open(page)

    threading.Thread(target=when_ready, daemon=True).start()
