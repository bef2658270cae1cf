"""Who is said to have said what, and how the words that name them are understood."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain import Statement
from rag.sentences import sentence_spans
from rag.speech.people import people
from rag.statements import statements

FRIDAY = date(2024, 3, 15)


def read(body: str, title: str = "") -> tuple[Statement, ...]:
    return statements(body, sentence_spans(body), title=title, published_on=FRIDAY)


def told(body: str, title: str = "") -> list[tuple[str | None, str]]:
    """Speaker's name and words of each statement, in order."""
    return [(s.speaker.name if s.speaker else None, s.span.of(body)) for s in read(body, title)]


def quoted(body: str) -> list[tuple[str | None, list[str]]]:
    return [(s.speaker.name if s.speaker else None, [q.of(body) for q in s.quotes]) for s in read(body) if s.quotes]


@pytest.mark.parametrize(
    "body",
    [
        "“The harbour will stay shut,” Ines Okafor said.",
        '"The harbour will stay shut," Ines Okafor said.',
        "''The harbour will stay shut,'' Ines Okafor said.",
        "‘The harbour will stay shut,’ Ines Okafor said.",
        "'The harbour will stay shut,' Ines Okafor said.",
        "“The harbour will stay shut,” said Ines Okafor.",
        "«The harbour will stay shut,» said Ines Okafor.",
    ],
)
def test_every_style_of_marks_is_read(body: str) -> None:
    assert quoted(body) == [("Ines Okafor", ["The harbour will stay shut,"])]


def test_apostrophes_are_not_quotation_marks() -> None:
    body = "The fishermen's boats weren't in Ito's yard, and the boys' club didn't open on the '90s pier."

    assert quoted(body) == []


def test_an_apostrophe_inside_single_marks_does_not_close_them() -> None:
    body = "‘We don’t need the dockers’ help and we won’t ask,’ said Ines Okafor."

    assert quoted(body) == [("Ines Okafor", ["We don’t need the dockers’ help and we won’t ask,"])]


def test_a_split_quotation_is_one_statement_with_two_quotes() -> None:
    body = "“If it rains,” Ines Okafor said, “we will wait.”"

    assert quoted(body) == [("Ines Okafor", ["If it rains,", "we will wait."])]


def test_a_quotation_after_the_attribution_goes_on_with_the_same_speaker() -> None:
    body = "“It rained,” Ines Okafor said. “We waited. Nobody came.”"

    assert quoted(body) == [("Ines Okafor", ["It rained,", "We waited. Nobody came."])]


def test_a_quotation_over_several_paragraphs_is_one_statement() -> None:
    body = "Ines Okafor said: “It rained.\n\n“We waited.\n\n“Nobody came.”\n\nThe hall was empty."

    assert quoted(body) == [("Ines Okafor", ["It rained.", "We waited.", "Nobody came."])]


def test_a_mixed_quotation_covers_the_words_around_the_quoted_ones() -> None:
    body = "Ines Okafor said the two plans were “miles apart, and nobody can join them.”"

    (statement,) = read(body)

    assert statement.span.of(body) == "the two plans were “miles apart, and nobody can join them.”"
    assert [quote.of(body) for quote in statement.quotes] == ["miles apart, and nobody can join them."]


@pytest.mark.parametrize(
    ("body", "speaker", "words"),
    [
        ("The bridge will close, according to Ines Okafor.", "Ines Okafor", "The bridge will close"),
        ("According to the harbour office, the bridge will close.", "the harbour office", "the bridge will close"),
        ("Ines Okafor told reporters that the bridge will close.", "Ines Okafor", "the bridge will close"),
        ("Ines Okafor told the Harbour Post the bridge will close.", "Ines Okafor", "the bridge will close"),
        ("Ines Okafor said the bridge will close.", "Ines Okafor", "the bridge will close"),
        ("Ines Okafor said on Tuesday that the bridge will close.", "Ines Okafor", "the bridge will close"),
        ("In a statement, Ines Okafor said the bridge will close.", "Ines Okafor", "the bridge will close"),
        ("The bridge will close, said Ines Okafor, head of the harbour.", "Ines Okafor", "The bridge will close"),
        ("The bridge will close in May, Ines Okafor said on Tuesday.", "Ines Okafor", "The bridge will close in May"),
        ("Police said the bridge will close.", "Police", "the bridge will close"),
        ("The ministry has said that the bridge will close.", "the ministry", "the bridge will close"),
    ],
)
def test_indirect_speech_is_found_in_each_form(body: str, speaker: str, words: str) -> None:
    assert told(body) == [(speaker, words)]


