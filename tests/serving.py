"""Real processes for tests: the command line run as a user runs it, and the service served on a port of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from rag.adapters.ownership import read_owner

ROOT = Path(__file__).parent.parent
# Far more than is needed: only a process that hangs ever meets it.
PATIENCE_S = 180.0

Env = Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers now; `log` is where its stderr goes."""

    url: str
    library: Path
    process: subprocess.Popen[bytes]
    log: Path


def environment(more: Env = None) -> dict[str, str]:
    """Ours without its settings, so that nothing of the person who runs the tests leaks into them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "100"} | dict(more or {})


def command(*arguments: str | Path) -> list[str]:
    """The command of the tree that the tests stand in, whichever is installed."""
    return [sys.executable, "-m", "api.cli", *map(str, arguments)]


def start(*arguments: str | Path, env: Env = None) -> subprocess.Popen[bytes]:
    """A command that runs beside the test, which waits for it."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command(*arguments), stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=environment(env)
    )


def end_of(process: subprocess.Popen[bytes]) -> Ran:
    out, err = process.communicate(timeout=PATIENCE_S)
    return Ran(process.returncode, out.decode(), err.decode())


def onrecord(*arguments: str | Path, stdin: bytes = b"", env: Env = None) -> Ran:
    """One command, run to its end."""
    done = subprocess.run(
        command(*arguments),
        input=stdin,
        capture_output=True,
        env=environment(env),
        timeout=PATIENCE_S,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@contextmanager
def serving(library: Path, log: Path, env: Env = None, *, more: Sequence[str] = ()) -> Iterator[Served]:
    """A server on the library, on a free port, ready; stopped as Ctrl-C stops it. `more` are further arguments."""
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            command("serve", "--port", "0", "--library", library, *more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            env=environment(env),
        )
    try:
        yield Served(_ready(process, library, log), library, process, log)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> int:
    """Its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        return process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def _ready(process: subprocess.Popen[bytes], library: Path, log: Path) -> str:
    deadline = time.monotonic() + PATIENCE_S
    with httpx.Client(trust_env=False) as client:
        while process.poll() is None and time.monotonic() < deadline:
            owner = read_owner(library)
            if owner is not None and owner.pid == process.pid and owner.url and _answers(client, owner.url):
                return owner.url
            time.sleep(0.02)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


def _answers(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(f"{url}/readyz").is_success
    except httpx.HTTPError:
        return False
