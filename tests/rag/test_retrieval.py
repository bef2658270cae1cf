"""A question's parts, and what it names, in the passages that are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rag.answering import Request
from rag.composition import make_answerer
from rag.domain import Article, Query, ScoredPassage, Understanding
from rag.library import Library
from rag.settings import Settings
from tests.newsroom import document
from tests.running import on_library


def article(name: str, outlet: str, day: int, text: str, *, section: str | None = None) -> Article:
    published = datetime(2025, 5, day, 8, tzinfo=UTC)
    return Article(name, "From the coast", text, outlet=outlet, section=section, published_at=published)


# Every report of the ferry says much the same; they differ by who has it, and when.
FERRY = "The ferry to the island ran {}, and the harbour board counted the passengers of the ferry{}."
ARTICLES = (
    article("lantern", "The Lantern", 3, FERRY.format("late", ""), section="Travel"),
    article("post", "Quay Post", 10, FERRY.format("early", " by hand")),
    article("watch", "PortWatch", 17, FERRY.format("empty", " for the ministry in the capital")),
    *(article(f"more{n}", "Coast Herald", 1 + n, FERRY.format(f"to pier {n}", "")) for n in range(12)),
    article("grain", "Quay Post", 12, "Grain ships wait for a berth, said the pilots, since the silo burned down."),
)


def search(
    settings: Settings,
    question: str,
    *,
    k: int = 3,
    ignored: Sequence[Understanding] = (),
    as_of: datetime | None = None,
) -> tuple[Query, tuple[ScoredPassage, ...]]:
    async def act(library: Library) -> tuple[Query, tuple[ScoredPassage, ...]]:
        await library.put([document(each) for each in ARTICLES])
        answerer = make_answerer(settings, library)
        query = await answerer.understand(Request(question, ignored=tuple(ignored), as_of=as_of))
        return query, (await answerer.search(query, k=k)).passages

    return on_library(settings, act)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What does The Lantern say about the ferry to the island?", "lantern"),
        ("What does PortWatch say about the ferry to the island?", "watch"),
        ("Which article published on 17 May 2025 has the passengers of the ferry to the island?", "watch"),
        ("the ferry to the island in the travel section", "lantern"),
    ],
)
def test_what_is_named_comes_first(question: str, first: str, settings: Settings) -> None:
    _, passages = search(settings, question)

    assert passages[0].article.id == first
    assert len(passages) == 3  # it is raised; the others are not left out


def test_what_is_ignored_raises_nothing(settings: Settings) -> None:
    question = "What does PortWatch say about the ferry to the island?"

    query, _ = search(settings, question, ignored=("outlets",))

    assert query.outlets == ()
    assert query.parts[0].text == question


def test_only_leaves_the_others_out(settings: Settings) -> None:
    query, passages = search(settings, "the ferry to the island, only from Quay Post")

    assert query.limits == ("outlets",)
    assert {passage.article.outlet for passage in passages} == {"Quay Post"}


def test_a_limit_that_nothing_meets_is_a_wish(settings: Settings) -> None:
    query, passages = search(settings, "the ferry to the island, only published in March 2025")

    assert query.limits == ("period",)
    assert passages


def test_each_part_has_its_evidence_also_where_the_other_has_much_more(settings: Settings) -> None:
    _, passages = search(
        settings,
        "Does The Lantern say that the ferry to the island ran late, while Quay Post says grain ships wait?",
        k=2,
    )

    assert {passage.article.id for passage in passages} == {"lantern", "grain"}


def test_the_newest_comes_first_where_the_latest_is_asked_for(settings: Settings) -> None:
    _, plain = search(settings, "ferry to the island, passengers of the ferry", k=15)
    query, latest = search(settings, "latest on the ferry to the island, passengers of the ferry", k=15)

    def place(passages: Sequence[ScoredPassage]) -> int:
        return next(passage.rank for passage in passages if passage.article.id == "watch")

    assert query.latest
    assert "latest" not in query.parts[0].text  # the word stands in articles of any day
    assert place(latest) < place(plain)


# Many name her; in one she speaks, and it says less of the ferry.
QUOTED = (
    *(
        article(f"named{n}", "Quay Post", 1 + n, FERRY.format("late", f" with the mayor Ada Thorne at pier {n}"))
        for n in range(8)
    ),
    article(
        "speaks",
        "Quay Post",
        9,
        "“The ferry to the island stays,” said Ada Thorne, the mayor of Veld, after a long session of the council.",
    ),
)


def place_of(
    article_id: str, settings: Settings, question: str, articles: Sequence[Article] = ARTICLES, **retrieval: float
) -> int:
    """Where its first passage stands among 20 as the search alone ranks them; 21 where it is not found."""
    alone = settings.model_copy(
        update={
            "retrieval": settings.retrieval.model_copy(update=retrieval),
            "rerank": settings.rerank.model_copy(update={"by": "none"}),
        }
    )

    async def act(library: Library) -> int:
        await library.put([document(each) for each in articles])
        answerer = make_answerer(alone, library)
        found = await answerer.search(await answerer.understand(Request(question)), k=20)
        return next((each.rank for each in found.passages if each.article.id == article_id), 21)

    return on_library(alone, act)


@pytest.mark.parametrize(
    ("question", "wanted", "articles"),
    [
        ("ferry to pier 7 and pier 8 and the island in the travel section", "lantern", ARTICLES),
        ("What does The Lantern say about the ferry to pier 7 and pier 8?", "lantern", ARTICLES),
        ("Which article published on 17 May 2025 has the ferry to pier 7 and pier 8?", "watch", ARTICLES),
        ("What did Ada Thorne say about the ferry to the island?", "speaks", QUOTED),
    ],
    ids=["section", "outlet", "period", "speaker"],
)
def test_what_is_named_is_raised_by_as_much_as_is_set(
    question: str, wanted: str, articles: Sequence[Article], settings: Settings
) -> None:
    raised = place_of(wanted, settings, question, articles)
    plain = place_of(wanted, settings, question, articles, named_boost=0)

    assert raised < plain


def test_the_latest_is_raised_by_the_search_itself_too(settings: Settings) -> None:
    question = "latest on the ferry to the island, passengers of the ferry"

    raised = place_of("watch", settings, question)
    plain = place_of("watch", settings, question, recency_boost=0)

    assert raised < plain


def test_what_is_named_is_found_also_where_too_much_else_fits_the_words_better(settings: Settings) -> None:
    others = [article(f"other{n}", "Quay Post", 1 + n % 28, FERRY.format("late", f" at pier {n}")) for n in range(80)]
    named = article(
        "named",
        "The Lantern",
        3,
        FERRY.format("late", " once more") + " It is for sale now, as are two engines and a crane.",
    )

    question = "What does The Lantern say about passengers of the ferry to the island?"

    # 60 passages are looked at of all, and those of the outlet besides.
    assert place_of("named", settings, question, [*others, named], lexical_depth=10, dense_depth=0) == 1


def test_names_are_current_from_the_moment_that_an_article_comes_or_goes(settings: Settings) -> None:
    async def act(library: Library) -> list[tuple[str, ...]]:
        answerer = make_answerer(settings, library)
        found = []
        for change in ("", "put", "withdraw"):
            if change == "put":
                await library.put([document(ARTICLES[0])])
            if change == "withdraw":
                await library.withdraw("lantern")
            found.append((await answerer.understand(Request("What does The Lantern report?"))).outlets)
        return found

    assert on_library(settings, act) == [(), ("The Lantern",), ()]


def test_an_embargoed_article_does_not_give_its_names_away(settings: Settings) -> None:
    secret = replace(ARTICLES[0], embargoed_until=datetime(2999, 1, 1, tzinfo=UTC))

    async def act(library: Library) -> tuple[str, ...]:
        await library.names()
        await library.put([document(secret)])
        return (await make_answerer(settings, library).understand(Request("What does The Lantern report?"))).outlets

    assert on_library(settings, act) == ()
