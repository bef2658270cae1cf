"""Who a unit is about: its first noun phrase after adverbials, for verbs that share it.

Pure. No parser: a phrase ends at a word that looks like a verb.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.speech import vocabulary as words
from rag.speech.phrases import LEADING_WORDS, Range
from rag.speech.tokens import Token, Unit

# What brings in somebody who was not spoken of before.
BRINGS_IN = frozenset("a an one another".split())
_WITHOUT_NAME = BRINGS_IN | frozenset("his her their".split())


def unnamed_people(body_units: Sequence[Unit]) -> frozenset[str]:
    """The nouns that bring in somebody without a name, "a driver", "his father"; not "Ida Holm, an actor"."""
    found: set[str] = set()
    for unit in body_units:
        for at, token in enumerate(unit.tokens):
            if token.low in words.DESCRIPTIONS and not token.capital:
                start = next((k for k in range(max(0, at - 3), at) if unit.tokens[k].low in _WITHOUT_NAME), at)
                if (
                    start < at
                    and not _is_named(unit.tokens, at + 1)
                    and not (start > 1 and unit.tokens[start - 1].text == ",")
                ):
                    found.add(token.low)
    return frozenset(found)


def _is_named(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name follows a noun: "his lawyer, Ida Holm,"."""
    at += at < len(tokens) and tokens[at].text == ","
    return at < len(tokens) and tokens[at].capital


def opening_subject(tokens: Sequence[Token], before: int) -> Range | None:
    """The first noun phrase of a unit after its adverbials: who does what the unit tells."""
    at = 0
    while at < before:
        while at < before and (tokens[at].kind != "w" or tokens[at].low in LEADING_WORDS):
            at += 1
        if at >= before:
            return None
        if _opens_adjunct(tokens[at], tokens[at + 1] if at + 1 < before else None):
            past = _adjunct_end(tokens, at + 1, before)
            if past is None:
                return None
            at = past
            continue
        found = _short(tokens, at, before)
        if found is None or found.end + 1 >= before or not _is_place_or_time(tokens, found):
            return found
        at = found.end + 1
    return None


def _adjunct_end(tokens: Sequence[Token], start: int, before: int) -> int | None:
    """After the comma that ends "On Thursday, ...", or at the pronoun in "On Thursday he ..."."""
    for at in range(start, before):
        if tokens[at].text == ",":
            return at + 1
        if tokens[at].low in {"he", "she", "they"}:
            return at
    return None


def _is_place_or_time(tokens: Sequence[Token], found: Range) -> bool:
    """Whether a phrase before a comma is the rest of an adverbial: "Colo." in "in Aspen, Colo., a voice ..."."""
    last = tokens[found.end - 1]
    closes = tokens[found.end].text == ","
    return closes and (last.text.endswith(".") or last.low in words.TIME_WORDS or last.text.isdigit())


def _opens_adjunct(token: Token, following: Token | None) -> bool:
    if token.low in words.PREPOSITIONS or token.low in words.CLAUSE_WORDS or token.low.endswith("ing"):
        return True
    return token.low in words.TIME_WORDS or (following is not None and following.low in words.TIME_WORDS)


def _short(tokens: Sequence[Token], start: int, before: int) -> Range | None:
    """A pronoun, a run of capitals, or a determiner with the words up to a verb-like one."""
    if tokens[start].low in words.PRONOUNS:
        return Range(start, start + 1)
    end = start
    while end < before and tokens[end].kind == "w" and end - start < 8:
        if end > start and not tokens[end].capital and _ends_short(tokens, start, end, before):
            break
        end += 1
    return Range(start, end) if end > start else None


def _ends_short(tokens: Sequence[Token], start: int, at: int, before: int) -> bool:
    """Whether a word in small letters looks like the verb, or opens what follows the subject."""
    low = tokens[at].low
    if at == start + 1 and low.endswith("ly"):
        return False
    if low == "'s" and at + 1 < before and tokens[at + 1].capital:
        return False  # "Elm's Holm"
    if (low in words.AUXILIARIES and low != "'s") or low in words.ADVERBS or low in words.PREPOSITIONS:
        return True
    if low.endswith("ed") or low in words.SPEECH or low in words.STANCE or low in words.CLAUSE_WORDS:
        return True
    named = tokens[at - 1].capital and tokens[at - 1].low not in words.DETERMINERS and low not in words.ROLE_NOUNS
    return named and not any(token.low in words.ROLE_NOUNS for token in tokens[at : min(at + 3, before)])


def trails_behind(tokens: Sequence[Token], source: Range) -> bool:
    """Whether "he" closes what was said: "..., he said.", "Holm's plan is “..., ” he said."."""
    if not source.start or source.end + 1 >= len(tokens):
        return False
    before = tokens[source.start - 1]
    owned = before.kind == "q" and before.low == "," and any(token.low == "'s" for token in tokens[1:4])
    if before.text != "," and not owned:
        return False
    after = tokens[source.end + 1]
    return tokens[source.end].low in words.SPEECH and (after.text in {".", ",", ";"} or after.low in words.PREPOSITIONS)


def is_agent(tokens: Sequence[Token], first: int) -> bool:
    """Whether a name is whoever did it: "a film posted by Ida Holm"."""
    return first >= 3 and tokens[first - 1].low == "by" and tokens[first - 2].low.endswith(("ed", "en"))
