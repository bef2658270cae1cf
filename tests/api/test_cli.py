"""The command line as a user runs it: one JSON document on stdout, log on stderr, exit 0, 1 or 2."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from filelock import FileLock

from tests.api.checking import SUMMIT, ask, check_abstention, check_offsets, check_quotation_marks
from tests.ingest.site import Page, Site, running
from tests.running import run
from tests.serving import PATIENCE_S, Ran, Served, end_of, environment, onrecord, serving, start, stop

VENDORS = {
    "chromadb", "langchain", "langchain_core", "langchain_openai", "openai", "tantivy", "sqlalchemy", "fastapi", "starlette",
    "uvicorn", "pydantic", "pydantic_settings", "httpx", "numpy", "rich", "wordllama", "tokenizers", "sse_starlette",
}  # fmt: skip
KEPT = "The kelp wardens of Sarn counted nine seals on Thursday, two more than last year."


def text_article(folder: Path, name: str, title: str, body: str = KEPT) -> Path:
    path = folder / f"{name}.txt"
    path.write_text(f"{title}\n\n{body}\n", encoding="utf-8")
    return path


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture(scope="module")
def shelf(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample articles in a library that no server holds and no test changes."""
    return Path(shutil.copytree(samples, tmp_path_factory.mktemp("shelf") / "library"))


# --- help ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        "--help", "--version", "ask --help", "search --help", "ingest --help", "serve --help", "doctor --help",
        "articles --help", "articles withdraw --help", "watch --help", "feeds --help", "eval --help", "eval run --help",
    ],
)  # fmt: skip
def test_help_imports_no_vendor(arguments: str) -> None:
    code = (
        "import sys, json\n"
        "from api.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as end: assert not end.code\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})), file=sys.stderr)"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments.split()], capture_output=True, env=environment(), check=True
    )

    assert ran.stdout.strip()
    assert VENDORS & set(json.loads(ran.stderr)) == set()


def test_help_names_every_command() -> None:
    ran = onrecord("--help")

    assert ran.code == 0
    for name in ("ingest", "ask", "search", "serve", "articles", "doctor", "eval"):
        assert name in ran.out


def test_the_installed_command_is_this_command() -> None:
    installed = Path(sys.executable).with_name("onrecord")
    if not installed.exists():
        pytest.skip(f"{installed} is not there: the package is not installed in this environment")

    ran = subprocess.run([installed, "--version"], capture_output=True, env=environment(), check=False)

    assert (ran.returncode, ran.stdout.decode()) == (0, onrecord("--version").out)


