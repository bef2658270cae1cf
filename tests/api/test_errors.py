"""What is asked wrongly gets a problem that says what is wrong and what would be right; nothing ends in a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.api.checking import SUMMIT
from tests.api.conftest import connected
from tests.serving import Served

ASK, SEARCH, ARTICLES = "/v1/ask", "/v1/search", "/v1/articles"
BACKWARDS = {"published_after": "2025-08-01", "published_before": "2025-07-01"}
BODY = "The lamp on Quince Street was mended on Monday by two women from the works department."
JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong request, the status that it deserves, and words that its problem must say."""

    what: str
    method: str
    path: str
    status: int
    says: tuple[str, ...]
    body: Any = None
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, client: httpx.Client) -> httpx.Response:
        content = json.dumps(self.body).encode() if self.body is not None else self.raw
        headers = (JSON if content is not None else {}) | self.headers
        return client.request(self.method, self.path, content=content, headers=headers)


def asked(what: str, status: int, *says: str, path: str = ASK, **body: Any) -> Wrong:
    return Wrong(what, "POST", path, status, says, body={"query" if path == SEARCH else "question": SUMMIT} | body)


def put(what: str, status: int, *says: str, **body: Any) -> Wrong:
    return Wrong(what, "PUT", f"{ARTICLES}/wrong", status, says, body=body)


