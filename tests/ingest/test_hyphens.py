"""A no-break space that became a hyphen is a blank again; a compound, a dash and a span of days stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cleaning import clean_text
from ingest.hyphens import with_blanks

# Shows the damage twice, so that a text with it is one to mend.
DAMAGED = "On Tuesday,-both came. The list:-Marsh. "
MENDED = "On Tuesday, both came. The list: Marsh. "


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        ("Thorne,-who came late,-left early.-", "Thorne, who came late, left early."),
        (
            '"Not yet,"-she said. The bridge stayed shut.-Work begins in May.',
            '"Not yet," she said. The bridge stayed shut. Work begins in May.',
        ),
        (
            "The list:-Marsh and Lee. On Tuesday,-both came.-\nSo it ended.",
            "The list: Marsh and Lee. On Tuesday, both came.\nSo it ended.",
        ),
        (
            'He wrote: "It is lost."- The mayor, who stayed, did not answer him.- Nobody else spoke at all that night.',
            'He wrote: "It is lost." The mayor, who stayed, did not answer him. Nobody else spoke at all that night.',
        ),
        ("The keeper was-told of-storms to come.", "The keeper was told of storms to come."),
        ("The keepers-who came and the mayor-had gone.", "The keepers who came and the mayor had gone."),
        (
            "The garda\ufffd\ufffd-were there and the light-was out.",
            "The garda\ufffd\ufffd were there and the light was out.",
        ),
        ("It is the-town's own, of-Sarn's.", "It is the town's own, of Sarn's."),
        ('It was-"closed" by a-"friend" of his.', 'It was "closed" by a "friend" of his.'),
        ("She said-that the-county had-paid.", "She said that the county had paid."),
    ],
)
def test_a_text_that_shows_the_damage_twice_is_mended(damaged: str, sound: str) -> None:
    assert with_blanks(damaged) == sound
    assert with_blanks(sound) == sound


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        ('They went to watch-"The Flood" with him.', 'They went to watch "The Flood" with him.'),
        ('It was a-"clear majority" of one.', 'It was a "clear majority" of one.'),
        ('It is a "lodge"-beneath the tide.', 'It is a "lodge" beneath the tide.'),
        ('The banks paid.-["All of it."]', 'The banks paid. ["All of it."]'),
        ("The board (FBF)-on Thursday met.", "The board (FBF) on Thursday met."),
        ("It cost much-(the mayor paid).", "It cost much (the mayor paid)."),
        ("The league's first minister-said no.", "The league's first minister said no."),
        ("The counsellor-Ada Prow left.", "The counsellor Ada Prow left."),
        ("It has-been shut in-the spring.", "It has been shut in the spring."),
        ("Some 40%-of them left.", "Some 40% of them left."),
        ("It lasted a-week-in May.", "It lasted a week-in May."),
        ("They came at-Marsk and to-the quay.", "They came at Marsk and to the quay."),
        ("It belongs to its keeper, who-has the key.", "It belongs to its keeper, who has the key."),
        ("The poor have been targeted. - This is part of a larger story, and not its end.",
         "The poor have been targeted. This is part of a larger story, and not its end."),
    ],
)  # fmt: skip
def test_what_might_be_a_compound_elsewhere_is_mended_in_a_damaged_text(damaged: str, sound: str) -> None:
    assert with_blanks(damaged) == damaged
    assert with_blanks(DAMAGED + damaged) == MENDED + sound


@pytest.mark.parametrize("mark", ["-", "---", "-----"])
def test_a_mark_between_two_sentences_goes_even_where_it_is_the_only_one(mark: str) -> None:
    assert (
        with_blanks(f"The bridge is shut.{mark} A ferry sails instead.") == "The bridge is shut. A ferry sails instead."
    )
    assert with_blanks(f'"It is shut."{mark} "We sail," he said.') == '"It is shut." "We sail," he said.'


@pytest.mark.parametrize(
    "compound",
    [
        "a state-of-the-art, one-of-a-kind, well-known two-year-old row",
        "the anti-Soviet then-President of sub-Saharan south-East Fenwick",
        'an anti-"woke" law and a "Real World"-style show',
        "an at-risk, in-house, for-profit by-election",
        "a would-be must-have go-to how-to",
        "drugs that are (FDA)-approved",
        "a kind-of, sort-of, long-hoped-for has-beens' row",
        "IT-related, A-level, WHO-led",
        "a he-said-she-said row of has-nots and have-nots",
        "a three-to four-year term, harder-to reach",
        "the mother-in-law's passers-by",
        "Boo-hoo, that-that and the-the",
        "well-being, would-be, free-will",
        "Winston-Salem and Rolls-Royce, a plain-Jane hut",
        "times a-changin",
        "a 40%-owned quay at 20%-off and a 10%-stake",
        "person(s) or re-(un)do",
    ],
)
def test_a_compound_stays_in_a_damaged_text(compound: str) -> None:
    assert with_blanks(f"{DAMAGED}It was {compound} to him.") == f"{MENDED}It was {compound} to him."


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday,-a slip of the pen-they left. It was a well-known, two-year-old row.",
        "Tickets cost 5,-Euro for children and 10,-Euro for others.",
        "Open April.-Mon. and May.-Sun.; the U.S.-Fenwick talks of Sept.-Oct. go on - slowly.",
        "Left.- right, left.",
        "The tide came in.- Ada Prow",
        "The bridge-which is shut-fell.",
        '"She gives her best."- Ada Prow, keeper.\n\n"He came early."- Bo Stern, pilot.\n\nBoth will stay.- Cy Fox',
        "The light is out. - Reuters\n\nThe tide is in. - Ada Prow",
        "state-of-the-art, off-the-shelf, run-of-the-mill, word-of-mouth, up-to-the-minute, out-of-the-way",
        "The then-keeper of the so-called were-house, a has-been, is on-call at the by-the-book quay.",
    ],
)
def test_a_mark_that_may_be_meant_stays(text: str) -> None:
    assert with_blanks(text) == text


WORDS = st.sampled_from(
    'The mayor,-who said-that the-bridge is-shut.- then-President - a-week-in "old"-bridge Thorne.-"No,"-she (FBF)-on'.split()
)


@given(st.lists(WORDS, max_size=25), st.sampled_from([" ", "\n\n"]))
def test_what_is_mended_is_clean_and_keeps_its_letters(words: list[str], between: str) -> None:
    text = clean_text(between.join(words))

    assert clean_text(text) == text
    assert [letter for letter in text if letter.isalpha()] == [
        letter for word in words for letter in word if letter.isalpha()
    ]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="-")))
def test_a_text_without_a_hyphen_is_never_touched(text: str) -> None:
    assert with_blanks(text) == text


@pytest.mark.parametrize(
    "hostile", ["-" * 50_000, "a-" * 50_000, "the-" * 30_000, ".- " * 30_000, ',"-a' * 20_000, " - A" * 20_000]
)
def test_a_hostile_text_is_weighed_in_no_time(hostile: str) -> None:
    assert len(with_blanks(hostile)) > 0
