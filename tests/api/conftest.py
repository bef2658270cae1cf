"""Two servers for the whole run: one whose library nobody changes, and one that tests may write to."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import httpx
import pytest

from tests.api.checking import Asked, ask, golden_cases
from tests.serving import PATIENCE_S, Served, onrecord, serving


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that holds the sample articles. To be copied, not opened."""
    library = tmp_path_factory.mktemp("samples") / "library"
    ran = onrecord("ingest", "--samples", "--library", library)
    assert ran.code == 0, ran.err
    return library


@pytest.fixture(scope="session")
def server(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The sample articles, served. Nobody writes here; bodies above 0.2 MB are refused."""
    folder = tmp_path_factory.mktemp("server")
    library = Path(shutil.copytree(samples, folder / "library"))
    with serving(library, folder / "log", env={"ONRECORD_SERVER__MAX_BODY_MB": "0.2"}) as served:
        yield served
    assert "Traceback" not in served.log.read_text(), "something failed that should not have"


@pytest.fixture(scope="session")
def desk(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The sample articles, served, for tests that write. Each writes under ids and names of its own.

    What it keeps for a moment it keeps in `passing`, beside its library, where no other process does.
    """
    folder = tmp_path_factory.mktemp("desk")
    library = Path(shutil.copytree(samples, folder / "library"))
    passing = folder / "passing"
    passing.mkdir()
    with serving(library, folder / "log", env={"TMPDIR": str(passing)}) as served:
        yield served


@pytest.fixture(scope="session")
def client(server: Served) -> Iterator[httpx.Client]:
    with connected(server) as opened:
        yield opened


@pytest.fixture
def editor(desk: Served) -> Iterator[httpx.Client]:
    with connected(desk) as opened:
        yield opened


def connected(served: Served) -> httpx.Client:
    return httpx.Client(base_url=served.url, timeout=PATIENCE_S, trust_env=False)


@pytest.fixture(scope="session")
def asked(client: httpx.Client) -> Callable[[str], Asked]:
    """The answer to a golden question, by its id; each is asked once."""
    return cache(lambda case: ask(client, golden_cases()[case]))