WRONG = [
    asked("an empty question", 422, "question", "empty", question=""),
    asked("a question of blanks", 422, "question", "empty", question=" \n\t "),
    asked(
        "a question of 100,000 characters",
        422,
        "100,000 characters",
        "at most 4,000",
        question="summits " * 12_499 + "summit??",
    ),
    asked("a question that is a number", 422, "question", "string", question=7),
    asked("an empty search", 422, "empty", path=SEARCH, query=""),
    Wrong("no question", "POST", ASK, 422, ("question", "required"), body={}),
    asked("an unknown filter", 422, "filters.outlet", "no such field", filters={"outlet": ["x"]}),
    asked("an unknown filter of a search", 422, "filters.year", "no such field", path=SEARCH, filters={"year": 1}),
    asked("an unknown field", 422, "temperature", "no such field", temperature=0.5),
    asked("a range that ends before it starts", 422, "ends before it starts", filters=BACKWARDS),
    asked("a search in such a range", 422, "ends before it starts", path=SEARCH, filters=BACKWARDS),
    asked(
        "a date in words", 422, "filters.published_after", "ISO 8601", "2025-07-25", filters={"published_after": "May"}
    ),
    asked("a day that does not exist", 422, "as_of", "ISO 8601", as_of="2025-02-30"),
    asked("a date that is a number", 422, "as_of", "2025-07-25", as_of=1753437600),
    asked("a filter that is no list", 422, "filters.outlets", "list", filters={"outlets": "The Harbour Post"}),
    asked("k of nothing", 422, "k", "greater than or equal to 1", k=0),
    asked("k beyond bounds", 422, "k", "less than or equal to 50", k=51),
    asked("k beyond the bounds of a search", 422, "k", "less than or equal to 100", path=SEARCH, k=101),
    asked("k of one and a half", 422, "k", "integer", k=1.5),
    asked("an unknown mode", 422, "mode", "'auto', 'model' or 'extractive'", mode="magic"),
    asked("a model where none is set", 422, "mode=model", "none is set", "auto or extractive", mode="model"),
    asked("an unknown grounding", 422, "grounding", "'strict' or 'flag'", grounding="loose"),
    asked("an unknown part to include", 422, "include", "'evidence'", include=["everything"]),
    asked(
        "a turn of nobody",
        422,
        "conversation.0.role",
        "'user' or 'assistant'",
        conversation=[{"role": "x", "content": "y"}],
    ),
    Wrong("a body that is not JSON", "POST", ASK, 400, ("not JSON",), raw=b"question=what"),
    Wrong("a body that breaks off", "POST", ASK, 400, ("not JSON",), raw=b'{"question": "wha'),
    Wrong("a body nested too deeply", "POST", ASK, 400, ("body",), raw=b'{"question":' + b"[" * 90_000),
    Wrong("an article that is not JSON", "PUT", f"{ARTICLES}/wrong", 400, ("not JSON",), raw=b"Headline\n\nBody"),
    Wrong("no body", "POST", ASK, 422, ("required",)),
    Wrong("a body of a foreign form", "POST", ASK, 422, (), raw=b"question=x", headers={"content-type": "text/plain"}),
    Wrong("a body that is too large", "POST", ARTICLES, 413, ("larger than 0.2 MB", "fewer"), raw=b" " * 300_000),
    Wrong("an unknown article", "GET", f"{ARTICLES}/nosuch", 404, ("'nosuch'", "GET /v1/articles lists them")),
    Wrong("an unknown revision", "GET", f"{ARTICLES}/nosuch?revision=7", 404, ("'nosuch'", "revision 7")),
    Wrong("a revision below one", "GET", f"{ARTICLES}/nosuch?revision=0", 422, ("revision", "equal to 1")),
    Wrong("withdrawing what is not there", "DELETE", f"{ARTICLES}/nosuch", 404, ("'nosuch'",)),
    Wrong("an article id with a blank", "GET", f"{ARTICLES}/a%20b", 422, ("article_id", "[A-Za-z0-9._~-]")),
    Wrong("an article id of 129 characters", "GET", f"{ARTICLES}/{'a' * 129}", 422, ("article_id", "128")),
    Wrong("an article id that climbs", "GET", f"{ARTICLES}/..%2f..%2fetc%2fpasswd", 404, ("not found",)),
    Wrong("an article id of NUL", "GET", f"{ARTICLES}/%00", 422, ("article_id",)),
    Wrong("an article id that is not UTF-8", "GET", f"{ARTICLES}/%ff%fe", 422, ("article_id",)),
    Wrong("a static file that climbs", "GET", "/static/..%2fapp.py", 404, ("not found",)),
    Wrong("an unknown path", "GET", "/v2/ask", 404, ("/v2/ask", "not found", "/docs")),
    Wrong("a wrong method", "GET", ASK, 405, ("GET /v1/ask", "method not allowed", "/docs")),
    Wrong("a wrong method on an article", "PATCH", f"{ARTICLES}/nosuch", 405, ("PATCH", "not allowed")),
    Wrong("a foreign host", "GET", "/healthz", 421, ("localhost", "'news.example'"), headers={"host": "news.example"}),
    Wrong("a host that looks like ours", "GET", "/", 421, ("localhost",), headers={"host": "127.0.0.1.evil.example"}),
    Wrong("a page of no articles", "GET", f"{ARTICLES}?limit=0", 422, ("limit", "equal to 1")),
    Wrong("a page of too many articles", "GET", f"{ARTICLES}?limit=501", 422, ("limit", "equal to 500")),
    Wrong("a cursor of our own making", "GET", f"{ARTICLES}?after=page2", 422, ("after='page2'", "`next`")),
    Wrong("a list after no date", "GET", f"{ARTICLES}?published_after=soon", 422, ("published_after", "ISO 8601")),
    put("an article without a title", 422, "title is missing", "headline", body=BODY),
    put("an article without a body", 422, "body is missing", "content", title="A lamp"),
    put("an article of two words", 422, "2 words", "at least 5", title="A lamp", body="It shines."),
    put("an article of no visible words", 422, "body is empty", title="A lamp", body="\u200b\u200b \n"),
    put("a title that is a list", 422, "title is a list", "text", title=["A lamp"], body=BODY),
    put(
        "a date with two readings",
        422,
        "two readings",
        "2025-07-25",
        title="A lamp",
        body=BODY,
        published_at="03/04/2025",
    ),
    put("a date far ahead", 422, "published_at", "1600", title="A lamp", body=BODY, published_at="2999-01-01"),
    put("a script for an address", 422, "http or https", title="A lamp", body=BODY, url="javascript:alert(1)"),
    put("an address with a port in words", 422, "port", title="A lamp", body=BODY, url="https://a.example:x/"),
    Wrong("an article that is a list", "PUT", f"{ARTICLES}/wrong", 422, ("JSON object",), body=[1]),
    Wrong("a list of no articles", "POST", ARTICLES, 422, ("0 articles", "1 to 1000"), body=[]),
    Wrong("1,001 articles", "POST", ARTICLES, 422, ("1001 articles", "1 to 1000"), body=[{}] * 1001),
    Wrong(
        "a list of only bad articles",
        "POST",
        ARTICLES,
        422,
        ("[0]: title is missing", "[1]: not an object"),
        body=[{"body": BODY}, 7],
    ),
    Wrong("an article that is bad alone", "POST", ARTICLES, 422, ("body is missing",), body={"title": "A lamp"}),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.what)