def test_an_appositive_between_speaker_and_cue_is_the_role() -> None:
    body = "Ines Okafor, the head of Norland's delegation, said after Monday's meeting that talks would resume."

    (statement,) = read(body)

    assert statement.speaker is not None
    assert statement.speaker.name == "Ines Okafor"
    assert statement.speaker.role == "head of Norland's delegation"
    assert statement.span.of(body) == "talks would resume"


def test_a_role_before_the_name_belongs_to_the_name() -> None:
    body = "The head of Norland's delegation at the talks, Ines Okafor, said that talks would resume."

    (statement,) = read(body)

    assert statement.speaker is not None
    assert (statement.speaker.name, statement.speaker.role) == (
        "Ines Okafor",
        "head of Norland's delegation at the talks",
    )


def test_the_colon_form_of_a_headline_names_the_speaker() -> None:
    assert quoted("Okafor: “The bridge will close in May”") == [("Okafor", ["The bridge will close in May"])]


def test_a_pronoun_means_the_speaker_before() -> None:
    body = "Mayor Ines Okafor said the bridge will close. She added that the ferry would run."

    assert [speaker for speaker, _ in told(body)] == ["Ines Okafor", "Ines Okafor"]


def test_a_pronoun_passes_over_a_person_of_the_other_gender() -> None:
    body = "Mr. Tom Brandt walked in. Ms. Ines Okafor greeted everybody.\n\n“It will close,” he said."

    assert quoted(body) == [("Tom Brandt", ["It will close,"])]


def test_he_said_means_the_subject_of_the_paragraph_before() -> None:
    body = (
        "Harbour spokesman Tom Brandt and mayor Ines Okafor met.\n\nOkafor asked for a ferry.\n\n"
        "Brandt rejected the idea on Friday.\n\n“A ferry can wait until the bridge is built,” he said."
    )

    assert quoted(body) == [("Tom Brandt", ["A ferry can wait until the bridge is built,"])]


def test_a_bare_surname_becomes_the_full_name() -> None:
    body = "Tom Brandt leads the harbour. The day was long. “It will close,” Brandt said."

    assert quoted(body) == [("Tom Brandt", ["It will close,"])]


def test_a_full_name_may_stand_in_the_headline_alone() -> None:
    assert told("Brandt said the bridge will close.", "Tom Brandt speaks out")[0][0] == "Tom Brandt"


def test_a_role_becomes_the_name_that_the_article_gives_it() -> None:
    body = "Harbour spokesman Tom Brandt arrived late. The harbour spokesman said the bridge will close."

    assert told(body) == [("Tom Brandt", "the bridge will close")]


def test_two_people_of_one_surname_stay_two() -> None:
    body = (
        "Minister Tom Brandt opened the hall. It was cold and the rain did not stop for most of the morning.\n\n"
        "Later the singer Ines Brandt performed there for two hours, to long applause from a full hall.\n\n"
        "“I was cold,” Ines Brandt said.\n\n“The hall is open,” Tom Brandt said."
    )

    assert [speaker for speaker, _ in quoted(body)] == ["Ines Brandt", "Tom Brandt"]


def test_a_surname_of_two_people_named_side_by_side_is_left_as_it_is() -> None:
    body = "Tom Brandt and Ines Brandt opened the hall. Brandt said the hall was cold."

    assert [speaker for speaker, _ in told(body)] == ["Brandt"]


@pytest.mark.parametrize(
    "body",
    [
        "Ines Okafor denied that the bridge was unsafe.",
        "Ines Okafor declined to comment on the bridge.",
        "Ines Okafor refused to say when the bridge will open.",
        "Ines Okafor did not say when the bridge will open.",
    ],
)
def test_denials_and_refusals_are_marked(body: str) -> None:
    (statement,) = read(body)

    assert statement.denied


@pytest.mark.parametrize(
    "body",
    [
        "The series “The Bridge” opens the festival.",
        "A new series called “The Bridge” opens the festival.",
        "Its so-called “bridge tax” was dropped in spring.",
        "The statement was read by many, and the claims were old.",
    ],
)
def test_titles_and_scare_quotes_are_no_statements(body: str) -> None:
    assert read(body) == ()


def test_a_quotation_without_a_cue_belongs_to_the_speaker_next_to_it() -> None:
    body = "Ines Okafor said the bridge will close.\n\n“We have no choice. It is too old.”"

    statement = read(body)[-1]

    assert statement.cue is None
    assert statement.speaker is not None
    assert statement.speaker.name == "Ines Okafor"


