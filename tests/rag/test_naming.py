"""What a question names of what the library knows, and the parts that it is cut into."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Article, Kind, Part, Query
from rag.errors import QuestionError
from rag.known import KnownNames
from rag.ports import Names
from rag.questions import understand
from rag.spoken import Naming

NEWEST = datetime(2025, 7, 23, 10, tzinfo=UTC)
KNOWN = KnownNames(
    Names(
        outlets={
            "The Lantern": "https://www.lantern.example/2025/a",
            "Harbour Post | News of the Coast": None,
            "HBC News - Markets": None,
            "HBC News - Travel": None,
            "The Veld Morning Courier": None,
            "PortWatch.com": None,
            "Compass": None,
        },
        sections=("Science", "Local News"),
        newest=NEWEST,
    ),
    [
        Naming("Oleksandr Varenskyy", "harbour master", 9),
        Naming("Marta Lindqvist", None, 4),
        Naming("Ivo Lindqvist", "deputy mayor", 3),
        Naming("Neither Veld", None, 1),
        Naming("the harbour board", None, 30),
    ],
)


def read(question: str, **options: object) -> Query:
    return understand(question, known=KNOWN, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "outlets"),
    [
        ("What did The Lantern report on the dredging?", ("The Lantern",)),
        ("the Lantern article on dredging", ("The Lantern",)),
        ("What was said of dredging, as reported by Harbour Post?", ("Harbour Post | News of the Coast",)),
        ("dredging according to PortWatch", ("PortWatch.com",)),
        ("dredging according to portwatch.com", ("PortWatch.com",)),
        ("What does the HBC say about rates?", ("HBC News - Markets", "HBC News - Travel")),
        ("What does 'HBC News - Travel' say about ferries?", ("HBC News - Travel",)),
        ("What did the VMC write about the strike?", ("The Veld Morning Courier",)),
        ("dredging on lantern.example", ("The Lantern",)),
        ("As reported by Compass and PortWatch, when does it end?", ("Compass", "PortWatch.com")),
    ],
)
def test_outlets_are_known_by_the_ways_in_which_they_are_called(question: str, outlets: tuple[str, ...]) -> None:
    assert read(question).outlets == outlets


@pytest.mark.parametrize(
    "question",
    [
        "Who lost a compass at sea?",
        "Is the Compass Rose hotel open?",
        "Who lit the lantern in the harbour?",
        "vmc of the engine",
        "What did the courier bring in the morning?",
    ],
)
def test_an_ordinary_word_is_no_outlet(question: str) -> None:
    assert read(question).outlets == ()


@pytest.mark.parametrize(
    ("question", "people"),
    [
        ("What did Varensky say about the pier?", ("Oleksandr Varenskyy",)),
        ("What did Lindqvist say?", ("Marta Lindqvist", "Ivo Lindqvist")),
        ("Did Marta Lindqvist resign?", ("Marta Lindqvist",)),
        ("Why did the harbour master resign?", ("Oleksandr Varenskyy",)),
        ("Where is the Lindqvist Tower?", ()),
        ("Who runs the port of Veld?", ()),
    ],
)
def test_people_are_known_by_name_surname_spelling_and_role(question: str, people: tuple[str, ...]) -> None:
    assert read(question).people == people


def test_a_role_that_many_have_tells_nobody() -> None:
    masters = [Naming(name, "harbour master", 2) for name in ("Ann Berg", "Bo Dahl", "Cia Ek")]

    def asked(namings: list[Naming]) -> str:
        known = KnownNames(Names(outlets={}, sections=(), newest=NEWEST), namings)
        return understand("Why did the harbour master close the quay?", known=known).parts[0].text

    assert asked(masters) == "Why did the harbour master close the quay?"
    assert "Ann Berg" in asked(masters[:2])


def test_a_name_that_is_spelled_otherwise_is_searched_for_as_the_articles_have_it() -> None:
    assert "Oleksandr Varenskyy" in read("What did Varensky say about the pier?").parts[0].text
    assert read("What did Marta Lindqvist say?").parts[0].text.count("Lindqvist") == 1


def test_a_section_counts_beside_the_word_for_one() -> None:
    assert read("What is new in the science section?").sections == ("Science",)
    assert read("What does science say about tides?").sections == ()


def test_what_two_sources_are_asked_for_is_two_parts() -> None:
    query = read(
        "Does the Lantern article say that the pier is sound, while Harbour Post claims on 3 May 2025 that it will be"
        " shut for repairs?"
    )

    first, second = query.parts
    assert first.outlets == ("The Lantern",)
    assert "pier is sound" in first.text
    assert "repairs" not in first.text
    assert second.outlets == ("Harbour Post | News of the Coast",)
    assert second.period is not None
    assert second.period.holds(datetime(2025, 5, 3, 12, tzinfo=UTC))
    assert "shut for repairs" in second.text
    assert "Harbour Post" not in second.text


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (  # a match is one thing
            "Does Compass say more of the Rovers vs. Harbour United game than The Lantern does of the Veld vs. Norrby game?",
            [
                ("Compass", "Does it say more of the Rovers vs. Harbour United game"),
                ("The Lantern", "it does of the Veld vs. Norrby game?"),
            ],
        ),
        (  # what a source says stands behind it here
            "Which firm, according to Compass, bought the old dredger, and is named by The Lantern for the grain deal?",
            [
                ("Compass", "Which firm, bought the old dredger"),
                ("The Lantern", "is named for the grain deal?"),
            ],
        ),
        (  # a second question in the same sentence
            "Does the Compass article expect more grain compared to last winter's, and does the Lantern article agree on fares?",
            [
                ("Compass", "Does the article expect more grain compared to last winter's"),
                ("The Lantern", "does the article agree on fares?"),
            ],
        ),
        (  # a source that begins its own clause
            "After Compass reported that it was broad but thin on money, and The Lantern said that fares rose, who is right?",
            [
                ("Compass", "After it reported that it was broad but thin on money"),
                ("The Lantern", "it said that fares rose, who is right?"),
            ],
        ),
        (
            "Does 'The Lantern' article praise the quay, while 'HBC News - Travel' implies that nobody goes there?",
            [
                ("The Lantern", "Does the article praise the quay"),
                ("HBC News - Travel", "it implies that nobody goes there?"),
            ],
        ),
    ],
)
def test_each_part_has_what_its_source_is_asked_for(question: str, parts: list[tuple[str, str]]) -> None:
    assert [(*part.outlets, part.text) for part in read(question).parts] == parts


def test_a_word_of_an_outlets_name_is_nobodys_surname() -> None:
    known = KnownNames(
        Names(outlets={"Coast Daily - Markets": None}, sections=(), newest=NEWEST), [Naming("Anna Markets", None, 5)]
    )

    assert understand("What does 'Coast Daily - Markets' say about rates?", known=known).people == ()
    assert understand("What does Markets say about rates?", known=known).people == ("Anna Markets",)


def test_what_several_sources_report_together_is_asked_of_each() -> None:
    query = read("Which port, as reported by Compass and PortWatch, will be dredged this autumn?")

    assert [part.outlets for part in query.parts] == [("Compass",), ("PortWatch.com",)]
    assert query.parts[0].text == query.parts[1].text


def test_the_same_source_is_the_one_named_before() -> None:
    query = read(
        "Does Compass say that grain prices fell in spring, while the same newspaper blames the drought for rising costs?"
    )

    assert [part.outlets for part in query.parts] == [("Compass",), ("Compass",)]


@pytest.mark.parametrize(
    "question",
    [
        "Are grain exports through Veld higher this year compared to timber exports through Norrby last winter?",
        "What did the mayor promise the dockers before the strike, and how much did the board pay the pilots in September?",
        "How much grain did both Veld Harbour and Norrby export?",
        "Why was the bridge shut in Tarn? How many ferries run to the island in winter?",
    ],
)
def test_a_comparison_and_a_second_question_are_parts_without_any_source(question: str) -> None:
    assert len(read(question).parts) == 2


@pytest.mark.parametrize(
    "question",
    ["What did Peskov say about a summit?", "dredging", "Who won, and why?", "bridges and tunnels and ports"],
)
def test_a_plain_question_is_one_part(question: str) -> None:
    query = read(question)

    assert query.parts == (Part(query.text),)


def test_only_makes_a_limit_of_what_is_named() -> None:
    assert read("dredging, only from The Lantern").limits == ("outlets",)
    assert read("dredging, from The Lantern").limits == ()


def test_what_is_ignored_is_not_read() -> None:
    question = "Does The Lantern say X fell last week, while Compass says that Lindqvist raised the harbour fees?"
    query = read(question, ignored=("parts", "outlets", "people", "period"))

    assert query.parts == (Part(question),)
    assert (query.outlets, query.people, query.period) == ((), (), None)


def test_names_of_a_new_article_are_known_at_once() -> None:
    known = KnownNames()
    known.add(Article("1", "T", "B", outlet="Quay Gazette", section="Tides", published_at=NEWEST), ["Emma Norrby"])

    query = understand("What did Norrby say in the Quay Gazette?", known=known)

    assert (query.outlets, query.people, known.newest) == (("Quay Gazette",), ("Emma Norrby",), NEWEST)


@given(st.text(max_size=200))
def test_any_question_has_parts_to_search_for(text: str) -> None:
    try:
        query = read(text)
    except QuestionError:
        return

    assert query.parts
    assert all(part.text for part in query.parts)


def test_words_for_when_an_article_appeared_are_not_searched_for_but_the_date_of_an_event_is() -> None:
    assert "May" not in read("Which report published on 5 May 2025 names the dredger?").parts[0].text
    assert "week" not in read("Which dredger ran aground last week?").parts[0].text
    assert "5 May" in read("Which dredger ran aground on 5 May?").parts[0].text


@pytest.mark.parametrize(
    "question",
    [
        "What did The Lantern say about the silo last week?",
        "What stands in the way of the silo, according to the Lantern?",
        "What does the article published by The Lantern on 5 May 2025 tell of the silo?",
        "Does the Lantern article suggest that the silo will close?",
        "Did the article from The Lantern say that the silo will close?",
    ],
)
def test_what_a_source_says_is_what_it_reports_and_the_source_is_no_part_of_the_topic(question: str) -> None:
    query = read(question)

    assert query.speakers == ()
    assert query.kind is not Kind.SAID
    assert "Lantern" not in query.topic + " ".join(query.names)
    assert "silo" in query.topic
    assert "week" not in query.topic
    assert "May" not in query.topic


def test_what_is_asked_of_both_is_asked_of_each() -> None:
    assert [part.text for part in read("How much grain did both Veld Harbour and Norrby export?").parts] == [
        "How much grain did Veld Harbour export?",
        "How much grain did Norrby export?",
    ]


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("What happened in July according to Harbour Post?", "What happened in July?"),
        ("According to The Lantern, what does the dredging cost?", "what does the dredging cost?"),
        ("What does The Lantern report on the dredging?", "What does it report on the dredging?"),
        ("What does the Lantern article say of the dredging?", "What does the article say of the dredging?"),
        ("What did Harbour Post write about ferries last week?", "What did it write about ferries?"),
        (
            "Which port, as reported by Compass and PortWatch, will be dredged?",
            "Which port, will be dredged?",
        ),
        (
            "Compare what The Lantern and Harbour Post say about the cost of dredging.",
            "Compare what they say about the cost of dredging.",
        ),
        ("Which storms were covered by The Lantern in the spring?", "Which storms were in the spring?"),
    ],
)
def test_what_is_left_without_its_sources_still_reads_as_a_question(question: str, left: str) -> None:
    assert read(question).parts[0].text == left


def test_a_report_of_a_source_on_something_is_the_source() -> None:
    query = read("What does the PortWatch article on the silo say about the cost?")

    assert query.speakers == ()
    assert "silo" in query.topic
    assert "cost" in query.topic
