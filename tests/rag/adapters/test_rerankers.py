from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from langchain_core.documents import BaseDocumentCompressor, Document

from rag.adapters.compressor_reranker import CompressorReranker, load_compressor
from rag.adapters.served_reranker import ServedReranker
from rag.adapters.signals_reranker import SignalsReranker, shipped_weights
from rag.domain import Part, Period, Query
from rag.errors import ProviderError, ProviderRefusedError, ProviderTimeoutError, SettingsError
from rag.known import KnownNames
from rag.ranking import Reranker
from rag.terms import stems
from tests.contracts.reranker import ANSWER, BESIDE, QUESTION, RerankerContract, candidate

Reply = tuple[int, Any]


class FewWords:
    """A library in which no word is more than half as common as it could be."""

    async def document_frequencies(self, words: Sequence[str]) -> list[int]:
        return [3 for _ in words]

    async def passage_count(self) -> int:
        return 100

    async def names(self) -> KnownNames:
        return KnownNames()


class TestOurOwn(RerankerContract):
    def reranker(self) -> Reranker:
        return SignalsReranker(FewWords(), shipped_weights(), depth=60)


class ByWords(BaseDocumentCompressor):
    """Keeps the documents that share words with the question, the most first; `fails` raises instead."""

    fails: bool = False

    def compress_documents(
        self, documents: Sequence[Document], query: str, callbacks: object = None
    ) -> Sequence[Document]:
        if self.fails:
            raise ConnectionError("the model's host is gone")
        shared = [(len(stems(each.page_content) & stems(query)), each) for each in documents]
        return [each for count, each in sorted(shared, key=lambda pair: -pair[0]) if count]


class TestAnyCompressor(RerankerContract):
    def reranker(self) -> Reranker:
        return CompressorReranker("by words", ByWords(), depth=60, deadline_s=5)

    def test_what_it_leaves_out_stays_behind_in_the_order_of_the_search(self) -> None:
        first, answer, second = self.scored(BESIDE, ANSWER, "Rain fell.")

        assert answer > first > second

    def test_its_failures_are_ours(self) -> None:
        failing = CompressorReranker("by words", ByWords(fails=True), depth=60, deadline_s=5)

        with pytest.raises(ProviderError, match="by words"):
            asyncio.run(failing.scores(Query(QUESTION, QUESTION), Part(QUESTION), [candidate(ANSWER)]))


@contextmanager
def served(*replies: Reply | Callable[[dict[str, Any]], Reply]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """A rerank endpoint that answers with these in turn, the last one for ever; its url, and what it was asked."""
    asked: list[Mapping[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({**body, "authorization": self.headers.get("Authorization")})
            reply = replies[min(len(asked), len(replies)) - 1]
            status, content = reply(body) if callable(reply) else reply
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/rerank", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def by_words(body: dict[str, Any]) -> Reply:
    wanted = stems(body["query"])
    results = [
        {"index": n, "relevance_score": len(stems(text) & wanted) / 10} for n, text in enumerate(body["documents"])
    ]
    return 200, {"results": sorted(results, key=lambda each: -each["relevance_score"])}


class TestServed(RerankerContract):
    @pytest.fixture(autouse=True)
    def _served(self) -> Iterator[None]:
        with served(by_words) as (url, _):
            self.url = url
            yield

    def reranker(self) -> Reranker:
        return ServedReranker("words-1", self.url, retries=0)


def asked_once(url: str, *, retries: int = 1, deadline_s: float = 5.0, key: str | None = None) -> list[float]:
    reranker = ServedReranker("words-1", url, key=key, retries=retries, backoff_s=0.01, deadline_s=deadline_s)
    candidates = [candidate(BESIDE), candidate(ANSWER, name="b")]
    return asyncio.run(reranker.scores(Query(QUESTION, QUESTION), Part(QUESTION), candidates))


def test_the_model_the_question_and_the_key_are_sent() -> None:
    with served(by_words) as (url, asked):
        asked_once(url, key="secret")

    assert asked[0]["model"] == "words-1"
    assert asked[0]["query"] == QUESTION
    assert asked[0]["authorization"] == "Bearer secret"
    assert ANSWER in asked[0]["documents"][1]


def test_a_busy_server_is_asked_again_and_then_given_up() -> None:
    with served((503, {}), by_words) as (url, asked):
        assert asked_once(url)[1] > 0
        assert len(asked) == 2
    with served((503, {})) as (url, asked):
        with pytest.raises(ProviderError, match="503"):
            asked_once(url)
        assert len(asked) == 2


def test_a_refusal_is_final() -> None:
    with served((401, {})) as (url, asked):
        with pytest.raises(ProviderRefusedError, match="401"):
            asked_once(url)
        assert len(asked) == 1


def test_a_silent_server_is_waited_for_no_longer_than_the_deadline() -> None:
    held = threading.Event()

    def silent(_: dict[str, Any]) -> Reply:
        held.wait(10)
        return 200, {}

    with served(silent) as (url, _):
        with pytest.raises(ProviderTimeoutError):
            asked_once(url, deadline_s=0.2, retries=0)
        held.set()


@pytest.mark.parametrize(
    "reply",
    [
        b"<html>hello</html>",
        {"data": []},
        {"results": []},
        {"results": [{"index": 7, "relevance_score": 1.0}]},
        {"results": [{"index": 0, "relevance_score": float("nan")}]},
    ],
)
def test_a_reply_that_is_no_order_is_an_error_that_says_so(reply: object) -> None:
    with served((200, reply)) as (url, _), pytest.raises(ProviderError, match="words-1"):
        asked_once(url)


@pytest.mark.parametrize("path", ["no.such.package:Thing", "rag.terms:NoSuch", "rag.terms:Word", "builtins:object"])
def test_a_compressor_that_cannot_be_had_is_named(path: str) -> None:
    with pytest.raises(SettingsError, match="ONRECORD_RERANK__BY"):
        load_compressor(path, {})


def scores_by_year(query: Query, years: Sequence[int] = (2015, 2019, 2024)) -> list[float]:
    """Of the same words published in each of these years."""
    reranker = SignalsReranker(FewWords(), shipped_weights(), depth=60)
    found = [candidate(ANSWER, name=name) for name in "abc"]
    for each, year in zip(found, years, strict=True):
        object.__setattr__(each.stored.article, "published_at", datetime(year, 5, 1, tzinfo=UTC))
    return asyncio.run(reranker.scores(query, Part(QUESTION, period=query.period), found))


def test_asked_as_of_a_day_the_newer_of_two_alike_is_preferred() -> None:
    oldest, older, new = scores_by_year(Query(QUESTION, QUESTION, as_of=datetime(2024, 6, 1, tzinfo=UTC)))

    assert new > older > oldest


def test_asked_about_a_time_what_was_published_nearest_to_it_is_preferred() -> None:
    time = Period("in June 2019", datetime(2019, 6, 1, tzinfo=UTC), datetime(2019, 7, 1, tzinfo=UTC))

    before, near, after = scores_by_year(Query(QUESTION, QUESTION, period=time, as_of=datetime(2024, 6, 1, tzinfo=UTC)))

    assert near > before
    assert near > after


def test_without_a_time_in_the_question_the_day_says_nothing() -> None:
    query = Query(QUESTION, QUESTION)

    assert scores_by_year(query) == scores_by_year(query, (2024, 2019, 2015))
