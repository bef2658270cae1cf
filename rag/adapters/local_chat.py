"""A GGUF file as a chat model: llama.cpp's server from the wheel `xllamacpp`, started, watched and stopped by us.

It starts with the first call and not before, since most commands ask nothing of it. It listens on loopback at a port
of its own with a key made at random, and is spoken to as any other server with OpenAI's format.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import logging
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import IO, Any

from pydantic import SecretStr

from rag.chatting import Finished, Message
from rag.errors import ProviderError, ProviderRefusedError, ProviderTimeoutError, SettingsError
from rag.settings import ChatSettings, GgufSettings

log = logging.getLogger(__name__)

_PROGRAM = Path(__file__).with_name("llama_process.py")
_MAGIC = b"GGUF"
_END_WAIT_S = 5.0


class LocalChat:
    """A `ChatModel` in a process of its own; restarted once when it dies, and again only after it has answered."""

    def __init__(self, file: Path, *, chat: ChatSettings, gguf: GgufSettings) -> None:
        """Raises SettingsError: no such file, not a GGUF file, or the extra `local` is not installed."""
        _check(file)
        self._file, self._gguf = file, gguf
        # One at a time, as the server works; nothing is tried again by itself, since a restart is what may help.
        self._chat = chat.model_copy(
            update={
                "concurrency": 1,
                "retries": 0,
                "first_token_timeout_s": gguf.first_token_timeout_s,
                "deadline_s": gguf.deadline_s,
            }
        )
        self._starting = asyncio.Lock()
        self._server: _LlamaServer | None = None
        self._model: Any = None
        self._restarts_left = 1

    @property
    def name(self) -> str:
        return self._file.stem

    @property
    def process_id(self) -> int | None:
        """Of the server, while it runs."""
        return self._server.process.pid if self._server is not None and self._server.alive else None

    async def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> AsyncGenerator[str | Finished, None]:
        """As the port says; where the process dies before it wrote anything, it is restarted and asked again."""
        begun = False
        while True:
            model = await self._running()
            try:
                async with aclosing(model.stream(messages, max_tokens=max_tokens, stop=stop)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                self._restarts_left = 1
                return
            except ProviderError as error:
                if begun or not await self._died(error):
                    raise

    async def judge(self, messages: Sequence[Message], choices: Sequence[str]) -> Mapping[str, float] | None:
        while True:
            model = await self._running()
            try:
                shares: Mapping[str, float] | None = await model.judge(messages, choices)
                self._restarts_left = 1
                return shares
            except ProviderError as error:
                if not await self._died(error):
                    raise

    async def close(self) -> None:
        async with self._starting:
            await self._stop()

    async def _running(self) -> Any:
        """The model on a server that runs, started where none does. Raises ProviderError, ProviderTimeoutError."""
        from rag.adapters.chat import LangChainChat
        from rag.adapters.chat_providers import connect_openai

        async with self._starting:
            if self._server is not None and not self._server.alive:
                why = self._server.last_words()
                await self._stop()
                if self._restarts_left == 0:
                    self._restarts_left = 1  # the next question may try again
                    raise ProviderError(f"{self.name}: the model's process ended again after a restart: {why}")
                self._restarts_left -= 1
                log.warning("the local model's process ended and is restarted", extra={"why": why})
            if self._server is None:
                server = _LlamaServer(self._file, self._gguf)
                try:
                    url = await server.address(self._gguf.start_timeout_s)
                except BaseException:
                    await asyncio.to_thread(server.stop)
                    raise
                self._server = server
                connected = connect_openai(self.name, self._chat, base_url=f"{url}/v1", key=server.key)
                self._model = LangChainChat(connected, self._chat)
            return self._model

    async def _died(self, error: ProviderError) -> bool:
        """Whether the process is gone. A connection breaks a moment before that can be seen."""
        for _ in range(0 if isinstance(error, ProviderRefusedError) else 10):
            if self._server is None or not self._server.alive:
                return True
            await asyncio.sleep(0.05)
        return False

    async def _stop(self) -> None:
        if self._model is not None:
            await self._model.close()
        if self._server is not None:
            await asyncio.to_thread(self._server.stop)
        self._server = self._model = None


class _LlamaServer:
    """The process, with the pipe whose closing ends it."""

    def __init__(self, file: Path, settings: GgufSettings) -> None:
        self.key = SecretStr(secrets.token_urlsafe(32))
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        # -P keeps the adapters beside the program from being imported in place of libraries of the same name.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C is for us, who then stop it in order
        )
        config = {
            "parent": os.getpid(),
            "file": str(file.resolve()),
            "key": self.key.get_secret_value(),
            "context_tokens": settings.context_tokens,
            "threads": settings.threads or max(1, _processors() - 1),
        }
        assert self.process.stdin is not None
        with suppress(OSError):  # already dead: its last words say why
            self.process.stdin.write(json.dumps(config).encode() + b"\n")
            self.process.stdin.flush()

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    async def address(self, timeout_s: float) -> str:
        """Where it listens, once the file is loaded. Raises ProviderTimeoutError, ProviderError."""
        assert self.process.stdout is not None
        try:
            line = await asyncio.wait_for(asyncio.to_thread(self.process.stdout.readline), timeout_s)
        except TimeoutError:
            raise ProviderTimeoutError(
                f"the model's file was not loaded within {timeout_s:g} s; give it longer with ONRECORD_GGUF__START_TIMEOUT_S"
            ) from None
        if not line:
            await asyncio.to_thread(self.process.wait)
            raise ProviderError(f"the model's process could not start: {self.last_words()}")
        url: str = json.loads(line)["url"]
        return url

    def stop(self) -> None:
        """Gone when this returns, within seconds."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(_END_WAIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self._log.close()

    def last_words(self) -> str:
        """How it ended, and the last line that it wrote."""
        self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, self._log.tell() - 4000))
        lines = [line for line in self._log.read().decode("utf-8", "replace").splitlines() if line.strip()]
        code = self.process.returncode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return f"{how}; {lines[-1].strip()[:300]}" if lines else how


def _check(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            magic = opened.read(len(_MAGIC))
    except OSError as error:
        raise SettingsError(f"ONRECORD_CHAT_MODEL=gguf:{file}: the file cannot be read: {error.strerror}") from error
    if magic != _MAGIC:
        raise SettingsError(f"ONRECORD_CHAT_MODEL=gguf:{file} is not a GGUF file: it begins with other bytes")
    if importlib.util.find_spec("xllamacpp") is None:
        raise SettingsError(
            "ONRECORD_CHAT_MODEL=gguf: needs the extra `local`; install it with `pip install xllamacpp`"
        )


def _processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
