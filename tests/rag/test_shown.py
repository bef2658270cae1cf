"""What may not be shown at a moment is found by neither channel, listed nowhere and cited in no answer at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rag.answering import Request
from rag.composition import make_answerer
from rag.domain import Answer, Article, Filters
from rag.errors import NotFoundError
from rag.ports import Embedder
from rag.rights import Policy, Rights, word_spans
from rag.settings import Settings
from tests.newsroom import document, found, generated
from tests.rag.asking import COPY, HARBOUR, LATER
from tests.rag.stores import Stores, stores_in
from tests.running import on_library, run

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
DREDGING = "When will the port of Veld close for dredging?"
SAID = "What did Marta Lindqvist say about the channel?"


def put(stores: Stores, *articles: Article) -> None:
    run(stores.library.put([document(article) for article in articles]))


def ask(stores: Stores, settings: Settings, question: str = DREDGING, filters: Filters | None = None) -> Answer:
    answerer = make_answerer(settings, stores.library)
    return run(answerer.ask(Request(question, filters=filters or Filters())))


def read(answer: Answer) -> set[str]:
    return {scored.article.id for scored in answer.evidence.passages} | {c.article.id for c in answer.citations}


async def channels(stores: Stores, filters: Filters, limit: int) -> list[set[int]]:
    library = stores.library
    vector = await library.embed_question("report")
    lexical = await library.lexical_search("report", limit=limit, filters=filters)
    dense = await library.dense_search(vector, limit=limit, filters=filters)
    return [{hit.key for hit in hits} for hits in (lexical, dense)]


@pytest.mark.parametrize("filters", [Filters(), Filters(outlets=("Harbour Courier", "Island Gazette"))])
def test_both_channels_fill_their_lists_with_what_may_be_shown(
    folder: Path, static: Embedder, filters: Filters
) -> None:
    articles = [replace(a, id=f"n{n}", title=f"Report {n}") for n, a in enumerate(generated(90, paragraphs=1))]
    barred = {f"n{n}" for n in range(90) if n % 2}
    articles = [replace(a, expires_at=NOW) if a.id in barred else a for a in articles]
    with stores_in(folder, static) as stores:
        put(stores, *articles)

        for limit in (5, 25):
            for keys in run(channels(stores, filters, limit)):
                shown = {stored.article.id for stored in run(stores.library.passages(list(keys))).values()}
                assert len(keys) == len(shown) == limit
                assert not shown & barred
        assert run(stores.library.articles(filters=filters, limit=100)).total == (45 if not filters else 30)
        stores.now = NOW - timedelta(seconds=1)
        assert len(run(channels(stores, Filters(), 80))[1]) == 80


def test_an_article_is_answered_from_while_it_may_be_shown_and_not_a_moment_longer(
    folder: Path, static: Embedder, settings: Settings
) -> None:
    begins, ends = NOW, NOW + timedelta(days=1)
    with stores_in(folder, static) as stores:
        put(stores, replace(HARBOUR, embargoed_until=begins, expires_at=ends), LATER)

        seen = []
        for moment in (begins - timedelta(microseconds=1), begins, ends - timedelta(microseconds=1), ends):
            stores.now = moment
            seen.append("harbour" in read(ask(stores, settings)))
        assert seen == [False, True, True, False]
        with pytest.raises(NotFoundError, match="may not be shown now"):
            run(stores.library.article("harbour"))
        with pytest.raises(NotFoundError):
            run(stores.library.article("harbour", revision=1))


def test_an_outlet_that_is_not_to_be_shown_is_nowhere_also_when_it_is_asked_for(
    folder: Path, static: Embedder, settings: Settings
) -> None:
    with stores_in(folder, static, Rights({"veld messenger": Policy(show=False)})) as stores:
        put(stores, HARBOUR, LATER)

        assert "harbour" not in read(ask(stores, settings))
        assert read(ask(stores, settings, filters=Filters(outlets=("Veld Messenger",)))) == set()
        assert read(ask(stores, settings, filters=Filters(article_ids=("harbour",)))) == set()


def test_a_changed_policy_holds_from_the_next_start(settings: Settings, tmp_path: Path) -> None:
    policy = tmp_path / "rights.toml"
    policy.write_text('["Veld Messenger"]\nshow = false\n', encoding="utf-8")

    def titles(with_policy: bool) -> list[str]:
        used = settings.model_copy(update={"rights": policy if with_policy else None})

        async def act(library):  # type: ignore[no-untyped-def]
            await library.put([document(HARBOUR), document(LATER)])
            retrieved = await make_answerer(used, library).ask(Request(DREDGING))
            assert (await library.health()).sound
            return sorted({scored.article.id for scored in retrieved.evidence.passages})

        return on_library(used, act)

    assert [titles(False), titles(True), titles(False)] == [["harbour", "later"], ["later"], ["harbour", "later"]]


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [1, 6, 12, 40])
@pytest.mark.parametrize("question", [DREDGING, SAID, "What will the dredging of the port of Veld cost?"])
def test_no_answer_quotes_more_words_than_the_outlet_allows(
    folder: Path, static: Embedder, settings: Settings, question: str, most: int
) -> None:
    with stores_in(folder, static, Rights({"*": Policy(quote_words=most)})) as stores:
        put(stores, HARBOUR, LATER)

        answer = ask(stores, settings, question)

        assert answer.citations
        for citation in answer.citations:
            assert citation.span.of(citation.article.body) == citation.quote
            assert 1 <= len(word_spans(citation.quote)) <= most
        for claim in answer.claims:
            assert answer.text[claim.start : claim.end] == claim.text
            for article in (HARBOUR, LATER):
                assert longest_run(claim.text, article.body) <= max(most, 2)


def longest_run(text: str, body: str) -> int:
    words, theirs = ([w.of(whole).casefold() for w in word_spans(whole)] for whole in (text, body))
    joined = f" {' '.join(theirs)} "
    runs = (
        m - n for n in range(len(words)) for m in range(n + 1, len(words) + 1) if f" {' '.join(words[n:m])} " in joined
    )
    return max(runs, default=0)


# --- one story, several outlets --------------------------------------------------------------------------------------

THIRD = replace(
    COPY, id="third", outlet="Coast Herald", body=COPY.body + "\n\nThe Herald’s own quay lies empty meanwhile."
)


def told_once(answer: Answer) -> None:
    """No words of the answer's sources stand in two of the articles that it cites."""
    assert answer.citations
    for one in answer.citations:
        for other in answer.citations:
            if one.article.id != other.article.id:
                assert one.quote not in other.article.body
    for claim in answer.claims:
        assert len({answer.citations[n - 1].article.id for n in claim.citations}) == 1


