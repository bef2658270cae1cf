"""`onrecord feeds list | remove`."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from api.client import RefusedError, call
from api.commands.running import print_json, run_async, service, settings_of
from api.intervals import interval
from api.printable import printable
from rag.settings import Settings


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    if arguments.action == "remove":
        removed = run_async(_remove(settings, arguments.feed))
        if arguments.json:
            print_json({"id": removed["id"], "url": removed["url"], "removed": True})
        else:
            print(printable(f"{removed['url']} is not polled any more; its articles stay"))
        return 0
    listed = run_async(_list(settings))
    if arguments.json:
        print_json(listed)
    else:
        for feed in listed["feeds"]:
            print(printable(f"{feed['id']}  {feed['url']}  every {interval(feed['every_s'])}"))
            print(printable(f"    {told(feed)}"))
        if not listed["feeds"]:
            print("no subscriptions; `onrecord watch FEED` adds one")
    return 0


async def _list(settings: Settings) -> Any:
    async with service(settings) as client:
        return await call(client, "GET", "/v1/feeds")


async def _remove(settings: Settings, named: str) -> Any:
    async with service(settings) as client:
        feeds = (await call(client, "GET", "/v1/feeds"))["feeds"]
        found = next((feed for feed in feeds if named in (feed["id"], feed["url"])), None)
        if found is None:
            raise RefusedError(f"no subscription {named!r}; `onrecord feeds list` shows them", wrongly=False)
        await call(client, "DELETE", f"/v1/feeds/{found['id']}")
        return found


def told(feed: dict[str, Any]) -> str:
    """How the last poll of a subscription, as HTTP gives it, went and when the next is, in a line."""
    following = f"next {_time(feed['next_at'])}"
    if feed["attempted_at"] is None:
        return f"not polled yet; {following}"
    if feed["error"] is not None:
        times = f" ({feed['failures']} times in a row)" if feed["failures"] > 1 else ""
        return f"failed at {_time(feed['attempted_at'])}{times}: {feed['error']}; {following}"
    result = feed["result"] or {"modified": False}
    if not result["modified"] and not any(result[name] for name in ("new", "updated", "skipped")):
        did = "nothing has changed"
    else:
        counts = {name: result[name] for name in ("new", "updated", "unchanged", "seen", "skipped")}
        words = {"seen": "seen before"}
        did = ", ".join(f"{count} {words.get(name, name)}" for name, count in counts.items())
        did += f" ({result['reasons'][0]})" if result["reasons"] else ""
    return f"{_time(feed['attempted_at'])}: {did}; {following}"


def _time(written: str) -> str:
    return datetime.fromisoformat(written).astimezone().strftime("%Y-%m-%d %H:%M:%S")
