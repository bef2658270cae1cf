"""Step over what stands between a cue and what was said: listeners, time, place ("told reporters on Friday in Elm").

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.speech import vocabulary as words
from rag.speech.tokens import Token

_FAR = 22
_OPENS_ADJUNCT = frozenset(
    "in on at of to with by after before during from via through as while amid following outside inside near into"
    " upon per around until since without when".split()
)
# After these "of", "about" ... begin what was said: "warned of floods".
_OPENS_CONTENT = frozenset("of for about against to on".split())
_LISTENERS = frozenset("him her them us me it you".split())


def skip_adjuncts(tokens: Sequence[Token], at: int, lemma: str) -> int:
    """The token after a cue where what was said begins; punctuation or the end where only adjuncts follow."""
    limit = min(len(tokens), at + _FAR)
    if at >= limit or tokens[at].kind != "w" or tokens[at].low == "that":
        return at
    if lemma in words.ADDRESSED and tokens[at].low not in words.PREPOSITIONS:
        at = _past_listener(tokens, at, limit)
        if at >= limit or tokens[at].kind != "w":
            return at
    at = _past_time(tokens, at, limit)
    if at >= limit or not _is_adjunct(tokens, at, lemma):
        return at
    for k in range(at, limit):
        if tokens[k].low == "that":
            return k
        if tokens[k].kind == "q" and (tokens[k - 1].kind == "p" or lemma in words.CORE):
            return k
        if tokens[k].text in {":", ";"}:
            return k
    return _past_preposition(tokens, at, limit)


def _is_adjunct(tokens: Sequence[Token], at: int, lemma: str) -> bool:
    low = tokens[at].low
    if low not in _OPENS_ADJUNCT:
        return False
    if low == "to":
        # "vowed to rid the world" against "said to reporters".
        return lemma in words.CORE
    if low == "when":
        return at + 1 < len(tokens) and tokens[at + 1].low in {"asked", "pressed", "reached", "told", "contacted"}
    return not (lemma in words.PREPOSITIONAL and low in _OPENS_CONTENT)


def _past_time(tokens: Sequence[Token], at: int, limit: int) -> int:
    """Past "on Friday", "Tuesday night", "on March 3"."""
    start = at
    while at < limit and (
        tokens[at].low in words.TIME_WORDS
        or (tokens[at].low == "on" and at + 1 < limit and tokens[at + 1].low in words.TIME_WORDS)
        or (at > start and tokens[at].text.isdigit())
    ):
        at += 1
    return at


def _past_listener(tokens: Sequence[Token], at: int, limit: int) -> int:
    """Past "reporters", "the Harbour Post", "a crowd of supporters in Elm"."""
    start = at
    if tokens[at].low in _LISTENERS:
        return at + 1
    if tokens[at].low in words.DETERMINERS:
        at += 1
    while at < limit and tokens[at].kind == "w" and not _ends_listener(tokens, start, at):
        at += 1
        if at < limit and tokens[at].low == "'s":
            at += 1
    while at < limit and tokens[at].low in {"of", "in", "at", "from"} and _reaches(tokens, at, limit):
        at += 1
        while at < limit and tokens[at].kind == "w" and tokens[at].low not in words.CLAUSE_WORDS | words.PREPOSITIONS:
            at += 1
    return at


def _ends_listener(tokens: Sequence[Token], start: int, at: int) -> bool:
    low = tokens[at].low
    if low in words.CLAUSE_WORDS or low in words.PREPOSITIONS or low in words.PRONOUNS:
        return True
    if at > start + 1 and low in words.DETERMINERS:
        return True
    before = tokens[at - 1]
    return at > start and before.low.endswith("s") and not before.capital and before.low != "'s"


def _reaches(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Whether "that", a quotation or punctuation comes: then a preposition still belongs to the listeners."""
    return any(tokens[k].low == "that" or tokens[k].kind != "w" for k in range(at, limit))


def _past_preposition(tokens: Sequence[Token], at: int, limit: int) -> int:
    """Past "in a statement on Friday" to punctuation or to a word that opens a clause; `at` where neither comes."""
    k = at + 1
    while k < limit and tokens[k].kind == "w":
        low = tokens[k].low
        if low in words.PRONOUNS and low != "it":
            return k
        if k > at + 2 and low in words.DETERMINERS and tokens[k - 1].low not in words.PREPOSITIONS:
            return k
        k += 1
    return k if k >= len(tokens) or tokens[k].kind != "w" else at
