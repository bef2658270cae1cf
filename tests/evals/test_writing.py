"""Cases that a model writes are held to the articles: their evidence bears the answer out; where none does, there is no case."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from api.cli import main
from evals.by_ragas.loading import missing
from evals.by_ragas.writing import Told, grounded
from evals.cases import Case, read_cases
from evals.standins.chat_script import Body
from evals.standins.chat_script import Reply as Scripted
from evals.standins.chat_server import ChatServer
from rag.adapters.embedding import StaticEmbeddings, WordVectorCache
from rag.adapters.weighed_support import WeighedSupport
from rag.domain import Article

# ragas leaves the file with its user's number open.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
installed = pytest.mark.skipif(missing() is not None, reason="ragas is not installed")
VECTORS = WordVectorCache(StaticEmbeddings())
FERRY = (
    "The night ferry to Brannay ends this spring. Aino Rask, the harbour master, said that nobody had taken it since the bridge"
    " opened again. The boat goes to a museum in Oslemark, where it will be shown beside two older ones. Fares on the day"
    " ferry stay as they are until the end of the year."
)
BRIDGE = (
    "The bridge to Brannay opened again on Monday after two years of repairs. Elena Varga, the mayor, was the first to cross"
    " it, on foot. The repairs cost 14 million crowns, four million more than the council had set aside for them."
    " Lorries stay away from it until the summer."
)
ARTICLES = [
    Article(
        id="a" * 16, title="Night ferry ends this spring", body=FERRY, url="https://quay.example/ferry", language="en"
    ),
    Article(id="b" * 16, title="Bridge opens again", body=BRIDGE, url="https://quay.example/bridge", language="en"),
]


def case_of(answer: str, *bodies: str) -> Case | None:
    passages = [(article, article.body) for article in ARTICLES if article.body in bodies]
    told = Told("What did the repairs of the bridge cost?", answer, "web_search_like")
    return asyncio.run(grounded(told, passages, WeighedSupport(VECTORS), VECTORS, number=1))


def test_the_sentences_that_bear_the_answer_out_are_the_evidence_and_the_answer_is_a_note() -> None:
    case = case_of("The repairs cost 14 million crowns.", BRIDGE)

    assert case is not None
    assert [fact.quote for fact in case.evidence] == [BRIDGE[BRIDGE.index("The repairs") : BRIDGE.index(" Lorries")]]
    assert (case.answers, case.answerable) == ((), True)
    assert "14 million crowns" in case.note
    assert case.tags == ("candidate", "written", "web_search_like", "one_article")


@pytest.mark.parametrize("answer", ["The repairs cost 15 million crowns.", "It was sold to a foreign investor.", ""])
def test_what_the_articles_do_not_bear_out_makes_no_case(answer: str) -> None:
    assert case_of(answer, BRIDGE) is None


def test_an_answer_out_of_two_articles_has_evidence_in_both() -> None:
    case = case_of(
        "The bridge to Brannay opened again on Monday. The night ferry to Brannay ends this spring.", FERRY, BRIDGE
    )

    assert case is not None
    assert {fact.article for fact in case.evidence} == {"a" * 16, "b" * 16}
    assert case.tags[-1] == "two_articles"


@pytest.mark.parametrize("given", [["--url", "http://127.0.0.1:9/v1"], ["--model", "x"]])
def test_an_address_without_a_model_and_the_other_way_round_is_used_wrongly(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["eval", "new-cases", "--library", str(tmp_path / "none"), "--out", str(tmp_path / "x.jsonl"), *given])

    assert code == 2
    assert "needs both" in capsys.readouterr().err


@installed
def test_a_model_writes_cases_from_a_library_and_what_it_makes_up_is_dropped_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_text("".join(map(record, ARTICLES)))
    library, out = str(tmp_path / "library"), tmp_path / "new.jsonl"
    assert main(["ingest", str(articles), "--library", library]) == 0

    with ChatServer(scripted) as url:
        asked = ["--limit", "3", "--url", url, "--model", "stand-in"]
        code = main(["eval", "new-cases", "--library", library, "--out", str(out), *asked])

    said = capsys.readouterr()
    assert code == 0, said.err
    written = read_cases(out)
    assert {fact.quote for case in written for fact in case.evidence} == {
        "The night ferry to Brannay ends this spring.",
        "The bridge to Brannay opened again on Monday after two years of repairs.",
    }
    assert "dropped, the articles do not bear out its answer: Who bought the bridge to Brannay?" in said.err


@installed
def test_a_model_that_gives_no_usable_reply_is_an_error_that_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_text("".join(map(record, ARTICLES)))
    library, out = str(tmp_path / "library"), tmp_path / "new.jsonl"
    assert main(["ingest", str(articles), "--library", library]) == 0

    with ChatServer(lambda body: Scripted(text="I would rather not.")) as url:
        asked = ["eval", "new-cases", "--library", library, "--out", str(out), "--url", url, "--model"]
        chatters = main([*asked, "stand-in"])
        chattered = capsys.readouterr().err
        unknown = main([*asked, "x"])

    assert (chatters, unknown) == (1, 1)
    assert "the model gave nothing to ask about in 2 passages" in chattered
    assert "The model `x` does not exist" in capsys.readouterr().err
    assert not out.exists()


def record(article: Article) -> str:
    fields = {"title": article.title, "body": article.body, "url": article.url, "language": "en"}
    return json.dumps(fields) + "\n"


def scripted(body: Body) -> Scripted:
    """Names for a passage; a true answer over one article, a made-up one over two."""
    asked = "\n".join(str(message["content"]) for message in body["messages"])
    if "named entities" in asked:
        return Scripted(text=json.dumps({"entities": ["Brannay", "Nowhere"]}))
    if "2-hop" in asked:
        return Scripted(
            text=json.dumps({"query": "Who bought the bridge to Brannay?", "answer": "A foreign investor did."})
        )
    bridge = "opened again on Monday" in asked
    answer = (
        "The bridge to Brannay opened again on Monday." if bridge else "The night ferry to Brannay ends this spring."
    )
    return Scripted(text=json.dumps({"query": "What happens on the way to Brannay?", "answer": answer}))
