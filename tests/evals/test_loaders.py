"""Data sets as cases, and what is ingested for them."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from evals.cases import Case, id_of
from evals.datasets.loaders import load, sample_articles
from evals.datasets.poisoned import MARKER
from rag.errors import SourceError

RGB = {
    "id": 4,
    "query": "Where is the lightship?",
    "answer": [["Kestrel Point", "Kestrel"]],
    "fakeanswer": "Marsk",
    "positive": ["... the lightship lies off Kestrel Point ..."],
    "positive_wrong": ["... the lightship lies off Marsk ..."],
    "negative": ["Lightships were painted red.", "Tickets for the lighthouse."],
}
MARCO = {"source_no": 3, "query": "when does the ferry stop", "context": "It stops at nine.\n\nFares rise.output:"}
QUERY = {
    "query": "When does the ferry stop?",
    "answer": "At nine",
    "question_type": "inference_query",
    "evidence_list": [{"fact": "The ferry stops at nine.", "url": "https://quay.example/ferry"}],
}
NULL = QUERY | {"question_type": "null_query", "answer": "Insufficient information.", "evidence_list": []}


def written(path: Path, *records: object) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def by_tag(cases: tuple[Case, ...]) -> dict[str, Case]:
    return {case.tags[1]: case for case in cases}


def test_a_question_of_rgb_becomes_a_case_an_ability_each_over_its_own_snippets(tmp_path: Path) -> None:
    written(tmp_path / "en_fact.jsonl", RGB)

    loaded = load(f"rgb:{tmp_path}")

    cases = by_tag(loaded.cases)
    noise, rejection, planted = cases["noise"], cases["rejection"], cases["counterfactual"]
    assert (noise.answerable, noise.answers) == (True, ("Kestrel Point", "Kestrel"))
    assert (rejection.answerable, rejection.answers) == (False, ())
    assert (planted.answerable, planted.wrong) == (None, ("Marsk",))
    assert set(rejection.filters["article_ids"]) < set(noise.filters["article_ids"])
    assert not set(planted.filters["article_ids"]) & (
        set(noise.filters["article_ids"]) - set(rejection.filters["article_ids"])
    )
    assert loaded.sources is not None
    articles = [json.loads(line) for line in Path(loaded.sources(tmp_path)[0]).read_text("utf-8").splitlines()]
    ids = {id_of(article["url"]): article["body"] for article in articles}
    assert [ids[each] for each in rejection.filters["article_ids"]] == RGB["negative"]


def test_a_question_of_rgb_with_an_answer_of_several_parts_asks_for_each_of_them(tmp_path: Path) -> None:
    answer = [["9 May", "May 9"], "Aino Rask"]
    asked = {"id": 1, "query": "When does the ferry end, and who runs it?", "answer": answer}
    snippets = {"positive": [["The ferry ends on 9 May.", "9 May is its last day."], ["Aino Rask runs the ferry."]]}
    written(tmp_path / "en_int.jsonl", asked | snippets | {"negative": ["Fares rise in June."]})

    loaded = load(f"rgb:{tmp_path}")

    cases = by_tag(loaded.cases)
    assert set(cases) == {"integration", "rejection"}
    assert (cases["integration"].parts, cases["integration"].answers) == ((("9 May", "May 9"), ("Aino Rask",)), ())
    assert loaded.sources is not None
    articles = [json.loads(line) for line in Path(loaded.sources(tmp_path)[0]).read_text("utf-8").splitlines()]
    assert [each["body"] for each in articles] == [
        *snippets["positive"][0],
        *snippets["positive"][1],
        "Fares rise in June.",
    ]
    assert {id_of(each["url"]) for each in articles} == set(cases["integration"].filters["article_ids"])


def test_a_question_of_ragtruth_is_asked_over_its_own_passages_and_no_answer_is_known(tmp_path: Path) -> None:
    written(tmp_path / "qa_marco_sources.jsonl", MARCO)

    loaded = load(f"ragtruth:{tmp_path}")

    [case] = loaded.cases
    assert (case.question, case.answerable, case.answers) == ("when does the ferry stop", None, ())
    assert loaded.sources is not None
    [article] = [json.loads(line) for line in Path(loaded.sources(tmp_path)[0]).read_text("utf-8").splitlines()]
    assert article["body"] == "It stops at nine.\n\nFares rise."
    assert case.filters["article_ids"] == [id_of(article["url"])]


def test_a_null_query_of_multihop_rag_is_a_question_without_an_answer(tmp_path: Path) -> None:
    written(tmp_path / "queries_dev.jsonl", QUERY, NULL)
    written(tmp_path / "corpus.jsonl")

    loaded = load(f"multihop-rag:{tmp_path}")

    answerable, null = loaded.cases
    assert (answerable.answers, answerable.answerable) == (("At nine",), True)
    assert [fact.quote for fact in answerable.evidence] == ["The ferry stops at nine."]
    assert (null.answers, null.answerable, null.evidence) == ((), False, ())
    assert loaded.sources is not None
    assert loaded.sources(tmp_path) == [str(tmp_path / "corpus.jsonl")]


def test_of_realtime_qa_what_the_newest_years_articles_answer_is_asked_and_the_quizzes_are_not_read(
    tmp_path: Path,
) -> None:
    choices = ["Marsk", "Hallin", "Fenmarch", "Brannay"]
    questions = [
        {"question_id": f"q{n}", "question_date": "2024/03/01", "question_sentence": "Where?", "choices": choices}
        for n in range(3)
    ]
    found = [["a1"], ["quiz"], []]
    labels = [
        {
            "question_id": f"q{n}",
            "answer_string_in": held,
            "leaking_articles": ["quiz"],
            "short_or_numeric_answer": False,
            "answer_text": ["Hallin"],
        }
        for n, held in enumerate(found)
    ]
    written(tmp_path / "questions_2024.jsonl", *questions)
    written(tmp_path / "derived_2024.jsonl", *labels)
    for year in (2023, 2024):
        with lzma.open(tmp_path / f"articles_{year}.jsonl.xz", "wt") as lines:
            lines.writelines(
                json.dumps({"article_id": each, "text": f"{each} {year}"}) + "\n" for each in ("a1", "quiz")
            )

    loaded = load(f"realtimeqa:{tmp_path}")

    [case] = loaded.cases
    assert (case.id, case.answers, case.choices, case.answerable) == ("q0", ("Hallin",), tuple(choices), True)
    assert loaded.sources is not None
    articles = Path(loaded.sources(tmp_path)[0]).read_text("utf-8").splitlines()
    assert [json.loads(line) for line in articles] == [{"article_id": "a1", "text": "a1 2024"}]


def test_an_attack_reads_the_clean_articles_and_its_own_poison_and_what_it_wants_said_is_wrong(tmp_path: Path) -> None:
    loaded = load("poisoned")

    assert loaded.sources is not None
    articles = [json.loads(line) for line in Path(loaded.sources(tmp_path)[0]).read_text("utf-8").splitlines()]
    there = {id_of(article["url"]) for article in articles}
    clean = {frozenset(case.filters["article_ids"]) for case in loaded.cases if "clean" in case.tags}
    attacks = [case for case in loaded.cases if "attacked" in case.tags]
    assert len(there) == len(articles), "two articles under one address would be one"
    assert len(clean) == 1
    assert len(attacks) > 90
    for case in attacks:
        read = set(case.filters["article_ids"])
        assert len(read - next(iter(clean))) == 1
        assert read <= there
        assert MARKER in case.wrong


def test_the_golden_set_brings_the_sample_articles() -> None:
    loaded = load("golden")

    assert loaded.sources is not None
    assert loaded.sources(Path()) == [str(sample_articles())]


def test_a_file_of_cases_is_asked_of_whatever_library_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    written(path, {"id": "a", "question": "When?"})

    loaded = load(str(path))

    assert (loaded.name, len(loaded.cases), loaded.sources) == ("mine.jsonl", 1, None)


@pytest.mark.parametrize(
    ("named", "complaint"),
    [
        (
            "nothing.jsonl",
            "names no cases: write a JSON Lines file, or golden, reworded, poisoned, multihop-rag:FOLDER",
        ),
        ("rgb:/nowhere", "'/nowhere' is no folder"),
        ("rgb:{here}", r"has no en\*\.jsonl"),
        ("multihop-rag:{here}", "has no cases of multihop-rag"),
    ],
)
def test_what_names_no_cases_is_refused_with_what_would(named: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=complaint):
        load(named.format(here=tmp_path))


def test_a_reworded_question_is_the_golden_case_in_other_words() -> None:
    golden = {case.id: case for case in load("golden").cases}
    reworded = load("reworded").cases

    assert len(reworded) >= 60
    for case in reworded:
        first = golden[case.id]
        assert case.question != first.question
        assert (case.answers, case.evidence, case.filters) == (first.answers, first.evidence, first.filters)
