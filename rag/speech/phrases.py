"""Noun phrases around a verb, read off words and punctuation.

Pure. No parser: a phrase ends at a word that cannot stand in one, and appositives between commas are stepped over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.speech import vocabulary as words
from rag.speech.runs import is_called_he
from rag.speech.tokens import Token

_LONGEST_PHRASE = 24
_APPOSITIVE_START = frozenset(
    "a an the who whose which of his her their its one from speaking citing referring appearing asked writing former now"
    " himself herself known formerly currently both including along like also however meanwhile though too in on at"
    " during after with when as for by while".split()
)
LEADING_WORDS = frozenset(
    "but and so still yet meanwhile however also then now later earlier instead again indeed perhaps even as while when"
    " although though because if that since or though once first second last this next early late monday tuesday"
    " wednesday thursday friday saturday sunday today yesterday afterward afterwards recently separately nonetheless"
    " nevertheless additionally moreover furthermore similarly finally sometimes often".split()
)


class Range(NamedTuple):
    """Tokens `[start, end)` of one unit."""

    start: int
    end: int


def noun_phrase_before(tokens: Sequence[Token], end: int) -> Range | None:
    """The subject that ends before token `end`, appositives and relative clauses between commas stepped over."""
    at = _over_time(tokens, end)
    at = _over_asides(tokens, at)
    if at <= 0:
        return None
    last = tokens[at - 1]
    if last.kind != "w":
        return None
    if last.low in words.PRONOUNS:
        return Range(at - 1, at)
    if last.low in {"who", "which", "that"}:
        before = at - 1
        if before > 0 and tokens[before - 1].text == ",":
            before -= 1
        if last.low == "that" and not (end < len(tokens) and _quote_near(tokens, end)):
            return None
        return noun_phrase_before(tokens, before) if before > 0 else None
    if last.low in words.CLAUSE_WORDS or last.low in words.PREPOSITIONS:
        return None
    if last.low in words.AUXILIARIES and last.text != "Will":
        return None
    found = _collected(tokens, at)
    if found is not None and found.start >= 3 and _is_relative(tokens, found.start - 2):
        return noun_phrase_before(tokens, found.start - 2 - (tokens[found.start - 3].text == ",")) or found
    return found and _with_first_half(tokens, found)


def _is_relative(tokens: Sequence[Token], at: int) -> bool:
    """Whether "who is" stands here: "Smith, who is head of the port said" has no comma after its relative clause."""
    return tokens[at].low == "who" and tokens[at + 1].low in words.AUXILIARIES


def _with_first_half(tokens: Sequence[Token], found: Range) -> Range:
    """The whole of "the senator and presidential candidate", where it follows a quotation or opens the unit."""
    if found.start < 2 or tokens[found.start - 1].low != "and":
        return found
    start = found.start - 1
    while (
        start > 0
        and tokens[start - 1].kind == "w"
        and tokens[start - 1].low not in words.CLAUSE_WORDS | words.AUXILIARIES
    ):
        start -= 1
    after_quotation = start > 0 and tokens[start - 1].kind == "q" and found.start - start <= 8
    return Range(start, found.end) if after_quotation or found.start - start <= 2 else found


def _quote_near(tokens: Sequence[Token], at: int) -> bool:
    """Whether a quotation comes right after a verb: "a message that said, “...”"."""
    return any(token.kind == "q" for token in tokens[at + 1 : at + 3])


def _over_time(tokens: Sequence[Token], end: int) -> int:
    """Steps over "on Friday" and "later that day" in "Smith on Friday said"."""
    at = end
    while at > 1 and tokens[at - 1].low in words.TIME_WORDS and at > end - 4:
        at -= 1
    if at < end and at > 1 and tokens[at - 1].low in {"on", "in", "at", "late", "early"}:
        return at - 1
    return (
        at if at > 0 and at < end and tokens[at - 1].capital and not tokens[at].capital else (at if at < end else end)
    )


def _over_asides(tokens: Sequence[Token], end: int) -> int:
    """Steps back over ", the head of X," and "(R-Ohio)"."""
    at = end
    for _ in range(5):
        if at <= 1:
            return at
        last = tokens[at - 1]
        if last.text == ")":
            opening = _back_to(tokens, at - 2, "(", 12)
            if opening is None:
                return at
            at = opening
        elif last.text in {",", "—", "–", "-"}:
            opening = _back_to(tokens, at - 2, last.text, 40)
            if opening is None or opening == 0:
                return 0
            if not _is_aside(tokens, opening + 1, at - 1):
                return 0
            at = opening
            if tokens[at - 1].kind == "q":
                return 0
        else:
            return at
        if tokens[at - 1].text in {",", ")"}:
            continue
        more = _list_like(tokens, at)
        if more is None:
            return at
        at = more
    return at


def _list_like(tokens: Sequence[Token], at: int) -> int | None:
    """Before "Mich." in "Cory James, 22, of Flint, Mich., said": the comma of the segment before, if it is an aside."""
    opening = _back_to(tokens, at - 1, ",", 14)
    if opening is None or opening == 0 or tokens[opening - 1].kind == "q":
        return None
    first = tokens[opening + 1] if opening + 1 < at else None
    if first is None:
        return None
    if first.text[:1].isdigit() or first.low in {"of", "a", "an", "the", "who", "whose"} or first.low in words.SUFFIXES:
        return opening
    if first.text[:2] in {"D-", "R-", "I-"}:  # "Ron Okafor, D-Elm, chair of the board, said"
        return opening
    if tokens[opening - 1].capital and not first.capital and _is_aside(tokens, opening + 1, at):
        return opening
    return None


def _back_to(tokens: Sequence[Token], at: int, mark: str, most: int) -> int | None:
    for k in range(at, max(-1, at - most), -1):
        if tokens[k].text == mark:
            return k
        if tokens[k].text in {";", ":"}:
            return None
    return None


def _is_aside(tokens: Sequence[Token], start: int, end: int) -> bool:
    if start >= end:
        return False
    first = tokens[start]
    if first.kind == "q":
        return False
    if first.text[:1].isdigit() or first.low in _APPOSITIVE_START or first.low in words.SUFFIXES:
        return True
    if any(token.low in words.ROLE_NOUNS or token.low in words.TITLES for token in tokens[start : min(end, start + 6)]):
        return True
    return first.capital and end - start <= 4


_NOT_IN_PHRASE = words.CLAUSE_WORDS | words.AUXILIARIES | frozenset(words.PRONOUNS)


def _collected(tokens: Sequence[Token], end: int) -> Range | None:
    """The words before `end` that can belong to one phrase."""
    start = end
    while start > 0 and end - start < _LONGEST_PHRASE:
        token = tokens[start - 1]
        if token.kind != "w" and token.text not in {"&", "$"}:
            break
        if token.low in _NOT_IN_PHRASE and token.low not in {"'s", "and"} and not _is_will(tokens, start - 1, end):
            break
        if token.low == "and" and not _joins(tokens, start - 1):
            break
        if (
            token.low == "to"
            or (token.low in words.SAYING and not token.capital)
            or _takes_object(tokens, start - 1, end)
        ):
            break
        start -= 1
    start = _without_lead(tokens, start, end)
    if start >= end or (end - start == 1 and _is_no_noun(tokens[start])):
        return None
    return Range(start, end)


def _is_will(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Whether "Will" is somebody: "Will said", but not "Will Orlov say so?"."""
    return tokens[at].text == "Will" and at + 1 == end


