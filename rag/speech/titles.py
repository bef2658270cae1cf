"""Tell a title or a term in quotation marks from words that somebody said. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.speech import vocabulary as words
from rag.speech.tokens import Token

# Fewer words in marks, and more often than not they are a term, a nickname or a title.
_FEWEST_TOLD = 6
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_LONG = 4
# What comes before a title: "a book called ...", "the ad, ...".
_NAMES_A_TITLE = words.WORKS | frozenset(
    "titled entitled called named dubbed headlined headline title show film movie documentary programme program podcast"
    " episode exhibition exhibit report study painting painted single track hymn anthem slogan".split()
)


def is_title(text: str) -> bool:
    """Whether the words are capitalised as a title's are: all long ones, and more than one word."""
    found = _WORD.findall(text)
    long = [word for word in found if len(word) >= _LONG]
    return len(found) > 1 and bool(long) and all(word[0].isupper() for word in long) and found[0][0].isupper()


def is_work(text: str) -> bool:
    """Whether the words can only be a work's: capitalised as a title with two long words and more, and not shouted."""
    long = [word for word in _WORD.findall(text) if len(word) >= _LONG]
    return is_title(text) and len(long) > 1 and not text.isupper() and not {"!", "?"} & set(text)


def is_told(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether quoted words at token `at` that no cue takes are somebody's: enough of them, and no title."""
    if len(text.split()) < _FEWEST_TOLD or is_title(text):
        return False
    before = next((token for token in reversed(tokens[:at]) if token.kind == "w"), None)
    if before is not None and before.low in _NAMES_A_TITLE:
        return False
    return at + 1 >= len(tokens) or tokens[at + 1].low != "by"
