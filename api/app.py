"""The application: routes, errors and guards put together, and the library open for as long as it runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from api import errors
from api.dependencies import Service
from api.problems import Problem
from api.routes import articles, ask, feedback, feeds, health, mcp, openai, pages, search, statements
from api.security import Guard, is_loopback
from api.telemetry.metrics import Metrics
from api.telemetry.requests import Observed
from ingest.watching import watching
from rag.composition import make_answerer, open_chat, open_library
from rag.settings import Settings

_DESCRIPTION = """Ask the news: every statement of an answer points at the exact words of a stored article, checked in code.

Offsets are code points of the article's `body`, half-open: `body[start:end] == quote` for every citation.
Errors are RFC 9457 problem+json; `detail` says what was wrong and what would be right."""


def create_app(
    settings: Settings, *, command: str | None = None, url: str | None = None, watch: bool = False
) -> FastAPI:
    """The service on `settings.library`. The library is opened, and locked, when the application starts.

    `url` is where it will answer; commands started beside it find it there. With `watch`, feeds are polled meanwhile.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            library = await opened.enter_async_context(open_library(settings, command=command, url=url))
            chat = await opened.enter_async_context(open_chat(settings))
            answerer = make_answerer(settings, library, chat, on_answer=metrics.answered)
            watcher = await opened.enter_async_context(watching(library, settings)) if watch else None
            app.state.service = Service(settings, library, answerer, metrics, watcher)
            if agents is not None:
                await opened.enter_async_context(agents.running())
            yield

    metrics = Metrics()
    app: FastAPI = FastAPIOffline(
        title="On the Record",
        version=version("onrecord"),
        description=_DESCRIPTION,
        lifespan=lifespan,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        responses={
            code: {"model": Problem, "description": text, "content": {"application/problem+json": {}}}
            for code, text in {
                400: "The body is not JSON",
                413: "The body is too large",
                422: "Something in the request is wrong",
                503: "A store refuses",
            }.items()
        },
    )
    for route in (ask, search, openai, statements, articles, feedback, feeds, health, pages):
        app.include_router(route.router)
    agents = mcp.McpEndpoint(app, host=settings.server.host, url=url) if url is not None else None
    if agents is not None:
        mcp.install(app, agents)
    pages.mount_static(app)
    errors.install(app)
    app.add_middleware(
        Guard,
        max_body_bytes=round(settings.server.max_body_mb * 1e6),
        loopback_only=is_loopback(settings.server.host) and not settings.server.allow_remote,
    )
    app.add_middleware(Observed, metrics=metrics)  # the last added is the outermost
    return app
