"""What an evaluation asks: a server at an address, a library in this process, or one made for the cases."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from api.commands.running import service
from evals.asking import Asker, asker_for
from evals.by_ragas.loading import Model
from evals.datasets.loaders import Loaded
from evals.filling import fill
from rag.adapters.ownership import running_server
from rag.errors import InputError
from rag.settings import Settings

KEY_VARIABLE = "ONRECORD_EVAL_KEY"


def model_of(arguments: argparse.Namespace) -> Model:
    """The chat model that --url and --model name, for ragas to ask. Raises SettingsError without ragas."""
    return Model(
        arguments.url,
        arguments.model,
        key=os.environ.get(KEY_VARIABLE),
        timeout_s=arguments.timeout,
        max_tokens=arguments.max_tokens,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked. `target` and `how` are kept with the run, without keys."""

    asker: Asker
    target: str
    how: dict[str, Any]


@asynccontextmanager
async def asked_of(arguments: argparse.Namespace, settings: Settings, loaded: Loaded) -> AsyncIterator[Asked]:
    """The service that the cases are put to, open while the context lasts.

    Without --url and --library, a data set that brings its articles gets a library of its own, thrown away afterwards.
    """
    if arguments.url:
        async with _server(arguments.url, arguments.timeout) as client:
            asker = await asker_for(client, mode=arguments.mode, streams=True)
            yield Asked(asker, arguments.url, {"mode": arguments.mode})
        return
    with tempfile.TemporaryDirectory(prefix="onrecord-eval-") as folder:
        own = loaded.sources is not None and not arguments.library
        if own:
            settings = settings.alone().model_copy(update={"library": Path(folder) / "library"})
        if loaded.sources is not None and not settings.stored:
            report = await fill(loaded.sources(Path(folder)), settings)
            print(f"{loaded.name}: {report.new} articles, {report.passages} passages", file=sys.stderr)
        streams = running_server(settings.library) is not None
        async with service(settings) as client:
            asker = await asker_for(client, mode=arguments.mode, streams=streams)
            target = f"articles of {loaded.name}" if own else str(settings.library)
            yield Asked(asker, target, {"mode": arguments.mode, **_told(settings)})


def _server(url: str, timeout_s: float) -> httpx.AsyncClient:
    """A client of the server; its address may end in /v1, as OpenAI's clients write it."""
    if not url.startswith(("http://", "https://")):
        raise InputError(f"--url {url!r} is no address; write http://127.0.0.1:8000")
    key = os.environ.get(KEY_VARIABLE)
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx.AsyncClient(base_url=url.rstrip("/").removesuffix("/v1"), headers=headers, timeout=timeout_s)


def _told(settings: Settings) -> dict[str, Any]:
    """The settings that change answers."""
    names = {"embedding", "chat_model", "retrieval", "evidence", "chat"}
    return settings.model_dump(mode="json", include=names, exclude_defaults=True)
