"""The `onrecord` command as its users run it: a process of its own, timed from outside."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from rag.errors import SettingsError

_READY_S = 60.0
_POLL_S = 0.01
# A process starts with its parent's peak memory as its own, so the command is started from a small one.
_SMALL_PARENT = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, done.stdout, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that ended well: the JSON that it printed, its wall time, that of its cores and its peak memory."""

    printed: dict[str, Any]
    seconds: float
    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that is ready, and the process that it is."""

    url: str
    seconds_to_ready: float
    pid: int


def onrecord(*arguments: str) -> list[str]:
    """The command line. Raises SettingsError where the command is not installed."""
    beside = Path(sys.executable).with_name("onrecord")
    found = str(beside) if beside.exists() else shutil.which("onrecord")
    if found is None:
        raise SettingsError("the command onrecord is not installed beside this Python; run `make install`")
    return [found, *arguments]


def seconds_to_run(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command
    return time.perf_counter() - started


def run_measured(command: Sequence[str]) -> Finished:
    """Run a command that prints one JSON document. Raises CalledProcessError where it fails."""
    started = time.perf_counter()
    parent = [sys.executable, "-S", "-c", _SMALL_PARENT]
    finished = subprocess.run([*parent, *command], check=True, stdout=subprocess.PIPE)  # noqa: S603  our own command
    seconds = time.perf_counter() - started
    code, printed, cpu_seconds, peak = json.loads(finished.stdout)
    if code:
        raise subprocess.CalledProcessError(code, command, printed)
    # Linux counts in KiB, macOS in bytes.
    return Finished(json.loads(printed), seconds, cpu_seconds, peak / (1e6 if sys.platform == "darwin" else 1e6 / 1024))


@contextmanager
def serving(library: Path, settings: Mapping[str, str] | None = None) -> Iterator[Serving]:
    """A server on the library, from its start until it is stopped; `settings` are added to the environment.

    Raises TimeoutError, RuntimeError with what it said.
    """
    port = _free_port()
    command = onrecord("serve", "--library", str(library), "--host", "127.0.0.1", "--port", str(port))
    with tempfile.TemporaryFile("w+") as said:
        started = time.perf_counter()
        environment = os.environ | dict(settings or {})
        process = subprocess.Popen(command, stdout=said, stderr=said, env=environment)  # noqa: S603  our own command
        try:
            url = f"http://127.0.0.1:{port}"
            if not _becomes_ready(url, process):
                said.seek(0)
                raise RuntimeError(f"the server ended before it was ready: {said.read().strip()}")
            yield Serving(url, time.perf_counter() - started, process.pid)
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=_READY_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _becomes_ready(url: str, process: subprocess.Popen[bytes]) -> bool:
    """True as soon as /readyz answers 200, False once the process has ended."""
    deadline = time.monotonic() + _READY_S
    with httpx.Client(base_url=url, trust_env=False) as client:
        while process.poll() is None:
            try:
                if client.get("/readyz").status_code == 200:
                    return True
            except httpx.TransportError:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError(f"the server was not ready in {_READY_S:.0f} s")
            time.sleep(_POLL_S)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
