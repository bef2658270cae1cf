"""Lines that a page's markup took apart or wrote twice, as they were meant. Pure.

`When: X` / `X Where: Y` is a list whose paragraphs were cut at their bold words, each with the end of the one before it;
`LONDON (CNN) —` alone is the opening of the paragraph below it, and `LONDON (CNN)The` has lost a blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_COLON = re.compile(r"\s?:\s")
_ENTRY = re.compile(r"[^:!?\"“”]{1,60}?\s?:\s\S.*")
_FEWEST_REPEATED = 2
_LEAST_REPEATED_CHARS = 3
# An entry of such a list has few; of a line with more, only so many are looked at.
_MOST_COLONS = 20

_PLACE_ALONE = re.compile(r".{0,40}\b[A-Z]{2,6}\b.{0,15}—")
_PLACE_GLUED = re.compile(r"(?:[A-Z][\w.,'’ -]{1,50} ?)?\([A-Z]{2,6}\)(?=[A-Z]\w*[a-z])")
_LEAST_PARAGRAPH_CHARS = 60
# May stand over it.
_NOTE = re.compile(r"editor['’]s note\b[^\n]*\n+", re.IGNORECASE)


def reset_lines(text: str) -> str:
    """The clean text with its lines put right; what repeats nothing is given back as it is."""
    place = _PLACE_GLUED.match(text)
    text = f"{place.group()} {text[place.end() :]}" if place else text
    return _with_its_paragraph(_without_repeats(text))


def _without_repeats(text: str) -> str:
    """Each line without the end of the one before it, where two or more lines of the text begin so."""
    lines = text.split("\n")
    filled = [n for n, line in enumerate(lines) if line]
    cut = {b: rest for a, b in pairwise(filled) if (rest := _own(lines[a], lines[b])) != lines[b]}
    if len(cut) < _FEWEST_REPEATED:
        return text
    return "\n".join(cut.get(n, line) for n, line in enumerate(lines))


def _own(before: str, line: str) -> str:
    """`line` without the value of `before` that it repeats."""
    for value in _values(before):
        if line.startswith(value + " ") and _ENTRY.fullmatch(line, len(value) + 1):
            return line[len(value) + 1 :]
    return line


def _values(line: str) -> Iterator[str]:
    """What stands after each colon of a line, without the colon and with it."""
    for count, colon in enumerate(_COLON.finditer(line)):
        if count == _MOST_COLONS:
            return
        for value in (line[colon.end() :], line[colon.start() :].strip()):
            if len(value) >= _LEAST_REPEATED_CHARS:
                yield value


def _with_its_paragraph(text: str) -> str:
    """A place and an agency that stand alone at the top, on the line of the paragraph that they open."""
    note = _NOTE.match(text)
    top = note.group() if note else ""
    place, _, rest = text[len(top) :].partition("\n")
    rest = rest.lstrip("\n")
    if _PLACE_ALONE.fullmatch(place) and len(rest.partition("\n")[0]) >= _LEAST_PARAGRAPH_CHARS:
        return f"{top}{place} {rest}"
    return text