def test_a_wrong_request_is_told_what_would_be_right(wrong: Wrong, client: httpx.Client) -> None:
    response = wrong.send(client)

    check_problem(response, wrong.status, wrong.path)
    for words in wrong.says:
        assert words in response.json()["detail"].replace("Field required", "required")


def test_a_body_too_large_is_refused_also_where_its_length_is_not_stated(client: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield b" " * 10_000

    response = client.post(ARTICLES, content=pieces(), headers=JSON)

    check_problem(response, 413, ARTICLES)


def test_a_stream_that_is_wrong_ends_before_it_begins(client: httpx.Client) -> None:
    response = client.post(ASK, json={"question": "", "stream": True})

    check_problem(response, 422, ASK)


def test_each_wrong_field_is_listed(client: httpx.Client) -> None:
    response = client.post(ASK, json={"question": 7, "k": 0, "filters": {"outlet": []}})

    assert [error["field"] for error in response.json()["errors"]] == ["question", "filters.outlet", "k"]


def test_the_good_articles_of_a_list_are_kept(editor: httpx.Client) -> None:
    good = {"title": "Lamp of Quince Street mended", "body": BODY}

    response = editor.post(ARTICLES, json=[{"body": BODY}, good, "lamp"])

    report = response.json()
    assert (response.status_code, report["new"]) == (200, 1)
    assert [skipped["where"] for skipped in report["skipped"]] == ["[0]", "[2]"]
    assert "title is missing" in report["skipped"][0]["reason"]


def test_a_wrong_article_stores_nothing(editor: httpx.Client) -> None:
    editor.put(f"{ARTICLES}/lamp-without-title", json={"body": BODY})

    assert editor.get(f"{ARTICLES}/lamp-without-title").status_code == 404


def test_loopback_answers_to_its_own_names(client: httpx.Client) -> None:
    port = client.base_url.port

    for host in (f"localhost:{port}", f"127.0.0.1:{port}", "[::1]:80", "localhost"):
        assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_a_large_body_on_a_path_that_is_not_there_is_refused_as_well(client: httpx.Client) -> None:
    assert client.post("/nowhere", content=b" " * 300_000).status_code == 413


SURROGATE = '"\\ud800 Peskov summit"'
LAMP = f'"title": "A lamp", "body": "{BODY}"'
ODD_QUESTIONS = [
    ("POST", ASK, f'{{"question": {SURROGATE}}}', "half a surrogate pair in the question"),
    ("POST", ASK, f'{{"question": {SURROGATE}, "stream": true}}', "half a surrogate pair in a streamed question"),
    ("POST", SEARCH, f'{{"query": {SURROGATE}}}', "half a surrogate pair in a search"),
]


@pytest.mark.parametrize(("method", "path", "body"), [o[:3] for o in ODD_QUESTIONS], ids=[o[3] for o in ODD_QUESTIONS])
def test_a_question_that_is_not_unicode_never_ends_in_a_500(method: str, path: str, body: str, desk: Served) -> None:
    with connected(desk) as client:
        response = client.request(method, path, content=body.encode(), headers=JSON)

    assert response.status_code < 500


ODD_ARTICLES = [
    ("PUT", f"{ARTICLES}/odd1", f'{{{LAMP}, "url": "https://a.example/\\ud800"}}', "half a surrogate pair in a url"),
    ("PUT", f"{ARTICLES}/odd2", f'{{{LAMP}, "url": "https://[abc/x"}}', "a url with half an IPv6 address"),
    ("PUT", f"{ARTICLES}/odd3", f'{{{LAMP}, "language": "\\ud800"}}', "half a surrogate pair in a language"),
    ("PUT", f"{ARTICLES}/odd4", f'{{{LAMP}, "published_at": "0001-01-01T00:00:00+23:59"}}', "a moment before year 1"),
    ("PUT", f"{ARTICLES}/odd5", f'{{{LAMP}, "published_at": "9999-12-31T23:59:59-23:59"}}', "a moment after year 9999"),
    ("POST", ARTICLES, f'[{{{LAMP}, "url": "https://[abc/x"}}]', "a list with half an IPv6 address"),
]


@pytest.mark.parametrize(("method", "path", "body"), [o[:3] for o in ODD_ARTICLES], ids=[o[3] for o in ODD_ARTICLES])
def test_odd_articles_are_stored_or_refused(method: str, path: str, body: str, desk: Served) -> None:
    with connected(desk) as client:
        response = client.request(method, path, content=body.encode(), headers=JSON)

    assert response.status_code in (200, 201, 422)


@pytest.mark.parametrize(
    "body",
    [
        '{"question": "what did \\u0000 say?"}',
        '{"question": "x y", "as_of": "0001-01-01T00:00:00+23:59"}',
        '{"question": "x y", "filters": {"published_before": "9999-12-31T23:59:59-23:59"}}',
        '{"question": "title:crack AND (body:\\"pier\\" OR *) ^2 [a TO b] ~~"}',
        '{"question": "\U0001f9e8 \u202e \u200b ﷽ " }',
        '{"question": "x y", "filters": {"article_ids": ["\' OR 1=1 --", "*"]}}',
        '{"question": "x y", "filters": {"outlets": ["\\u0000"]}}',
        '{"question": "And he?", "conversation": [{"role": "user", "content": "What did \\ud800 Peskov say?"}]}',
        '{"question": "x y", "k": 1e999}',
        '{"question": "x y", "k": NaN}',
        '{"question": "x y", "k": ' + "9" * 5000 + "}",
    ],
)
def test_odd_questions_are_answered_or_refused(body: str, client: httpx.Client) -> None:
    response = client.post(ASK, content=body.encode(), headers=JSON)

    assert response.status_code in (200, 400, 422)


def test_a_list_in_a_range_that_ends_before_it_starts_is_refused(client: httpx.Client) -> None:
    response = client.get(ARTICLES, params=BACKWARDS)

    assert response.status_code == 422


def test_a_list_by_an_unknown_filter_is_refused(client: httpx.Client) -> None:
    response = client.get(ARTICLES, params={"outlets": "Capital Ledger (sample)"})

    assert response.status_code == 422


def test_articles_that_are_a_number_are_refused_in_words_of_the_reader(client: httpx.Client) -> None:
    response = client.post(ARTICLES, json=3)

    check_problem(response, 422, ARTICLES)
    assert "dict[" not in response.text


def test_a_body_that_is_not_utf_8_is_told_so(client: httpx.Client) -> None:
    response = client.post(ASK, content=b'{"question": "\xff\xfe"}', headers=JSON)

    check_problem(response, 400, ASK)
    assert "UTF-8" in response.json()["detail"]


def test_a_body_of_another_type_is_told_which_is_right(client: httpx.Client) -> None:
    response = client.post(ASK, content=b'{"question": "x"}', headers={"content-type": "text/plain"})

    assert "application/json" in response.json()["detail"]


def check_problem(response: httpx.Response, status: int, path: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"].strip()
    assert problem["instance"] == httpx.URL(f"http://x{path}").path
    for leak in ("Traceback", 'File "', ".py", "site-packages", "/work/", "/home/", "sqlalchemy", "pydantic"):
        assert leak not in response.text.replace("/static/../app.py", "")


@pytest.mark.parametrize(
    ("path", "method", "code", "kind", "schema"),
    [
        ("/v1/chat/completions", "post", "400", "application/json", "OpenAIError"),
        ("/v1/models/{name}", "get", "404", "application/json", "OpenAIError"),
        ("/v1/dify/retrieval", "post", "422", "application/json", "DifyError"),
        ("/v1/ask", "post", "422", "application/problem+json", "Problem"),
        ("/v1/articles/{article_id}", "get", "404", "application/problem+json", "Problem"),
    ],
)
def test_the_description_has_each_error_in_the_form_in_which_it_comes(
    client: httpx.Client, path: str, method: str, code: str, kind: str, schema: str
) -> None:
    document = client.get("/openapi.json").json()

    content = document["paths"][path][method]["responses"][code]["content"]
    assert content == {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    assert schema in document["components"]["schemas"]


def test_a_method_that_an_address_lacks_is_refused_with_all_that_it_has(client: httpx.Client) -> None:
    refused = client.request("PATCH", "/v1/articles/some")

    assert (refused.status_code, refused.headers["allow"]) == (405, "DELETE, GET, PUT")
