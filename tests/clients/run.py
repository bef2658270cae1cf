"""Install real clients, serve the samples on loopback, and run each against it: `python -m tests.clients.run [NAME...]`.

Every client has an environment of its own below `.clients/`, with its versions pinned here and in `node/package.json`.
Prints a transcript and, last, a table; exit 1 where a check failed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.serving import PATIENCE_S, ROOT, Served, command, environment, onrecord, serving

HERE = Path(__file__).parent
MADE = ROOT / ".clients"
_INSTALL_S, _RUN_S = 900, 600


@dataclass(frozen=True, slots=True)
class Client:
    """A script, and what it runs with: packages for Python, none for Node (`node/package.json` has them)."""

    name: str
    script: str
    packages: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    by_default: bool = True


CLIENTS = (
    Client("openai for Python", "openai_sdk.py", ("openai==3.54.0",)),
    Client("openai for Node", "openai_sdk.mjs", shown=("openai",)),
    Client("LangChain ChatOpenAI", "langchain_openai_chat.py", ("langchain-openai==1.7.3", "langchain==1.4.7")),
    Client("LlamaIndex OpenAILike", "llamaindex_chat.py", ("llama-index-llms-openai-like==0.8.1",)),
    Client("litellm", "litellm_chat.py", ("litellm==1.106.2", "mcp==2.3.0")),
    Client("Vercel AI SDK", "ai_sdk.mjs", shown=("ai", "@ai-sdk/openai", "@ai-sdk/openai-compatible")),
    Client("deep-chat", "deep_chat.py", ("playwright==1.65.2",), shown=("deep-chat",)),
    Client("Chainlit", "chainlit_drive.py", ("chainlit==2.12.0", "openai==2.54.0", "playwright==1.65.2")),
    Client("MCP SDK", "mcp_sdk.py", ("mcp==2.3.0",)),
    Client("MCP inspector", "mcp_inspector.mjs", shown=("@modelcontextprotocol/inspector",)),
    Client("schemathesis", "fuzz.py", ("schemathesis==4.32.5",)),
    # 7 GB on the disk, most of it for models that it does not need here.
    Client("Open WebUI", "open_webui.py", ("open-webui==0.12.4", "playwright==1.65.2"), by_default=False),
)
# Its answer stands behind characters that UTF-16 counts twice.
ARTICLE = {
    "title": "Lighthouse café opens in May",
    "body": "The lighthouse café 🗼𝔏 opens at seven in the morning from 4 May, its owner, Ines Hallow, said on Monday.",
    "outlet": "Quay Post (sample)",
    "url": "https://quay-post.example/cafe",
    "published_at": "2025-04-28T09:00:00Z",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a client fared."""

    client: Client
    checks: int
    failed: int
    ended: str

    @property
    def passed(self) -> bool:
        return self.ended == "ran" and self.checks > 0 and self.failed == 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Run real clients against the served samples.")
    parser.add_argument("names", nargs="*", help="parts of clients' names; all but the very large ones without")
    names = [name.lower() for name in parser.parse_args().names]
    chosen = [c for c in CLIENTS if any(n in c.name.lower() for n in names) or (not names and c.by_default)]
    if not chosen:
        parser.error(f"no client is called so; there are: {', '.join(client.name for client in CLIENTS)}")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        loaded = onrecord("ingest", "--samples", "--library", library)
        if loaded.code:
            raise SystemExit(loaded.err)
        log = Path(folder) / "log"
        with serving(library, log) as served:
            httpx.post(
                f"{served.url}/v1/articles", json=ARTICLE, timeout=PATIENCE_S, trust_env=False
            ).raise_for_status()
            outcomes = [_outcome(client, served) for client in chosen]
        if "Traceback" in log.read_text():
            print(log.read_text())
            return 1
    print(_table(outcomes))
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _outcome(client: Client, served: Served) -> Outcome:
    print(f"\n{client.name} ({_versions(client)})", flush=True)
    try:
        ran = _run(client, served)
    except subprocess.TimeoutExpired as error:
        print(f"  FAIL it was given up after {error.timeout:.0f} s")
        return Outcome(client, 0, 1, "timed out")
    except subprocess.CalledProcessError as error:
        print(f"  FAIL it cannot be installed: {str(error.stderr).strip()[-600:]}")
        return Outcome(client, 0, 1, "not installed")
    print(ran.stdout.rstrip())
    lines = ran.stdout.splitlines()
    failed = sum(line.startswith("  FAIL") for line in lines)
    checks = failed + sum(line.startswith("  ok") for line in lines)
    ended = "ran" if ran.returncode == (1 if failed else 0) else f"ended with {ran.returncode}"
    if ended != "ran":
        print(ran.stderr.strip()[-2000:])
    return Outcome(client, checks, failed, ended)


def _run(client: Client, served: Served) -> subprocess.CompletedProcess[str]:
    stdio = [*command("mcp"), "--library", str(served.library)]
    env = environment({"ONRECORD_URL": served.url, "ONRECORD_MCP": json.dumps(stdio), "NO_PROXY": "127.0.0.1"})
    node = _node() if client.script.endswith(".mjs") or client.shown else None
    if client.script.endswith(".mjs"):
        assert node is not None
        line, cwd = ["node", client.script], node
    else:
        line, cwd = [str(_python(client)), str(HERE / "python" / client.script)], MADE
        env |= {"ONRECORD_NODE": str(node or "")}
    return subprocess.run(line, cwd=cwd, env=env, capture_output=True, text=True, timeout=_RUN_S, check=False)


def _python(client: Client) -> Path:
    """The interpreter of its environment, made where it is not there or holds other versions."""
    folder = MADE / client.script.removesuffix(".py")
    python, note = folder / "bin" / "python", folder / "installed"
    if not note.exists() or note.read_text() != "\n".join(client.packages):
        shutil.rmtree(folder, ignore_errors=True)
        _install([sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, str(folder)])
        _install([sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python), *client.packages])
        note.write_text("\n".join(client.packages))
    return python


def _node() -> Path:
    """The folder of the clients for Node, with the scripts beside their packages."""
    folder = MADE / "node"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "node" / "package.json").read_text()
    note = folder / "installed"
    for script in (HERE / "node").iterdir():
        shutil.copy(script, folder)
    if not note.exists() or note.read_text() != wanted:
        _install(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"], cwd=folder)
        note.write_text(wanted)
    return folder


def _install(line: Sequence[str], cwd: Path | None = None) -> None:
    # The person's own settings hold here: where packages come from is theirs to say.
    subprocess.run(line, cwd=cwd, check=True, capture_output=True, text=True, timeout=_INSTALL_S, env=dict(os.environ))


def _versions(client: Client) -> str:
    packages: dict[str, str] = json.loads((HERE / "node" / "package.json").read_text())["dependencies"]
    return ", ".join([*client.packages[:1], *(f"{name} {packages[name]}" for name in client.shown)]).replace("==", " ")


def _table(outcomes: Sequence[Outcome]) -> str:
    rows = [("client", "version", "checks", "")]
    for outcome in outcomes:
        verdict = "pass" if outcome.passed else f"FAIL ({outcome.failed} of {outcome.checks}; {outcome.ended})"
        rows.append((outcome.client.name, _versions(outcome.client), str(outcome.checks), verdict))
    widths = [max(len(row[n]) for row in rows) for n in range(4)]
    return "\n" + "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


if __name__ == "__main__":
    sys.exit(main())