# --- without a server ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "method", "path", "body"),
    [
        (
            ("ask", "What", "did", "Varga", "say?", "--outlet", "Capital Ledger (sample)", "--as-of", "2025-10-01"),
            "POST",
            "/v1/ask",
            {
                "question": "What did Varga say?",
                "filters": {"outlets": ["Capital Ledger (sample)"]},
                "as_of": "2025-10-01",
            },
        ),
        (
            ("search", "crack in the bridge", "-k", "3", "--after", "2025-08-05", "--ignore", "period"),
            "POST",
            "/v1/search",
            {
                "query": "crack in the bridge",
                "k": 3,
                "filters": {"published_after": "2025-08-05"},
                "ignore": ["period"],
            },
        ),
        (("articles", "list", "--limit", "2", "--section", "local"), "GET", "/v1/articles?limit=2&section=local", None),
        (("articles", "show", "{id}"), "GET", "/v1/articles/{id}", None),
        (("doctor",), "GET", "/v1/library", None),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_json_is_one_document_and_what_http_returns(
    arguments: tuple[str, ...], method: str, path: str, body: Any, shelf: Path, client: httpx.Client
) -> None:
    newest = client.get("/v1/articles", params={"limit": 1}).json()["articles"][0]["id"]

    ran = onrecord(*(part.format(id=newest) for part in arguments), "--json", "--library", shelf)
    served = client.request(method, path.format(id=newest), json=body).json()

    assert (ran.code, ran.err) == (0, "")
    assert lasting(json.loads(ran.out)) == lasting(served)


def test_a_library_is_filled_asked_and_emptied_without_a_server(library: Path, tmp_path: Path) -> None:
    article = text_article(
        tmp_path, "seals", "Nine seals at Sarn", f"{KEPT}\n\n“They sing,” said Merle Anstey, a warden."
    )

    document("ingest", article, "--library", library)
    report = document("ingest", article, "--library", library)
    answer = document("ask", "What did Merle Anstey say?", "--library", library)
    seals = answer["citations"][0]["article"]["id"]
    withdrawn = document("articles", "withdraw", seals, "--library", library)
    after = document("ask", "What did Merle Anstey say?", "--library", library)

    names = {"new", "updated", "unchanged", "near_copies", "withdrawn", "untitled", "skipped", "skipped_by"}
    names |= {"passages", "seconds", "rate", "dry_run"}
    assert set(report) == names
    assert (report["new"], report["unchanged"]) == (0, 1)
    assert "They sing" in answer["text"]
    check_offsets(answer)
    check_quotation_marks(answer)
    assert withdrawn == {"id": seals, "withdrawn": True}
    assert not after["answered"]
    check_abstention(after)


def test_an_empty_library_says_how_to_fill_it(library: Path) -> None:
    ran = onrecord("ask", SUMMIT, "--library", library)

    assert ran.code == 0
    assert "`onrecord ingest` fills it" in ran.err
    assert "The library is empty" in ran.out


def test_an_article_is_read_from_standard_input(library: Path) -> None:
    ran = onrecord("ingest", "-", "--json", "--library", library, stdin=f"Nine seals\n\n{KEPT}\n".encode())

    assert ran.code == 0
    assert json.loads(ran.out)["new"] == 1


def ingest_address(library: Path, *, allowed: bool) -> tuple[Ran, Site]:
    """A page of a site on loopback, named by its address."""

    async def work() -> tuple[Ran, Site]:
        async with running(Site()) as site:
            site.pages["/seals"] = Page(f"Nine seals\n\n{KEPT}\n".encode())
            env = {"ONRECORD_FETCH__ALLOWED_HOSTS": site.host} if allowed else {}
            arguments = ("ingest", site.url("/seals"), "--json", "--library", library)
            return await asyncio.to_thread(onrecord, *arguments, env=env), site

    return run(work())


def test_an_article_is_read_from_an_address(library: Path) -> None:
    ran, site = ingest_address(library, allowed=True)

    assert ran.code == 0
    assert json.loads(ran.out)["new"] == 1
    listed = json.loads(onrecord("articles", "list", "--json", "--library", library).out)
    assert [article["url"] for article in listed["articles"]] == [site.url("/seals")]


def test_an_address_in_a_private_network_is_refused_with_the_setting_that_allows_it(library: Path) -> None:
    ran, site = ingest_address(library, allowed=False)

    assert ran.code == 1
    (skipped,) = json.loads(ran.out)["skipped"]
    assert skipped["where"] == site.url("/seals")
    assert "ONRECORD_FETCH__ALLOWED_HOSTS" in skipped["reason"]
    assert site.connections == 0


def test_an_empty_standard_input_fails_and_says_so(desk: Served) -> None:
    ran = onrecord("ingest", "-", "--library", desk.library)

    assert ran.code == 1
    assert "skipped standard input: it is empty" in ran.err


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(library: Path, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    text_article(news, "good", "Nine seals at Sarn")
    (news / "empty.txt").write_bytes(b"")
    (news / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    lines = [json.dumps({"title": f"Seal {n}", "body": f"Seal number {n} swam past the pier."}) for n in range(3)]
    lines[1] = lines[1][:-5]
    (news / "lines.jsonl").write_text("\n".join(lines))

    ran = onrecord("ingest", news, tmp_path / "missing.txt", "--library", library)

    assert ran.code == 0
    assert "3 new" in ran.out
    assert "4 skipped" in ran.out
    for where, why in (
        ("empty.txt", "empty"),
        ("picture.txt", "binary"),
        ("lines.jsonl:2", ""),
        ("missing.txt", "no such"),
    ):
        (said,) = [line for line in ran.err.splitlines() if where in line]
        assert why in said


def test_two_commands_at_once_both_do_their_work(library: Path, tmp_path: Path) -> None:
    files = [text_article(tmp_path, f"seals{n}", f"Seals, part {n}", f"{KEPT} Part {n}.") for n in range(2)]

    # However busy the machine is: the second waits until the first is done.
    env = {"ONRECORD_LOCK_WAIT_S": str(PATIENCE_S)}
    both = [start("ingest", file, "--json", "--library", library, env=env) for file in files]
    ran = [end_of(process) for process in both]

    assert [(each.code, each.err) for each in ran] == [(0, ""), (0, "")]
    health = document("doctor", "--library", library)
    assert health["sound"]
    assert health["counts"]["articles"] == 2


# --- exit codes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "COMMAND"),
        (("publish",), "invalid choice: 'publish'"),
        (("ask",), "question"),
        (("ask", "x", "--nope"), "--nope"),
        (("ask", "x", "--mode", "magic"), "magic"),
        (("search", "x", "-k", "many"), "many"),
        (("articles",), "ACTION"),
        (("serve", "--port", "eighty"), "eighty"),
    ],
)
def test_a_command_that_is_not_one_exits_2(arguments: tuple[str, ...], says: str) -> None:
    ran = onrecord(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("ask", ""), 2, "the question is empty"),
        (("ask", "x y", "--after", "May"), 2, "ISO 8601"),
        (("ask", "x y", "--after", "2025-08-01", "--before", "2025-07-01"), 2, "ends before it starts"),
        (("ask", "x y", "--mode", "model"), 2, "none is set"),
        (("search", "x y", "-k", "0"), 2, "greater than or equal to 1"),
        (("articles", "show", "nosuch"), 1, "'nosuch'"),
        (("articles", "withdraw", "nosuch"), 1, "'nosuch'"),
        (("articles", "show", "a b"), 2, "article_id"),
        (("ingest",), 2, "--samples"),
        (("ingest", "/nowhere/news.txt"), 1, "no such file"),
        (("doctor", "--repair"), 1, "stop it before repairing"),
        (("ask", "What did Angela Merkel say about nuclear power?"), 0, ""),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_command_exits_by_what_became_of_it(arguments: tuple[str, ...], code: int, says: str, server: Served) -> None:
    ran = onrecord(*arguments, "--library", server.library)

    assert ran.code == code
    assert says in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) <= 1, "an error is one line"


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("ONRECORD_RETRIEVAL__K", "0", 2),
        ("ONRECORD_LOG_LEVEL", "loud", 2),
        ("ONRECORD_SERVER__PORT", "99999", 2),
        ("ONRECORD_CHAT_MODEL", "openai:gpt-5-mini", 2),
    ],
)
def test_a_setting_that_is_wrong_is_named(setting: str, value: str, code: int, library: Path) -> None:
    ran = onrecord("doctor", "--library", library, env={setting: value})

    assert ran.code == code
    assert setting in ran.err
    assert "Traceback" not in ran.err


