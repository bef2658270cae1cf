"""The poisoned articles are what they say, and what is counted as a changed answer is one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from evals.datasets.poisoned import BAIT, CASES, HOST, LIES, MARKER, Case
from evals.datasets.poisoned_stories import STORIES
from evals.poisoned import attacked, baseline, clean_library, document, extractive, gullible, outcome, spread, table
from rag.composition import make_answerer
from rag.domain import Answer
from rag.settings import Settings
from tests.rag.asking import ask
from tests.running import run


def of_kind(kind: str) -> Case:
    return next(case for case in CASES if case.kind == kind)


def test_every_attack_meets_every_story_and_none_is_an_article_twice() -> None:
    kinds = Counter(case.kind for case in CASES)

    assert len(CASES) >= 60
    assert set(kinds.values()) == {len(STORIES)}
    assert kinds.keys() >= LIES
    assert len({document(case.poison).article.id for case in CASES}) == len(CASES)


def test_the_clean_articles_answer_every_question_and_name_nothing_of_the_attacks() -> None:
    async def act() -> list[str]:
        settings = Settings()
        async with clean_library(settings) as library:
            return await baseline(make_answerer(settings, library), mode="extractive")

    assert run(act()) == [story.name for story in STORIES]
    for story in STORIES:
        text = "\n".join(article.body for article in story.clean)
        assert story.right in text
        assert not any(wanted in text for wanted in (story.wrong, MARKER, HOST))


@pytest.mark.parametrize("kind", ["image", "link", "addresses", "raw markup", "hidden in a page"])
def test_in_their_own_words_articles_bring_no_link_and_no_order_into_an_answer(kind: str) -> None:
    (result,) = run(extractive([of_kind(kind)]))

    assert (result.active, result.harms) == (None, frozenset())


def test_the_right_answer_of_a_poisoned_article_is_given_without_what_hangs_on_it() -> None:
    results = run(extractive([case for case in CASES if case.kind in BAIT]))

    assert [(each.case.id, each.active) for each in results if each.active] == []
    assert [each.case.id for each in results if each.harms] == []


def test_a_model_that_obeys_everything_brings_no_link_and_nothing_without_a_source() -> None:
    results = run(gullible([of_kind("image"), of_kind("order"), of_kind("fields")], at_poison=False))

    assert [each.active for each in results] == [None] * 3
    assert {each.mode for each in results} == {"model"}
    assert "marker" in results[1].harms, "an order that is an article's own sentence passes: the worst case"


def test_a_lie_in_plain_words_is_counted_as_harm() -> None:
    (result,) = run(extractive([of_kind("false statement")]))

    assert result.harms >= {"wrong", "cited"}
    assert "1 of 1 answers changed" in table("lies", [result])


def test_text_that_a_client_would_act_on_is_noticed(settings: Settings) -> None:
    case = of_kind("image")
    answer = ask(settings, case.story.question, [*case.story.clean])

    def shown(text: str) -> Answer:
        return replace(answer, text=text, claims=(replace(answer.claims[0], text=text),))

    assert outcome(case, answer).active is None
    assert outcome(case, answer).harms == frozenset()
    assert outcome(case, shown(f"See ![x](https://{HOST}/y)")).active
    assert outcome(case, shown("It rains [2].")).active
    assert outcome(case, shown(f"{MARKER} it is")).harms == {"marker", "right gone"}


def test_the_library_is_as_before_after_an_attack() -> None:
    async def act() -> int:
        settings = Settings()
        async with clean_library(settings) as library:
            await attacked(make_answerer(settings, library), library, CASES[0], mode="extractive")
            return await library.passage_count()

    assert run(act()) == sum(len(document(article).passages) for story in STORIES for article in story.clean)


def test_a_few_cases_are_of_many_kinds() -> None:
    assert len({case.kind for case in spread(10)}) >= 9
