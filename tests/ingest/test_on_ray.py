"""An ingest on a Ray cluster gives the library that it gives without, also where workers die.

The tests that need Ray share one cluster of two cores on the loopback; where Ray is not installed they skip.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from ingest.on_ray.cluster import Cluster, cluster, parse
from ingest.on_ray.steps import EmbeddingOnRay, ReadingOnRay, SplittingOnRay
from ingest.on_ray.work import read_whole
from ingest.pipeline import IngestReport, ingest
from ingest.sources.opening import Progress, read_sources
from ingest.sources.record import Record
from ingest.splitting import SplittingHere
from rag.composition import open_library
from rag.domain import Article, Filters
from rag.errors import ArticleError, ClusterError, SettingsError
from rag.settings import IngestSettings, RaySettings, Settings
from tests.chroma import ChromaServer, on_servers
from tests.ingest.processes import Contents, contents_of
from tests.newsroom import BRIDGE, FERRY, found, generated, json_lines
from tests.running import run

LOTS = IngestSettings(batch_articles=32)
SETTINGS = RaySettings(timeout_s=120, connect_timeout_s=0.5)


# Not imported to know it: what a cluster takes from the environment, it takes when it is imported.
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="ray is not installed: the extra `ray`")


@pytest.fixture(scope="module")
def workers() -> Iterator[Cluster]:
    with cluster("local", SETTINGS, cores=2) as opened:
        yield opened
    # Ray ends its processes without waiting for them, and their `Popen` complain when they are collected.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="module")
def embedding(workers: Cluster) -> EmbeddingOnRay:
    return EmbeddingOnRay(workers, "static", SETTINGS)


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(library=tmp_path / "here")


@pytest.fixture
def there(tmp_path: Path) -> Settings:
    return Settings(library=tmp_path / "there")


@pytest.fixture
def shared(tmp_path: Path, postgres: str, chroma: ChromaServer) -> Settings:
    """With its stores on servers, where row numbers and indexes are others; what is in them is to be the same."""
    return on_servers(tmp_path / "shared", postgres, chroma)


def with_copies(count: int) -> list[Article]:
    """As many articles and two more; every fifth is copied in another outlet, so far behind that another worker has it."""
    articles = generated(count)
    copies = [
        replace(each, url=f"{each.url}/copy", outlet="Copy Post", body=each.body + "\n\nFirst told elsewhere.")
        for each in articles[::5]
    ]
    return [*articles[:20], *copies[:4], BRIDGE, FERRY, *articles[20:], *copies[4:]]


@dataclass(frozen=True)
class Ingested:
    report: IngestReport
    library: Contents
    stories: dict[str, str | None]
    statements: dict[str, Any]
    nearest: list[tuple[str, float]]


def ingested(
    settings: Settings,
    records: Sequence[Record],
    on_ray: tuple[Cluster, EmbeddingOnRay] | None = None,
    *,
    on_progress: Callable[[int], None] = lambda articles: None,
) -> Ingested:
    async def act() -> IngestReport:
        async with open_library(settings, embedder=on_ray[1] if on_ray else None) as library:
            splitter = SplittingOnRay(*on_ray) if on_ray else SplittingHere()
            return await ingest(records, library, LOTS, splitter=splitter, on_progress=on_progress)

    return looked_at(settings, run(act()))


def looked_at(settings: Settings, report: IngestReport) -> Ingested:
    async def look() -> Ingested:
        async with open_library(settings) as library:
            page = await library.articles(filters=Filters(), limit=10_000)
            spans = await library.spans([article.id for article in page.articles])
            some = Filters(outlets=("Copy Post", "Island Gazette", "Harbour Courier"))
            hits = await library.dense_search(await library.embed_question("the ferry"), limit=1000, filters=some)
            passages = await library.passages([hit.key for hit in hits])
            return Ingested(
                replace(report, seconds=0),
                held,
                {each: await library.story_of(each) for each in spans},
                {each: cut.statements for each, cut in spans.items()},
                # Products of many rows at once differ in the last bits by where a row stands among them.
                sorted((passages[hit.key].passage.id, round(hit.score, 5)) for hit in hits),
            )

    # An approximate search of all vectors may leave one out by chance; those of a filter are compared exactly.
    held = replace(contents_of(settings), neighbours_found=frozenset())
    return run(look())


@needs_ray
def test_the_library_is_the_one_that_is_made_without_a_cluster(
    here: Settings, there: Settings, workers: Cluster, embedding: EmbeddingOnRay
) -> None:
    records = [*found(with_copies(100)), *found([replace(FERRY, body=" ")])]

    without = ingested(here, records)
    made = ingested(there, records, (workers, embedding))

    assert made == without
    assert without.report.near_copies == 20
    assert (without.report.new, len(without.report.skipped)) == (122, 1)
    assert any(without.statements.values())
    again = ingested(there, records, (workers, embedding))
    assert (again.report.new, again.report.unchanged) == (0, 122)


@needs_ray
@pytest.mark.parametrize("stores", ["there", "shared"])
def test_workers_killed_in_the_middle_lose_and_double_nothing(
    here: Settings, stores: str, request: pytest.FixtureRequest, workers: Cluster, embedding: EmbeddingOnRay
) -> None:
    records = found(with_copies(100))
    without = ingested(here, records)
    killed: list[int] = []

    def kill(articles: int) -> None:
        if len(killed) < 4:
            for number in worker_processes(os.getpid()):
                os.kill(number, signal.SIGKILL)
                killed.append(number)

    made = ingested(request.getfixturevalue(stores), records, (workers, embedding), on_progress=kill)

    assert killed
    assert made == without
    assert made.report.near_copies == 20


@needs_ray
def test_files_are_read_by_workers_in_the_order_of_their_names(tmp_path: Path, workers: Cluster) -> None:
    for number, article in enumerate(generated(12)):
        json_lines(tmp_path / f"{number:02}.jsonl", [article])
    (tmp_path / "05a.txt").write_text("")
    there, here = Progress(), Progress()

    read = list(read_sources([str(tmp_path)], there, elsewhere=ReadingOnRay(workers)))

    assert read == list(read_sources([str(tmp_path)], here))
    assert len(read) == 13
    assert there == here


@needs_ray
def test_an_error_in_a_worker_is_the_error_that_it_is_here(workers: Cluster) -> None:
    with pytest.raises(ArticleError, match="no such field"):
        workers.submit(_refuse, "no such field").result(60)


def _refuse(reason: str) -> None:
    raise ArticleError(reason)


@needs_ray
def test_an_embedding_that_there_is_not_is_refused_before_a_library_is_made(workers: Cluster) -> None:
    with pytest.raises(SettingsError, match="nonsense"):
        EmbeddingOnRay(workers, "nonsense", SETTINGS)


@needs_ray
def test_workers_of_another_version_are_refused(workers: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_code", "another")
    with pytest.raises(ClusterError, match="another version of onrecord"):
        workers.submit(len, "").result(60)


@needs_ray
def test_work_that_no_worker_can_do_is_not_waited_for_without_end(workers: Cluster) -> None:
    impatient = RaySettings(timeout_s=0.5, embedder_gpus=8)
    monkey = Cluster(workers._ray, impatient)
    with pytest.raises(ClusterError, match="ONRECORD_RAY__TIMEOUT_S"):
        EmbeddingOnRay(monkey, "static", impatient)


@needs_ray
def test_a_cluster_that_does_not_answer_is_given_up_soon() -> None:
    with pytest.raises(ClusterError, match=r"no Ray cluster answers at ray://127\.0\.0\.1:1 within 0\.5 s"):  # noqa: SIM117
        with cluster("ray://127.0.0.1:1", SETTINGS, cores=1):
            pass


@needs_ray
@pytest.mark.parametrize(
    ("end", "stores"), [(signal.SIGTERM, "there"), (signal.SIGKILL, "there"), (signal.SIGKILL, "shared")]
)
def test_a_command_that_is_stopped_leaves_no_process_and_is_finished_by_another(
    tmp_path: Path, here: Settings, end: int, stores: str, request: pytest.FixtureRequest
) -> None:
    settings: Settings = request.getfixturevalue(stores)
    source = json_lines(tmp_path / "news.jsonl", with_copies(100))
    command = [sys.executable, "-m", "api.cli", "ingest", str(source)]
    with subprocess.Popen(
        [*command, "--ray"], stderr=subprocess.PIPE, start_new_session=True, env=_environment(settings)
    ) as running:
        while running.poll() is None and not _holds_articles(settings):
            time.sleep(0.05)
        theirs = worker_processes(running.pid)
        os.kill(running.pid, end)
        assert running.stderr is not None
        said = running.stderr.read().decode()
    assert running.returncode == (130 if end == signal.SIGTERM else -signal.SIGKILL), said
    assert theirs
    for number in theirs:
        _gone(number)

    subprocess.run(command, check=True, capture_output=True, env=_environment(settings))
    whole = ingested(here, list(read_sources([str(source)], Progress())))

    assert looked_at(settings, whole.report) == whole


def _environment(settings: Settings) -> dict[str, str]:
    given = {"ONRECORD_LIBRARY": str(settings.library), "ONRECORD_LEXICAL": settings.lexical}
    if settings.catalog and settings.chroma:
        given |= {"ONRECORD_CATALOG": settings.catalog.get_secret_value(), "ONRECORD_CHROMA": settings.chroma}
    return dict(os.environ) | given


def _holds_articles(settings: Settings) -> bool:
    if settings.catalog is None:
        return (settings.library / "catalog.sqlite").exists() and any((settings.library / "lexical").glob("*.store"))
    engine = create_engine(settings.catalog.get_secret_value(), poolclass=NullPool)
    with engine.connect() as connection, suppress(ProgrammingError):  # until it is opened there is no table
        return bool(connection.exec_driver_sql("SELECT EXISTS (SELECT FROM lexical)").scalar())
    return False


def _gone(number: int) -> None:
    """Wait until there is no such process; pytest's own limit is what ends the wait."""
    while Path(f"/proc/{number}/cmdline").exists() and Path(f"/proc/{number}/cmdline").read_bytes():
        time.sleep(0.1)


