"""What it costs to grow on PostgreSQL and a Chroma server: `python -m tests.shared_scale --keep DIR`.

Options as of `evals.scale`. Each size has servers of its own, so that it can be measured again. PostgreSQL
runs without waiting for the disk (`fsync=off`), which makes the filling faster than a newsroom's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evals.benchmarks.growth import disk_mb
from evals.benchmarks.processes import family
from evals.scale import main
from tests.chroma import chroma_server
from tests.postgres import postgres_server


@contextmanager
def servers(home: Path) -> Iterator[None]:
    """Both, with their data there, named by the environment of what is started meanwhile; says in the end what they use."""
    (home / "chroma").mkdir(exist_ok=True)
    before = dict(os.environ)
    with postgres_server(home / "postgres") as postgres, chroma_server(home / "chroma") as chroma:
        os.environ |= {
            "ONRECORD_CATALOG": postgres.address,
            "ONRECORD_LEXICAL": "postgres",
            "ONRECORD_CHROMA": chroma.url,
        }
        try:
            yield
            held = f"PostgreSQL {_memory_mb(postgres.pid):.0f} MB, Chroma {_memory_mb(chroma.pid):.0f} MB of memory"
            kept = f"{disk_mb(home / 'postgres'):.0f} and {disk_mb(home / 'chroma'):.0f} MB on disk"
            print(f"{home.name}: {held}; {kept}", file=sys.stderr, flush=True)
        finally:
            os.environ.clear()
            os.environ |= before


def _memory_mb(number: int) -> float:
    """Of a process and its children, with each page that they share counted once (Linux)."""
    return sum(map(_proportional_mb, family(number)))


def _proportional_mb(number: int) -> float:
    try:
        rolled = Path(f"/proc/{number}/smaps_rollup").read_text()
    except OSError:  # it has ended
        return 0.0
    return sum(int(line.split()[1]) for line in rolled.splitlines() if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    sys.exit(main(stores=servers, name="shared"))
