"""Peers beside On the Record: each in an environment of its own, by a script of `peers/`, on the same articles and questions.

A form that is measured is a script with a length of passages. Every run is a process of its own, ingestion and search apart;
its memory is that of all its processes, looked at every twentieth of a second.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.benchmarks.processes import family, memory_mb

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).with_name("peers")
# As long as ours at most (`max_passage_words`).
SHORT_WORDS = 160
_INSTALL_S, _RUN_S, _LOOK_S = 1800, 1800, 0.05


@dataclass(frozen=True, slots=True)
class Form:
    """One way to use a system, with settings in its environment. Without `requirements` it runs in this one.

    `words` bounds its passages; None is what its documentation teaches.
    """

    name: str
    script: Path
    requirements: Path | None = None
    words: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Measured:
    """What a form's rounds took: a number a round, but milliseconds a question and round; `found` are the first round's."""

    form: Form
    lines: str
    version: str
    passages: int = 0
    found: list[list[str]] = field(default_factory=list)
    ingest_s: list[float] = field(default_factory=list)
    ingest_cpu_s: list[float] = field(default_factory=list)
    ingest_peak_mb: list[float] = field(default_factory=list)
    disk_mb: list[float] = field(default_factory=list)
    ready_s: list[float] = field(default_factory=list)
    search_ms: list[list[float]] = field(default_factory=list)
    search_cpu_ms: list[float] = field(default_factory=list)
    search_peak_mb: list[float] = field(default_factory=list)

    @property
    def rounds(self) -> int:
        """Those that it came through."""
        return len(self.search_peak_mb)


@dataclass(frozen=True, slots=True)
class Watched:
    """A process that ended well: the JSON of its last line, and the most memory that it and its children held at once."""

    printed: dict[str, Any]
    peak_mb: float


OURS = Form("On the Record", SCRIPTS / "on_the_record.py")
# The reranker's few weights were fitted on MultiHop-RAG's dev queries and another year of RealTime QA.
UNRANKED = Form("On the Record, not reranked", OURS.script, settings={"ONRECORD_RERANK__BY": "none"})
PEERS = {"langchain": "LangChain + Chroma", "txtai": "txtai", "llamaindex": "LlamaIndex", "haystack": "Haystack"}


def forms_of(peer: str) -> list[Form]:
    """As its documentation teaches it and with passages no longer than ours, by vectors alone and hybrid."""
    requirements = SCRIPTS / f"{peer}.txt"
    return [
        Form(f"{PEERS[peer]}{hybrid}{short}", SCRIPTS / f"{kind}_{peer}.py", requirements, words)
        for kind, hybrid in (("plain", ""), ("hybrid", ", hybrid"))
        for words, short in ((None, ""), (SHORT_WORDS, f", {SHORT_WORDS} words"))
    ]


def python_of(form: Form, keep: Path) -> Path:
    """The interpreter that a form runs in; its environment is made where there is none or its requirements have changed.

    Raises RuntimeError with what the installer said.
    """
    if form.requirements is None:
        return Path(sys.executable)
    folder = keep / form.requirements.stem
    python, note, wanted = folder / "bin" / "python", folder / "installed.txt", form.requirements.read_text()
    if not note.is_file() or note.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        uv = [sys.executable, "-m", "uv"]
        _done([*uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
        # Copies, since nltk, which LlamaIndex brings, refuses files that have several names.
        install = ["pip", "install", "--quiet", "--link-mode", "copy", "--python", str(python)]
        _done([*uv, *install, "-r", str(form.requirements)])
        note.write_text(wanted)
    return python


def _done(command: Sequence[str]) -> None:
    # The person's own settings hold here: where packages come from is theirs to say.
    ran = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_S, check=False)  # noqa: S603
    if ran.returncode:
        raise RuntimeError(f"the environment cannot be made: {ran.stderr.strip()[-800:]}")


def version_of(form: Form) -> str:
    """The first package that it requires, with its version."""
    return "this checkout" if form.requirements is None else form.requirements.read_text().split()[0].replace("==", " ")


def lines_of_code(script: Path) -> int:
    """Lines with code on them: neither blank, nor comment, nor docstring."""
    documented: set[int] = set()
    for node in ast.walk(_tree(script)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            documented.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    counted: set[int] = set()
    with script.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type not in silent and token.type != tokenize.ENCODING:
                counted.update(range(token.start[0], token.end[0] + 1))
    return len(counted - documented)


def _tree(script: Path) -> ast.Module:
    return ast.parse(script.read_text(encoding="utf-8"))


def begun(form: Form) -> Measured:
    """Nothing measured yet. Its lines are its script's, after those of the script that it builds on."""
    imported = [node.module for node in ast.walk(_tree(form.script)) if isinstance(node, ast.ImportFrom)]
    beside = [form.script.with_name(f"{name}.py") for name in imported]
    counted = [lines_of_code(script) for script in (*filter(Path.is_file, beside), form.script)]
    return Measured(form, " + ".join(map(str, counted)), version_of(form))


