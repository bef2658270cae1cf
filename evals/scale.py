"""What it costs to grow: `python -m evals.scale --keep DIR`, or `make bench-scale`.

One library grows through the sizes, and at each it is asked the same questions: so the curve is one of size alone. What is
under `--keep` already is not made again: a run that was cut off goes on, and times can be taken again on a quieter machine.
`python -m tests.shared_scale`, with the same options, does it on PostgreSQL and a Chroma server of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from evals.bench import DATA
from evals.benchmarks.command import Finished
from evals.benchmarks.growing import write_lots
from evals.benchmarks.growth import Grown, grow, measure
from evals.benchmarks.growth_plots import plots
from evals.benchmarks.subject import subject_of
from evals.benchmarks.tables import Cell, Table, load, machine, rendered
from rag.errors import OnRecordError, SourceError

_SIZES = (9_000, 36_000, 130_000, 240_000)
# Runs what a size needs besides its library, in the folder of that size, for as long as it is entered.
Stores = Callable[[Path], AbstractContextManager[object]]


def main(argv: Sequence[str] | None = None, *, stores: Stores = nullcontext, name: str = "embedded") -> int:
    """Print the tables; exit 0, or 1 where a part failed. `name` is what such stores are called if nobody says."""
    options = _parser(name).parse_args(argv)
    print(f"On the Record, growing: {machine()}; {load()}\n", flush=True)
    try:
        grown = _run(options, stores)
    except (OnRecordError, RuntimeError, TimeoutError, subprocess.SubprocessError, OSError) as error:
        print(f"scale: {error}", file=sys.stderr)
        return 1
    for table in _tables(grown):
        print(rendered(table), end="\n\n")
    print(load())
    if options.plots is not None:
        options.plots.mkdir(parents=True, exist_ok=True)
        for plot, drawn in plots({options.name: [each.as_json() for each in grown]} | _before(options)).items():
            (options.plots / f"{plot}.svg").write_text(drawn, encoding="utf-8")
    return 0


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.scale", description=(__doc__ or "").partition("\n")[0])
    data = Path(os.environ.get("ONRECORD_BENCH_DATA") or DATA)
    parser.add_argument("--data", type=Path, default=data, metavar="DIR", help=f"folder of the data sets ({data})")
    parser.add_argument("--keep", type=Path, required=True, metavar="DIR", help="where libraries and figures are kept")
    parser.add_argument("--sizes", type=_sizes, default=_SIZES, metavar="N,N", help="passages, smallest first")
    parser.add_argument("--name", default=name, help="what these stores are called in figures and plots")
    parser.add_argument("--rebuild", action="store_true", help="also time making both indexes anew at each size")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="draw the curves there, with those of other names")
    return parser


def _sizes(written: str) -> tuple[int, ...]:
    sizes = tuple(int(each.replace("_", "")) for each in written.split(","))
    if sorted(set(sizes)) != list(sizes) or sizes[0] < 1:
        raise argparse.ArgumentTypeError("sizes grow from one to the next, as in 9000,36000")
    return sizes


def _run(options: argparse.Namespace, stores: Stores) -> list[Grown]:
    subject = subject_of("multihop_rag", options.data)
    if subject is None:
        raise SourceError(f"no multihop_rag in {options.data}; name the folder that holds it with --data")
    options.keep.mkdir(parents=True, exist_ok=True)
    homes = [options.keep / f"{options.name}-{size}" for size in options.sizes]
    is_filled = all(_note_of(each).is_file() for each in homes)
    lots = [] if is_filled else write_lots(options.data, options.sizes, options.keep)
    grown: list[Grown] = []
    for n, home in enumerate(homes):
        if not _note_of(home).is_file():
            shutil.rmtree(home, ignore_errors=True)
            if n:
                shutil.copytree(homes[n - 1], home)
            else:
                home.mkdir()
        with stores(home):
            if not _note_of(home).is_file():
                _fill(home, lots[n])
            filled = Finished(*json.loads(_note_of(home).read_text()))
            grown.append(measure(home / "library", subject, filled, rebuild=options.rebuild))
        print(f"{grown[-1].passages:,} passages: {load()}", file=sys.stderr, flush=True)
        figures = [each.as_json() for each in grown]
        (options.keep / f"{options.name}.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return grown


def _note_of(home: Path) -> Path:
    """How the last lot of a size went in; there once it did."""
    return home.with_name(f"{home.name}.filled.json")


def _fill(home: Path, lot: Path) -> None:
    filled = grow(home / "library", lot)
    _note_of(home).write_text(json.dumps([filled.printed, filled.seconds, filled.cpu_seconds, filled.peak_mb]))
    print(f"{home.name}: {filled.seconds:.0f} s; {load()}", file=sys.stderr, flush=True)


def _before(options: argparse.Namespace) -> dict[str, Any]:
    """Figures of other names that were kept there."""
    kept = (path for path in sorted(options.keep.glob("*.json")) if not path.name.endswith(".filled.json"))
    return {path.stem: json.loads(path.read_text()) for path in kept if path.stem != options.name}


def _tables(grown: Sequence[Grown]) -> list[Table]:
    cases = f"{grown[0].asked} questions at each size, over HTTP"
    sizes = tuple(f"{each.passages:,}" for each in grown)
    times: list[tuple[Cell, ...]] = []
    for name in grown[0].times:
        times.append((f"{name}, p50 ms", *(each.times[name][0] for each in grown)))
        times.append((f"{name}, p95 ms", *(each.times[name][1] for each in grown)))
        times.append((f"{name}, CPU ms", *(each.cpu_ms[name] for each in grown)))
    steps: list[tuple[Cell, ...]] = [
        (name, *(each.steps.get(name, (0.0, 0.0))[0] for each in grown)) for name in grown[0].steps
    ]
    costs: list[tuple[Cell, ...]] = [
        ("articles", *(each.articles for each in grown)),
        ("filled, passages/s", *(each.filled_per_s for each in grown)),
        ("filled, CPU ms a passage", *(each.filled_cpu_ms for each in grown)),
        ("filled, peak MB", *(each.filled_peak_mb for each in grown)),
        ("server ready, s", *(each.start_s for each in grown)),
        ("server's memory, MB", *(each.memory_mb for each in grown)),
        ("indexes made anew, s", *(each.rebuild_s for each in grown)),
    ]
    costs += [(f"{name}, MB on disk", *(each.disk_mb[name] for each in grown)) for name in grown[0].disk_mb]
    return [
        Table("Times by passages", cases, ("", *sizes), tuple(times)),
        Table("Steps by passages, median ms", cases, ("", *sizes), tuple(steps)),
        Table("Costs by passages", "the last lot's fill; the server after the questions", ("", *sizes), tuple(costs)),
    ]


if __name__ == "__main__":
    sys.exit(main())
