"""The index of who said what: people and statements of the whole library, kept as articles come and go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.pipeline import put_articles
from rag.domain import Article
from rag.ports import Embedder
from rag.rights import Policy, Rights
from rag.settings import IngestSettings
from rag.spoken import Stood, Wanted
from tests.rag.stores import Stores, stores_in
from tests.running import run


def article(
    name: str, body: str, *, day: int = 10, outlet: str = "Fenwick Wire", title: str = "News of the day"
) -> Article:
    published = datetime(2025, 7, day, 9, tzinfo=UTC)
    return Article(id=name, title=title, body=body, outlet=outlet, published_at=published, language="en")


SUMMIT = article(
    "summit",
    "The talks went on in Elm. “A summit can wait until the harvest is in,” Dmitry Orlov, the palace spokesman, said on"
    " Wednesday.\n\nOrlov denied that the ferry had been sold. “Nobody asked us about the lighthouse,” said Ada Thorne, the"
    " mayor of Elm.",
    day=10,
)
LATER = article(
    "later",
    "A week of rain ended. “The summit will be in October,” Mr Orlov told reporters.\n\n“We have no boats left,” said Jane"
    " Thorne, a fisherman.",
    day=18,
    outlet="Island Gazette",
)


@pytest.fixture
def stores(folder: Path, static: Embedder) -> Iterator[Stores]:
    with stores_in(folder, static) as stores:
        yield stores


def put(stores: Stores, *articles: Article, restore: bool = False) -> None:
    run(put_articles(list(articles), stores.library, IngestSettings(), restore=restore))


def listed(stores: Stores, *, limit: int = 50, **asked: Any) -> list[Stood]:
    texts: dict[str, Any] = {name: asked.pop(name, None) for name in ("speaker", "about")}
    page = run(stores.library.said.statements(Wanted(**asked), **texts, limit=limit, after=None))
    return list(page.statements)


def words(found: list[Stood]) -> list[str]:
    return [stood.statement.span.of(stood.article.body) for stood in found]


def names(stores: Stores, asked: str) -> list[str]:
    return [person.name for person in run(stores.library.people_named(asked))]


def test_statements_come_newest_first_each_where_it_stands(stores: Stores) -> None:
    put(stores, SUMMIT, LATER)

    found = listed(stores, speaker="Orlov")

    assert words(found) == [
        "“The summit will be in October,”",
        "the ferry had been sold",
        "“A summit can wait until the harvest is in,”",
    ]
    assert [stood.day for stood in found] == [date(2025, 7, day) for day in (18, 10, 9)]
    assert [stood.statement.denied for stood in found] == [False, True, False]
    assert all(stood.passage_id.startswith(f"{stood.article.id}:1:") for stood in found)


def test_the_oldest_come_first_where_that_is_asked(stores: Stores) -> None:
    put(stores, SUMMIT, LATER)

    newest = listed(stores, speaker="Orlov")

    days = [stood.day for stood in listed(stores, speaker="Orlov", oldest_first=True)]
    assert days == sorted(days, key=str)
    assert days[-1] == newest[0].day


def test_a_subject_is_met_in_the_statement_or_beside_it(stores: Stores) -> None:
    put(stores, SUMMIT, LATER)

    assert words(listed(stores, about="summit")) == [
        "“The summit will be in October,”",
        "“A summit can wait until the harvest is in,”",
    ]
    assert words(listed(stores, speaker="Orlov", about="the ferry")) == ["the ferry had been sold"]
    assert listed(stores, speaker="Orlov", about="lighthouse") == []


@pytest.mark.parametrize("asked", ["Orlov", "Mr Orlov", "Dmitri Orlov", "the palace spokesman"])
def test_somebody_is_found_by_name_spelling_or_role(stores: Stores, asked: str) -> None:
    put(stores, SUMMIT, LATER)

    assert names(stores, asked) == ["Dmitry Orlov"]


def names_of(stores: Stores, asked: str) -> list[str]:
    return sorted(person.name for person in run(stores.library.said.people_named(asked)))


def test_a_name_is_found_by_its_surname_also_before_a_junior_or_spelt_on(stores: Stores) -> None:
    junior = article(
        "junior", "“The nets are torn,” said Walter Brisley Jr, a chandler. “So are ours,” said Hugo Brisley."
    )
    put(stores, SUMMIT, junior)

    assert names_of(stores, "Walter Brisley Jr") == ["Walter Brisley Jr"]
    assert names_of(stores, "Walter Brisleys") == ["Walter Brisley Jr"]
    assert names_of(stores, "Dmitry Orloff") == []


def test_words_that_say_what_it_is_about_name_nobody(stores: Stores) -> None:
    """Else a question that is misread as asking for somebody's words brings in all who have one of its words."""
    put(stores, SUMMIT, LATER)

    assert names_of(stores, "the mayor's article on boats") == []
    assert names_of(stores, "palace") == ["Dmitry Orlov"]


