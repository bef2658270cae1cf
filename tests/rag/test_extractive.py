"""Answers in the articles' own words: the right words, the right speaker, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rag.domain import AbstentionReason, Article, Filters, Turn
from rag.settings import Settings
from tests.rag.asking import COPY, HARBOUR, LATER, ask


def test_a_quotation_is_given_with_its_speaker_role_outlet_and_date(settings: Settings) -> None:
    answer = ask(settings, "What did Marta Lindqvist say about the grain ships?", [HARBOUR])

    assert answer.claims[0].text.startswith(
        "Marta Lindqvist, chair of the harbour board (Veld Messenger, 7 April 2025): “"
    )
    assert "“If we wait another winter, the grain ships will go elsewhere.”" in answer.claims[0].text


def test_the_same_is_found_with_the_surname_alone_in_small_letters(settings: Settings) -> None:
    answer = ask(settings, "what did marta lindqvist say about the channel", [HARBOUR])

    assert answer.citations[0].speaker is not None
    assert answer.citations[0].speaker.name == "Marta Lindqvist"


def test_two_people_of_one_surname_stay_two(settings: Settings) -> None:
    answer = ask(settings, "What did Ivo Lindqvist say about the fishing fleet?", [HARBOUR])

    assert {c.speaker.name for c in answer.citations if c.speaker} <= {"Ivo Lindqvist"}
    assert "Marta" not in answer.text


def test_what_was_denied_is_shown_as_denied(settings: Settings) -> None:
    answer = ask(settings, "What did Ivo Lindqvist say about a warning in 2021?", [HARBOUR])

    assert "denied that the town had been warned" in answer.text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How long will the dredging work take?", "eleven weeks"),
        ("How much will the dredging cost?", "14 million crowns"),
        ("Who leads the dredging work?", "Per Aalto"),
        ("When will the port of Veld close?", "4 May"),
    ],
)
def test_a_fact_is_answered_by_the_sentence_that_states_it(question: str, words: str, settings: Settings) -> None:
    answer = ask(settings, question, [HARBOUR])

    assert words in answer.text


def test_a_sentence_that_leans_on_the_one_before_is_shown_with_it(settings: Settings) -> None:
    answer = ask(settings, "Who leads the dredging work?", [HARBOUR])

    assert answer.claims[0].text.startswith("The work will take eleven weeks")


def test_the_newest_comes_first_where_the_latest_is_asked_for(settings: Settings) -> None:
    answer = ask(settings, "What is the latest on the dredging of the port of Veld?")

    assert answer.citations[0].article.id == LATER.id


def test_an_answer_as_of_a_day_knows_nothing_later(settings: Settings) -> None:
    answer = ask(settings, "What did Marta Lindqvist say about a wreck?", as_of=datetime(2025, 4, 10, tzinfo=UTC))

    assert not answer.answered
    assert all(scored.article.id == HARBOUR.id for scored in answer.evidence.passages)


def test_a_story_in_two_outlets_is_cited_once_with_the_other_named(settings: Settings) -> None:
    from ingest.stories import with_stories
    from rag.answering import Request
    from rag.composition import make_answerer
    from rag.domain import Answer
    from rag.library import Library
    from tests.newsroom import document
    from tests.running import on_library

    async def act(library: Library) -> Answer:
        await library.put(await with_stories([document(HARBOUR), document(COPY)], library))
        return await make_answerer(settings, library).ask(Request("How long will the dredging work take?"))

    answer = on_library(settings, act)

    assert len(answer.citations) == 1
    assert len(answer.citations[0].also_in) == 1


@pytest.mark.parametrize(
    "question",
    [
        "What did Marta Lindqvist say about the school budget?",  # speaks, but not of that
        "What did Per Aalto say about the channel?",  # is named, but says nothing
        "What did Ivo Lindqvist say about the grain ships?",  # somebody else said it
        "How many passengers use the airport of Veld?",
        "When does the theatre close?",  # something else closes
        "When will the aquarium close for dredging?",  # something else closes for it
    ],
)
def test_what_is_not_in_the_articles_is_said_not_to_be_there(question: str, settings: Settings) -> None:
    answer = ask(settings, question)

    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.WEAK_EVIDENCE
    assert answer.claims == ()
    assert answer.text == ""


def test_the_word_that_is_missing_near_what_was_found_is_named(settings: Settings) -> None:
    answer = ask(settings, "When will the aquarium close for dredging?")

    assert answer.abstention is not None
    assert "nothing on aquarium" in answer.abstention.detail


def test_a_name_that_no_article_has_is_named_in_the_abstention(settings: Settings) -> None:
    answer = ask(settings, "What did Olga Brandt say about the port?")

    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.NO_EVIDENCE
    assert "Olga Brandt" in answer.abstention.detail


def test_an_empty_library_says_how_to_fill_it(settings: Settings) -> None:
    answer = ask(settings, "Who leads the dredging work?", [])

    assert answer.abstention is not None
    assert "onrecord ingest" in answer.abstention.detail


def test_a_follow_up_is_read_with_the_question_before_it(settings: Settings) -> None:
    asked = (Turn("user", "When will the port of Veld close for dredging?"), Turn("assistant", "On 4 May. [1]"))

    answer = ask(settings, "And how much will it cost?", [HARBOUR], conversation=asked)

    assert "14 million crowns" in answer.text


def test_only_what_the_filters_allow_is_read(settings: Settings) -> None:
    answer = ask(
        settings, "What did Marta Lindqvist say about the channel?", filters=Filters(outlets=("coast herald",))
    )

    assert {citation.article.id for citation in answer.citations} == {LATER.id}


SPRING = Article(
    id="spring",
    title="Oyster beds of Lunt to stay open",
    body=(
        "The oyster beds of Lunt will stay open this year, the fisheries office said.\n\n"
        "“I see no reason to close the oyster beds,” said Runa Falk, head of the fisheries office."
    ),
    outlet="Coast Herald",
    published_at=datetime(2025, 3, 12, 8, tzinfo=UTC),
)
AUTUMN = Article(
    id="autumn",
    title="Oyster beds of Lunt closed after all",
    body=(
        "The oyster beds of Lunt were closed by the fisheries office.\n\n"
        "“The oyster beds are sick, and we close them today,” said Runa Falk, head of the fisheries office."
    ),
    outlet="Coast Herald",
    published_at=datetime(2025, 10, 3, 8, tzinfo=UTC),
)


@pytest.mark.parametrize(("when", "words"), [("March", "no reason to close"), ("October", "are sick")])
def test_what_somebody_said_in_a_month_is_what_they_said_then(when: str, words: str, settings: Settings) -> None:
    answer = ask(settings, f"What did Runa Falk say in {when} about the oyster beds?", [SPRING, AUTUMN])

    assert words in answer.text
    assert len(answer.claims) == 1


def test_a_follow_up_for_another_month_asks_the_same_of_it(settings: Settings) -> None:
    before = (Turn("user", "What did Runa Falk say in March about the oyster beds?"),)
    answer = ask(settings, "And in October?", [SPRING, AUTUMN], conversation=before)

    assert "are sick" in answer.text
    assert "no reason to close" not in answer.text


MATCH = Article(
    id="match",
    title="Lunt win the island cup",
    body=(
        "Lunt won the island cup on Sunday after extra time.\n\n"
        "Aron Pell, the coach of Veld, complained about the umpire, who had sent two of his players off.\n\n"
        "“Everybody on the pier saw it,” he said, “but for the one with the flag.”\n\n"
        "Liv Stange, the mayor of Lunt, said that the ferry company was selling its boats too cheaply."
    ),
    outlet="Coast Herald",
    published_at=datetime(2025, 6, 15, 8, tzinfo=UTC),
)


def test_what_it_means_in_somebodys_words_is_told_by_the_sentence_before_them(settings: Settings) -> None:
    answer = ask(settings, "What did Aron Pell say about the umpire?", [MATCH])

    assert "Everybody on the pier saw it" in answer.text


def test_somebody_is_not_heard_on_what_another_sentence_further_off_is_about(settings: Settings) -> None:
    answer = ask(settings, "What did Aron Pell say about the ferry company?", [MATCH])

    assert not answer.answered


def test_an_office_of_a_body_is_not_answered_by_whoever_has_that_of_another(settings: Settings) -> None:
    answer = ask(settings, "What did the coach of Halden say about the umpire?", [MATCH, HARBOUR])

    assert not answer.answered
    assert "Aron Pell" not in answer.text


def test_an_office_that_nobody_speaks_in_is_not_answered_by_what_others_say(settings: Settings) -> None:
    answer = ask(settings, "What did the umpire say about the flag?", [MATCH])

    assert answer.abstention is not None
    assert "umpire is not quoted" in answer.abstention.detail


def test_a_question_that_an_article_asks_is_no_answer(settings: Settings) -> None:
    quiz = Article(
        id="quiz",
        title="Island quiz",
        body="Who won the island cup of Lunt in 1998? We asked our readers. Nobody in the harbour knew it.",
        published_at=datetime(2025, 6, 20, 8, tzinfo=UTC),
    )
    answer = ask(settings, "Who won the island cup?", [quiz, MATCH])

    assert "Lunt won the island cup" in answer.claims[0].text
    assert "?" not in answer.text


def test_an_adverb_is_found_by_its_adjective(settings: Settings) -> None:
    answer = ask(settings, "What did Liv Stange say was too cheap?", [MATCH])

    assert "selling its boats too cheaply" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "How long will the dredging work take, according to the Sundmark Gazette?",
        "Considering a Sundmark Gazette article on the port of Veld, how long will the dredging work take?",
        "In an article by the Sundmark Gazette, how long will the dredging work take?",
    ],
)
def test_what_an_outlet_wrote_that_is_not_here_is_not_answered_by_another(question: str, settings: Settings) -> None:
    answer = ask(settings, question, [HARBOUR])

    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.NO_EVIDENCE
    assert "Sundmark Gazette" in answer.abstention.detail


def test_what_a_named_outlet_has_is_answered_from_it(settings: Settings) -> None:
    answer = ask(settings, "How long will the dredging work take, according to the Veld Messenger?", [HARBOUR])

    assert "eleven weeks" in answer.text


def test_several_who_are_asked_for_each_have_their_own_words(settings: Settings) -> None:
    answer = ask(
        settings, "What did Marta Lindqvist and Ivo Lindqvist say about the fishing fleet and the channel?", [HARBOUR]
    )

    assert {c.speaker.name for c in answer.citations if c.speaker} >= {"Marta Lindqvist", "Ivo Lindqvist"}


def test_one_of_two_who_speaks_on_it_is_enough(settings: Settings) -> None:
    answer = ask(settings, "What did Marta Lindqvist and Zorbach say about the grain ships?", [HARBOUR])

    assert "the grain ships will go elsewhere" in answer.text


def test_when_an_answers_words_were_said_is_told_with_its_day(settings: Settings) -> None:
    question = "What did Marta Lindqvist say about a wreck?"
    before = ask(settings, question)
    answer = ask(
        settings, "When did she say that?", conversation=(Turn("user", question), Turn("assistant", before.text))
    )

    assert answer.claims[0].text.startswith("Said on 25 April 2025. Marta Lindqvist")
    assert len(answer.claims) == 1
    assert answer.citations[0].article.id == LATER.id


def test_another_time_that_a_follow_up_names_leaves_out_what_is_not_of_it(settings: Settings) -> None:
    before = (Turn("user", "What did Marta Lindqvist say about the channel?"),)

    assert not ask(settings, "And in March?", conversation=before).answered
    assert ask(settings, "And in April?", conversation=before).answered


def test_who_said_something_is_answered_by_the_statement_with_its_speaker(settings: Settings) -> None:
    answer = ask(settings, "Who said that the grain ships will go elsewhere?")

    assert answer.claims[0].text.startswith("Marta Lindqvist")
    assert answer.citations[0].speaker is not None


def test_what_a_named_outlet_reports_comes_before_what_others_do(settings: Settings) -> None:
    elsewhere = replace(LATER, id="elsewhere", body="The dredging of the port of Veld will cost 19 million crowns.")
    question = "According to the Coast Herald, how much will the dredging of the port of Veld cost?"

    assert "19 million" in ask(settings, question, [HARBOUR, elsewhere]).claims[0].text
    assert (
        "14 million"
        in ask(settings, question.replace("Coast Herald", "Veld Messenger"), [HARBOUR, elsewhere]).claims[0].text
    )


def test_the_latest_is_not_the_sentence_that_reads_best_but_the_newest(settings: Settings) -> None:
    before = replace(
        HARBOUR, body="The port of Veld, where most of the grain is shipped, was shut on Monday. Nobody was hurt."
    )
    after = replace(
        LATER,
        body="The port of Veld will stay closed all winter, the harbour board said on Friday, for lack of pilots.",
    )

    answer = ask(settings, "What is the latest on the port of Veld?", [before, after])

    assert answer.citations[0].article.id == LATER.id