def test_a_library_made_by_another_embedding_is_refused(shelf: Path) -> None:
    ran = onrecord("ask", SUMMIT, "--library", shelf, env={"ONRECORD_EMBEDDING": "minilm"})

    assert ran.code == 1
    assert "ONRECORD_EMBEDDING=static, not minilm" in ran.err
    assert "doctor --repair" in ran.err


def test_a_folder_that_is_no_library_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    ran = onrecord("ask", SUMMIT, "--library", tmp_path)

    assert ran.code == 1
    assert "is not a library" in ran.err
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_library_in_use_is_said_to_be(shelf: Path) -> None:
    with FileLock(shelf / "lock"):
        ran = onrecord("ask", SUMMIT, "--library", shelf, env={"ONRECORD_LOCK_WAIT_S": "0"})

    assert ran.code == 1
    assert "in use by another process" in ran.err


# --- beside a server -------------------------------------------------------------------------------------------------


def test_what_is_ingested_beside_a_server_is_in_its_next_answer(
    desk: Served, editor: httpx.Client, tmp_path: Path
) -> None:
    body = f"{KEPT}\n\n“The tide table is wrong,” said Orla Venn, the harbour clerk of Sarn."
    article = text_article(tmp_path, "tide", "Tide table of Sarn is wrong", body)

    report = document("ingest", article, tmp_path / "missing.txt", "--library", desk.library)
    answer = ask(editor, {"question": "What did Orla Venn say about the tide table?"}).answer

    assert report["new"] == 1
    assert [Path(skipped["where"]).name for skipped in report["skipped"]] == ["missing.txt"]
    assert "The tide table is wrong" in answer["text"]


def test_a_record_that_the_server_refuses_keeps_its_place_in_the_file(desk: Served, tmp_path: Path) -> None:
    lines = [{"title": f"Buoy {n}", "body": f"Buoy number {n} was painted red off Sarn."} for n in range(4)]
    lines[2]["body"] = "Red."
    path = tmp_path / "buoys.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))

    report = document("ingest", path, "--library", desk.library)

    assert report["new"] == 3
    ((where, reason),) = [(skipped["where"], skipped["reason"]) for skipped in report["skipped"]]
    assert where == f"{path}:3"
    assert "body has 1 words" in reason


