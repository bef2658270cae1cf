"""Damage with one reading is put right; what is sound stays to the letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mending import mend


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        ("the councilâ€™s vote", "the council’s vote"),
        ("two years â\x80\x93 at most", "two years – at most"),
        ("the rosÃ© of the island", "the rosé of the island"),
        ("Ã\xa0 la carte", "à la carte"),
        ("Мост закрыт".encode().decode("latin-1"), "Мост закрыт"),
        ("Ã¤ Ã¶ Ã¼ are letters", "ä ö ü are letters"),
    ],
)
def test_utf8_that_was_read_as_another_charset_is_read_again(damaged: str, sound: str) -> None:
    assert mend(f"Before.\n{damaged}\nAfter, “all’s” well.") == f"Before.\n{sound}\nAfter, “all’s” well."


@pytest.mark.parametrize(
    ("escaped", "plain"),
    [
        ("Marsh &amp; Sons", "Marsh & Sons"),
        ("&ldquo;No,&rdquo; she said&#8212;twice", "“No,” she said—twice"),
        ("caf&#xE9; &#39;Quay&#39;", "café 'Quay'"),
        ("&amp;amp;quot;twice escaped&amp;quot;", '"twice escaped"'),
    ],
)
def test_entities_left_in_text_become_their_characters(escaped: str, plain: str) -> None:
    assert mend(escaped) == plain


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("The vote is today%2C at noon%3B the rest can wait.", "The vote is today, at noon; the rest can wait."),
        ("%22It%27s over%2C%22 she said.", '"It\'s over," she said.'),
        (
            "See https://harbour.example/a%2Cb?q=%22x%22 and mail=a%2Cb",
            "See https://harbour.example/a%2Cb?q=%22x%22 and mail=a%2Cb",
        ),
        ("A tenth (10%) of 27 and 22%.", "A tenth (10%) of 27 and 22%."),
    ],
)
def test_marks_that_were_escaped_for_an_address_are_read_in_words_alone(text: str, mended: str) -> None:
    assert mend(text) == mended


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        ('"We will not wait,"?Thorne said.', '"We will not wait," Thorne said.'),
        ('"It is closed."?The mayor left.', '"It is closed." The mayor left.'),
        ('The bridge "?closed since May "?is to go.', "The bridge — closed since May — is to go."),
        (
            '"It is lost."?"All of it," he said. "It went in May."? Nobody spoke.',
            '"It is lost." "All of it," he said. "It went in May." Nobody spoke.',
        ),
        ('It was new-"?and late -"?and dear.', "It was new — and late — and dear."),
        ('She said, "\ufffdWork begins in spring.', 'She said, "Work begins in spring.'),
    ],
)
def test_marks_that_went_through_a_chinese_charset_get_their_blank_back(damaged: str, sound: str) -> None:
    assert mend(damaged) == sound


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        ('The ferry didn"t sail, and it"s late.', "The ferry didn't sail, and it's late."),
        ('They wouldn"\ufffdt wait. The ferry"\ufffds crew left.', "They wouldn't wait. The ferry's crew left."),
        ('I"ve seen it. We"ll stay; he"d go.', "I've seen it. We'll stay; he'd go."),
        ('The keepers" hut and the boats"?quay are shut.', "The keepers' hut and the boats' quay are shut."),
        ('It didn"t sail. The "old boats" and the crews" hut.', 'It didn\'t sail. The "old boats" and the crews\' hut.'),
        ('The Sarn Keepers"?movement spoke.', "The Sarn Keepers' movement spoke."),
        ('It is "?closed "?to all. The Ladies"?15 miles is off.', "It is — closed — to all. The Ladies' 15 miles is off."),
        ('He called it "\ufffdlost" and left the quay"\ufffdit was May.', 'He called it "lost" and left the quay—it was May.'),
        ('The "old bridge"?is shut, the "new one"?too.', 'The "old bridge" is shut, the "new one" too.'),
        ('We\'r late: it didn"t sail, and they\'r not sorry. I"m wet.',
         "We're late: it didn't sail, and they're not sorry. I'm wet."),
    ],
)  # fmt: skip
def test_apostrophes_that_became_other_marks_come_back(damaged: str, sound: str) -> None:
    assert mend(damaged) == sound
    assert mend(sound) == sound


@pytest.mark.parametrize(
    "text",
    [
        'He typed "you\'r late" and sent it.',
        'Did they ask "the keepers of the boats"?Yes, and the crews"?No.',
        'Did she say "yes"?and what then? One slip is no damage.',
        'The "keepers of the boats" left, and the "crews" stayed; one slip: the cooks" hut.',
        '“The boats" left, and “the crews" stayed, and “the cooks" too.',
        'The mayor asked for a " commit to boats" rally, and a " no to cars" one.',
        '"We kept the boats.\n\n"We kept the crews" and "the cooks" too, he wrote.',
        'A 6" pipe, a 12"s rule and a 3" d pin; "so I" she wrote.',
    ],
)
def test_a_mark_that_may_be_meant_stays(text: str) -> None:
    assert mend(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "AT&T and R&D; the fish&chips shop; &copy without its end; x &lt y",
        "‘Curly’ “quotes”, ﬁ ligatures, ｆｕｌｌ width, … and “é”…",
        "Der Bürgermeister sagte: „Die Brücke wird größer.“ Straße, Maß, Öl.",
        "Мэр сказал: «Мост закрыт до весны». Ёлка, объезд.",
        "قال رئيس البلدية إن الجسر مغلق حتى الربيع.",
        "市长说：“这座桥将关闭到春天。”",
        "Việt Nam: Cầu sẽ đóng cửa đến mùa xuân.",
        "Çeşme’de köprü ilkbahara kadar kapalı. Ångström, Ærø, São João",
        'Who wrote "Why"? Nobody knew. He asked "why?" and left; it was lost: Gald\ufffds.',
        "a lost letter in Gald\ufffd\ufffds stays lost",
    ],
)
def test_sound_text_in_any_language_is_given_back_as_it_is(text: str) -> None:
    assert mend(text) == text


@given(st.text(alphabet=st.characters(codec="ascii", exclude_characters='&"-')))
def test_plain_ascii_is_never_touched(text: str) -> None:
    assert mend(text) == text


@given(
    st.lists(st.sampled_from(['"', "boats", 's"?', "x", " ", "\n", '"\ufffd', 'crews" hut', 'n"t', "?"]), max_size=40)
)
def test_mending_puts_in_nothing_but_marks_and_blanks(parts: list[str]) -> None:
    text = "".join(parts)

    assert [letter for letter in mend(text) if letter.isalpha()] == [letter for letter in text if letter.isalpha()]


@pytest.mark.parametrize("hostile", ['boats" x ' * 30_000, 'boats"?x\n' * 30_000, '"\ufffd' * 50_000])
def test_a_text_full_of_marks_is_weighed_in_no_time(hostile: str) -> None:
    assert len(mend(hostile)) > 0


def test_what_is_escaped_a_hundred_thousand_times_ends() -> None:
    assert mend("&" + "amp;" * 100_000 + "lt;") == "<"
    assert len(mend("&#38;" * 100_000)) == 100_000