def test_the_words_of_a_relative_clause_do_not_take_the_speaker_away() -> None:
    body = "Ines Okafor, who has often ruled out a toll, said the bridge will close."

    assert told(body)[-1] == ("Ines Okafor", "the bridge will close")


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("Ines Okafor said on Thursday that the bridge will close.", date(2024, 3, 14)),
        ("Ines Okafor said Friday that the bridge will close.", FRIDAY),
        ("“It will close,” Ines Okafor said on Saturday.", date(2024, 3, 9)),
        ("Ines Okafor said on March 3 that the bridge will close.", date(2024, 3, 3)),
        ("Ines Okafor said the bridge will close.", FRIDAY),
        ("Ines Okafor said last year that the bridge will close.", None),
    ],
)
def test_the_day_named_with_the_cue_is_the_day_of_the_statement(body: str, day: date | None) -> None:
    assert read(body)[0].said_on == day


def test_without_a_date_of_publication_no_day_is_made_up() -> None:
    body = "Ines Okafor said on Thursday that the bridge will close."

    assert statements(body, sentence_spans(body))[0].said_on is None


def test_the_words_that_name_the_speaker_are_kept_as_the_source() -> None:
    body = "Mayor Ines Okafor arrived. “It will close,” she said."

    (statement,) = read(body)

    assert statement.source is not None
    assert statement.source.of(body) == "she"


def test_people_are_listed_with_their_roles() -> None:
    body = "Norland's president, Ines Okafor, met Deputy Foreign Minister Tom Brandt in Port Elm. Brandt left early."

    found = people(body)

    assert [person.name for person in found] == ["Ines Okafor", "Tom Brandt"]
    assert found[1].roles == ("Deputy Foreign Minister",)
    assert [span.of(body) for span in found[1].spans] == ["Tom Brandt", "Brandt"]


def test_places_and_bodies_are_no_people() -> None:
    assert people("The Harbour Council met in New Elm on Main Street. The United Nations sent a letter.") == ()


