"""What the answerer reads of the passages that were found."""

from __future__ import annotations

from dataclasses import replace

from rag.domain import Article, Evidence, Span
from rag.evidence import open_evidence
from rag.library import Library
from rag.questions import understand
from rag.retrieval import retrieve
from rag.settings import RetrievalSettings, Settings
from tests.newsroom import document
from tests.running import on_library

_FILLER = " ".join(f"The harbour report has a page on berth {n} and on its crane." for n in range(12))
_SPEECH = (
    "“The wreck lies in nine metres of water,” Marta Lindqvist said. “Until the spring tide the ferries go by the northern"
    " channel.”"
)
SPEECH = Article("speech", "Wreck in the channel", f"{_FILLER}\n\n{_SPEECH}\n\n{_FILLER}", outlet="Veld Messenger")
CUT_AT = "“Until the spring tide"


def read(settings: Settings, *, k: int) -> Evidence:
    """The evidence for a question on the speech, where one passage ends and the next begins within it."""
    made = document(SPEECH)
    at = made.article.body.index(CUT_AT)
    cut = replace(made, passages=(Span(0, at), Span(at, len(made.article.body))))

    async def act(library: Library) -> Evidence:
        await library.put([cut])
        query = understand("Which way do the ferries go until the spring tide?")
        found = await retrieve(query, library, RetrievalSettings(), k=k)
        return await open_evidence(found.passages, library)

    return on_library(settings, act)


def test_a_passage_that_begins_within_a_quotation_is_read_from_the_quotation_on(settings: Settings) -> None:
    (passage,) = read(settings, k=1).passages

    assert passage.text.startswith("“The wreck lies in nine metres of water,”")
    assert passage.text.count("harbour report") == _FILLER.count("harbour report")


def test_what_another_passage_holds_is_not_read_twice(settings: Settings) -> None:
    passages = read(settings, k=2).passages

    assert sorted(passage.text.count("nine metres of water") for passage in passages) == [0, 1]
    assert sorted(passage.text.count("northern channel") for passage in passages) == [0, 1]
