"""A Chroma server, reached within bounds, and looked at before anything is sent to it."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import chromadb
import chromadb.config
import httpx
from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT
from chromadb.errors import ChromaError, NotFoundError, error_types
from pydantic import SecretStr

from rag.errors import StorageError
from rag.settings import Settings

log = logging.getLogger(__name__)

_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
# The server that `chroma run` and Chroma's images start is Rust and calls itself this; the Python one is FastAPI's default.
_RUST = "chroma-frontend"
# GHSA-f4j7-r4q5-qw2c: from 1.0.0 on, no patched release named; the fix, chroma-core/chroma#7237, is merged after 1.5.9.
_FIRST_UNSAFE, _LAST_UNSAFE = (1, 0, 0), (1, 5, 9)


@dataclass(frozen=True, slots=True)
class ChromaPlace:
    """A database on a Chroma server, and what lets us in."""

    url: str
    tenant: str = DEFAULT_TENANT
    database: str = DEFAULT_DATABASE
    token: SecretStr | None = None
    header: str = "authorization"

    @property
    def name(self) -> str:
        """What tells it from others; nothing secret."""
        usual = (self.tenant, self.database) == (DEFAULT_TENANT, DEFAULT_DATABASE)
        return self.url if usual else f"{self.url}/{self.tenant}/{self.database}"

    def headers(self) -> dict[str, str]:
        if self.token is None:
            return {}
        token = self.token.get_secret_value()
        return {self.header: f"Bearer {token}" if self.header == "authorization" else token}


def place_of(settings: Settings) -> ChromaPlace | None:
    """The one that is set; None where the vectors stand in the library's folder."""
    if settings.chroma is None:
        return None
    return ChromaPlace(
        settings.chroma,
        settings.chroma_tenant,
        settings.chroma_database,
        settings.chroma_token,
        settings.chroma_token_header,
    )


def connect(place: ChromaPlace) -> Any:
    """Chroma's client of the server. Raises StorageError where it does not answer, refuses us or is no Chroma server."""
    look_at(place)
    parts = urlsplit(place.url)
    client: Any = chromadb.HttpClient(
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        ssl=parts.scheme == "https",
        headers=place.headers(),
        settings=chromadb.config.Settings(anonymized_telemetry=False),
        tenant=place.tenant,
        database=place.database,
    )
    for session in _sessions(client):
        session.timeout = _TIMEOUT  # Chroma's own client waits without end
        session.event_hooks = {"response": [partial(_told_apart, place)]}
    return client


def count_in(place: ChromaPlace, collection: str) -> int:
    """How many vectors a collection there holds; 0 where there is none of that name. Raises StorageError."""
    client = connect(place)
    try:
        return int(client.get_collection(collection, embedding_function=None).count())
    except NotFoundError:
        return 0
    except (ChromaError, httpx.HTTPError) as error:
        raise StorageError(
            f"the Chroma server at {place.url} cannot be asked for the library's vectors: {error}"
        ) from error
    finally:
        disconnect(client)


def disconnect(client: Any) -> None:
    """Close what Chroma's client leaves open."""
    for session in _sessions(client):
        session.close()


def _sessions(client: Any) -> list[httpx.Client]:
    """Its connections: one for the collections, one for tenants and databases."""
    return [each._server._session for each in (client, client._admin_client)]


def _told_apart(place: ChromaPlace, response: httpx.Response) -> None:
    """Chroma's client makes an error without a kind of a reply that is not Chroma's own, such as a proxy's."""
    if response.is_success:
        return
    response.read()
    _check_let_in(place, response)
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or body.get("error") not in error_types:
        response.raise_for_status()


def _check_let_in(place: ChromaPlace, response: httpx.Response) -> None:
    if response.status_code not in (401, 403):
        return
    if place.token is None:
        what = "asks for a token: set ONRECORD_CHROMA_TOKEN"
    else:
        sent = "Authorization: Bearer" if place.header == "authorization" else "X-Chroma-Token"
        what = (
            f"refuses the token of ONRECORD_CHROMA_TOKEN, sent as {sent}: is it the right one, for the tenant {place.tenant} and"
            f" the database {place.database}, and the right header (ONRECORD_CHROMA_TOKEN_HEADER)?"
        )
    raise StorageError(f"the Chroma server at {place.url} {what} (status {response.status_code})")


def look_at(place: ChromaPlace) -> None:
    """Raises StorageError where no Chroma server lets us into that database; warns of one that should not be used."""
    try:
        with httpx.Client(base_url=place.url, timeout=_TIMEOUT, trust_env=False, headers=place.headers()) as client:

            def ask(path: str) -> httpx.Response:
                reply = client.get(path)
                _check_let_in(place, reply)
                return reply

            version = str(ask("/api/v2/version").raise_for_status().json())
            there = ask(f"/api/v2/tenants/{place.tenant}/databases/{place.database}")
            name = _name_of(ask("/openapi.json"))
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"ONRECORD_CHROMA={place.url} does not answer as a Chroma server of version 1 ({type(error).__name__}: {error});"
            " is it running, and is this its address?"
        ) from error
    if there.status_code == httpx.codes.NOT_FOUND:
        raise StorageError(
            f"the Chroma server at {place.url} has no database {place.database} of a tenant {place.tenant}: make it there, or"
            " set ONRECORD_CHROMA_TENANT and ONRECORD_CHROMA_DATABASE to what it has"
        )
    if (warning := warning_of(name, version)) is not None:
        log.warning("%s: %s", place.url, warning)


def _name_of(described: httpx.Response) -> str:
    """What the server calls itself. Chroma's Python server always says so, others may keep it to themselves."""
    if described.status_code == httpx.codes.NOT_FOUND:
        return _RUST
    return str(described.raise_for_status().json()["info"]["title"])


def warning_of(name: str, version: str) -> str | None:
    """What is wrong with a server that calls itself so, and is of this version; None where nothing is known."""
    numbers = tuple(map(int, re.findall(r"\d+", version)[:3]))
    if name == _RUST or not _FIRST_UNSAFE <= numbers <= _LAST_UNSAFE:
        return None
    return (
        f"this is Chroma's Python server, version {version}: whoever reaches it can run code on it without a key"
        " (CVE-2026-45829; no release up to 1.5.9 has the fix). Run Chroma's Rust server instead, as `chroma run` does, on a"
        " private network"
    )