PIECES = st.lists(
    st.sampled_from(
        ["“", "”", '"', "''", "‘", "’", "'", " said ", "He ", "Ines Okafor", ", ", ". ", ": ", "\n\n", "who ", "told ",
         "according to ", "the head of ", "that ", "on Friday", " — ", "(", ")", "adding ", "a", "Mr. ", "and ", "“A b.” "]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(PIECES | st.text(max_size=200))
def test_any_text_gives_spans_inside_it(body: str) -> None:
    for statement in read(body, title=body[:40]):
        spans = [statement.span, *statement.quotes, *filter(None, (statement.cue, statement.source))]
        assert all(0 <= span.start < span.end <= len(body) for span in spans)
        assert all(statement.span.holds(quote) for quote in statement.quotes)
    for person in people(body):
        assert all(span.of(body) for span in person.spans)


@pytest.mark.parametrize(
    "piece",
    ["He said “", "‘a b ", "Ines Okafor said, ", "“A b,” he said. ", "word ", ", who said ", "\n“a", "It’s ", "A B, the ",
     "according to ", "(", "A. ", "' ", "Ines Okafor and "],
)  # fmt: skip
def test_a_hostile_body_is_read_to_its_end(piece: str) -> None:
    """Quadratic work on it would outlast any run of the tests; how long it takes is not asserted here."""
    body = piece * (300_000 // len(piece))

    found = statements(body, sentence_spans(body))

    assert all(statement.span.end <= len(body) for statement in found)


@pytest.mark.parametrize("dash", ["—", "–", "―", "-"])
def test_words_that_are_signed_are_of_whoever_signs_them(dash: str) -> None:
    (said,) = statements(f"“The harbour is ours, and it stays ours.” {dash} Ada Thorne, mayor of Elm", [])

    assert said.speaker is not None
    assert said.speaker.name == "Ada Thorne"


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("Ada Thorne spoke first. “Where is the ferry?” Thorne asked. Tom Reed left.", "Ada Thorne"),
        ("Mayor Ada Thorne left. Echoing Thorne, she said the ferry was old.", "Ada Thorne"),
        ("Radiologist Ida Holm was there. “The picture is clear,” Holm said.", "Ida Holm"),
        ("Kevin Marsh wrote to us. “It is five boats,” Kevin said.", "Kevin Marsh"),
        (
            "Adrian Pettersen, a longtime keeper of bees, said spring was late. “It was cold,” he said.",
            "Adrian Pettersen",
        ),
        ("With the former patient Asef Hurst, the Queen said a word. Hurst said, “I could not breathe.”", "Asef Hurst"),
        ("President Joe Barden spoke. His wife, Jill Barden, listened. “Help is coming,” Barden said.", "Joe Barden"),
        ("Will Orlov resign? Dmitry Orlov has not decided. “Ask me tomorrow,” Orlov said.", "Dmitry Orlov"),
        (
            "Fernando Tuesta Soldevilla teaches law. “She is weak,” said Tuesta Soldevilla.",
            "Fernando Tuesta Soldevilla",
        ),
        ("Pope Francis wrote on Monday. Francis Reed, the printer, was asked. “Be patient,” Francis said.", "Francis"),
    ],
)
def test_the_full_name_is_the_one_that_the_article_gives(body: str, speaker: str) -> None:
    said = statements(body, [])[-1]

    assert said.speaker is not None
    assert said.speaker.name == speaker


def test_somebody_without_a_name_is_not_the_last_one_who_had_one() -> None:
    body = "Tom Reed was fined. A brewery owner in Elm is selling a beer that he called “a small revenge in a bottle”."

    (said,) = statements(body, [])

    assert said.speaker is not None
    assert said.speaker.name != "Tom Reed"


def test_a_book_that_somebody_wrote_is_no_statement() -> None:
    assert statements("Ada Thorne wrote a book on trees and sailed away.", []) == ()


def test_of_two_namesakes_the_one_in_the_headline_is_called_by_the_surname() -> None:
    body = (
        "Captain Jason Kell and his brother Travis Kell met Ada Thorne. “I wanted to give her a bracelet,” Kell said."
    )

    (said,) = statements(body, [], title="Travis Kell wears a bracelet for Ada Thorne")

    assert said.speaker is not None
    assert said.speaker.name == "Travis Kell"


def test_a_noun_before_a_role_is_no_part_of_it() -> None:
    (said,) = statements("X has a fee, a move X owner Elon Muster said would stop “every last bot”.", [])

    assert said.speaker is not None
    assert said.speaker.role == "X owner"


def test_a_conjunction_before_a_speaker_is_no_part_of_the_name() -> None:
    body = "The bank of Norrby kept its rate on Monday, and its governor told savers not to hope for more."

    assert [s.speaker.name for s in statements(body, ()) if s.speaker] == ["its governor"]


@pytest.mark.parametrize(
    ("body", "speaker", "quote"),
    [
        (
            "Ines Okafor said the bridge is old. “It has been leaking for longer than this council has sat” beside it.",
            "Ines Okafor",
            "It has been leaking for longer than this council has sat",
        ),
        (
            "The bridge is old. “We will not wait for it to fall,” in the words of Tom Brandt, who keeps it.",
            "Tom Brandt",
            "We will not wait for it to fall,",
        ),
        (
            "Ines Okafor owns a house. Ines Okafor has a bridge that is “safe for all the people who have to cross it”.",
            "Ines Okafor",
            "safe for all the people who have to cross it",
        ),
    ],
)
def test_many_quoted_words_that_no_verb_of_speech_takes_are_still_told(body: str, speaker: str, quote: str) -> None:
    assert quoted(body)[-1] == (speaker, [quote])


@pytest.mark.parametrize(
    "body",
    [
        "Ines Okafor has a film titled “how we lost the harbour and found it again” with her.",
        "Ines Okafor has “How We Lost the Harbour and Found the Island Again” with her.",
        "Ines Okafor has “no dogs” on a sign.",
    ],
)
def test_a_title_stays_a_title_however_long(body: str) -> None:
    assert quoted(body) == []


def test_the_title_of_a_programme_carries_no_words_on() -> None:
    assert quoted("“It will close,” Ines Okafor said on “Harbour Talk Tonight”.") == [
        ("Ines Okafor", ["It will close,"])
    ]


@pytest.mark.parametrize(
    ("body", "quotes"),
    [
        ('"It is no “safe bridge” and will close," Ines Okafor said.', ["It is no “safe bridge” and will close,"]),
        ("''I asked, 'Is it safe?''' Ines Okafor said.", ["I asked, 'Is it safe?'"]),
        ('Ines Okafor said: "It is “old” here.\n\n"And it leaks."', ["It is “old” here.", "And it leaks."]),
    ],
)
def test_marks_within_marks_do_not_end_a_quotation(body: str, quotes: list[str]) -> None:
    assert [quote for _, each in quoted(body) for quote in each] == quotes