def _takes_object(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Whether a word is a verb with its object behind it: "issued" in "both men issued a statement saying"."""
    token = tokens[at]
    if token.capital or not token.low.endswith(("ed", "ing")) or at + 1 >= end:
        return False
    return tokens[at + 1].low in words.DETERMINERS


def _is_no_noun(token: Token) -> bool:
    return not token.capital and token.low.endswith(("ed", "en", "ly", "ing")) and token.low not in words.ROLE_NOUNS


def _joins(tokens: Sequence[Token], at: int) -> bool:
    """Whether "and" at `at` joins two names rather than two clauses."""
    return 0 < at < len(tokens) - 1 and tokens[at - 1].capital and tokens[at + 1].capital and at <= 4


def _without_lead(tokens: Sequence[Token], start: int, end: int) -> int:
    """The phrase without "But", "Earlier this week" or "In Iowa" before it."""
    while start < end and (tokens[start].low in LEADING_WORDS or _is_adverb(tokens[start], end - start)):
        start += 1
    if start < end and tokens[start].low in words.PREPOSITIONS:
        return _after_adjunct(tokens, start, end)
    last_time = start
    for k in range(start, min(end, start + 5)):
        if tokens[k].low in words.TIME_WORDS:
            last_time = k + 1
    return last_time if last_time < end else start


def _is_adverb(token: Token, left: int) -> bool:
    return left > 1 and token.low.endswith("ly") and not token.capital


def _after_adjunct(tokens: Sequence[Token], start: int, end: int) -> int:
    """Where the subject begins in "In Iowa the senator": at the last name, title or determiner."""
    k = end - 1
    if tokens[k].capital:
        while k > start + 1 and (tokens[k - 1].capital or tokens[k - 1].low in words.NAME_PARTICLES):
            k -= 1
        return k
    while k > start + 1 and tokens[k].low not in words.DETERMINERS:
        k -= 1
    return k


def _owns(tokens: Sequence[Token], at: int) -> bool:
    """Whether an apostrophe stands at `at` that makes what is before it an owner: "Texas’ Ida Holm"."""
    return (
        0 < at < len(tokens) - 1
        and tokens[at].text in {"’", "'"}
        and tokens[at - 1].low.endswith("s")
        and tokens[at - 1].end == tokens[at].start
        and tokens[at + 1].capital
    )


def noun_phrase_after(tokens: Sequence[Token], start: int, *, long: bool = False) -> Range | None:
    """The noun phrase that begins at `start`; `long` lets it run through prepositions up to a comma."""
    if start >= len(tokens) or tokens[start].kind != "w":
        return None
    if tokens[start].low in words.PRONOUNS and not is_called_he(tokens, start):
        return Range(start, start + 1)
    end = start
    while end < len(tokens) and end - start < _LONGEST_PHRASE:
        token = tokens[end]
        if token.kind != "w" and token.text not in {"&", "$"} and not _owns(tokens, end):
            break
        if token.low in words.CLAUSE_WORDS and token.low != "and":
            break
        if end > start and token.low in words.PREPOSITIONS and token.low not in {"of", "for"} and not long:
            break
        if end > start and (token.low in words.AUXILIARIES and token.low != "'s"):
            break
        if not long and end > start and token.low in words.TIME_WORDS:
            break
        if token.low == "and" and not (end + 1 < len(tokens) and tokens[end - 1].capital and tokens[end + 1].capital):
            break
        end += 1
    return Range(start, end) if end > start else None
