"""Find where a name begins and ends in a run of capitals: "Secretary of State Ines Okafor", "KJ Holm", "Ida “Ace” Holm".

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.speech import vocabulary as words
from rag.speech.given_names import GIVEN_NAMES
from rag.speech.tokens import Token

_NOT_NAMES = (
    words.CLAUSE_WORDS | words.PREPOSITIONS | words.DETERMINERS | words.AUXILIARIES | frozenset(words.PRONOUNS)
    | words.TIME_WORDS | words.ADVERBS | frozenset("yes no ok okay dear thanks him me us them here there".split())
) - frozenset("may april june will y".split())  # fmt: skip
# "Calif." and "Inc." are no names.
_WITH_POINT = words.TITLES | frozenset(words.HONORIFICS) | words.SUFFIXES | {"st."}
# First names written as two letters without points, "KJ Holm"; other pairs of capitals are places and offices (US, PM).
_INITIALS = re.compile(r"J[A-Z]|[A-Z]J|KC|KD|TK")
_LONGEST_NICKNAME = 25
# The article of an Arabic surname: "Sami al-Holm".
_WITH_ARTICLE = re.compile(r"(?:a[lndrstz]|ash|el|ul|ur)-[A-Z]")
# A run that opens with one of these has the name after it: "Former Rover Tom Reed".
_AGENTS = ("or", "er", "ist", "eer", "man", "woman")
_BEFORE_NAMES = frozenset("former ex late then".split())

# What a minister or secretary is of: "the Minister of Health and Welfare Ida Holm".
_DEPARTMENTS = words.ORGANISATION_WORDS | frozenset(
    "health welfare education defense defence justice interior finance economy foreign transport transportation"
    " agriculture commerce labor labour environment culture tourism trade housing development immigration climate"
    " infrastructure science technology planning industry families women children equality sport sports".split()
)
_JOINED_TO = frozenset("of and for &".split())

_GENDERS = {name: gender for gender, names in GIVEN_NAMES.items() for name in names}


def is_given_name(low: str) -> bool:
    """Whether a word in small letters is a common first name."""
    return low in _GENDERS


def given_gender(low: str) -> str:
    """ "m" or "f" for a first name that is mostly men's or women's, "" for another word."""
    return _GENDERS.get(low, "")


def is_name_word(token: Token, shouting: bool) -> bool:
    """Whether a word may stand in a name; `shouting` says that the unit is in capitals throughout."""
    return (
        token.kind == "w"
        and (token.capital or _WITH_ARTICLE.match(token.text) is not None)
        and token.low not in _NOT_NAMES
        and not token.text[-1].isdigit()
        and "/" not in token.text
        and (token.text[-1] != "." or len(token.text) < 3 or "." in token.text[:-1] or token.low in _WITH_POINT)
        and (
            shouting
            or not (len(token.text) > 1 and token.text.isupper() and "." not in token.text)
            or len(token.text) > 5
        )
    )


def run_end(tokens: Sequence[Token], at: int, shouting: bool) -> int:
    """The end of the run of capitals that begins at `at`; `at` where none does."""
    opens = is_name_word(tokens[at], shouting) or _are_initials(tokens, at, shouting) or is_called_he(tokens, at)
    if not opens:
        return at
    end = at + 1
    while end < len(tokens) and end - at < 12:
        token = tokens[end]
        before = tokens[end - 1].text
        if len(before) > 3 and before.isupper() and "." not in before and not (shouting or token.text.isupper()):
            break  # "GO DEEPER Tom Reed"
        following = tokens[end + 1] if end + 1 < len(tokens) else None
        if is_name_word(token, shouting):
            end += 1
        elif following is not None and (
            (token.low in words.NAME_PARTICLES and is_name_word(following, shouting))
            or (token.text == "," and following.low in words.SUFFIXES)
            or (_is_nickname(tokens[end - 1], token) and is_name_word(following, shouting))
            or _are_initials(tokens, end, shouting)
        ):
            end += 2
        else:
            break
    return end


def is_called_he(tokens: Sequence[Token], at: int) -> bool:
    """Whether a capital within a sentence begins a name: "says He Min, a cook"."""
    return at > 0 and tokens[at].text == "He" and at + 1 < len(tokens) and is_name_word(tokens[at + 1], False)


def _are_initials(tokens: Sequence[Token], at: int, shouting: bool) -> bool:
    return (
        at + 1 < len(tokens)
        and len(tokens[at].text) == 2
        and _INITIALS.fullmatch(tokens[at].text) is not None
        and is_name_word(tokens[at + 1], shouting)
    )


def _is_nickname(before: Token, token: Token) -> bool:
    """Whether short quoted words stand in the midst of a name: "Ida “Ace” Holm"."""
    return token.kind == "q" and token.low.isalnum() and token.end - token.start <= _LONGEST_NICKNAME and before.capital


def _is_post(token: Token) -> bool:
    return token.low in words.TITLES and token.low not in words.HONORIFICS


def past_what_is_no_name(tokens: Sequence[Token], start: int, end: int) -> int:
    """Where the name begins in a run with an office or the like before it: at a common first name with more behind it.

    "State" in "Secretary of State Ines Okafor" belongs to the office, "Former Rover" says who it was.
    """
    if end - start == 3 and start > 1 and tokens[start - 1].low == "of" and _is_post(tokens[start - 2]):
        start += 1  # "President of Norland Ida Holm"
    of_office = start > 0 and tokens[start - 1].low in _JOINED_TO
    while of_office and end - start > 2 and tokens[start].low in _DEPARTMENTS:
        start += 1
    if end - start < 3 or is_given_name(tokens[start].low):
        return start
    told = of_office or any(token.low in _BEFORE_NAMES for token in tokens[max(0, start - 1) : start + 1])
    told = told or (start > 0 and tokens[start - 1].low == "of") or tokens[start].low.endswith(_AGENTS)
    for at in range(start + 1, end - 1):
        if tokens[at - 1].low in words.TITLES:
            return start  # "House Speaker Ferrand Martin Holm": the name begins behind the title
        told = told or tokens[at - 1].low in words.ORGANISATION_WORDS
        rest = tokens[at + 1 : end]
        called = is_given_name(tokens[at].low) or (at == end - 2 and tokens[at - 1].low in words.INSTITUTIONS)
        if told and called and not any(each.low in words.ORGANISATION_WORDS for each in rest):
            return at
    return start
