"""`onrecord doctor`: do the catalog and both indexes agree, and does the chat model answer; --repair rebuilds the indexes."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from api.client import RefusedError, call
from api.commands.running import print_json, run_async, service, settings_of
from api.printable import printable
from rag.adapters.ownership import running_server
from rag.chatting import ChatModel, Finished, Message
from rag.composition import open_chat, open_library
from rag.errors import ProviderError
from rag.settings import Settings

_PROBE_TOKENS = 48


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    report = run_async(_examine(settings, repair=arguments.repair))
    model = report.get("chat_model")
    if arguments.json:
        print_json(report)
    else:
        counts = report["counts"]
        print(f"library    {settings.library} (embedding: {report['embedding']})")
        print(f"articles   {counts['articles']} live, {counts['withdrawn']} withdrawn")
        print(f"passages   {counts['passages']}")
        if model is not None and model["error"] is None:
            print(f"chat model {printable(_told(model))}")
        for fault in report["faults"]:
            print(f"fault      {fault}", file=sys.stderr)
        if model is not None and model["error"] is not None:
            print(printable(f"fault      chat model: {model['error']}"), file=sys.stderr)
        print(_verdict(report["sound"], answers=model is None or model["error"] is None))
    return 0 if report["sound"] and (model is None or model["error"] is None) else 1


def _verdict(sound: bool, *, answers: bool) -> str:
    if not sound:
        return "not sound: `onrecord doctor --repair` rebuilds the indexes"
    return "sound" if answers else "the library is sound, but the chat model does not answer"


async def _examine(settings: Settings, *, repair: bool) -> dict[str, Any]:
    """The library's report, with `chat_model` where one is set."""
    alone = settings.model_copy(update={"chat_model": None})  # the library needs none
    async with open_chat(settings) as chat:
        report: dict[str, Any] = await (_repair(alone) if repair else _check(alone))
        return report if chat is None else report | {"chat_model": await _asked(chat)}


async def _asked(chat: ChatModel) -> dict[str, Any]:
    """Whether it answers and how fast. The first call may start a process, and is not the one that is timed."""
    report: dict[str, Any] = {"name": chat.name, "error": None}
    messages = [Message("user", "Write the numbers from one to twenty as words, separated by commas.")]
    try:
        started = time.perf_counter()
        report["judges"] = (
            await chat.judge([Message("user", "Is ice cold? Answer yes or no.")], ["yes", "no"]) is not None
        )
        report["ready_ms"] = _ms(started)
        started, first = time.perf_counter(), None
        pieces = 0
        async for piece in chat.stream(messages, max_tokens=_PROBE_TOKENS):
            first = first or time.perf_counter()
            if isinstance(piece, Finished):
                tokens = piece.usage.completion_tokens or pieces
                report["first_token_ms"] = round((first - started) * 1000, 1)
                report["tokens_per_s"] = round((tokens - 1) / max(time.perf_counter() - first, 1e-6), 1)
            else:
                pieces += 1
    except ProviderError as error:
        report["error"] = str(error)
    return report


def _told(model: dict[str, Any]) -> str:
    judges = "gives log-probabilities" if model["judges"] else "gives no log-probabilities"
    return (
        f"{model['name']} answers: first token after {model['first_token_ms']:.0f} ms,"
        f" then {model['tokens_per_s']:.1f} tokens/s; ready after {model['ready_ms'] / 1000:.1f} s; {judges}"
    )


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


async def _check(settings: Settings) -> dict[str, Any]:
    async with service(settings) as client:
        report: dict[str, Any] = await call(client, "GET", "/v1/library")
        return report


async def _repair(settings: Settings) -> dict[str, Any]:
    if (server := running_server(settings.library)) is not None:
        raise RefusedError(f"the server at {server.url} holds the library; stop it before repairing", wrongly=False)
    async with open_library(settings, rebuild=True) as library:
        health = await library.health()
        return {
            "sound": health.sound,
            "faults": list(health.faults),
            "counts": health.counts,
            "embedding": settings.embedding,
        }
