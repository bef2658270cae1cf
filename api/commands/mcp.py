"""`onrecord mcp`: the tools for agents over standard input and output."""

from __future__ import annotations

import argparse

from api.commands.running import run_async, service, settings_of
from rag.settings import Settings


def run(arguments: argparse.Namespace) -> int:
    return run_async(_serve(settings_of(arguments)))


async def _serve(settings: Settings) -> int:
    from api.tools import tool_server
    from rag.adapters.ownership import running_server

    # Without a server beside it there are no pages of ours to link to.
    server = running_server(settings.library)
    async with service(settings) as client:
        await tool_server(client, server.url if server else "").run_stdio_async()
    return 0
