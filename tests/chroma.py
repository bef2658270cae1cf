"""A Chroma server of the tests' own, on loopback: the one that `chroma run` starts."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from pydantic import SecretStr

from rag.settings import Settings

_START_S = 60


class ChromaServer:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        command: list[str | Path] = [
            Path(sys.executable).with_name("chroma"),
            "run",
            "--path",
            self._folder,
            "--host",
            "127.0.0.1",
        ]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*command, "--port", str(self._port)], stdout=log, stderr=log)
        deadline = time.monotonic() + _START_S
        while True:
            try:
                httpx.get(f"{self.url}/api/v2/heartbeat", timeout=5, trust_env=False).raise_for_status()
            except httpx.HTTPError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(_START_S)


@contextmanager
def chroma_server(folder: Path) -> Iterator[ChromaServer]:
    server = ChromaServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Door(ThreadingHTTPServer):
    """Before a Chroma server, as a proxy or Chroma Cloud is: it lets in who sends that header, with that value."""

    daemon_threads = True

    def __init__(self, server: ChromaServer, header: str, value: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.behind, self.header, self.value = server, header, value
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Door

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.headers.get(self.server.header) != self.server.value:
            return self._reply(401, "Unauthorized")
        reply = httpx.request(
            self.command,
            f"{self.server.behind.url}{self.path}",
            content=body,
            headers={"content-type": "application/json"},
            timeout=_START_S,
            trust_env=False,
        )
        return self._reply(reply.status_code, reply.text)

    def _reply(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json" if text.startswith(("{", "[")) else "text/plain")
        self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def do_DELETE(self) -> None:
        self._pass_on()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def door(server: ChromaServer, *, header: str, value: str) -> Iterator[Door]:
    with Door(server, header, value) as opened:
        serving = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield opened
        finally:
            opened.shutdown()
            serving.join()


def on_servers(library: Path, postgres: str, chroma: ChromaServer) -> Settings:
    """A library with all its stores on servers."""
    return Settings(library=library, catalog=SecretStr(postgres), lexical="postgres", chroma=chroma.url, lock_wait_s=0)
