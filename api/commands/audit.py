"""`onrecord audit`: who changed what."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from api.client import call
from api.commands.running import print_json, run_async, service, settings_of
from api.printable import printable
from rag.settings import Settings

_SHOWN = 3


def run(arguments: argparse.Namespace) -> int:
    given = {"limit": arguments.limit, "before": arguments.before}
    listed = run_async(
        _list(settings_of(arguments), {name: value for name, value in given.items() if value is not None})
    )
    if arguments.json:
        print_json(listed)
        return 0
    for change in listed["changes"]:
        print(printable(_told(change)))
    if listed["next"] is not None:
        print(f"more: `onrecord audit --from {listed['next']}`")
    if not listed["changes"]:
        print("nothing was changed yet")
    return 0


async def _list(settings: Settings, params: dict[str, Any]) -> Any:
    async with service(settings) as client:
        return await call(client, "GET", "/v1/audit", params=params)


def _told(change: dict[str, Any]) -> str:
    at = datetime.fromisoformat(change["at"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    who = f"{change['who']} ({change['name']})" if change["name"] else change["who"]
    place = f" from {change['address']}" if change["address"] else ""
    targets = change["targets"]
    many = f" and {len(targets) - _SHOWN} more" if len(targets) > _SHOWN else ""
    done = "" if change["done"] else "refused or failed: "
    return f"{at}  {who}{place}  {change['action']}  {' '.join(targets[:_SHOWN])}{many}  {done}{change['detail']}"