def test_of_many_with_one_role_those_are_meant_who_have_the_other_words_too(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.said._MANY", 1)
    rival = article("rival", "“The ferry is ours,” said Piet Maren, the harbour spokesman.", day=12)
    put(stores, SUMMIT, rival)

    assert names_of(stores, "the palace spokesman") == ["Dmitry Orlov"]
    assert names_of(stores, "the harbour spokesman") == ["Piet Maren"]
    assert names_of(stores, "the spokesman of the treasury") == []


OFFICES = article(
    "offices",
    "“We shipped 900 lamps,” said Rita Moll, chief executive of Larkin Glass. “Nobody asked the glaziers,” said Otto Brandt, the"
    " spokesman for Dorrit Rail.\n\nA Larkin Glass spokesperson said that the ovens were cold. “The board backs her,” said"
    " Ines Roth, the board’s chairwoman. “We have no comment,” said Paul Venn, a former Larkin Glass chairman and Tarn Bank"
    " president. “The lamps broke,” said Karl Weiss, the gardener of the palace.",
    day=14,
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("the CEO of Larkin Glass", ["Rita Moll"]),
        ("Larkin Glass's chief executive officer", ["Rita Moll"]),
        ("the Dorrit Rail spokeswoman", ["Otto Brandt"]),
        ("the board's chair", ["Ines Roth"]),
        ("the Larkin Glass spokesman", ["a Larkin Glass spokesperson"]),
    ],
)
def test_an_office_is_found_in_whatever_wording(asked: str, found: list[str], stores: Stores) -> None:
    put(stores, OFFICES)

    assert names_of(stores, asked) == found


@pytest.mark.parametrize(
    "asked", ["the Halden Bank spokesman", "the CEO of Dorrit Rail", "the Larkin Glass president", "the lamp"]
)
def test_an_office_of_another_body_is_not_meant_nor_two_roles_taken_together(asked: str, stores: Stores) -> None:
    put(stores, OFFICES)

    assert names_of(stores, asked) == []


def test_a_body_is_heard_through_whoever_speaks_for_it_before_others_in_whose_role_it_stands(stores: Stores) -> None:
    put(stores, SUMMIT, OFFICES)

    assert names_of(stores, "the palace") == ["Dmitry Orlov"]


def test_two_of_one_surname_stay_two(stores: Stores) -> None:
    put(stores, SUMMIT, LATER)

    assert sorted(names(stores, "Thorne")) == ["Ada Thorne", "Jane Thorne"]
    assert names(stores, "Jane Thorne") == ["Jane Thorne"]
    assert names(stores, "Mary Thorne") == []


def test_statements_can_be_limited_by_outlet_kind_and_day(stores: Stores) -> None:
    put(stores, SUMMIT, LATER)

    assert {s.article.id for s in listed(stores, outlets=("island gazette",))} == {"later"}
    assert words(listed(stores, kinds=("denial",))) == ["the ferry had been sold"]
    assert {s.article.id for s in listed(stores, after=date(2025, 7, 11))} == {"later"}
    assert {s.article.id for s in listed(stores, before=date(2025, 7, 11))} == {"summit"}


