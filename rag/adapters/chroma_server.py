"""A Chroma server, reached within bounds, and looked at before anything is sent to it."""

from __future__ import annotations

import logging
import re
from typing import Any
from urllib.parse import urlsplit

import chromadb
import httpx
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError

from rag.errors import StorageError

log = logging.getLogger(__name__)

_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
# The server that `chroma run` and Chroma's images start is Rust and calls itself this; the Python one is FastAPI's default.
_RUST = "chroma-frontend"
# GHSA-f4j7-r4q5-qw2c: from 1.0.0 on, no patched release named; the fix, chroma-core/chroma#7237, is merged after 1.5.9.
_FIRST_UNSAFE, _LAST_UNSAFE = (1, 0, 0), (1, 5, 9)


def connect(url: str) -> Any:
    """Chroma's client of the server. Raises StorageError where it does not answer or is no Chroma server."""
    look_at(url)
    parts = urlsplit(url)
    client: Any = chromadb.HttpClient(
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        ssl=parts.scheme == "https",
        settings=Settings(anonymized_telemetry=False),
    )
    for session in _sessions(client):
        session.timeout = _TIMEOUT  # Chroma's own client waits without end
    return client


def count_in(url: str, collection: str) -> int:
    """How many vectors a collection there holds; 0 where there is none of that name. Raises StorageError."""
    client = connect(url)
    try:
        return int(client.get_collection(collection, embedding_function=None).count())
    except NotFoundError:
        return 0
    except (ChromaError, httpx.HTTPError) as error:
        raise StorageError(f"the Chroma server at {url} cannot be asked for the library's vectors: {error}") from error
    finally:
        disconnect(client)


def disconnect(client: Any) -> None:
    """Close what Chroma's client leaves open."""
    for session in _sessions(client):
        session.close()


def _sessions(client: Any) -> list[httpx.Client]:
    """Its connections: one for the collections, one for tenants and databases."""
    return [each._server._session for each in (client, client._admin_client)]


def look_at(url: str) -> None:
    """Raises StorageError where no Chroma server answers there; warns of one that should not be used."""
    try:
        with httpx.Client(base_url=url, timeout=_TIMEOUT, trust_env=False) as client:
            version = str(client.get("/api/v2/version").raise_for_status().json())
            name = client.get("/openapi.json").raise_for_status().json()["info"]["title"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"ONRECORD_CHROMA={url} does not answer as a Chroma server of version 1 ({type(error).__name__}: {error});"
            " is it running, and is this its address?"
        ) from error
    if (warning := warning_of(str(name), version)) is not None:
        log.warning("%s: %s", url, warning)


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
