"""A GGUF file as a chat model, in a process of its own that never outlives us.

Needs the extra `local` and a file: ONRECORD_TEST_GGUF=path. Without them these tests are skipped, and say so; what
does not need a model is tested with a process that cannot start.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import signal
import subprocess
import sys
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from rag.adapters.local_chat import LocalChat
from rag.chatting import Message
from rag.errors import ProviderContextError, ProviderError
from rag.settings import ChatSettings, GgufSettings
from tests.contracts.chat_model import ChatModelContract, Connect
from tests.rag.adapters.chats import listen
from tests.running import run
from tests.serving import environment

FILE = os.environ.get("ONRECORD_TEST_GGUF")
INSTALLED = importlib.util.find_spec("xllamacpp") is not None
SETTINGS = GgufSettings(context_tokens=1024)

with_a_model = pytest.mark.skipif(
    not FILE or not INSTALLED,
    reason="needs the extra `local` and a model's file: ONRECORD_TEST_GGUF=path",
)
with_the_wheel = pytest.mark.skipif(not INSTALLED, reason="needs the extra `local`")


def local(file: str | Path | None = FILE, *, chat: ChatSettings | None = None) -> LocalChat:
    assert file is not None
    return LocalChat(Path(file), chat=chat or ChatSettings(), gguf=SETTINGS)


def is_running(pid: int) -> bool:
    """False for one that has ended and was not waited for, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ends(pid: int) -> bool:
    deadline = time.monotonic() + 30
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(pid)


@with_a_model
class TestLocalChat(ChatModelContract):
    @pytest.fixture
    def connect(self) -> Connect:
        return local


@with_a_model
def test_a_prompt_that_is_too_long_is_told_from_other_failures() -> None:
    async def overfull() -> None:
        model = local()
        try:
            async for _ in model.stream([Message("user", "word " * 3000)], max_tokens=10):
                pass
        finally:
            await model.close()

    with pytest.raises(ProviderContextError, match="send less"):
        run(overfull())


@with_a_model
def test_a_process_that_dies_is_started_again_for_the_next_question() -> None:
    async def killed() -> tuple[str, int | None, int | None]:
        model = local()
        try:
            await listen(model, max_tokens=3)
            first = model.process_id
            assert first is not None
            os.kill(first, signal.SIGKILL)
            return (await listen(model, max_tokens=3)).text, first, model.process_id
        finally:
            await model.close()

    text, first, second = run(killed())

    assert text
    assert second is not None
    assert first != second
    assert ends(second)


@with_a_model
def test_a_process_that_dies_in_the_middle_of_an_answer_is_an_error_and_no_half_answer() -> None:
    async def killed() -> tuple[ProviderError | None, bool]:
        model = local()
        try:
            await listen(model, max_tokens=3)
            error = None
            try:
                async with aclosing(model.stream([Message("user", "Count to 300.")], max_tokens=900)) as pieces:
                    async for _ in pieces:
                        if model.process_id is not None:
                            os.kill(model.process_id, signal.SIGKILL)
            except ProviderError as raised:
                error = raised
            return error, bool((await listen(model, max_tokens=3)).text)
        finally:
            await model.close()

    error, answers_again = run(killed())

    assert "in the middle of the answer" in str(error)
    assert answers_again


@with_a_model
def test_the_server_refuses_who_has_no_key_and_listens_on_loopback() -> None:
    import httpx

    async def asked() -> tuple[str, int]:
        model = local()
        try:
            await listen(model, max_tokens=1)
            url = str(model._model._connected.model.openai_api_base)
            async with httpx.AsyncClient(trust_env=False) as client:
                reply = await client.post(f"{url}/chat/completions", json={"messages": []})
            return url, reply.status_code
        finally:
            await model.close()

    url, status = run(asked())

    assert url.startswith("http://127.0.0.1:")
    assert status == 401


@with_a_model
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("when", ["loading", "running"])
def test_the_process_ends_with_us_also_when_we_are_killed(when: str) -> None:
    code = (
        "import asyncio, os, sys\n"
        "from tests.rag.adapters.test_local_chat import local, listen\n"
        "async def main():\n"
        "    model = local()\n"
        "    asking = asyncio.create_task(listen(model, max_tokens=1))\n"
        "    while model.process_id is None:\n"
        "        await asyncio.sleep(0.01)\n"
        f"    if {when!r} == 'running': await asking\n"
        "    else: await asyncio.sleep(0.5)\n"
        "    print(model.process_id, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment({"ONRECORD_TEST_GGUF": str(FILE)})
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()

    assert ends(pid)


@with_the_wheel
def test_a_damaged_file_is_an_error_that_says_what_the_loader_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "damaged.gguf"
    file.write_bytes(b"GGUF\x03\x00\x00\x00" + b"\x00" * 100)

    async def asked() -> ProviderError | None:
        model = local(file)
        try:
            return (await listen(model)).error
        finally:
            await model.close()

    error = run(asked())

    assert "the model's process could not start" in str(error)
    assert capfd.readouterr().out == ""


@with_the_wheel
def test_a_model_that_was_never_asked_starts_nothing(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF\x03\x00\x00\x00")

    async def closed() -> int | None:
        model = local(file)
        await asyncio.sleep(0)
        started = model.process_id
        await model.close()
        return started

    assert run(closed()) is None
