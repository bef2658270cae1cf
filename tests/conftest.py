"""What most tests start from: an empty folder for a library, and the settings that name it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from rag.adapters.embedding import Embedder, StaticEmbeddings
from rag.settings import Settings
from tests.chroma import ChromaServer, chroma_server
from tests.postgres import PostgresServer
from tests.postgres import postgres_server as started

# A busy machine is not a fault of the code: by default an example that takes 200 ms fails its test, and so do examples
# that are slow to make.
_UNTIMED = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("untimed", _UNTIMED)
hypothesis.settings.register_profile("soak", _UNTIMED, max_examples=10_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "untimed"))


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ONRECORD_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def settings(folder: Path) -> Settings:
    return Settings(library=folder, lock_wait_s=0)


@pytest.fixture(scope="session")
def static() -> Embedder:
    return Embedder("static", StaticEmbeddings())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with started() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> str:
    """The address of an empty PostgreSQL database."""
    return postgres_server.emptied()


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as server:
        yield server
