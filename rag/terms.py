"""Words as they are compared: folded, stemmed, without the words that carry no subject.

Pure. The stems are Snowball's, as in the lexical index, so that the two agree on what is the same word.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?(?![^\W_])|\d+(?:[.,:]\d+)*|[^\W_]+(?:[-'’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_STEMMER = snowballstemmer.stemmer("english")

STOPWORDS = frozenset(
    """a about above after back again against all also am an and any are aren't as at be because been before being below
    between both but by can cannot could did didn't do does doesn't doing don't done down during each either else ever
    few for from further get gets getting go goes going got had
    has have having he her here hers herself him himself his how however i if in into is isn't
    it its itself just let like may me might more most much must my myself neither no nor not now of off often on once
    only or other ought our ours ourselves out over own per quite rather same shall she should since so some such than
    that the their theirs them themselves then there these they this those through thus to too under until unless up
    upon us very was wasn't we were what whatever when where whether which while who whom whose why will with within
    without would yet you your yours yourself""".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: code points `[start, end)`, as written, and its stem."""

    start: int
    end: int
    text: str
    stem: str


def fold(word: str) -> str:
    """Lower case, without diacritics, possessive or typographic apostrophes."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'")).casefold()
    return _POSSESSIVE.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


@lru_cache(maxsize=131_072)
def stem(word: str) -> str:
    """The stem of one word; a number keeps its digits alone ("1,200" is "1200")."""
    folded = fold(word)
    if folded[:1].isdigit():
        return folded.replace(",", "")
    return str(_STEMMER.stemWord(folded))


def words(text: str) -> list[Word]:
    """Every word of the text in order, stop words included; hyphenated words also count as written, whole."""
    return [Word(m.start(), m.end(), m.group(), stem(m.group())) for m in WORD.finditer(text)]


def is_stopword(word: str) -> bool:
    return word.casefold().replace("’", "'") in STOPWORDS


def stems(text: str) -> set[str]:
    """The stems of the words that carry a subject; a hyphenated word counts whole and in its parts."""
    found: set[str] = set()
    for match in WORD.finditer(text):
        word = match.group()
        if is_stopword(word):
            continue
        found.add(stem(word))
        if "-" in word:
            found.update(stem(part) for part in word.split("-") if part and not is_stopword(part))
    return found
