"""Words as they are compared: folded, stemmed, without the words that carry no subject.

Pure. The stems are Snowball's, as in the lexical index, so that the two agree on what is the same word. A word's script
says how it is compared; only of words in Latin letters, the language has to be known. Words of scripts that do not space
them (and of Korean, whose particles hang on to them) are compared by pairs of letters.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from Stemmer import Stemmer

from rag.languages import MARKS, PAIRED, STEMMERS, STOPWORDS, UNSPACED

_LETTERS = rf"(?:[^\W_][{MARKS}]*)+"
WORD = re.compile(rf"\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?(?![^\W_])|\d+(?:[.,:]\d+)*|{_LETTERS}(?:[-'’]{_LETTERS})*")
_POSSESSIVE = re.compile(r"['’]s?$")
# Without a cache of their own: `stem` has one.
_STEMMERS = {code: Stemmer(name, 0) for code, name in STEMMERS.items()}
_RUSSIAN, _GREEK, _HINDI = (Stemmer(name, 0) for name in ("russian", "greek", "hindi"))
# A stemmer keeps the word that it is at in itself: of two threads, each would cut at the other's.
_ONE_AT_A_TIME = threading.Lock()

# Letters that are not Latin.
_OTHER_SCRIPT = re.compile(
    r"[\u0370-\u1dff\u1f00-\u1fff\u2c80-\u2dff\u3005-\ud7ff\uf900-\ufaff\ufb13-\uffdc\U00020000-\U0003ffff]"
)
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_GREEK_LETTER = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
_CYRILLIC_FORMS = str.maketrans({"ё": "е", "\u0301": None, "ѐ": "е", "ѝ": "и"})
# Letters that Arabic writes in several ways, the marks of its vowels, and the digits of Arabic and Persian.
_ARABIC_FORMS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ؤ": "و", "ئ": "ي", "ۀ": "ه", "\u0640": None}
    | dict.fromkeys(map(chr, (*range(0x64B, 0x660), 0x670, 0x200C, 0x200D)))
    | {chr(0x660 + n): str(n) for n in range(10)}
    | {chr(0x6F0 + n): str(n) for n in range(10)}
)
# Light stemming (light10: Larkey, Ballesteros and Connell, 2002): Snowball's Arabic leaves القمة and قمة apart.
_ARABIC_PREFIX = re.compile(r"^(?:وال|فال|بال|كال|ولل|ال|لل|و(?=\w{3}))(?=\w{2})")
_ARABIC_SUFFIX = re.compile(r"(?<=\w{2})(?:ها|ان|ات|ون|ين|يه|ية|ه|ة|ي)$")
# How many letters of a script without spaces stand for one word, about: what a reader's eye takes in as one.
_LETTERS_A_WORD = 2


class Word(NamedTuple):
    """One word of a text: code points `[start, end)`, as written, and its stem.

    `share` is the part of a written word that it stands for: 1, or less for each pair of letters of a longer run.
    """

    start: int
    end: int
    text: str
    stem: str
    share: float = 1.0


def fold(word: str) -> str:
    """Lower case, without diacritics, possessive or typographic apostrophes."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'")).casefold()
    return _POSSESSIVE.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


@lru_cache(maxsize=131_072)
def stem(word: str, language: str = "en") -> str:
    """The stem of one word; a number keeps its digits alone ("1,200" is "1200").

    The language is that of words in Latin letters; one without a stemmer here is folded only.
    """
    if word.isascii() or not _OTHER_SCRIPT.search(word):
        return _latin_stem(word, language)
    if _CYRILLIC.search(word):
        # One stemmer for all who write so: it agrees with itself, which is what counts here.
        return _settled(word.casefold().translate(_CYRILLIC_FORMS))
    if _ARABIC.search(word):
        plain = _ARABIC_PREFIX.sub("", word.translate(_ARABIC_FORMS))
        return _ARABIC_SUFFIX.sub("", plain)
    plain = unicodedata.normalize("NFKC", word).casefold()
    if _GREEK_LETTER.search(plain):
        return _snowball(_GREEK, fold(plain))
    return _snowball(_HINDI, plain) if _DEVANAGARI.search(plain) else plain


def _latin_stem(word: str, language: str) -> str:
    if language == "en":
        folded = fold(word)
        if folded[:1].isdigit():
            return folded.replace(",", "")
        return _snowball(_STEMMERS["en"], folded)
    plain = unicodedata.normalize("NFC", word.replace("’", "'")).casefold()
    if plain[:1].isdigit():
        return plain.replace(",", "")
    stemmer = _STEMMERS.get(language)
    return fold(_snowball(stemmer, plain) if stemmer else plain)


def _snowball(stemmer: Stemmer, word: str) -> str:
    with _ONE_AT_A_TIME:
        return str(stemmer.stemWord(word))


def _settled(word: str) -> str:
    """Russian's stem, stemmed until it changes no more: else "саммита" ends apart from "саммит", whose -ит is cut off."""
    for _ in range(3):
        shorter = _snowball(_RUSSIAN, word)
        if shorter == word or len(shorter) < 3:
            break
        word = shorter
    return word


def words(text: str, language: str = "en") -> list[Word]:
    """Every word of the text in order, stop words included; hyphenated words also count as written, whole."""
    return [word for match in WORD.finditer(text) for word in _words_of(match.group(), match.start(), language)]


def _words_of(written: str, start: int, language: str) -> Iterator[Word]:
    if written.isascii() or not PAIRED.search(written):
        yield Word(start, start + len(written), written, stem(written, language))
        return
    at = 0
    for run in PAIRED.finditer(written):
        if before := written[at : run.start()].strip("-'’"):
            yield from _words_of(before, start + at, language)
        pairs = range(max(len(run.group()) - 1, 1))
        for n in pairs:
            pair = run.group()[n : n + 2]
            left = start + run.start() + n
            yield Word(left, left + len(pair), pair, unicodedata.normalize("NFKC", pair).casefold(), 1 / len(pairs))
        at = run.end()
    if rest := written[at:].strip("-'’"):
        yield from _words_of(rest, start + at, language)


def indexed_text(text: str) -> str:
    """The text with each word beyond Latin letters as its stem or its pairs, for an index that splits at spaces.

    Words in Latin letters stay as they are: the index stems them itself, and much faster.
    """
    if text.isascii() or not _OTHER_SCRIPT.search(text):
        return text
    return WORD.sub(lambda match: _indexed_word(match.group()), text)


def _indexed_word(written: str) -> str:
    if written.isascii() or not _OTHER_SCRIPT.search(written):
        return written
    return f" {' '.join(word.stem for word in _words_of(written, 0, ''))} "


def word_count(text: str) -> int:
    """How many words a text has, about: what stands between spaces, and every two letters of a script without spaces."""
    if text.isascii():
        return len(text.split())
    unspaced = len(UNSPACED.findall(text))
    spaced = len(UNSPACED.sub(" ", text).split()) if unspaced else len(text.split())
    return spaced + -(-unspaced // _LETTERS_A_WORD)


def is_stopword(word: str, language: str = "en") -> bool:
    return word.casefold().replace("’", "'") in STOPWORDS.get(language, frozenset())


def stems(text: str, language: str = "en") -> set[str]:
    """The stems of the words that carry a subject; a hyphenated word counts whole and in its parts."""
    found: set[str] = set()
    for word in words(text, language):
        if is_stopword(word.text, language):
            continue
        found.add(word.stem)
        if "-" in word.text:
            found.update(
                stem(part, language) for part in word.text.split("-") if part and not is_stopword(part, language)
            )
    return found
