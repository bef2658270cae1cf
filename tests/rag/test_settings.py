"""Settings from the environment: read, bounded, and named where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import read_settings, unknown_variables


def test_the_environment_is_read_and_an_explicit_value_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ONRECORD_RETRIEVAL__K", "12")
    monkeypatch.setenv("ONRECORD_LIBRARY", "/elsewhere")

    settings = read_settings(library=tmp_path, log_level=None)

    assert (settings.retrieval.k, settings.library, settings.log_level) == (12, tmp_path, "warning")


def test_setting_one_nested_value_keeps_the_defaults_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    standard = read_settings()
    monkeypatch.setenv("ONRECORD_RETRIEVAL__K", "12")

    assert read_settings().retrieval == standard.retrieval.model_copy(update={"k": 12})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ONRECORD_RETRIEVAL__K", "0"),
        ("ONRECORD_RETRIEVAL__K", "many"),
        ("ONRECORD_RETRIEVAL__DENSE_WEIGHT", "1.5"),
        ("ONRECORD_INGEST__MAX_PASSAGE_WORDS", "5"),
        ("ONRECORD_SERVER__PORT", "70000"),
        ("ONRECORD_LOCK_WAIT_S", "-1"),
        ("ONRECORD_CHAT__DEADLINE_S", "0"),
        ("ONRECORD_CHAT__REASONING_EFFORT", "endless"),
        ("ONRECORD_GGUF__CONTEXT_TOKENS", "5"),
        ("ONRECORD_LOG_LEVEL", "loud"),
        ("ONRECORD_RETRIEVAL", "12"),
    ],
)
def test_a_value_out_of_bounds_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=f"{name}: Input should"):
        read_settings()


def test_every_variable_that_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_RETRIEVAL__K", "0")
    monkeypatch.setenv("ONRECORD_SERVER__PORT", "x")

    with pytest.raises(SettingsError, match=r"ONRECORD_RETRIEVAL__K.*ONRECORD_SERVER__PORT"):
        read_settings()


def test_a_group_of_settings_that_is_not_json_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_RETRIEVAL", "k=12")

    with pytest.raises(SettingsError, match="ONRECORD_RETRIEVAL"):
        read_settings()


def test_a_misspelt_variable_is_told_with_the_one_that_was_meant() -> None:
    found = unknown_variables(["ONRECORD_CHAT_MODLE", "ONRECORD_CHAT__NOTHING_LIKE_IT", "onrecord_library", "PATH"])

    assert found == {"ONRECORD_CHAT_MODLE": "ONRECORD_CHAT_MODEL", "ONRECORD_CHAT__NOTHING_LIKE_IT": None}


def test_every_setting_is_known_by_its_variable() -> None:
    assert unknown_variables(["ONRECORD_RETRIEVAL__K", "ONRECORD_GGUF__CONTEXT_TOKENS", "ONRECORD_LIBRARY"]) == {}


def test_variables_of_others_that_begin_alike_are_left_alone() -> None:
    assert unknown_variables(["ONRECORD_BENCH_DATA", "ONRECORD_TEST_GGUF"]) == {}
