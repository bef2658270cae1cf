"""What ONRECORD_CHAT_MODEL may name, and what is said where it cannot be followed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from evals.standins.chat_script import Reply, turns
from evals.standins.chat_server import ChatServer
from rag.adapters.chat import LangChainChat
from rag.adapters.chat_providers import Connected
from rag.chatting import ChatModel, Finished
from rag.composition import make_chat
from rag.errors import SettingsError
from rag.settings import Settings, read_settings
from tests.rag.adapters.chats import QUICK, SECRET, Came, came_of, listen
from tests.running import run
from tests.serving import environment


@pytest.fixture(autouse=True)
def _no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_chat_model_there_is_none() -> None:
    assert make_chat(Settings()) is None


@pytest.mark.parametrize(("key", "sent"), [(SECRET, f"Bearer {SECRET}"), (None, "Bearer none"), ("", "Bearer none")])
def test_any_server_with_openais_format_is_a_model_by_two_variables(
    monkeypatch: pytest.MonkeyPatch, key: str | None, sent: str
) -> None:
    if key is not None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    monkeypatch.setenv("ONRECORD_CHAT_MODEL", "openai:org/some-model:7b")
    server = ChatServer(turns(Reply(text="Fine.")), models=("org/some-model:7b",))

    async def asked(model: ChatModel) -> str:
        try:
            return (await listen(model)).text
        finally:
            await model.close()

    with server as url:
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        model = make_chat(read_settings())
        assert model is not None
        assert run(asked(model)) == "Fine."

    assert model.name == "org/some-model:7b"
    assert server.requests[0].authorization == sent


def test_a_proxy_of_the_environment_is_not_asked_for_a_server_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)

    assert came_of(turns(Reply(text="Fine."))).text == "Fine."


@pytest.mark.parametrize("key", ["sk-geheimnis-ä", "sk-two\nlines"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)

    with pytest.raises(SettingsError, match="OPENAI_API_KEY holds characters") as refused:
        make_chat(Settings(chat_model="openai:gpt-5-mini"))

    assert key not in str(refused.value)


def test_any_model_of_langchain_streams_within_the_same_bounds() -> None:
    async def asked(most: int) -> tuple[Came, object]:
        fake = GenericFakeChatModel(messages=iter([AIMessage("It opens in May, END they say.")]))
        model = LangChainChat(Connected(fake, "fake", False, False, False, nothing), QUICK)
        return await listen(model, max_tokens=most, stop=("END",)), await model.judge([], ["yes", "no"])

    whole, verdict = run(asked(50))
    cut, _ = run(asked(1))

    assert (whole.text, whole.finished) == ("It opens in May, ", Finished("stop"))
    assert (cut.text, cut.finished) == ("It opens in May,", Finished("length"))
    assert verdict is None


async def nothing() -> None:
    return None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("openai:gpt-5-mini", "set OPENAI_API_KEY, or OPENAI_BASE_URL"),
        ("anthropic:claude-sonnet-4-5", "`pip install langchain-anthropic`"),
        ("nobody:model", "cannot be set up"),
        ("gpt-5-mini", "write provider:model"),
        ("openai:", "write provider:model"),
        ("gguf:", "cannot be read"),
        ("gguf:/nowhere/model.gguf", "cannot be read: No such file"),
    ],
)
def test_a_model_that_cannot_be_had_says_what_is_missing(name: str, says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        make_chat(Settings(chat_model=name))

    assert "ONRECORD_CHAT_MODEL=" in str(refused.value)
    assert says in str(refused.value)


def test_a_file_that_is_not_gguf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"PK\x03\x04 a wheel")

    with pytest.raises(SettingsError, match=r"is not a GGUF file"):
        make_chat(Settings(chat_model=f"gguf:{tmp_path / 'model.gguf'}"))


def test_a_gguf_file_without_the_wheel_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF\x03\x00\x00\x00")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)

    with pytest.raises(SettingsError, match="extra `local`"):
        make_chat(Settings(chat_model=f"gguf:{tmp_path / 'model.gguf'}"))


def test_no_chat_library_is_imported_where_no_chat_model_is_set() -> None:
    code = (
        "import sys\n"
        "from rag.composition import make_chat\n"
        "from rag.settings import Settings\n"
        "make_chat(Settings())\n"
        "import api.app\n"
        "print(sorted({'openai', 'langchain', 'langchain_openai', 'xllamacpp'} & set(sys.modules)))"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment(), check=True)

    assert ran.stdout.decode().strip() == "[]"
