"""The `openai:` embedding through the real client, against a server on loopback that speaks OpenAI's format."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from rag.composition import make_embedder
from rag.errors import ProviderRefusedError, ProviderTimeoutError, SettingsError


class _Embeddings(BaseHTTPRequestHandler):
    """Each text's vector is its length and one; a wrong key is refused."""

    def do_POST(self) -> None:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.headers["authorization"] != "Bearer right":
            self._send(401, {"error": {"message": "Incorrect API key provided", "type": "invalid_request_error"}})
            return
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        rows = [{"object": "embedding", "index": n, "embedding": [float(len(t)), 1.0]} for n, t in enumerate(texts)]
        self._send(200, {"object": "list", "data": rows, "model": body["model"], "usage": {"total_tokens": 1}})

    def _send(self, status: int, document: object) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Embeddings)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "right")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")  # the vendor's client closes its sockets late


@pytest.mark.usefixtures("provider")
def test_any_openai_compatible_server_embeds_without_another_download() -> None:
    vectors = make_embedder("openai:any-name").passages(["abc", "abcd"])

    assert np.allclose(vectors, [[3 / 10**0.5, 1 / 10**0.5], [4 / 17**0.5, 1 / 17**0.5]])


@pytest.mark.usefixtures("provider")
def test_a_wrong_key_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")

    with pytest.raises(ProviderRefusedError) as refused:
        make_embedder("openai:any-name").question("abc")

    assert "sk-very-secret" not in str(refused.value)


def test_a_server_that_is_not_there_is_said_to_give_no_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "right")

    with pytest.raises(ProviderTimeoutError, match="no reply"):
        make_embedder("openai:any-name").question("abc")


def test_a_missing_key_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        make_embedder("openai:any-name")
