"""What a chat model writes, in whatever pieces -> sentences with what they point at.

Pure: a state machine that looks at each character once and holds one claim at most, so a crafted answer can neither
stall it nor fill the memory. A pointer names a passage and a sentence of it, `[2.3]`; also `[2.3, 4.1]`, `[2.3-2.5]`,
`[2.3-5]`, `[2]` for a whole passage, and 【 】 for [ ]. Anything else between brackets is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A passage, and a sentence of it, both from 1; None for the passage as a whole.
Address = tuple[int, int | None]

_LONGEST_CLAIM = 2_000
_LONGEST_POINTER = 80
_MOST_ADDRESSES = 12
_WIDEST_RANGE = 8

_OPENING, _CLOSING = "[【", "]】"
_IN_POINTER = frozenset("0123456789.,;-–— \u00a0")
_END = frozenset(".!?…。！？؟")
_AFTER_END = frozenset("”’\"'»)」』")
_PART = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?(?:[-–—](?:(\d{1,3})\.)?(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Pointed:
    """One stretch of an answer with the addresses behind it; `cut` where it was too long and has lost its end."""

    text: str
    addresses: tuple[Address, ...] = ()
    cut: bool = False


class PointerParser:
    """Feed it pieces; it returns each stretch once it is whole."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._bracket: list[str] | None = None
        self._addresses: list[Address] = []
        self._pointed = False  # a pointer has just closed; what follows tells whether the stretch has ended
        self._space = False
        self._cut = False

    def feed(self, piece: str) -> list[Pointed]:
        """The stretches that this piece completes, in order."""
        done: list[Pointed] = []
        for char in piece:
            self._take(char, done)
        return done

    def close(self) -> list[Pointed]:
        """What is left: a stretch with its pointer, or one that was never finished."""
        done: list[Pointed] = []
        self._open_bracket_is_text(done)
        self._flush(done)
        return done

    @property
    def ended(self) -> bool:
        """Whether what is held reads as a whole stretch: it has its pointer, or closes like a sentence."""
        return self._pointed or not self._text or self._closes()

    def _take(self, char: str, done: list[Pointed]) -> None:
        if self._bracket is not None:
            if char in _CLOSING:
                self._close_bracket(done)
                return
            if char in _IN_POINTER and len(self._bracket) < _LONGEST_POINTER:
                self._bracket.append(char)
                return
            self._open_bracket_is_text(done)
        if char in _OPENING:
            self._bracket = [char]
        elif char in "\n\r":
            self._flush(done)
        else:
            self._take_plain(char, done)

    def _take_plain(self, char: str, done: list[Pointed]) -> None:
        if char.isspace():
            self._space = True
        elif self._pointed:
            self._after_pointer(char, done)
        else:
            self._write(char)

    def _after_pointer(self, char: str, done: list[Pointed]) -> None:
        if char in _END or (char in _AFTER_END and not self._space):
            self._space = False  # "said so [1.2]." : the full stop belongs to what came before, unless that has its own
            if not self._closes():
                self._write(char)
            return
        if self._closes():
            self._flush(done)
        self._pointed = False
        if char in ",;:":
            self._space = False
        self._write(char)

    def _write(self, char: str) -> None:
        spaced, self._space = self._space and bool(self._text), False
        if len(self._text) + spaced >= _LONGEST_CLAIM:
            self._cut = True
            return
        if spaced:
            self._text.append(" ")
        self._text.append(char)

    def _closes(self) -> bool:
        """Whether the text ends like a sentence, marks of quotation left aside."""
        for char in reversed(self._text[-6:]):
            if char in _END:
                return True
            if char not in _AFTER_END:
                return False
        return False

    def _close_bracket(self, done: list[Pointed]) -> None:
        addresses = read_addresses("".join(self._bracket or [])[1:])
        if addresses is None:
            self._open_bracket_is_text(done)
            self._take_plain("]", done)
            return
        self._bracket = None
        self._addresses += addresses[: _MOST_ADDRESSES - len(self._addresses)]
        self._pointed, self._space = True, False

    def _open_bracket_is_text(self, done: list[Pointed]) -> None:
        held, self._bracket = self._bracket, None
        for char in held or ():
            self._take_plain("[" if char in _OPENING else char, done)

    def _flush(self, done: list[Pointed]) -> None:
        text = "".join(self._text)
        if text or self._addresses:
            done.append(Pointed(text, tuple(dict.fromkeys(self._addresses)), self._cut))
        self._text, self._addresses, self._pointed, self._space, self._cut = [], [], False, False, False


def read_addresses(inside: str) -> list[Address] | None:
    """The addresses between two brackets, ranges written out; None where it is no pointer."""
    parts = [part.strip() for part in re.split(r"[,;]", inside.replace("\u00a0", " "))]
    addresses: list[Address] = []
    for part in parts:
        match = _PART.fullmatch(part.replace(" ", ""))
        if match is None:
            return None
        addresses += _written_out(*(int(group) if group else None for group in match.groups()))
    return addresses or None


def _written_out(passage: int | None, first: int | None, to_passage: int | None, last: int | None) -> list[Address]:
    assert passage is not None
    if first is None:
        # "[2-4]": passages; a range of them is as wide as one of sentences may be
        return [(n, None) for n in range(passage, min(last or passage, passage + _WIDEST_RANGE) + 1)]
    if last is None:
        return [(passage, first)]
    if to_passage not in {None, passage} or last < first:
        # From one passage into another: its two ends are what it surely means.
        return [(passage, first), (to_passage or passage, last)]
    return [(passage, n) for n in range(first, min(last, first + _WIDEST_RANGE) + 1)]
