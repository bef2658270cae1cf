"""The application in this process, as a server has it, with a clock of the test's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.access.policy import Clocks
from api.app import create_app
from rag.adapters.ownership import read_owner
from rag.settings import LimitSettings, ServerSettings, Settings

# Some client on the internet, and its neighbour.
ADDRESS, NEIGHBOUR = "203.0.113.9", "203.0.113.10"
SITE = "https://widget.example"


@dataclass
class Clock:
    """Stands still unless it is moved."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))

    def clocks(self) -> Clocks:
        return Clocks(now=lambda: self.moment, monotonic=self._seconds)

    def _seconds(self) -> float:
        return self.moment.timestamp()

    def pass_(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Opened:
    """A served library. `ops` is the secret that lets this machine's commands in."""

    app: FastAPI
    client: TestClient
    clock: Clock
    ops: str

    def send(self, method: str, path: str, key: str | None = None, **request: Any) -> Any:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return self.client.request(method, path, headers=headers | request.pop("headers", {}), **request)

    def key(self, *scopes: str, name: str = "test", **more: object) -> dict[str, Any]:
        """A new key, as POST /v1/keys returns it."""
        made = self.send("POST", "/v1/keys", self.ops, json={"name": name, "scopes": scopes, **more})
        assert made.status_code == 201, made.text
        fields: dict[str, Any] = made.json()
        return fields

    def token(self, key: str, *scopes: str, origin: str = SITE, ttl_s: int = 600) -> str:
        wanted = {"scopes": scopes, "origin": origin, "ttl_s": ttl_s}
        minted = self.send("POST", "/v1/tokens", key, json=wanted)
        assert minted.status_code == 201, minted.text
        return str(minted.json()["token"])

    def neighbour(self, address: str = NEIGHBOUR) -> TestClient:
        """A client at another address. Its requests run in a loop of their own: for what is refused at the door."""
        return TestClient(self.app, base_url="http://localhost", client=(address, 1))


@contextmanager
def opened(
    library: Path,
    *,
    host: str = "127.0.0.1",
    limits: LimitSettings | None = None,
    origins: Sequence[str] = (),
    **server: Any,
) -> Iterator[Opened]:
    settings = Settings(
        library=library,
        server=ServerSettings(host=host, origins=tuple(origins), **server),
        limits=limits or LimitSettings(key_per_minute=100_000, address_per_minute=100_000, failures_per_minute=100_000),
    )
    clock = Clock()
    app = create_app(settings, command="a test", url="http://localhost", clocks=clock.clocks())
    with TestClient(app, base_url="http://localhost", client=(ADDRESS, 50000)) as client:
        owner = read_owner(library)
        assert owner is not None
        assert owner.secret is not None
        yield Opened(app, client, clock, owner.secret)
