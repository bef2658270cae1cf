"""News in other languages: split, found, filtered, asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.splitting import split
from rag.adapters.lexical import TantivyLexical
from rag.citations import honest_quotes
from rag.domain import Article, Filters
from rag.sentences import sentence_spans
from rag.settings import IngestSettings, Settings
from rag.terms import stem, word_count, words
from tests.contracts.lexical import entry
from tests.newsroom import document
from tests.rag.asking import ask
from tests.world import CHINESE, GERMAN, JAPANESE, RUSSIAN, WORLD

ANSWERS = [
    ("что сказал Песков о саммите?", "ru", "«Саммит должен поставить точку"),
    ("Кто открыл мост в Озёрске?", "ru", "в городе Озёрске открыли новый мост"),
    ("кто открыл мост в озерске", "ru", "в городе Озёрске открыли новый мост"),
    ("Was sagte Anna Weiß über den Gipfel?", "de", "„Der Gipfel darf nicht ohne Ergebnis enden."),
    ("Wie lange dauert die Prüfung der Brücke?", "de", "Die Prüfung der Brücken soll bis zum Herbst dauern."),
    ("ماذا قال الوزير عن القمة؟", "ar", "«لا يمكن أن تنجح القمة"),
    ("كم كلفة ترميم الجسر", "ar", "وتبلغ كلفة الترميم أربعة ملايين دينار"),
    ("市长对峰会说了什么？", "zh", "气候峰会将于九月在江城举行"),
    ("大桥重建耗资多少？", "zh", "预计耗资一亿四千万元"),
    (
        "町長は灯台について何と言いましたか？",
        "ja",
        "「灯台は町の誇りだ。次の世代に残したい」と町長の森田健一は語った。",
    ),
]
REFUSALS = [
    "Что сказал Песков об экспорте зерна?",
    "Что сказал Волошин о саммите?",
    "Was sagte Weiß über Getreideexporte?",
    "ماذا قال الحداد عن القمح؟",
    "市长对粮食出口说了什么？",
    "市長は選挙について何と言いましたか？",
]


@pytest.mark.parametrize(("question", "article", "said"), ANSWERS)
def test_a_question_is_answered_in_its_own_language_with_a_citation(
    settings: Settings, question: str, article: str, said: str
) -> None:
    answer = ask(settings, question, WORLD)

    assert said in answer.claims[0].text
    assert answer.citations[0].article.id == article


@pytest.mark.parametrize("question", REFUSALS)
def test_what_nobody_said_is_refused_in_every_language(settings: Settings, question: str) -> None:
    assert ask(settings, question, WORLD).abstention is not None


@pytest.mark.parametrize("tag", ["de", "de-AT", "DE", "german"])
def test_a_filter_by_language_takes_any_form_of_its_tag(settings: Settings, tag: str) -> None:
    answer = ask(settings, "Gipfel summit саммит 峰会", WORLD, filters=Filters(languages=(tag,)))

    assert {scored.article.id for scored in answer.evidence.passages} == {"de"}


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("ru", "саммит саммита саммите саммиту саммитом саммиты"),
        ("ru", "Песков Пескова Пескову Песковым"),
        ("ru", "Озёрск Озерск Озёрске"),
        ("de", "Gipfel Gipfels Gipfeln"),
        ("de", "Brücke Brücken BRÜCKE"),
        ("de", "Straße Strasse Straßen"),
        ("ar", "القمة قمة بالقمة للقمة والقمة القمه"),
        ("ar", "أحمد احمد أَحْمَد"),
        ("fr", "élections élection Elections"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(language: str, forms: str) -> None:
    assert len({stem(form, language) for form in forms.split()}) == 1


def test_marks_on_letters_do_not_cut_a_word() -> None:
    assert [word.text for word in words("मंगलवार को पुल")] == ["मंगलवार", "को", "पुल"]
    assert [word.text for word in words("مَدِينَة")] == ["مَدِينَة"]


def test_letters_without_spaces_are_compared_by_pairs_that_count_as_one_word_together() -> None:
    found = words("江城AI大桥 2025年")

    assert [(word.text, word.share) for word in found] == [
        ("江城", 1.0), ("AI", 1.0), ("大桥", 1.0), ("2025", 1.0), ("年", 1.0),
    ]  # fmt: skip
    assert [word.share for word in words("气候峰会")] == [1 / 3] * 3
    assert all("江城AI大桥 2025年"[word.start : word.end] == word.text for word in found)


@pytest.fixture
def index(settings: Settings) -> TantivyLexical:
    index = TantivyLexical(settings.library / "lexical")
    index.add([entry(n, article) for n, article in enumerate(WORLD, 1)])
    index.commit()
    return index


@pytest.mark.parametrize(
    ("query", "article"),
    [
        ("саммитом", "ru"), ("строительством мостов", "ru"), ("Озерск", "ru"), ("Brücke", "de"), ("Zoll", "de"),
        ("Gipfel Ergebnisse", "de"), ("قمة", "ar"), ("الاتفاق", "ar"), ("老桥", "zh"), ("气候峰会", "zh"), ("灯台", "ja"),
        ("minister of farms", "en"), ("the war", "en"),
    ],
)  # fmt: skip
def test_other_forms_of_a_word_find_its_passage(index: TantivyLexical, query: str, article: str) -> None:
    hits = index.search(query, limit=6, filters=Filters())
    index.close()

    assert WORLD[hits[0].key - 1].id == article


def test_frequencies_count_a_word_in_whichever_language_has_it(index: TantivyLexical) -> None:
    found = index.document_frequencies(["мостов", "Gipfels", "القمة", "峰会", "ministers", "вертолёт"])
    index.close()

    assert found == [1, 1, 1, 1, 1, 0]


def sentences(text: str, language: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, language)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ru", ["«Когда?» — спросил он.", "Он живёт на ул. Мира, д. 5.", "Цена — 5 тыс. руб. за кв. м жилья.", "Он ушёл."]),
        ("ru", ["«Саммит нужен. Он поставит точку», — сказал Песков.", "Все разошлись."]),
        ("de", ["„Wir warten. Der Gipfel muss kommen“, sagte Dr. Weiß am 3. Oktober.", "Im 19. Jahrhundert war es anders."]),
        ("de", ["»Nein«, rief z. B. Prof. Meier.", "„Wirklich?“, fragte sie."]),
        ("ar", ["هل ستعقد القمة؟", "وأضاف د. أحمد أن العمل سيبدأ؛ وهذا مهم.", "لا أحد يعلم!"]),
    ],
)  # fmt: skip
def test_sentences_end_as_their_language_ends_them(language: str, expected: list[str]) -> None:
    assert sentences(" ".join(expected), language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh",
            ["“我们不会再等。工程必须开始。”她说。", "反对派问：“钱从哪里来？”", "没有人回答！", "工程耗资1.4亿元。"],
        ),
        ("ja", ["「もう待てない。始める」と市長は語った。", "「いつ始まるのか？」記者が尋ねた。", "誰も知らない。"]),
        ("ru", ["Он ушёл.", "Она осталась."]),
    ],
)
def test_sentences_without_a_space_between_them_are_told_apart(language: str, expected: list[str]) -> None:
    assert sentences("".join(expected), language) == expected


@pytest.mark.parametrize("article", [CHINESE, JAPANESE], ids=["zh", "ja"])
def test_a_long_text_without_spaces_is_cut_into_passages_of_the_usual_size(article: Article) -> None:
    long = replace(article, body="\n\n".join([article.body] * 20))

    passages = split(long, IngestSettings(max_passage_words=100)).passages

    assert len(passages) > 10
    assert max(word_count(span.of(long.body)) for span in passages) <= 100


@pytest.mark.parametrize("article", [RUSSIAN, GERMAN, CHINESE], ids=["ru", "de", "zh"])
def test_the_english_rules_of_who_says_what_leave_other_languages_alone(article: Article) -> None:
    assert document(article).statements == ()


@pytest.mark.parametrize("marks", ["«{}»", "„{}“", "„{}”", "»{}«", "”{}”", "“{}”", "「{}」", "『{}』", "‹{}›", "‚{}‘"])
def test_marks_of_every_language_stand_only_around_what_is_cited(marks: str) -> None:
    cited = ["Он сказал: саммит нужен сейчас, 峰会必须举行。"]

    assert honest_quotes(f"A {marks.format('саммит нужен')} b", cited) == f"A {marks.format('саммит нужен')} b"
    assert honest_quotes(f"A {marks.format('саммит вреден')} b", cited) == "A саммит вреден b"
