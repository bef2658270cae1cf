"""What a process uses, by /proc: 0 or nothing where there is no /proc, or where the process has ended."""

from __future__ import annotations

import os
from pathlib import Path


def family(number: int) -> list[int]:
    """A process and all that it started."""
    try:
        lists = [each.read_text() for each in Path(f"/proc/{number}/task").glob("*/children")]
    except OSError:
        return []
    return [number, *(one for each in lists for child in each.split() for one in family(int(child)))]


def memory_mb(number: int) -> float:
    """What a process holds now."""
    return _status_mb(number, "VmRSS:")


def peak_mb(number: int) -> float:
    """The most memory that a process has held so far."""
    return _status_mb(number, "VmHWM:")


def cpu_s(number: int) -> float:
    """Seconds of all cores that a process has used."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _status_mb(number: int, name: str) -> float:
    try:
        status = Path(f"/proc/{number}/status").read_text()
    except OSError:
        return 0.0
    lines = (line.split() for line in status.splitlines())
    return next((int(line[1]) / 1024 for line in lines if line and line[0] == name), 0.0)
