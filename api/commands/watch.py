"""`onrecord watch`: subscriptions added, and polled here until stopped, or handed to the server that holds the library."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from api.client import call
from api.commands.feeds import told
from api.commands.journal import write_down
from api.commands.running import print_json, run_async, service, settings_of
from api.intervals import interval, seconds_of
from api.printable import printable
from rag.adapters.ownership import running_server
from rag.composition import open_library
from rag.errors import AddressRefusedError, InputError
from rag.settings import Settings
from rag.subscribing import Subscription


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    try:
        every_s = seconds_of(arguments.every) if arguments.every else None
    except ValueError as error:
        raise InputError(f"--every: {error}") from error
    if (server := running_server(settings.library)) is not None:
        feeds = run_async(_hand_over(settings, arguments.feeds, every_s))
        if arguments.json:
            print_json({"server": server.url, "feeds": feeds})
        else:
            for feed in feeds:
                print(
                    printable(f"{feed['url']}: polled every {interval(feed['every_s'])} by the server at {server.url}")
                )
        return 0
    return run_async(_watch(settings, arguments.feeds, every_s, once=arguments.once, as_json=arguments.json))


async def _hand_over(settings: Settings, urls: Sequence[str], every_s: int | None) -> list[dict[str, Any]]:
    async with service(settings) as client:
        posted = [await call(client, "POST", "/v1/feeds", json={"url": url, "every": every_s}) for url in urls]
        # Without an address: what it polls already.
        return posted or list((await call(client, "GET", "/v1/feeds"))["feeds"])


async def _watch(settings: Settings, urls: Sequence[str], every_s: int | None, *, once: bool, as_json: bool) -> int:
    from api.routes.feeds import feed_out
    from ingest.fetching import Fetcher
    from ingest.watching import Watcher, subscribe

    def shown(polled: Subscription) -> None:
        feed = feed_out(polled).model_dump(mode="json")
        if not as_json:
            print(printable(f"{feed['url']}  {told(feed)}"), flush=True)
        elif not once:
            print(json.dumps(feed, ensure_ascii=False), flush=True)

    async with open_library(settings) as library, Fetcher(settings.fetch) as fetcher:
        for url in urls:
            try:
                feed, _ = await subscribe(library, settings, url, every_s=every_s)
                await write_down(library, "onrecord watch", [feed.id], "subscribed")
            except AddressRefusedError as error:  # nothing was tried: it was named wrongly
                raise InputError(str(error)) from error
        if not library.subscriptions.all():
            raise InputError("there is nothing to watch yet: name a feed, as in `onrecord watch https://.../feed`")
        watcher = Watcher(library, fetcher, settings, heard=shown)
        if not await watcher.has_turn():
            print("another process polls the feeds; this one does when that ends", file=sys.stderr, flush=True)
        if not once:
            await watcher.run()
        polled = await watcher.round()
        if as_json:
            print_json({"feeds": [feed_out(feed).model_dump(mode="json") for feed in polled]})
        return 1 if polled and all(feed.error is not None for feed in polled) else 0
