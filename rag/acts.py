"""The verbs of a text with what stands on both sides of them: who acts, who is acted on, and whether it is denied.

Pure; no parser: clauses end at punctuation and conjunctions, verbs are told by their form and the words beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rag.opposites import NEGATIONS
from rag.speech import vocabulary
from rag.terms import WORD, is_stopword, stem

_APPOSITIVE = re.compile(r",\s(?:who|which|whose|the|an?|his|her|its|their|then|now|former)\s[^,;:.“”\"]{1,80},")

BREAK = re.compile(r"[,;:()“”\"—–]|\.(?!\d)|\s-\s")

_CONJUNCTIONS = frozenset(
    "and but or that which who whom whose while when where because although though if since as so whether unless until"
    " amid despite than before after".split()
)

_PREPOSITIONS = frozenset(
    "in on at for from to with about over under against into during through between without within toward towards near of"
    " off across upon among by since".split()
)

_BE = frozenset("is are was were be been being got gets getting".split())

_BEFORE_A_VERB = vocabulary.AUXILIARIES | _BE | frozenset({"to", "not", "never", "also", "then", "later"})

_FOLLOWS_A_VERB = frozenset(
    "the a an his her its their our my this that these those all some any every no him them us me by".split()
)

_PARTICIPLE = re.compile(r"(?:ed|en|wn|ought|aught|eld|old|ound|ent|ft|uck|aid|ost)$")

# What is said of one side holds for the other, or the verb tells nothing of who acts.
_MUTUAL = frozenset(
    map(
        stem,
        "met meet meeting marry married talk talked agree agreed negotiate negotiated speak spoke spoken join joined share"
        " shared play played face faced draw drew tied compete competed clash clashed differ differed said say says told made"
        " make took take included include including based according going used using called known became".split(),
    )
)

_LEMMA = {
    form: forms[0]
    for line in (
        "beat beats beaten|win wins won|lose loses lost|sell sells sold|buy buys bought|lead leads led|pay pays paid"
        "|send sends sent|give gives gave given|hit hits|shoot shoots shot|leave leaves left|find finds found|hold holds held"
        "|see sees saw seen|bite bites bit bitten|catch catches caught|teach teaches taught|fight fights fought"
        "|overthrow overthrows overthrew overthrown|drive drives drove driven|build builds built|write writes wrote written"
        "|choose chooses chose chosen|overtake overtakes overtook overtaken|forgive forgives forgave forgiven"
        "|strike strikes struck|steal steals stole stolen|know knows knew known|throw throws threw thrown"
        "|seek seeks sought|feed feeds fed|bring brings brought|lend lends lent|hide hides hid hidden|outbid outbids"
    ).split("|")
    for forms in (line.split(),)
    for form in forms
}

REFUSING = frozenset(
    "refuse refuses refused decline declines declined fail fails failed deny denies denied unable avoided neglected".split()
)

# What follows these hangs on what stands before: "cannot promise that", "before", "if".
_HANGING = frozenset("that if whether unless until before without which who whom so than".split())


@dataclass(frozen=True, slots=True)
class Act:
    """A verb with the stems on both sides of it: who acts, who is acted on."""

    verb: str
    word: str
    agent: frozenset[str]
    patient: frozenset[str]
    negated: bool
    content: frozenset[str]
    sure: bool
    hangs: bool


@lru_cache(maxsize=4096)
def acts(text: str) -> tuple[Act, ...]:
    """The verbs of a text with their sides, in order."""
    plain = _APPOSITIVE.sub(" ", text)
    return tuple(act for clause in clauses(plain) for act in _acts(clause.words, hangs=clause.hangs))


class Clause(NamedTuple):
    words: list[str]
    hangs: bool


def clauses(text: str) -> Iterator[Clause]:
    for part in BREAK.split(text.replace("’", "'")):
        words: list[str] = []
        hangs = False
        for match in WORD.finditer(part):
            low = match.group().casefold()
            if low in _CONJUNCTIONS:
                if words:
                    yield Clause(words, hangs)
                words, hangs = [], low in _HANGING
            else:
                words.append(match.group())
        if words:
            yield Clause(words, hangs)


def _acts(clause: list[str], *, hangs: bool) -> Iterator[Act]:
    low = [word.casefold() for word in clause]
    content = frozenset(key(word) for word in clause if not is_stopword(word))
    for at, word in enumerate(low):
        verb = _verb(clause, low, at)
        if verb is None:
            continue
        before, after = low[:at], low[at + 1 :]
        passive = after[:1] == ["by"] or (
            bool(_PARTICIPLE.search(word)) and any(w in _BE for w in before[-2:] if not w.endswith("ly"))
        )
        first = frozenset(key(w) for w in clause[:at] if is_party(w))
        if passive:
            by = after.index("by") + 1 if "by" in after else len(after)
            agent, patient = phrase(clause[at + 1 + by :]), first
        else:
            agent, patient = first, phrase(clause[at + 1 :])
        negated = any(w in NEGATIONS or w.endswith("n't") or w in REFUSING for w in low)
        sure = (passive and before[-1:] != [] and before[-1] in _BE) or bool(
            not passive and agent and patient and _takes(clause, low, at)
        )
        yield Act(verb, clause[at], agent, patient, negated, content - {verb}, sure, hangs)


def _verb(clause: list[str], low: list[str], at: int) -> str | None:
    """The verb's key; None where the word is none, by its form and what stands beside it."""
    word = low[at]
    if (clause[at][0].isupper() and at) or is_stopword(word) or word[0].isdigit() or stem(word) in _MUTUAL:
        return None
    if word in _LEMMA:
        return stem(_LEMMA[word])
    led = at > 0 and low[at - 1] in _BEFORE_A_VERB
    if word.endswith("ed") or led or (_takes(clause, low, at) and word.endswith(("s", "ing")) and at):
        return stem(word)
    return None


def _takes(clause: list[str], low: list[str], at: int) -> bool:
    """Whether somebody or something comes right after the word."""
    return at + 1 < len(low) and (low[at + 1] in _FOLLOWS_A_VERB or clause[at + 1][0].isupper())


def phrase(words: Sequence[str]) -> frozenset[str]:
    """The parties named before the next preposition."""
    found: list[str] = []
    for word in words:
        if word.casefold() in _PREPOSITIONS:
            break
        if is_party(word):
            found.append(key(word))
    return frozenset(found)


def is_party(word: str) -> bool:
    low = word.casefold()
    return not (
        is_stopword(word) or low in vocabulary.AUXILIARIES or low.endswith("ly") or low in NEGATIONS or low[0].isdigit()
    )


def key(word: str) -> str:
    return stem(_LEMMA.get(word.casefold(), word))
