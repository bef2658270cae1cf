"""`onrecord statements` and `onrecord people`."""

from __future__ import annotations

import argparse
from typing import Any

from api.client import call
from api.commands.running import print_json, run_async, service, settings_of
from rag.settings import Settings


def run_statements(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    given = {
        "speaker": arguments.speaker,
        "about": arguments.about,
        "after": arguments.after,
        "before": arguments.before,
        "outlet": arguments.outlet,
        "kind": arguments.kind,
        "order": "oldest" if arguments.oldest_first else None,
        "limit": arguments.limit,
        "cursor": arguments.cursor,
    }
    listed = run_async(_get(settings, "/v1/statements", given))
    if arguments.json:
        print_json(listed)
    else:
        from api.terminal_statements import show_statements

        show_statements(listed)
    return 0


def run_people(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    found = run_async(_get(settings, "/v1/people", {"q": " ".join(arguments.words), "limit": arguments.limit}))
    if arguments.json:
        print_json(found)
    else:
        from api.terminal_statements import show_people

        show_people(found)
    return 0


async def _get(settings: Settings, path: str, given: dict[str, Any]) -> Any:
    async with service(settings) as client:
        return await call(client, "GET", path, params={name: value for name, value in given.items() if value})
