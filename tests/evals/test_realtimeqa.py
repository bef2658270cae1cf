from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from evals.datasets.realtimeqa import answered, load_questions, relevant, write_articles
from rag.errors import SourceError

ARTICLES = [
    {"article_id": "good", "url": "https://a.example/1", "title": "Ferry", "text": "The Sorrel sails.\u2028Again."},
    {"article_id": "quiz", "url": "https://a.example/quiz", "title": "Quiz", "text": "Which ferry? The Sorrel."},
]


def written(folder: Path, *derived: dict[str, Any]) -> Path:
    questions = [
        {"question_id": f"q{n}", "question_date": day, "question_sentence": "Which ferry sails?"}
        for n, day in enumerate(["2024/03/01", "2024-03-08"])
    ]
    labels = [
        {"question_id": f"q{n}", "answer_text": ["The Sorrel"], "short_or_numeric_answer": False, **more}
        for n, more in enumerate(derived)
    ]
    (folder / "questions_2024.jsonl").write_text("".join(json.dumps(each) + "\n" for each in questions), "utf-8")
    (folder / "derived_2024.jsonl").write_text("".join(json.dumps(each) + "\n" for each in labels), "utf-8")
    with lzma.open(folder / "articles_2024.jsonl.xz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in ARTICLES)
    return folder


def test_questions_that_only_a_leaking_article_answers_are_left_out_and_so_is_that_article(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        {"answer_string_in": ["good"], "leaking_articles": []},
        {"answer_string_in": ["quiz"], "leaking_articles": ["quiz"]},
    )

    questions = load_questions(folder, 2024)
    count = write_articles(folder, 2024, tmp_path / "out.jsonl")

    assert [question.id for question in questions] == ["q0"]
    assert questions[0].asked_on.isoformat() == "2024-03-01"
    assert count == 1
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["article_id"] == "good"


def test_an_answer_stands_in_a_passage_word_by_word_whatever_its_case_and_accents(tmp_path: Path) -> None:
    both = {"answer_string_in": ["good"], "leaking_articles": []}
    question = load_questions(written(tmp_path, both, both), 2024)[0]

    assert relevant(["On the SÓRREL, at noon", "the sorrels", "nothing"], question) == [True, False, False]


def test_questions_are_answered_by_texts_in_which_one_of_their_answers_stands(tmp_path: Path) -> None:
    [first, second] = load_questions(
        written(
            tmp_path,
            {"answer_string_in": ["good"], "leaking_articles": []},
            {"answer_string_in": ["good"], "leaking_articles": [], "answer_text": ["The Kestrel", "a kite"]},
        ),
        2024,
    )

    assert answered(["the sorrels", "A kite-like ferry"], [first, second]) == [False, True]
    assert answered(["The SÓRREL."], [first, second]) == [True, False]
    assert answered([], [first]) == [False]


def test_a_line_that_is_no_record_is_named(tmp_path: Path) -> None:
    (tmp_path / "derived_2024.jsonl").write_text("{}\n}", "utf-8")

    with pytest.raises(SourceError, match=r"derived_2024\.jsonl:"):
        load_questions(tmp_path, 2024)
