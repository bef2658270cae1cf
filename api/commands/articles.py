"""`onrecord articles list | show | withdraw`."""

from __future__ import annotations

import argparse
from typing import Any
from urllib.parse import quote

from api.client import call
from api.commands.running import filters_of, print_json, run_async, service, settings_of
from rag.settings import Settings


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    action = {"list": _list, "show": _show, "withdraw": _withdraw}[arguments.action]
    return action(arguments, settings)


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    filters = filters_of(arguments)
    names = {"outlets": "outlet", "authors": "author", "sections": "section", "speakers": "speaker"}
    wanted: dict[str, Any] = {names.get(name, name): value for name, value in filters.items()} | {
        "limit": arguments.limit
    }
    if arguments.cursor:
        wanted["after"] = arguments.cursor
    page = run_async(_request(settings, "GET", "/v1/articles", params=wanted))
    if arguments.json:
        print_json(page)
    else:
        from api.terminal import show_articles

        show_articles(page)
    return 0


def _show(arguments: argparse.Namespace, settings: Settings) -> int:
    path = _path(arguments.id) + ("/revisions" if arguments.changes else "")
    wanted = {} if arguments.revision is None else {"revision": arguments.revision}
    shown = run_async(_request(settings, "GET", path, params=wanted))
    if arguments.json:
        print_json(shown)
        return 0
    from api.terminal import show_article, show_revisions

    (show_revisions if arguments.changes else show_article)(shown)
    return 0


def _withdraw(arguments: argparse.Namespace, settings: Settings) -> int:
    wanted = {"purge": "true"} if arguments.purge else {}
    run_async(_request(settings, "DELETE", _path(arguments.id), params=wanted))
    if arguments.json:
        print_json({"id": arguments.id, "withdrawn": True} | ({"purged": True} if arguments.purge else {}))
    else:
        also = ", and its text from the disk" if arguments.purge else ""
        print(f"{arguments.id} is withdrawn: it is gone from every answer{also}")
    return 0


def _path(article_id: str) -> str:
    return f"/v1/articles/{quote(article_id, safe='')}"


async def _request(settings: Settings, method: str, path: str, **request: Any) -> Any:
    async with service(settings) as client:
        return await call(client, method, path, **request)
