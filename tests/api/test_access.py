"""Who may do what: every route against every scope, and every way to have no right."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter

from api.access.table import NEEDS, Table, routes_of
from api.app import create_app
from rag.errors import SettingsError
from rag.keys import SCOPES, Scope
from rag.settings import ServerSettings, Settings
from tests.api.opened import ADDRESS, SITE, Opened, opened

SECRET_ROUTES = sorted(line for line, need in NEEDS.items() if need != "public")
FAKE = "onr_00000000_" + "x" * 43


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """An empty library as if it were bound to every address, with one key of each scope, and some that let nobody in."""
    library = tmp_path_factory.mktemp("remote") / "library"
    with opened(library) as first:
        first.key("ask", name="the first")
    with opened(library, host="0.0.0.0", origins=[SITE, "https://other.example"]) as served:
        yield served


@pytest.fixture(scope="module")
def credentials(remote: Opened) -> dict[str, tuple[str, dict[str, str], frozenset[Scope]]]:
    """By name: the bearer, the headers beside it, and the scopes that it really has."""
    keys = {scope: remote.key(scope, name=f"only {scope}")["key"] for scope in SCOPES}
    both = remote.key("ask", "read", name="both")["key"]
    revoked, expired = remote.key(*SCOPES, name="revoked"), remote.key(*SCOPES, name="expired", expires="1h")["key"]
    short = remote.token(both, "ask", "read", ttl_s=60)
    widowed = remote.key("ask", name="widowed")
    orphan = remote.token(widowed["key"], "ask", ttl_s=3600)
    for ended in (revoked, widowed):
        assert remote.send("DELETE", f"/v1/keys/{ended['id']}", remote.ops).status_code == 204
    remote.clock.pass_(3600)
    token = remote.token(both, "ask", "read")
    asking = remote.token(both, "ask")
    there = {"origin": SITE}
    header, _, rest = token.partition(".")
    return {
        **{f"key: {scope}": (key, {}, frozenset({scope})) for scope, key in keys.items()},
        "token": (token, there, frozenset({"ask", "read"})),
        "token: ask": (asking, there, frozenset({"ask"})),
        "no key": ("", {}, frozenset()),
        "no such key": (FAKE, {}, frozenset()),
        "revoked": (revoked["key"], {}, frozenset()),
        "expired": (expired, {}, frozenset()),
        "expired token": (short, there, frozenset()),
        "a revoked key's token": (orphan, there, frozenset()),
        "token elsewhere": (token, {"origin": "https://other.example"}, frozenset()),
        "token without origin": (token, {}, frozenset()),
        "token, tampered": (f"{header}.e30.{rest.partition('.')[2]}", there, frozenset()),
        "token, unsigned": (_unsigned(keys["ask"].split("_")[1]), there, frozenset()),
    }


def _unsigned(key_id: str) -> str:
    import jwt

    claims = {"scope": "ask read write admin", "origin": SITE, "exp": 4_000_000_000}
    return "onrt_" + jwt.encode(claims, "", algorithm="none", headers={"kid": key_id})


def call(served: Opened, line: str, bearer: str, headers: dict[str, str]) -> Any:
    """The route called with an id that is not there and a body that says nothing."""
    method, _, path = line.partition(" ")
    for name in ("article_id", "feed_id", "name"):
        path = path.replace(f"{{{name}}}", "nosuch")
    path = path.replace("{key_id}", "00000000")
    method = "POST" if method == "*" else method
    body: dict[str, Any] = {"json": {}} if method in ("POST", "PUT") else {}
    return served.send(method, path, bearer, headers=headers, **body)


@pytest.mark.parametrize("line", SECRET_ROUTES)
def test_a_route_lets_in_those_who_have_its_scope_and_nobody_else(
    line: str, remote: Opened, credentials: dict[str, tuple[str, dict[str, str], frozenset[Scope]]]
) -> None:
    for name, (bearer, headers, scopes) in credentials.items():
        reply = call(remote, line, bearer, headers)

        if not scopes:
            assert reply.status_code == 401, (name, reply.text)
            assert reply.headers["www-authenticate"].startswith('Bearer realm="onrecord"')
        elif NEEDS[line] not in scopes:
            assert reply.status_code == 403, (name, reply.text)
            assert f'scope="{NEEDS[line]}"' in reply.headers["www-authenticate"]
        else:
            assert reply.status_code not in (401, 403, 500), (name, reply.text)


@pytest.mark.parametrize("line", sorted(line for line, need in NEEDS.items() if need == "public" and "*" not in line))
def test_what_holds_no_data_is_open_and_a_wrong_key_does_not_close_it(line: str, remote: Opened) -> None:
    method, _, path = line.partition(" ")

    assert remote.send(method, path).status_code == 200
    assert remote.send(method, path, FAKE).status_code == 200


def test_every_route_of_the_application_stands_in_the_table_and_every_line_is_a_route(remote: Opened) -> None:
    assert sorted(routes_of(remote.app)) == sorted(NEEDS)


def test_an_application_with_a_route_that_the_table_does_not_know_does_not_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten = APIRouter()
    forgotten.add_api_route("/v1/forgotten", lambda: None, methods=["GET"])
    monkeypatch.setattr("api.routes.health.router", forgotten)

    with pytest.raises(LookupError, match="GET /v1/forgotten"):
        create_app(settings)


def test_a_route_that_the_door_does_not_see_is_handed_no_library(
    remote: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Table, "find", lambda *_: None)

    with pytest.raises(RuntimeError, match="was not let in"):
        remote.send("GET", "/v1/articles", remote.ops)


@pytest.mark.parametrize(
    "header", ["Basic eDp5", "Bearer", "Bearer ", "bearer\t", "Token {key}", "Bearer {key} more", "{key}"]
)
def test_a_key_in_another_form_is_no_key(header: str, remote: Opened) -> None:
    key = remote.key("ask")["key"]

    reply = remote.client.get("/v1/models", headers={"authorization": header.format(key=key)})

    assert reply.status_code == 401


def test_the_scheme_is_read_without_regard_to_case(remote: Opened) -> None:
    key = remote.key("ask")["key"]

    assert remote.client.get("/v1/models", headers={"authorization": f"bEARER  {key}"}).status_code == 200


def test_a_key_in_the_address_is_no_key(remote: Opened) -> None:
    key = remote.key("ask")["key"]

    assert (
        remote.send("GET", f"/v1/models?key={key}&authorization=Bearer%20{key}&access_token={key}").status_code == 401
    )


def test_a_refusal_is_a_problem_and_in_openais_shape_on_its_routes(remote: Opened) -> None:
    problem, theirs = remote.send("GET", "/v1/articles"), remote.send("GET", "/v1/models")
    lacking = remote.send("POST", "/v1/responses", remote.key("read")["key"], json={})

    assert problem.headers["content-type"] == "application/problem+json"
    assert (problem.json()["status"], problem.json()["title"]) == (401, "Unauthorized")
    assert "onrecord keys create" in problem.json()["detail"]
    assert theirs.json()["error"]["code"] == "invalid_api_key"
    assert "`ask`" in lacking.json()["error"]["message"]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"name": "n", "scopes": []}, "at least 1 item"),
        ({"name": "n", "scopes": ["all"]}, "Input should be 'ask', 'read', 'write' or 'admin'"),
        ({"name": "n", "scopes": ["ask"], "expires": "soon"}, "'soon' is not an interval"),
        ({"name": "n", "scopes": ["ask"], "expires": "11000d"}, "is not between 1m and 3650d"),
        ({"name": "n\x1b[2J", "scopes": ["ask"]}, "name"),
        ({"name": "", "scopes": ["ask"]}, "name"),
    ],
    ids=str,
)
def test_a_key_that_cannot_be_made_says_why(wanted: dict[str, Any], told: str, remote: Opened) -> None:
    refused = remote.send("POST", "/v1/keys", remote.ops, json=wanted)

    assert refused.status_code == 422
    assert told in refused.json()["detail"]


def test_a_key_is_revoked_once(remote: Opened) -> None:
    made = remote.key("ask")

    ended = [remote.send("DELETE", f"/v1/keys/{made['id']}", remote.ops).status_code for _ in range(2)]

    assert ended == [204, 404]


# --- on loopback -----------------------------------------------------------------------------------------------------


def test_loopback_is_open_until_a_key_is_made_and_stays_closed_when_it_is_revoked(tmp_path: Path) -> None:
    with opened(tmp_path / "library") as served:
        assert served.send("GET", "/v1/articles").status_code == 200
        assert served.send("GET", "/v1/articles", "none needed").status_code == 200, (
            "as OpenAI's clients have to send one"
        )
        assert served.send("GET", "/v1/articles", FAKE).status_code == 401, "one of ours is checked all the same"

        made = served.key("read")
        assert served.send("GET", "/v1/articles").status_code == 401
        assert served.send("GET", "/v1/articles", made["key"]).status_code == 200

        served.send("DELETE", f"/v1/keys/{made['id']}", served.ops)
        assert served.send("GET", "/v1/articles").status_code == 401
        assert served.send("GET", "/v1/articles", made["key"]).status_code == 401


def test_what_is_known_of_a_key_outlives_the_server(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with opened(library) as served:
        made = served.key("read", name="desk", expires="90d")
        served.send("GET", "/v1/articles", made["key"])
    with opened(library, host="0.0.0.0") as served:
        (listed,) = served.send("GET", "/v1/keys", served.ops).json()["keys"]

        assert (listed["name"], listed["scopes"], listed["state"]) == ("desk", ["read"], "active")
        assert listed["expires_at"] == "2026-05-30T12:00:00Z"
        assert listed["last_used_at"] == "2026-03-01T12:00:00Z"
        assert served.send("GET", "/v1/articles", made["key"]).status_code == 200


@pytest.mark.parametrize("server", [{"host": "0.0.0.0"}, {"require_keys": "always"}], ids=str)
def test_a_server_that_needs_keys_does_not_start_with_none_that_lets_anybody_in(
    server: dict[str, Any], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    with opened(library) as served:
        served.send("DELETE", f"/v1/keys/{served.key('ask')['id']}", served.ops)

    with pytest.raises(SettingsError, match="onrecord keys create"), opened(library, **server):
        pass


def test_where_a_proxy_checks_who_asks_no_key_is_needed(tmp_path: Path) -> None:
    with opened(tmp_path / "library", host="0.0.0.0", require_keys="never") as served:
        assert served.send("GET", "/v1/articles").status_code == 200


def test_a_name_that_only_points_at_loopback_is_refused_while_nothing_else_guards(tmp_path: Path) -> None:
    there = {"host": "evil.example"}
    with opened(tmp_path / "library") as served:
        assert served.send("GET", "/v1/articles", headers=there).status_code == 421
        key = served.key("read")["key"]
        assert served.send("GET", "/v1/articles", key, headers=there).status_code == 200


def test_what_lets_this_machines_commands_in_is_readable_to_its_user_alone(tmp_path: Path) -> None:
    note = tmp_path / "library" / "owner.json"
    with opened(tmp_path / "library") as served:
        assert served.ops in note.read_text()
        assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert not note.exists()


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_mints_no_token_and_a_key_gives_no_scope_that_it_has_not(remote: Opened) -> None:
    asks, reads = remote.key("ask")["key"], remote.key("read", "ask")["key"]
    wanted = {"scopes": ["read"], "origin": SITE}
    token = remote.token(reads, "ask")

    by_token = remote.send("POST", "/v1/tokens", token, json={"origin": SITE}, headers={"origin": SITE})
    beyond = remote.send("POST", "/v1/tokens", asks, json=wanted)

    assert (by_token.status_code, beyond.status_code) == (403, 403)
    assert "has not the scope `read`" in beyond.json()["detail"]


@pytest.mark.parametrize(
    "wanted",
    [
        {"origin": SITE, "scopes": ["write"]},
        {"origin": SITE, "scopes": ["admin", "ask"]},
        {"origin": SITE, "scopes": []},
        {"origin": SITE, "ttl_s": 3601},
        {"origin": "https://unlisted.example"},
        {"origin": "*"},
        {"origin": "null"},
        {"origin": f"{SITE}/path"},
        {},
    ],
    ids=str,
)
def test_a_token_that_would_be_too_much_is_not_minted(wanted: dict[str, Any], remote: Opened) -> None:
    assert remote.send("POST", "/v1/tokens", remote.key("ask")["key"], json=wanted).status_code == 422


def test_a_token_ends_with_its_time_and_with_its_keys(remote: Opened) -> None:
    key = remote.key("ask", expires="5m")["key"]
    token = remote.token(key, "ask", origin=f"{SITE.upper()}:443", ttl_s=3600)
    there = {"origin": SITE}
    assert remote.send("GET", "/v1/models", token, headers=there).status_code == 200

    remote.clock.pass_(300)

    refused = remote.send("GET", "/v1/models", token, headers=there)
    assert refused.status_code == 401
    assert "expired" in refused.json()["error"]["message"]


def test_pages_of_listed_sites_may_call_and_those_of_others_may_not(remote: Opened) -> None:
    asks = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}

    ours, theirs = (
        remote.send("OPTIONS", "/v1/ask", headers=asks | {"origin": site}) for site in (SITE, "https://evil.example")
    )
    refused = remote.send("POST", "/v1/ask", json={}, headers={"origin": SITE})

    assert ours.headers["access-control-allow-origin"] == SITE
    assert "access-control-allow-origin" not in theirs.headers
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == SITE, "so that the page can read why"
    for reply in (ours, theirs, refused):
        assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize(
    "written", ["*", "null", "example.org", "https://a.example/x", "ftp://a.example", "https://a.example b"]
)
def test_what_is_no_origin_is_not_listed(written: str) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        ServerSettings(origins=(written,))


# --- what is written down --------------------------------------------------------------------------------------------


def test_changes_are_written_down_with_who_made_them_and_without_words_of_an_article(remote: Opened) -> None:
    editor, reader = remote.key("write", name="editor"), remote.key("read", name="reader")
    article = {"title": "A buoy", "body": "The buoy off Zorvane was painted green on Monday morning."}

    stored = remote.send("PUT", "/v1/articles/buoy", editor["key"], json=article)
    posted = remote.send("POST", "/v1/articles", editor["key"], json=article | {"url": "https://z.example/b"})
    refused = remote.send("DELETE", "/v1/articles/buoy", reader["key"])
    missing = remote.send("DELETE", "/v1/articles/nosuch", editor["key"])
    remote.send("DELETE", "/v1/articles/buoy")  # a stranger's: in the log, since strangers could fill the disk

    found = remote.send("GET", "/v1/audit?limit=4", remote.ops)
    assert [each.status_code for each in (stored, posted, refused, missing)] == [201, 200, 403, 404]
    newest = [(c["who"], c["name"], c["action"], c["done"], c["detail"]) for c in found.json()["changes"]]
    assert newest == [
        (editor["id"], "editor", "DELETE /v1/articles/{article_id}", False, "404"),
        (reader["id"], "reader", "DELETE /v1/articles/{article_id}", False, "403"),
        (editor["id"], "editor", "POST /v1/articles", True, "200 1 new, 0 updated, 0 unchanged, 0 skipped"),
        (editor["id"], "editor", "PUT /v1/articles/{article_id}", True, "201"),
    ]
    targets = [change["targets"] for change in found.json()["changes"]]
    assert [targets[0], targets[1], targets[3]] == [["nosuch"], ["buoy"], ["buoy"]]
    assert remote.send("GET", f"/v1/articles/{targets[2][0]}", reader["key"]).json()["title"] == "A buoy"
    assert {change["address"] for change in found.json()["changes"]} == {ADDRESS}
    assert "Zorvane" not in found.text

    older = remote.send("GET", "/v1/audit", remote.ops, params={"before": found.json()["next"], "limit": 1}).json()
    assert older["changes"][0]["id"] == found.json()["next"] - 1


def test_a_stream_that_loads_articles_is_written_down_when_it_ends(remote: Opened) -> None:
    editor = remote.key("write")
    article = b"Ferry to Ombley runs again\n\nThe ferry to Ombley runs again from Monday, its operator said on Friday."

    sent = remote.send(
        "POST", "/v1/ingest", editor["key"], data={"stream": "true"}, files=[("files", ("ferry.txt", article))]
    )

    (change,) = remote.send("GET", "/v1/audit?limit=1", remote.ops).json()["changes"]
    assert "event: report" in sent.text
    assert (change["who"], change["action"], len(change["targets"])) == (editor["id"], "POST /v1/ingest", 1)
    assert change["detail"] == "200 1 new, 0 updated, 0 unchanged, 0 skipped"


def test_no_key_token_or_digest_is_shown_or_logged_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    library = tmp_path / "library"
    with opened(library, origins=[SITE]) as served:
        made = served.key(*SCOPES)
        key = made["key"]
        token = served.token(key, "ask")
        wrong = key[:-1] + ("a" if key[-1] != "a" else "b")
        replies = [call(served, line, key, {}) for line in NEEDS if not line.endswith("*")]
        replies += [served.send("GET", "/v1/articles", bearer) for bearer in (wrong, token, served.ops[:-1])]
        replies += [served.send("PUT", f"/v1/articles/x?key={i}", wrong, json={"title": wrong}) for i in range(3)]
        access = replies[0].request.headers["authorization"]
        (kept,) = served.app.state.service.access.keyring.all()
        said = "\n".join(reply.text + str(reply.headers) for reply in replies) + caplog.text + repr(kept)

    assert key in access
    for secret in (key, wrong, token, served.ops, kept.digest, kept.token_secret):
        assert secret not in said
    for file in library.glob("catalog.sqlite*"):
        content = file.read_bytes()
        assert key.encode() not in content
        assert key.split("_", 2)[2].encode() not in content
        assert served.ops.encode() not in content
