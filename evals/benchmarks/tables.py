"""Figures as tables: aligned plain text for people, numbers for programs."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from evals.statistics import Estimate

Cell = str | int | float | Estimate | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns. `cases` says what was counted, `notes` how to read it; floats show `digits` decimals."""

    title: str
    cases: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    digits: int = 1
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The table with its numbers unrounded; one object per row."""
        names = [name or "name" for name in self.columns]
        rows = [
            {name: asdict(cell) if isinstance(cell, Estimate) else cell for name, cell in zip(names, row, strict=True)}
            for row in self.rows
        ]
        return {"title": self.title, "cases": self.cases, "rows": rows, "notes": list(self.notes)}


def rendered(table: Table) -> str:
    """The table as text: the first column to the left, the others to the right."""
    lines = [table.columns, *([_shown(cell, table.digits) for cell in row] for row in table.rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(table.columns))]
    aligned = [
        "  ".join([line[0].ljust(widths[0]), *(line[n].rjust(widths[n]) for n in range(1, len(widths)))]).rstrip()
        for line in lines
    ]
    aligned.insert(1, "-" * max(map(len, aligned)))
    return "\n".join([table.title, f"({table.cases}; {machine()})", *aligned, *table.notes])


def _shown(cell: Cell, digits: int) -> str:
    if isinstance(cell, Estimate):
        return f"{cell.value:.{digits}f} [{cell.low:.{digits}f}, {cell.high:.{digits}f}]"
    if isinstance(cell, float):
        return f"{cell:,.{digits}f}"
    return "" if cell is None else f"{cell:,}" if isinstance(cell, int) else cell


def machine() -> str:
    """The machine in words."""
    return f"{_cores()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def load() -> str:
    """How busy the machine was over the last minute: times taken beside other work are worth less."""
    return f"load {os.getloadavg()[0]:.1f} on {_cores()} cores" if hasattr(os, "getloadavg") else "load unknown"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def percentile(values: Sequence[float], q: float) -> float:
    """The value below which `q` percent lie, interpolated."""
    return float(np.percentile(values, q))
