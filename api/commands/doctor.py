"""`onrecord doctor`: do the catalog and both indexes agree; with --repair, rebuild the indexes."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from api.commands.running import RefusedError, call, print_json, run_async, service, settings_of
from rag.adapters.ownership import running_server
from rag.composition import open_library
from rag.settings import Settings


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    report = run_async(_repair(settings) if arguments.repair else _check(settings))
    if arguments.json:
        print_json(report)
    else:
        counts = report["counts"]
        print(f"library    {settings.library} (embedding: {report['embedding']})")
        print(f"articles   {counts['articles']} live, {counts['withdrawn']} withdrawn")
        print(f"passages   {counts['passages']}")
        for fault in report["faults"]:
            print(f"fault      {fault}", file=sys.stderr)
        print("sound" if report["sound"] else "not sound: `onrecord doctor --repair` rebuilds the indexes")
    return 0 if report["sound"] else 1


async def _check(settings: Settings) -> Any:
    async with service(settings) as client:
        return await call(client, "GET", "/v1/library")


async def _repair(settings: Settings) -> dict[str, Any]:
    if (url := running_server(settings.library)) is not None:
        raise RefusedError(f"the server at {url} holds the library; stop it before repairing", wrongly=False)
    async with open_library(settings, rebuild=True) as library:
        health = await library.health()
        return {
            "sound": health.sound,
            "faults": list(health.faults),
            "counts": health.counts,
            "embedding": settings.embedding,
        }
