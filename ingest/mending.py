"""Characters that were damaged on the way here, put right where there is one reading only. Pure.

Mojibake (UTF-8 read as another charset), HTML entities left in text, and the marks of texts that went through a Chinese
charset. A character that is lost (U+FFFD within a word) is not guessed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.hyphens import with_blanks

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

_ENTITY = re.compile(
    r"&(?:(?:amp|#0{0,9}38|#[xX]0{0,9}26);)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
)
# Mojibake is several characters beyond ASCII side by side (or an à whose no-break space became a blank), in one line.
_SUSPECT = re.compile(r"^.*(?:[^\x00-\x7f]{2}|Ã ).*$", re.MULTILINE)
# What is left of UTF-8 marks after GBK: a quotation mark, and a question mark for the byte that swallowed what followed.
_CLOSING = re.compile(r'"(?<=[\w)\]][,.!?]")\?(?=[\w\[("])')
_CLOSING_AT_BLANK = re.compile(r'"(?<=[\w)\]][,.]")\?(?=\s|\Z)')
_DASH = re.compile(r'(?:(?<=[\w,.;:!?)"]) |(?<=\w)-|(?<=\w) -)"\?(?=[^\W\d]|"\w)|(?<=[\w,]) "\? (?=[a-z])')
# The patterns below start with the mark itself, which is quickly found, and look back from it.
# A closing mark before a small letter, and an e that went with its apostrophe: too near to slips of the pen to stand alone.
_CLOSING_BEFORE_SMALL = re.compile(r'"(?<=\w")\?(?=[a-z(])')
_LOST_E = re.compile(r"'r\b(?i:(?<=\bwe'r)|(?<=\bthey'r)|(?<=\byou'r))")
# An apostrophe that became a quotation mark.
_APOSTROPHE = re.compile(
    r'"(?:(?<=n")\ufffd?(?=t\b)'
    r'|(?i:(?<=\bI")|(?<=\bwe")|(?<=\bit")|(?<=\bhe")|(?<=\bshe")|(?<=\bthey")|(?<=\bwould"))\ufffd?(?=(?:s|d|m|re|ve|ll)\b)'
    r'|(?<=\w")\ufffd(?=(?:s|d|m|re|ve|ll)\b))'
)
# Once may be somebody's own way of writing.
_FEWEST_MARKS = 2
# An apostrophe after a plural, where no quotation is open that it could close; and the blank that the byte swallowed.
_PLURAL = re.compile(r'"(?<=[a-z]s")(?:\?(?=[\w("])(?!(?:Yes|No)\b)| (?=[A-Za-z]))')
_OPENING = frozenset(" \n([{-–—/:'‘")
_LOST_AFTER_MARK = re.compile(r'(?<=")\ufffd+(?=[A-Z\[\s—])')
# After an opening mark the lost character was the mark's; between two words the two were a dash.
_LOST_AFTER_OPENING = re.compile(r'(?:(?<=[ (\[]")|(?<=^"))\ufffd+(?=[a-z0-9])', re.MULTILINE)
_LOST_DASH = re.compile(r'(?<=[a-z])"\ufffd+\??(?=[a-z]{2})')

# A mark that was escaped for an address and stands in a word that is none.
_ESCAPED = re.compile(r"(?<!\S)[^\s/=&?#@]*%(?:2C|3B|22|27)[^\s/=&?#@]*(?!\S)")
_ESCAPES = re.compile(r"%(?:2C|3B|22|27)")

_MOST_ROUNDS = 20


def mend(text: str) -> str:
    """The text with its damage put right; what is sound is given back as it is.

    Blanks that were lost with a mark come back, so the length may grow by one for each mark.
    """
    if '"' in text:
        text = _with_marks(text)
    text = with_blanks(text)
    if "&" in text:
        text = _unescaped(text)
    if "%2" in text or "%3B" in text:
        text = _ESCAPED.sub(lambda word: _ESCAPES.sub(lambda mark: unquote(mark.group()), word.group()), text)
    return _SUSPECT.sub(lambda line: _decoded(line.group()), text)


def _with_marks(text: str) -> str:
    """The quotation marks, dashes and apostrophes of a text that went through a Chinese charset."""
    text, found = _APOSTROPHE.subn("'", text)
    if '"\ufffd' in text:
        text = _LOST_DASH.sub("—", _LOST_AFTER_OPENING.sub("", _LOST_AFTER_MARK.sub("", text)))
    if '"?' in text:
        text, closing = _CLOSING.subn('" ', text)
        text, ended = _CLOSING_AT_BLANK.subn('"', text)
        text, dashes = _DASH.subn(" — ", text) if ' "?' in text or '-"?' in text else (text, 0)
        found += closing + ended + dashes
    plurals = _plurals(text)
    # Once is enough where a blank was swallowed, too.
    swallowed = any(text.startswith("?", at + 1) for at in plurals)
    if plurals and (swallowed or found + len(plurals) >= _FEWEST_MARKS):
        found += len(plurals)
        text = _PLURAL.sub(lambda mark: "' " if mark.start() in plurals else mark.group(), text)
    if found + len(_CLOSING_BEFORE_SMALL.findall(text)) < _FEWEST_MARKS:
        return text
    return _LOST_E.sub("'re", _CLOSING_BEFORE_SMALL.sub('" ', text))


def _plurals(text: str) -> frozenset[int]:
    """Where an apostrophe after a plural became a quotation mark: beside curly marks a straight one may close any of them."""
    found = {mark.start() for mark in _PLURAL.finditer(text)}
    if not found or "“" in text:
        return frozenset()
    lone: set[int] = set()
    for start, end in _lines_with(text, found):
        is_open, at = False, text.find('"', start, end)
        while at >= 0:
            if at == start or text[at - 1] in _OPENING or (not is_open and text[at + 1 : at + 2].isalnum()):
                is_open = True
            elif is_open:
                is_open = False
            elif at in found:
                lone.add(at)
            at = text.find('"', at + 1, end)
    return frozenset(lone)


def _lines_with(text: str, places: Collection[int]) -> Iterator[tuple[int, int]]:
    """The lines, as spans, that hold one of these places."""
    end = -1
    for place in sorted(places):
        if place > end:
            start = text.rfind("\n", 0, place) + 1
            end = text.find("\n", place)
            end = len(text) if end < 0 else end
            yield start, end


def _unescaped(text: str) -> str:
    """Named and numbered entities as their characters, however often they were escaped; `AT&T` and `&copy` stay."""
    for _ in range(_MOST_ROUNDS):
        before, text = text, _ENTITY.sub(lambda found: html.unescape(f"&{found[1]};"), text)
        if text == before:
            break
    return text


def _decoded(line: str) -> str:
    from ftfy import fix_encoding

    # ftfy takes a lost character for a byte, and would lose it again.
    if "\ufffd" in line:
        return line
    return fix_encoding(line, _mojibake_alone())


@cache
def _mojibake_alone() -> TextFixerConfig:
    """ftfy's other repairs (quotes, ligatures, widths, line breaks) change sound text, and stay off."""
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        replace_lossy_sequences=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