def test_what_is_withdrawn_beside_a_server_is_gone_from_it(desk: Served, editor: httpx.Client) -> None:
    editor.put("/v1/articles/sarn-lamp", json={"title": "Sarn lamp", "body": KEPT})

    ran = onrecord("articles", "withdraw", "sarn-lamp", "--library", desk.library)

    assert ran.code == 0
    assert "sarn-lamp is withdrawn" in ran.out
    assert editor.get("/v1/articles/sarn-lamp").status_code == 404


def test_an_answer_beside_a_server_is_the_servers(desk: Served, editor: httpx.Client) -> None:
    answer = document("ask", SUMMIT, "--library", desk.library)

    assert lasting(answer) == lasting(editor.post("/v1/ask", json={"question": SUMMIT}).json())


def test_a_person_reads_the_answer_with_its_quotes_and_sources(server: Served) -> None:
    ran = onrecord("ask", SUMMIT, "--library", server.library)

    assert ran.code == 0
    words = " ".join(ran.out.split())
    assert "Dmitry Peskov" in words
    assert "“A summit can and must be the full stop" in words
    assert (
        "[1] Kremlin says a summit can only seal a finished peace deal — Meridian Wire (sample), 25 July 2025" in words
    )
    assert "https://meridian-wire.example/2025/07/25/kremlin-summit-finished-deal" in words
    assert "\x1b" not in ran.out, "colours where stdout is no terminal"


def test_the_server_says_where_it_is_and_leaves_nothing_behind(samples: Path, tmp_path: Path) -> None:
    library = Path(shutil.copytree(samples, tmp_path / "library"))

    with serving(library, tmp_path / "log") as served:
        owner = json.loads((library / "owner.json").read_text())
        code = stop(served.process)

    assert owner.pop("secret").startswith("onrl_")
    assert owner == {"pid": served.process.pid, "command": "onrecord serve", "url": served.url}
    said = (tmp_path / "log").read_text()
    assert served.url in said
    assert "Traceback" not in said
    assert code in (0, 130)
    assert not (library / "owner.json").exists()
    with FileLock(library / "lock", timeout=0):
        pass


def test_a_server_that_was_killed_stands_in_nobodys_way(samples: Path, tmp_path: Path) -> None:
    library = Path(shutil.copytree(samples, tmp_path / "library"))

    with serving(library, tmp_path / "log") as served:
        served.process.send_signal(signal.SIGKILL)
        served.process.wait()
    health = document("doctor", "--library", library)

    assert health["sound"]
    assert health["counts"]["articles"] == 18


def test_a_port_in_use_is_said_to_be(server: Served, library: Path) -> None:
    ran = onrecord("serve", "--port", str(httpx.URL(server.url).port), "--library", library)

    assert ran.code == 2
    assert "choose another with --port" in ran.err


# --- output that nobody takes ----------------------------------------------------------------------------------------


@pytest.fixture
def gone() -> Iterator[int]:
    """A pipe's writing end; whoever read from the other is gone."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def run_into(stdout: int, *arguments: str | Path) -> tuple[int, str]:
    """Exit code and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=environment(),
        check=False,
    )
    return done.returncode, done.stderr.decode()


def test_a_pipe_that_nobody_reads_ends_a_command_quietly(server: Served, gone: int) -> None:
    assert run_into(gone, "articles", "list", "--json", "--library", server.library) == (0, "")


def test_a_pipe_that_nobody_reads_ends_a_command_for_persons_quietly(server: Served, gone: int) -> None:
    assert run_into(gone, "articles", "list", "--library", server.library) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_output_to_a_full_disk_fails_in_one_line(server: Served) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        code, said = run_into(full, "articles", "list", "--json", "--library", server.library)
    finally:
        os.close(full)

    assert code == 1
    assert "Traceback" not in said


def document(*arguments: str | Path) -> Any:
    """What a command prints with --json, which is one document."""
    ran = onrecord(*arguments, "--json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def lasting(answer: dict[str, Any]) -> dict[str, Any]:
    """Without what differs from run to run; evidence that was not asked for is null or not there."""
    per_run = ("id", "timings_ms") if "timings_ms" in answer else ()
    return {
        name: value for name, value in answer.items() if name not in per_run and (name, value) != ("evidence", None)
    }
