"""Cases as JSON Lines: what is read, what is refused, and that the golden set fits the sample articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals.cases import read_cases, tags_of, write_cases
from evals.datasets.golden_reworded import golden_path
from evals.datasets.loaders import sample_articles
from rag.errors import SourceError

GOOD: dict[str, Any] = {"id": "a", "question": "When?", "answers": ["At nine"], "answerable": True}


def written(folder: Path, *lines: object) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8")
    return path


def test_a_case_becomes_the_request_that_it_stands_for(tmp_path: Path) -> None:
    turn = {"role": "user", "content": "The ferry?"}
    asked = {"as_of": "2025-08-10T12:00:00+02:00", "filters": {"outlets": ["The Quay"]}, "conversation": [turn]}

    [case] = read_cases(written(tmp_path, GOOD | asked))

    assert case.request() == {"question": "When?", **asked}


def test_cases_written_are_the_cases_read(tmp_path: Path) -> None:
    cases = read_cases(golden_path())

    write_cases(cases, tmp_path / "again.jsonl")

    assert read_cases(tmp_path / "again.jsonl") == cases


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not JSON"),
        ({"id": "b"}, "question: Field required"),
        (GOOD, "the id 'a' stands in line 1 too"),
        (GOOD | {"id": "b", "anwsers": []}, "anwsers: Extra inputs are not permitted"),
        (GOOD | {"id": "b", "filters": {"outlet": "x"}}, "no such filter: outlet; there are article_ids, "),
        (GOOD | {"id": "b", "answerable": False}, "answerable is false, and yet there are answers"),
        (GOOD | {"id": "b", "answers": []}, "neither answers nor evidence"),
        (GOOD | {"id": "b", "choices": ["At ten"]}, "none of the choices is an answer: At ten"),
        (GOOD | {"id": "b", "evidence": [{"url": "https://a.example", "quote": " "}]}, "an empty quote"),
        (GOOD | {"id": "b", "evidence": [{"quote": "x"}]}, "evidence needs the article's id"),
        (GOOD | {"id": "b", "wrong": [""]}, "an empty answer"),
        (GOOD | {"id": "b", "as_of": "tomorrow"}, "as_of: Input should be a valid datetime"),
    ],
)
def test_a_wrong_case_is_refused_with_file_line_and_field(tmp_path: Path, line: object, complaint: str) -> None:
    path = written(tmp_path, GOOD, line)

    with pytest.raises(SourceError) as caught:
        read_cases(path)

    assert str(caught.value).startswith(f"{path}:2: ")
    assert complaint in str(caught.value)


def test_a_file_without_cases_or_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no cases in it"):
        read_cases(written(tmp_path))
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        read_cases(tmp_path / "nowhere.jsonl")


def test_the_same_words_in_two_articles_are_one_fact(tmp_path: Path) -> None:
    quotes = [
        {"url": "https://a.example/1", "quote": "“We closed the doors,” he said."},
        {"url": "https://b.example/2", "quote": '"We closed the doors," he said.'},
        {"url": "https://b.example/2", "quote": "Nobody was hurt."},
    ]

    [case] = read_cases(written(tmp_path, GOOD | {"evidence": quotes}))

    assert [[each.url for each in fact] for fact in case.facts()] == [
        ["https://a.example/1", "https://b.example/2"],
        ["https://b.example/2"],
    ]


def test_the_golden_set_has_at_least_sixty_cases_of_every_kind_of_difficulty() -> None:
    cases = read_cases(golden_path())

    assert len(cases) >= 60
    wanted = {
        "several_articles",
        "as_of",
        "date_filter",
        "dated",
        "correction",
        "same_surname",
        "near_copy",
        "follow_up",
    }
    assert wanted | {"unanswerable", "conflicting", "false_presupposition"} <= set(tags_of(cases))
    assert sum(case.answerable is False for case in cases) >= 15


def test_every_gold_quote_stands_in_its_sample_article() -> None:
    lines = sample_articles().read_text(encoding="utf-8").split("\n")
    bodies = {article["url"]: article["body"] for article in map(json.loads, filter(None, lines))}

    for case in read_cases(golden_path()):
        for fact in case.evidence:
            assert fact.quote in bodies[str(fact.url)], case.id
