"""What an article's language is taken to be."""

from __future__ import annotations

import pytest

from ingest.detection import language_of
from rag.domain import Article
from rag.languages import language_code, question_language
from tests.world import ARABIC, CHINESE, ENGLISH, GERMAN, JAPANESE, RUSSIAN, WORLD

DUTCH = Article(
    id="bridge-nl",
    title="De brug over de rivier is weer open",
    body=(
        "De minister zei op maandag dat de brug over de rivier in het voorjaar weer open is. We waren er niet van op de hoogte, "
        "was de reactie van de gemeente. Of er in de zomer of in de herfst nog een tweede brug komt, is volgens haar niet zeker."
    ),
    language="nl",
)


@pytest.mark.parametrize("article", WORLD, ids=lambda article: article.id)
def test_a_language_that_is_not_stated_is_told_from_the_words(article: Article) -> None:
    assert language_of(article.title, article.body, None) == article.language


@pytest.mark.parametrize("article", [RUSSIAN, ARABIC, CHINESE, JAPANESE], ids=lambda article: article.id)
def test_english_is_not_believed_of_letters_that_are_not_latin(article: Article) -> None:
    assert language_of(article.title, article.body[:40], "en") == article.language


def test_a_long_text_that_is_clearly_in_another_language_overrules_its_statement() -> None:
    assert language_of(GERMAN.title, GERMAN.body, "en") == "de"
    assert language_of(ENGLISH.title, ENGLISH.body, "fr") == "en"


def test_a_short_text_does_not_overrule_a_statement_in_its_script() -> None:
    assert language_of("Gipfel", "Der Gipfel beginnt am Freitag.", "nl") == "nl"


def test_plain_english_is_told_without_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes as long to load as a thousand articles take to tell."""
    monkeypatch.setattr("ingest.detection._identifier", None)

    assert language_of(ENGLISH.title, ENGLISH.body, None) == "en"
    assert language_of(ENGLISH.title, ENGLISH.body, "en-GB") == "en"


@pytest.mark.parametrize("article", [GERMAN, DUTCH], ids=lambda article: article.id)
def test_small_words_that_english_shares_with_its_kin_do_not_make_a_text_english(article: Article) -> None:
    assert language_of(article.title, article.body, None) == article.language


def test_a_language_that_the_model_does_not_know_is_taken_from_its_source() -> None:
    assert language_of(ENGLISH.title, ENGLISH.body, "sco") == "sco"


def test_a_text_without_letters_has_the_stated_language_or_none() -> None:
    assert language_of("2025", "1 2 3", None) is None
    assert language_of("2025", "1 2 3", "en-GB") == "en"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-GB", "en"), ("EN_us", "en"), ("zh-Hant-TW", "zh"), ("eng", "en"), ("Russian", "ru"), ("nb", "no"), ("iw", "he"),
        (" de ", "de"), ("und", None), ("", None), (None, None), ("??", None), ("12", None), ("x-klingon", None),
        ("de-", None), ("not a language", None),
    ],
)  # fmt: skip
def test_a_tag_is_its_primary_language_or_nothing(tag: str | None, code: str | None) -> None:
    assert language_code(tag) == code


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What was said about the war?", "en"),
        ("Who won the Tarvian Cup?", "en"),
        ("Was sagte Peskow über den Gipfel?", "de"),
        ("Wie lange dauert die Prüfung der Brücke?", "de"),
        ("¿Qué dijo la alcaldesa sobre el puente?", "es"),
        ("Qu'a dit le maire sur le pont ?", "fr"),
        ("что сказал Песков о саммите?", "ru"),
        ("Що сказав Песков про саміт?", "uk"),
        ("ماذا قال بيسكوف عن القمة؟", "ar"),
        ("谁赢得了奖杯", "zh"),
        ("橋の再建はいつ？", "ja"),
        ("Gipfel Genf", None),
    ],
)
def test_a_question_tells_its_language_by_its_script_and_small_words(question: str, language: str | None) -> None:
    assert question_language(question) == language
