"""`kill -9` of a real `onrecord ingest` at random moments, again and again: `python -m evals.soak`, or `make soak`.

After each kill the next start heals (`onrecord doctor` finds the library sound); at the end the library equals one that was
made without kills: articles, revisions, bodies, spans, passages, statements, stories and what a search finds. As root on
Linux a small disk is filled as well. Exit 1 at the first difference.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from evals.datasets.desk_edits import FORMS, form_item
from rag.composition import open_library
from rag.domain import Filters, Span
from rag.errors import OnRecordError
from rag.library import Library
from rag.ports import Hit
from rag.settings import read_settings

_PATIENCE_S = 300.0
_QUESTIONS = (
    "shares in Fenwick",
    "“The market is looking at patience,” said Quill",
    "high water in the harbour of Sarn",
)


_DISKS = ("64k", "400k", "800k", "1500k")


class SoakError(Exception):
    """A library that is not what it should be."""


def write_articles(path: Path, count: int, *, seed: int) -> Path:
    """`count` articles as JSON Lines, the same for the same seed: four items of a form each, some of them copies."""
    chance = random.Random(seed)
    rows: list[dict[str, str]] = []
    for n in range(count):
        body = "\n\n".join(form_item(chance, chance.choice(FORMS)) for _ in range(4))
        if n % 10 == 9:
            body = rows[n - 5]["body"] + "\n\nThe agency sent this again."
        rows.append(
            {
                "title": f"Report {n}: {body[:40]}",
                "body": body,
                "url": f"https://wire.example/{n}",
                "outlet": ("Fenwick Wire", "Harbour Courier", "Island Gazette")[n % 3],
                "date": f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}T06:00:00Z",
            }
        )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def soak(folder: Path, *, articles: int, kills: int, seed: int) -> str:
    """Kill and heal in `folder`; the summary. Raises SoakError at the first fault."""
    chance = random.Random(seed)
    source = write_articles(folder / "news.jsonl", articles, seed=seed)
    started = time.perf_counter()
    ingesting_s = _finish(folder / "untroubled", source)
    whole_s = time.perf_counter() - started
    troubled = folder / "troubled"
    done = ended = known = 0
    while done < kills:
        if not _killed(troubled, source, after_s=chance.uniform(whole_s - ingesting_s, whole_s)):
            # It was done before its kill: it has to be the same, and the next kills meet a library that begins again.
            ended += 1
            _compare(folder)
            shutil.rmtree(troubled)
            known = 0
            continue
        done += 1
        if (troubled / "catalog.sqlite").exists():
            left = _sound(troubled)
            if left < known:
                raise SoakError(f"kill {done}: of {known} acknowledged articles {left} are left")
            known = left
        print(f"kill {done}: sound with {known} articles", file=sys.stderr, flush=True)
    _finish(troubled, source)
    _compare(folder)
    return f"{kills} kills among {articles} articles, {ended} runs done before theirs: the library is the same"


def fill_disks(folder: Path, *, articles: int, seed: int) -> str:
    """Ingest onto disks that are too small, then give them room; the summary. Raises SoakError at the first fault."""
    source = write_articles(folder / "news.jsonl", articles, seed=seed)
    _finish(folder / "untroubled", source)
    disk = folder / "disk"
    disk.mkdir()
    for size in _DISKS:
        with _disk(disk, size) as resize:
            ran = _ran("ingest", source, "--library", disk / "library")
            if ran.returncode != 1 or len(ran.stderr.splitlines()) != 1 or not ran.stderr.startswith("onrecord: "):
                raise SoakError(f"a disk of {size}: exit {ran.returncode}, {ran.stderr.strip()!r}; one line is right")
            resize("400m")
            _finish(disk / "library", source)
            shutil.copytree(disk / "library", folder / "troubled")
        _compare(folder)
        shutil.rmtree(folder / "troubled")
    return f"{len(_DISKS)} full disks ({', '.join(_DISKS)}): one line each, and the same library when there is room"


@contextmanager
def _disk(where: Path, size: str) -> Iterator[Callable[[str], None]]:
    """A disk in memory; what is yielded changes its size."""

    def mount(options: str) -> None:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(where)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603

    mount(f"size={size}")
    try:
        yield lambda larger: mount(f"remount,size={larger}")
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)  # noqa: S603, S607


def _command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "api.cli", *map(str, arguments)]


def _ran(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = _command(*arguments)
    return subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)  # noqa: S603


def _finish(library: Path, source: Path) -> float:
    """Seconds from the first article to the last, without the start."""
    ran = _ran("ingest", source, "--strict", "--json", "--library", library)
    if ran.returncode != 0:
        raise SoakError(f"ingest failed: {ran.stderr.strip()}")
    return float(json.loads(ran.stdout)["seconds"])


def _killed(library: Path, source: Path, *, after_s: float) -> bool:
    """Whether SIGKILL ended the run; False where it was done before."""
    command = _command("ingest", source, "--library", library)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.kill()
    _, said = process.communicate(timeout=_PATIENCE_S)
    if process.returncode not in (0, -signal.SIGKILL):
        raise SoakError(f"ingest failed after a kill: {said.decode(errors='replace').strip()}")
    return process.returncode != 0


def _sound(library: Path) -> int:
    """The number of articles of a library that the doctor finds sound."""
    ran = _ran("doctor", "--json", "--library", library)
    if ran.returncode != 0:
        raise SoakError(f"doctor: {ran.stdout.strip()} {ran.stderr.strip()}")
    return int(json.loads(ran.stdout)["counts"]["articles"])


def _compare(folder: Path) -> None:
    one, other = (asyncio.run(contents(folder / name)) for name in ("untroubled", "troubled"))
    differing = [name for name in one if one[name] != other[name]]
    if differing:
        raise SoakError(f"the library differs in its {', '.join(differing)}")


async def contents(folder: Path) -> dict[str, object]:
    """What a library holds and finds, by name; two libraries of the same articles have equal ones."""
    async with open_library(read_settings(library=folder).alone()) as library:
        page = await library.articles(filters=Filters(), limit=100_000)
        ids = [article.id for article in page.articles]
        spans = await library.spans(ids)
        total = await library.passage_count()
        return {
            "articles": page.articles,
            "bodies": [(await library.article(each)).body for each in ids],
            "stories": [await library.story_of(each) for each in ids],
            "sentences": [spans[each].sentences for each in ids],
            "passages": [[passage.span for passage in spans[each].passages] for each in ids],
            "statements": [spans[each].statements for each in ids],
            "lexical hits": [
                await _places(library, await library.lexical_search(text, limit=total, filters=Filters()))
                for text in _QUESTIONS
            ],
            "dense hits": [
                await _places(
                    library,
                    await library.dense_search(await library.embed_question(text), limit=total, filters=Filters()),
                )
                for text in _QUESTIONS
            ],
            "health": (await library.health()).faults,
        }


async def _places(library: Library, hits: Sequence[Hit]) -> set[tuple[str, Span, float]]:
    """Where the hits stand, with their scores: keys differ from library to library."""
    stored = await library.passages([hit.key for hit in hits])
    return {
        (stored[hit.key].article.id, stored[hit.key].passage.span, round(hit.score, 3))
        for hit in hits
        if hit.key in stored
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.soak", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=600, metavar="N")
    parser.add_argument("--kills", type=int, default=20, metavar="N")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    options = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="onrecord-soak-") as folder:
            print(soak(Path(folder), articles=options.articles, kills=options.kills, seed=options.seed), flush=True)
        if sys.platform.startswith("linux") and os.geteuid() == 0:
            with tempfile.TemporaryDirectory(prefix="onrecord-soak-") as folder:
                print(fill_disks(Path(folder), articles=options.articles, seed=options.seed))
        else:
            print("no small disk was filled: that takes root on Linux")
    except (SoakError, OnRecordError, subprocess.SubprocessError) as error:
        print(f"soak: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