def run_round(measured: Measured, articles: Path, questions: Path, keep: Path) -> None:
    """Ingest into a fresh store and ask all questions, adding to what was measured. Raises RuntimeError, TimeoutError."""
    python = python_of(measured.form, keep)
    words = [] if measured.form.words is None else ["--words", str(measured.form.words)]
    with tempfile.TemporaryDirectory(dir=keep, prefix="store-") as folder:
        store, found = Path(folder) / "store", Path(folder) / "found.jsonl"
        store.mkdir()
        command = [str(python), str(measured.form.script), "--store", str(store)]
        settings = measured.form.settings
        filled = run_watched([*command, "--ingest", str(articles), *words], settings)
        began = str(time.time())
        searching = ["--questions", str(questions), "--found", str(found), "--since", began]
        asked = run_watched([*command, *searching], settings)
        replies = [json.loads(line) for line in found.read_text(encoding="utf-8").split("\n") if line]
        measured.disk_mb.append(sum(each.stat().st_size for each in store.rglob("*") if each.is_file()) / 1e6)
    measured.passages = filled.printed["passages"]
    measured.found = measured.found or [reply["passages"] for reply in replies]
    measured.ingest_s.append(filled.printed["seconds"])
    measured.ingest_cpu_s.append(filled.printed["cpu_seconds"])
    measured.ingest_peak_mb.append(filled.peak_mb)
    measured.ready_s.append(asked.printed["ready_s"])
    measured.search_ms.append([reply["ms"] for reply in replies])
    measured.search_cpu_ms.append(asked.printed["cpu_ms"])
    measured.search_peak_mb.append(asked.peak_mb)


def run_watched(
    command: Sequence[str], settings: Mapping[str, str] | None = None, *, timeout_s: float = _RUN_S
) -> Watched:
    """Run a script with `settings` in its environment.

    Raises RuntimeError with what it said where it fails, TimeoutError where it takes too long.
    """
    peak = 0.0
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=out, stderr=said, env=_environment() | dict(settings or {}))  # noqa: S603
        deadline = time.monotonic() + timeout_s
        try:
            while process.poll() is None:
                peak = max(peak, sum(map(memory_mb, family(process.pid))))
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{' '.join(command)}: not done in {timeout_s:.0f} s")
                time.sleep(_LOOK_S)
        finally:
            process.kill()
            process.wait()
        out.seek(0)
        said.seek(0)
        lines = out.read().strip().splitlines()
        if process.returncode or not lines:
            raise RuntimeError(f"{Path(command[1]).name} ended with {process.returncode}: {said.read().strip()[-800:]}")
        return Watched(json.loads(lines[-1]), peak)


def _environment() -> dict[str, str]:
    """This one's, without settings of ours, which are measured as they are by default; no peer reports home."""
    # Nor does any compile its modules at every start, as a person's own setting may have it.
    left_out = ("ONRECORD_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    quiet = {"HAYSTACK_TELEMETRY_ENABLED": "False", "ANONYMIZED_TELEMETRY": "False", "HF_HUB_OFFLINE": "1"}
    return kept | quiet | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
