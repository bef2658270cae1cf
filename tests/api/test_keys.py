"""Keys as an operator handles them: made, listed and revoked by commands, on a server that other machines can reach."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import httpx2
import openai
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from playwright.sync_api import expect, sync_playwright

from tests.serving import PATIENCE_S, Served, onrecord, serving

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUESTION = "who won the Tarvian Cup?"


@pytest.fixture(scope="module")
def library(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(samples, tmp_path_factory.mktemp("remote") / "library"))


@pytest.fixture(scope="module")
def made(library: Path) -> dict[str, Any]:
    """The first key, made before there is a server."""
    return created(library, "--name", "the first", "--scope", "ask, read", "--expires", "90d")


@pytest.fixture(scope="module")
def remote(library: Path, made: dict[str, Any]) -> Iterator[Served]:
    """A server on every address, as it starts once there is a key."""
    log = library.parent / "log"
    with serving(library, log, env={"ONRECORD_SERVER__HOST": "0.0.0.0"}) as served:
        yield served
    assert "Traceback" not in log.read_text()
    assert made["key"] not in log.read_text()


def created(library: Path, *arguments: str) -> dict[str, Any]:
    ran = onrecord("keys", "create", *arguments, "--library", library, "--json")
    assert ran.code == 0, ran.err
    fields: dict[str, Any] = json.loads(ran.out)
    return fields


def status(served: Served, key: str) -> int:
    headers = {"authorization": f"Bearer {key}"}
    return httpx.get(f"{served.url}/v1/articles", headers=headers, timeout=PATIENCE_S, trust_env=False).status_code


def test_a_key_is_made_listed_and_revoked_beside_a_running_server_at_once(remote: Served, made: dict[str, Any]) -> None:
    second = created(remote.library, "--name", "desk", "--scope", "read")
    assert (status(remote, made["key"]), status(remote, second["key"]), status(remote, "none")) == (200, 200, 401)

    revoked = onrecord("keys", "revoke", second["id"], "--library", remote.library)
    listed = onrecord("keys", "list", "--library", remote.library)

    assert revoked.code == 0
    assert status(remote, second["key"]) == 401
    assert f"{made['id']}  the first  ask,read  made " in listed.out
    assert f"{second['id']}  desk  read  made " in listed.out
    assert ", revoked " in listed.out
    assert second["key"] not in listed.out


def test_the_key_alone_stands_on_stdout(remote: Served) -> None:
    ran = onrecord("keys", "create", "--name", "n", "--scope", "ask", "--library", remote.library)

    assert ran.out.startswith("onr_")
    assert len(ran.out.split()) == 1
    assert "shown this once" in ran.err


def test_a_key_that_cannot_be_made_says_why(remote: Served) -> None:
    ran = onrecord("keys", "create", "--name", "n", "--scope", "ask,all", "--library", remote.library)

    assert ran.code == 2
    assert "Input should be 'ask', 'read', 'write' or 'admin'" in ran.err


def test_the_commands_of_the_machine_need_no_key(remote: Served) -> None:
    asked = onrecord("ask", QUESTION, "--library", remote.library)
    audit = onrecord("audit", "--library", remote.library, "--json")

    assert "Hallin Rovers" in asked.out
    changes = json.loads(audit.out)["changes"]
    assert changes[-1]["action"] == "onrecord ingest", "the samples, before there was a server"
    assert len(changes[-1]["targets"]) == 18
    assert {change["who"] for change in changes} == {"command line"}


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: the page is not tested")
def test_the_page_asks_for_a_key_keeps_it_for_its_tab_and_never_in_its_address(
    remote: Served, made: dict[str, Any]
) -> None:
    address = remote.url.replace("0.0.0.0", "127.0.0.1")
    expect.set_options(timeout=PATIENCE_S * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))

        page.goto(f"{address}/?q=who+won+the+Tarvian+Cup%3F")
        dialog = page.get_by_role("dialog", name="This library needs a key")
        dialog.get_by_label("Key").fill("onr_wrong")
        page.keyboard.press("Enter")
        expect(dialog).to_contain_text("That key lets nobody in")
        dialog.get_by_label("Key").fill(made["key"])
        dialog.get_by_role("button", name="Use it").click()
        expect(page.locator(".turn").last).to_contain_text("Hallin Rovers")
        page.reload()
        expect(page.locator(".turn").last).to_contain_text("Hallin Rovers")

        other = browser.new_context().new_page()
        other.goto(f"{address}/?q=who+won+the+Tarvian+Cup%3F")
        other.get_by_role("button", name="Not now").click()
        expect(other.get_by_role("alert")).to_contain_text("This library needs a key")
        browser.close()

    assert asked
    assert not [url for url in asked if made["key"] in url]


def test_openais_client_sends_the_key_as_its_own(remote: Served, made: dict[str, Any]) -> None:
    def client(key: str) -> openai.OpenAI:
        return openai.OpenAI(base_url=f"{remote.url}/v1", api_key=key, max_retries=0)

    with client(made["key"]) as ours:
        reply = ours.chat.completions.create(model="onrecord", messages=[{"role": "user", "content": QUESTION}])
    with client("sk-of-somebody-else") as theirs, pytest.raises(openai.AuthenticationError) as refused:
        theirs.models.list()

    assert "Hallin Rovers" in str(reply.choices[0].message.content)
    assert refused.value.code == "invalid_api_key"


def test_agents_act_with_the_scopes_of_their_own_keys_also_at_the_same_time(
    remote: Served, made: dict[str, Any]
) -> None:
    asks = created(remote.library, "--name", "agent", "--scope", "ask")
    keys = [made["key"], asks["key"]] * 4
    fetched: dict[int, bool] = {}

    async def fetch(number: int, key: str) -> None:
        async with (
            httpx2.AsyncClient(headers={"authorization": f"Bearer {key}"}, timeout=PATIENCE_S) as http,
            Client(streamable_http_client(f"{remote.url}/mcp", http_client=http)) as client,
        ):
            found = await client.call_tool("search", {"query": "Tarvian Cup"})
            assert found.structured_content is not None
            article = found.structured_content["results"][0]["id"]
            fetched[number] = not (await client.call_tool("fetch", {"id": article})).is_error

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for number, key in enumerate(keys):
                group.start_soon(fetch, number, key)

    anyio.run(all_at_once)

    assert fetched == {number: number % 2 == 0 for number in range(len(keys))}
    assert httpx.post(f"{remote.url}/mcp", json={}, trust_env=False).status_code == 401


def test_forwarded_addresses_are_believed_of_listed_proxies_alone(remote: Served, made: dict[str, Any]) -> None:
    headers = {"authorization": f"Bearer {made['key']}", "x-forwarded-for": "198.51.100.7"}

    httpx.delete(f"{remote.url}/v1/articles/nosuch", headers=headers, trust_env=False)

    changes = json.loads(onrecord("audit", "--library", remote.library, "--json").out)["changes"]
    assert (changes[0]["who"], changes[0]["address"], changes[0]["detail"]) == (made["id"], "127.0.0.1", "403")
