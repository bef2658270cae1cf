"""The application: routes, errors and guards put together, and the library open for as long as it runs."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware

from api import described, errors
from api.access.door import Door
from api.access.policy import LOCAL_PREFIX, Access, Clocks
from api.access.table import Table
from api.dependencies import Service
from api.keeping_up import keeping_up
from api.problems import Problem
from api.routes import (
    articles,
    ask,
    audit,
    dify,
    feedback,
    feeds,
    health,
    ingest,
    keys,
    mcp,
    openai,
    pages,
    search,
    statements,
    tokens,
    ui_chat,
)
from api.security import Guard
from api.telemetry.metrics import Metrics
from api.telemetry.requests import Observed
from ingest.watching import watching
from rag.composition import make_answerer, open_chat, open_library
from rag.settings import Settings

_DESCRIPTION = """Ask the news: every statement of an answer points at the exact words of a stored article, checked in code.

Offsets are code points of the article's `body`, half-open: `body[start:end] == quote` for every citation.
Errors are RFC 9457 problem+json; `detail` says what was wrong and what would be right."""

_ROUTES = (
    ask,
    search,
    openai,
    ui_chat,
    dify,
    statements,
    articles,
    ingest,
    feedback,
    feeds,
    keys,
    tokens,
    audit,
    health,
    pages,
)
_REFUSALS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": text, "content": {"application/problem+json": {}}}
    for code, text in {
        400: "The body is not JSON",
        401: "A key is needed, or this one lets nobody in",
        403: "The key lacks the scope",
        413: "The body is too large",
        422: "Something in the request is wrong",
        429: "Too many requests; `retry-after` says when the next may come",
        503: "A store refuses, or too many questions are under way",
        504: "It took too long",
    }.items()
}


def create_app(
    settings: Settings,
    *,
    command: str | None = None,
    url: str | None = None,
    secret: str | None = None,
    watch: bool = False,
    clocks: Clocks | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """The service on `settings.library`. The library is opened, and locked, when the application starts.

    `url` is where it will answer; commands started beside it find it there, with a secret that lets them in: `secret`, or
    one made here. With `watch`, feeds are polled meanwhile. `metrics` where it counts together with others.

    Raises LookupError where a route is not in the table of who may do what.
    """
    if url is not None:
        secret = secret or local_secret()
    access = Access(settings.server, settings.limits, secret, clocks)
    metrics = metrics or Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            library = await opened.enter_async_context(open_library(settings, command=command, url=url, secret=secret))
            await opened.enter_async_context(access.running(library.keys, library.audit, library.shared))
            await opened.enter_async_context(keeping_up(library))
            chat = await opened.enter_async_context(open_chat(settings))
            answerer = make_answerer(settings, library, chat, on_answer=metrics.answered)
            watcher = await opened.enter_async_context(watching(library, settings)) if watch else None
            app.state.service = Service(settings, library, answerer, access, metrics, watcher)
            if agents is not None:
                await opened.enter_async_context(agents.running())
            yield

    app: FastAPI = FastAPIOffline(
        title="On the Record",
        version=version("onrecord"),
        description=_DESCRIPTION,
        lifespan=lifespan,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        responses=_REFUSALS,
    )
    for route in _ROUTES:
        app.include_router(route.router)
    agents = mcp.McpEndpoint(app, host=settings.server.host, url=url) if url is not None else None
    if agents is not None:
        mcp.install(app, agents)
    pages.mount_static(app)
    errors.install(app)
    table = Table()
    table.check(app)
    described.install(app, table)
    app.add_middleware(Door, access=access, table=table)
    if settings.server.origins:
        app.add_middleware(CORSMiddleware, **_cross_origin(settings.server.origins))
    app.add_middleware(
        Guard,
        max_body_bytes=round(settings.server.max_body_mb * 1e6),
        loopback_only=lambda: access.loopback_alone_guards,
        frame_ancestors=settings.server.frame_ancestors,
    )
    app.add_middleware(Observed, metrics=metrics)  # the last added is the outermost
    return app


def local_secret() -> str:
    """What lets this machine's own commands in."""
    return LOCAL_PREFIX + secrets.token_urlsafe(32)


def _cross_origin(origins: Sequence[str]) -> dict[str, Any]:
    """Pages of these sites may call us with a token that they send themselves; a browser adds nothing of its own."""
    return {
        "allow_origins": list(origins),
        "allow_methods": ["GET", "POST"],
        "allow_headers": ["authorization", "content-type"],
        "expose_headers": ["retry-after", "www-authenticate"],
        "allow_credentials": False,
        "max_age": 600,
    }