def worker_processes(ancestor: int) -> list[int]:
    """The processes of Ray's that work for a process, by their numbers."""
    parents, names = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            names[int(folder.name)] = (folder / "cmdline").read_bytes()
            parents[int(folder.name)] = int(status[1])
        except OSError:
            continue
    return [number for number in names if _is_worker(names[number]) and ancestor in _line(number, parents)]


def _is_worker(name: bytes) -> bool:
    return name.startswith((b"ray::done", b"ray::IDLE", b"ray::Embedding"))


def _line(number: int, parents: dict[int, int]) -> list[int]:
    line = []
    while number in parents:
        number = parents[number]
        line.append(number)
    return line


# --- without Ray -----------------------------------------------------------------------------------------------------


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SettingsError, match=r"pip install 'onrecord\[ray\]'"), cluster("local", SETTINGS, cores=1):
        pass


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(SettingsError, match="a SOURCE stands before --ray"):
        parse("archive/2024")
    assert parse("ray://head:10001") == ("head", 10001)
    assert parse("[::1]:6379") == ("::1", 6379)
    assert parse("auto") is None


def test_a_file_of_very_many_records_is_left_to_who_can_stream_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.on_ray import work

    data = b"".join(b'{"title": "T %d", "body": "%s"}\n' % (n, b"word " * 100) for n in range(10))
    assert len(read_whole(data, "x.jsonl") or ()) == 10
    monkeypatch.setattr(work, "_MOST_READ_CHARS", 2000)
    assert read_whole(data, "x.jsonl") is None
