"""`onrecord ask` and `onrecord search`."""

from __future__ import annotations

import argparse
from typing import Any

from api.client import call
from api.commands.running import filters_of, print_json, run_async, service, settings_of
from rag.settings import Settings


def run_ask(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    body = {"question": " ".join(arguments.question), "mode": arguments.mode} | _understood_as(arguments)
    answer = run_async(_post(settings, "/v1/ask", body | {"include": ["evidence"]}))
    if arguments.json:
        print_json({name: value for name, value in answer.items() if name != "evidence"})
    else:
        from api.terminal import show_answer, show_understood

        show_understood(answer["query"])
        show_answer(answer)
    return 0


def run_search(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    body = {"query": " ".join(arguments.query), "k": arguments.k} | _understood_as(arguments)
    found = run_async(_post(settings, "/v1/search", body))
    if arguments.json:
        print_json(found)
    else:
        from api.terminal import show_passages, show_understood

        show_understood(found["query"])
        show_passages(found["results"])
    return 0


def _understood_as(arguments: argparse.Namespace) -> dict[str, Any]:
    """What limits a question, and what is not to be read out of it."""
    fields = {"filters": filters_of(arguments), "as_of": arguments.as_of, "ignore": arguments.ignore}
    return {name: value for name, value in fields.items() if value or name == "filters"}


async def _post(settings: Settings, path: str, body: dict[str, object]) -> Any:
    async with service(settings) as client:
        return await call(client, "POST", path, json=body)
