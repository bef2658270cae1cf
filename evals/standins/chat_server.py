"""A chat server on loopback that speaks OpenAI's format and answers by a script, faults and all.

    with ChatServer(turns(failing(500), Reply(text="Fine. [1.1]"))) as url:   # url ends in /v1
        ...

By hand: `python -m evals.standins.chat_server --port 8090 --script rules.json`. What it was asked stands in
`requests`, with how each call ended, so that a test can see that a client's going away stopped it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from evals.standins import chat_wire as wire
from evals.standins.chat_script import (
    Body,
    Reply,
    echo,
    failing,
    no_such_model,
    read_script,
    refused_parameter,
    wrong_key,
)
from rag.errors import SettingsError

# Far more than is needed: only a test that hangs ever meets it.
_PATIENCE_S = 30.0


class _BrokenOffError(Exception):
    """The connection is to be closed without an end."""


@dataclass(slots=True)
class Received:
    """One request to /v1/chat/completions; `ended` is complete, broken, or disconnected (the client went away)."""

    body: Body
    authorization: str | None
    pieces_sent: int = 0
    ended: str | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    def end(self, how: str) -> None:
        self.ended = self.ended or how
        self._over.set()

    def wait(self) -> str:
        """How it ended, once it has. Raises TimeoutError."""
        if not self._over.wait(_PATIENCE_S) or self.ended is None:
            raise TimeoutError("the request has not ended")
        return self.ended


class ChatServer:
    """Serves while the context lasts; its value is the base URL. Other models and keys than those given are refused."""

    def __init__(
        self,
        script: Callable[[Body], Reply] = echo,
        *,
        key: str | None = None,
        models: Sequence[str] = ("stand-in",),
        refuses: Sequence[str] = (),
        port: int = 0,
    ) -> None:
        """`refuses` names parameters that are answered with 400, as reasoning models do with `temperature`."""
        self.requests: list[Received] = []
        self._script, self._key, self._models, self._refuses = script, key, models, refuses
        routes = [
            Route("/v1/chat/completions", self._chat, methods=["POST"]),
            Route("/v1/models", self._list),
        ]
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", port))
        self._listener.listen(128)  # connections made before the loop runs wait in the queue
        # A connection that breaks is what is wanted here, not news for the log.
        config = uvicorn.Config(
            Starlette(routes=routes), lifespan="off", log_level="critical", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"

    def __enter__(self) -> str:
        url = self.url
        self._thread.start()
        return url

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(_PATIENCE_S)
        self._listener.close()

    def serve_until_stopped(self) -> None:
        self._server.run(sockets=[self._listener])

    async def _list(self, request: Request) -> Response:
        return JSONResponse(wire.models(self._models))

    async def _chat(self, request: Request) -> Response:
        try:
            body = json.loads(await request.body())
        except ValueError:
            return _refused(failing(400, "the body is not JSON"))
        received = Received(body, request.headers.get("authorization"))
        self.requests.append(received)
        reply = self._refusal(received) or self._script(body)
        return _Answer(reply, received)

    def _refusal(self, received: Received) -> Reply | None:
        if self._key is not None and received.authorization != f"Bearer {self._key}":
            return wrong_key()
        if (name := received.body.get("model")) not in self._models:
            return no_such_model(str(name))
        unwanted = next((name for name in self._refuses if name in received.body), None)
        return None if unwanted is None else refused_parameter(unwanted)


class _Answer(Response):
    """Writes a reply for as long as the client is there."""

    def __init__(self, reply: Reply, received: Received) -> None:
        super().__init__()
        self._reply, self._received = reply, received

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        writing = asyncio.create_task(self._write(scope, receive, send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not writing.done():
                self._received.end("disconnected")
                return
            writing.result()
            self._received.end("complete")
        except _BrokenOffError:
            self._received.end("broken")
            raise  # for uvicorn, which closes the connection without an end
        except OSError:
            self._received.end("disconnected")
        finally:
            for task in (writing, leaving):
                task.cancel()
            await asyncio.wait({writing, leaving})
            self._received.end("stopped")

    async def _write(self, scope: Scope, receive: Receive, send: Send) -> None:
        reply, body = self._reply, self._received.body
        if reply.status != 200:
            await _refused(reply)(scope, receive, send)
        elif reply.content_type is not None:
            await Response(reply.text, media_type=reply.content_type)(scope, receive, send)
        elif not body.get("stream"):
            pieces = [piece async for piece in self._pieces()]
            await JSONResponse(wire.completion(body, reply, pieces))(scope, receive, send)
        else:
            await self._stream(send)

    async def _stream(self, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-cache")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for data in self._events():
            size = self._reply.bytes_a_write or len(data)
            for start in range(0, len(data), size):
                await send({"type": "http.response.body", "body": data[start : start + size], "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _events(self) -> AsyncIterator[bytes]:
        reply, body = self._reply, self._received.body
        yield wire.opening(body)
        if reply.refusal is not None:
            yield wire.refusal(body, reply.refusal)
        written: list[str] = []
        async for piece in self._pieces():
            yield wire.piece(body, piece, None if written else reply.top)
            written.append(piece)
        if reply.garble_after is not None:
            yield wire.GARBLED
        if reply.error_after is not None:
            yield wire.event(reply.error)
        for data in wire.closing(body, reply, written):
            yield data
        if reply.done:
            yield wire.DONE

    async def _pieces(self) -> AsyncIterator[str]:
        """The text piece by piece, in time; stops where a fault is to come, and raises where the connection breaks."""
        reply = self._reply
        pieces = reply.cut_text()
        limit = None if reply.endless else wire.token_limit(self._received.body)
        stops = [at for at in (reply.garble_after, reply.error_after, limit) if at is not None]
        await asyncio.sleep(reply.first_token_s)
        for number, piece in enumerate(chain.from_iterable(repeat(pieces)) if reply.endless else pieces):
            await self._fault(number)
            if number in stops:
                return
            if number:
                await asyncio.sleep(reply.between_tokens_s)
            yield piece
            self._received.pieces_sent += 1
        await self._fault(len(pieces))

    async def _fault(self, number: int) -> None:
        if number == self._reply.hang_after:
            await asyncio.Event().wait()
        if number == self._reply.close_after:
            raise _BrokenOffError


def _refused(reply: Reply) -> Response:
    headers = dict(reply.headers)
    if isinstance(reply.error, str) or reply.error is None:
        return PlainTextResponse(reply.error or "", reply.status, headers)
    return JSONResponse(dict(reply.error), reply.status, headers)


async def _left(receive: Receive) -> None:
    """Returns once the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        continue


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.standins.chat_server", description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--script", type=Path, help="a JSON array of rules; without it, the last message comes back")
    parser.add_argument("--model", action="append", help="a model's name (may be repeated; default: stand-in)")
    parser.add_argument("--key", help="refuse every other key")
    arguments = parser.parse_args(argv)
    try:
        script: Any = read_script(arguments.script) if arguments.script else echo
        server = ChatServer(script, key=arguments.key, models=arguments.model or ("stand-in",), port=arguments.port)
    except (SettingsError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"export OPENAI_BASE_URL={server.url} OPENAI_API_KEY={arguments.key or 'any'}", flush=True)
    with suppress(KeyboardInterrupt):
        server.serve_until_stopped()
    return 0


if __name__ == "__main__":
    sys.exit(main())