async def put_stories(stores: Stores, articles: Sequence[Article]) -> None:
    from ingest.pipeline import ingest
    from rag.settings import IngestSettings

    for article in articles:
        await ingest(found([article]), stores.library, IngestSettings())


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
@pytest.mark.parametrize("question", [DREDGING, SAID, "What will the dredging of the port of Veld cost?"])
def test_copies_are_told_once_in_whatever_order_they_came(
    folder: Path, static: Embedder, settings: Settings, order: tuple[int, ...], question: str
) -> None:
    articles = (HARBOUR, COPY, THIRD)
    with stores_in(folder, static) as stores:
        run(put_stories(stores, [articles[n] for n in order]))

        answer = ask(stores, settings, question)

        told_once(answer)
        outlets = {"Veld Messenger", "Morning Wire", "Coast Herald"}
        for citation in answer.citations:
            assert {citation.article.outlet, *citation.also_in} == outlets


def test_a_copy_that_is_withdrawn_or_expires_is_named_no_more(
    folder: Path, static: Embedder, settings: Settings
) -> None:
    with stores_in(folder, static) as stores:
        run(put_stories(stores, [HARBOUR, replace(COPY, expires_at=NOW + timedelta(days=1)), THIRD]))
        run(stores.library.withdraw("harbour"))

        before = ask(stores, settings)
        stores.now += timedelta(days=1)
        after = ask(stores, settings)

        assert {before.citations[0].article.outlet, *before.citations[0].also_in} == {"Morning Wire", "Coast Herald"}
        assert (after.citations[0].article.outlet, after.citations[0].also_in) == ("Coast Herald", ())
        told_once(before)
        told_once(after)


def test_a_copy_alone_within_the_filters_is_cited_itself(folder: Path, static: Embedder, settings: Settings) -> None:
    with stores_in(folder, static) as stores:
        run(put_stories(stores, [HARBOUR, COPY, THIRD]))

        answer = ask(stores, settings, filters=Filters(outlets=("Morning Wire",)))

        assert read(answer) == {"copy"}
        told_once(answer)
