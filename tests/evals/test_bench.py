"""The benchmarks' command line, where it needs no data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from evals.bench import main
from evals.benchmarks.processes import cpu_s, family, memory_mb, peak_mb


def test_an_archive_that_is_not_there_is_named_with_what_would_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--only", "archive", "--data", str(tmp_path)])

    said = capsys.readouterr().err
    assert code == 1
    assert str(tmp_path) in said
    assert "--data" in said


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="memory is read from /proc")
def test_the_memory_of_a_process_and_of_what_it_started_is_seen() -> None:
    holding = "import sys; held = bytearray(b'x' * 80_000_000); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holding]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()

        seen = family(os.getpid())
        peak, now, used = peak_mb(child.pid), memory_mb(child.pid), cpu_s(child.pid)

        child.communicate()
    assert seen[0] == os.getpid()
    assert child.pid in seen
    assert peak > 76
    assert 76 < now <= peak
    assert used > 0
    assert peak_mb(child.pid) == memory_mb(child.pid) == cpu_s(child.pid) == 0
