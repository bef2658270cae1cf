"""What routes are handed: the objects that the application was started with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from ingest.watching import Watcher
from rag.answering import Answerer
from rag.library import Library
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that a route may use."""

    settings: Settings
    library: Library
    answerer: Answerer
    watcher: Watcher | None = None


def _service(request: Request) -> Service:
    return cast(Service, request.app.state.service)


ServiceDep = Annotated[Service, Depends(_service)]