def test_pages_follow_one_another_without_gap_or_repetition(stores: Stores) -> None:
    put(stores, SUMMIT, LATER)
    whole = [stood.place for stood in listed(stores)]
    read, after = [], None

    while True:
        page = run(stores.library.said.statements(Wanted(), limit=2, after=after))
        read += [stood.place for stood in page.statements]
        after = page.next
        if after is None:
            break

    assert len(whole) == 5
    assert read == whole


def test_words_that_a_copy_of_the_story_repeats_stand_once(stores: Stores) -> None:
    copy = replace(SUMMIT, id="copy", outlet="Island Gazette", published_at=datetime(2025, 7, 11, tzinfo=UTC))

    put(stores, SUMMIT, copy)

    assert [s.article.id for s in listed(stores, about="summit")] == ["summit"]
    assert [s.article.id for s in listed(stores, about="summit", outlets=("Island Gazette",))] == ["copy"]


def test_a_withdrawn_article_takes_its_words_and_its_people_along(stores: Stores) -> None:
    put(stores, SUMMIT, LATER)

    run(stores.library.withdraw("summit"))

    assert {s.article.id for s in listed(stores)} == {"later"}
    assert names(stores, "Ada Thorne") == []
    put(stores, SUMMIT, restore=True)
    assert names(stores, "Ada Thorne") == ["Ada Thorne"]


def test_a_corrected_article_has_the_statements_that_it_has_now(stores: Stores) -> None:
    put(stores, SUMMIT)

    put(stores, replace(SUMMIT, body=SUMMIT.body.replace("Ada Thorne", "Ida Thorne")))

    assert names(stores, "Thorne") == ["Ida Thorne"]
    assert len(listed(stores)) == 3


def test_a_corrected_date_moves_its_statements(stores: Stores) -> None:
    put(stores, LATER)

    put(stores, replace(LATER, published_at=datetime(2025, 8, 1, tzinfo=UTC)))

    assert {s.day for s in listed(stores)} == {date(2025, 8, 1)}


def test_a_purged_article_leaves_no_name_in_the_catalog(stores: Stores, folder: Path) -> None:
    put(stores, SUMMIT)

    run(stores.library.purge("summit"))

    assert b"Thorne" not in (folder / "catalog.sqlite").read_bytes()


def test_what_is_under_embargo_is_not_listed_before_its_time(stores: Stores) -> None:
    put(stores, replace(SUMMIT, embargoed_until=datetime(2025, 7, 20, tzinfo=UTC)))

    assert listed(stores) == []
    assert names(stores, "Orlov") == []
    stores.now = datetime(2025, 7, 21, tzinfo=UTC)
    assert len(listed(stores)) == 3


def test_an_outlet_that_may_not_be_shown_says_nothing(folder: Path, static: Embedder) -> None:
    with stores_in(folder, static, Rights({"island gazette": Policy(show=False)})) as stores:
        put(stores, SUMMIT, LATER)

        assert {s.article.id for s in listed(stores)} == {"summit"}


def test_people_come_with_how_much_of_their_words_there_is(stores: Stores) -> None:
    put(stores, SUMMIT, LATER)

    found = run(stores.library.said.people(limit=10))

    assert [(k.person.name, k.coverage.statements, sorted(k.coverage.outlets)) for k in found] == [
        ("Dmitry Orlov", 3, ["Fenwick Wire", "Island Gazette"]),
        ("Ada Thorne", 1, ["Fenwick Wire"]),
        ("Jane Thorne", 1, ["Island Gazette"]),
    ]
    assert (found[0].coverage.first, found[0].coverage.last) == (date(2025, 7, 9), date(2025, 7, 18))


def test_suggestions_are_what_somebody_speaks_about_and_no_verbs(stores: Stores) -> None:
    put(
        stores,
        article(
            "rates",
            "The bank sets the rate in May. “We raise the rate by one per cent when prices of bread raise doubts,” said Ada"
            " Thorne, the mayor of Elm.",
            title="Thorne: banks raise rate by one per cent",
        ),
    )

    found = run(stores.library.said.subjects_of("Ada Thorne"))

    assert "rate" in found
    assert not {"raise", "cent", "raise rate"} & set(found)
