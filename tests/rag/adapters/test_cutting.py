"""Text kept within bounds, whatever the pieces."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.adapters.cutting import Cutter

TEXTS = st.text(alphabet=st.sampled_from("ab#\n é🙂"), max_size=60)
STOPS = st.lists(st.text(alphabet="ab#\n", min_size=1, max_size=4), max_size=3)


def cut(pieces: list[str], *, stop: list[str], most: int = 10_000) -> tuple[str, str | None]:
    cutter = Cutter(stop=stop, most_chars=most)
    shown = [cutter.feed(piece) for piece in pieces]
    return "".join([*shown, cutter.rest()]), cutter.ended


def in_pieces(text: str, ends: list[int]) -> list[str]:
    bounds = [0, *sorted(min(end, len(text)) for end in ends), len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]


@given(text=TEXTS, stop=STOPS, ends=st.lists(st.integers(0, 60), max_size=8))
def test_however_it_is_cut_no_stop_word_comes_out_and_nothing_before_the_first_is_lost(
    text: str, stop: list[str], ends: list[int]
) -> None:
    shown, ended = cut(in_pieces(text, ends), stop=stop)

    assert text.startswith(shown)
    assert not any(word in shown for word in stop)
    if any(word in text for word in stop):
        assert ended == "stop"
        assert any(text[len(shown) :].startswith(word) for word in stop)
    else:
        assert (shown, ended) == (text, None)


@given(text=TEXTS, ends=st.lists(st.integers(0, 60), max_size=8), most=st.integers(0, 70))
def test_no_more_comes_out_than_is_allowed(text: str, ends: list[int], most: int) -> None:
    shown, ended = cut(in_pieces(text, ends), stop=[], most=most)

    assert shown == text[:most]
    assert (ended == "length") == (len(text) > most)


@given(text=TEXTS)
def test_halves_of_characters_are_put_together(text: str) -> None:
    units = text.encode("utf-16-le")
    halves = [chr(int.from_bytes(units[at : at + 2], "little")) for at in range(0, len(units), 2)]

    assert cut(halves, stop=["#"])[0] == text.partition("#")[0]


@given(st.lists(st.text(alphabet=st.sampled_from("a\ud83d\ude42"), max_size=3)))
def test_what_comes_out_can_always_be_written_as_utf_8(pieces: list[str]) -> None:
    assert cut(pieces, stop=[])[0].encode("utf-8")[:0] == b""
