from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.datasets.multihop_rag import Fact, MultiHopQuery, load_corpus, load_queries, relevant
from rag.errors import SourceError

ARTICLE: dict[str, Any] = {
    "title": "Ferry stops",
    "author": None,
    "source": "The Quay",
    "published_at": "2023-11-27T08:45:59+00:00",
    "category": "business",
    "url": "https://quay.example/ferry",
    "body": "The ferry stops at nine.",
}
EVIDENCE = {**ARTICLE, "fact": "The ferry stops at nine."}
QUERY: dict[str, Any] = {
    "query": "When does the ferry stop?",
    "answer": "At nine",
    "question_type": "inference_query",
    "evidence_list": [EVIDENCE],
}
NULL = {**QUERY, "question_type": "null_query", "answer": "Insufficient information.", "evidence_list": []}


def written(folder: Path, *records: object) -> Path:
    path = folder / "records.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def asking(*facts: str) -> MultiHopQuery:
    return MultiHopQuery("?", "", "inference_query", tuple(Fact(fact, "https://quay.example/ferry") for fact in facts))


def test_an_article_comes_with_its_date_as_a_moment_and_a_missing_author_as_none(tmp_path: Path) -> None:
    [article] = load_corpus(written(tmp_path, ARTICLE))

    assert article.published_at == datetime(2023, 11, 27, 8, 45, 59, tzinfo=UTC)
    assert article.author is None
    assert (article.title, article.source, article.category) == ("Ferry stops", "The Quay", "business")
    assert (article.url, article.body) == ("https://quay.example/ferry", "The ferry stops at nine.")


def test_a_query_comes_with_its_facts_and_where_they_stand(tmp_path: Path) -> None:
    [query] = load_queries(written(tmp_path, QUERY))

    assert (query.text, query.answer, query.kind) == ("When does the ferry stop?", "At nine", "inference_query")
    assert query.evidence == (Fact("The ferry stops at nine.", "https://quay.example/ferry"),)
    assert query.answerable


def test_a_null_query_is_loaded_and_known_as_unanswerable(tmp_path: Path) -> None:
    queries = load_queries(written(tmp_path, QUERY, NULL))

    assert [query.answerable for query in queries] == [True, False]


def test_a_line_separator_inside_a_body_does_not_end_the_record(tmp_path: Path) -> None:
    [article] = load_corpus(written(tmp_path, {**ARTICLE, "body": "One.\u2028Two.\x85Three."}))

    assert article.body == "One.\u2028Two.\x85Three."


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ({**QUERY, "evidence_list": [{**EVIDENCE, "fact": " "}]}, "an empty fact"),
        ({**QUERY, "evidence_list": []}, "inference_query without evidence"),
        ({"query": "?"}, "the field 'answer' is missing"),
        (["?"], "not a record of MultiHop-RAG"),
    ],
)
def test_a_bad_record_is_refused_with_its_file_and_line(tmp_path: Path, record: object, complaint: str) -> None:
    path = written(tmp_path, QUERY, record)

    with pytest.raises(SourceError, match=complaint) as caught:
        load_queries(path)

    assert str(caught.value).startswith(f"{path}:2: ")


def test_a_line_that_is_not_json_is_refused_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"title": \n', encoding="utf-8")

    with pytest.raises(SourceError, match=r"corpus\.jsonl:1: not a record"):
        load_corpus(path)


def test_a_passage_is_a_hit_if_it_holds_any_one_fact_with_the_white_space_aside() -> None:
    query = asking("The ferry stops at nine.", "Fares rise in May.")

    judged = relevant(
        ["Late news.\nThe ferry\n\n stops at nine. More.", "Fares fall.", "Fares\u00a0rise in May."], query
    )

    assert judged == [True, False, True]


def test_a_fact_cut_in_two_by_a_passage_boundary_is_found_in_neither() -> None:
    assert relevant(["The ferry stops", "at nine."], asking("The ferry stops at nine.")) == [False, False]


def test_case_and_punctuation_count() -> None:
    assert relevant(["the ferry stops at nine."], asking("The ferry stops at nine.")) == [False]


def test_no_passage_is_a_hit_for_a_query_without_evidence() -> None:
    assert relevant(["Anything."], asking()) == [False]


@given(st.text(min_size=1).filter(str.strip), st.text(), st.text())
def test_a_fact_is_found_wherever_it_stands(fact: str, before: str, after: str) -> None:
    assert relevant([f"{before}{fact}{after}", f"{before}\n{fact} {after}"], asking(fact)) == [True, True]
