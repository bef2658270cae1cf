"""Find the words that attribute and the words that name the speaker: "Smith said", "according to the ministry".

Pure. Tells verbs from nouns and active from passive by the words around them; no parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag import vocabulary as words
from rag.phrases import Range, noun_phrase_after, noun_phrase_before, opening_subject
from rag.tokens import Token


class Cue(NamedTuple):
    """Words that attribute, with the phrase that names the speaker. `kind` says where what was said stands.

    "before": after the cue ("Smith said that ..."); "after": inverted (`“...,” said Smith`); "with": according to;
    "joined": it shares the subject of another verb (", adding that ...").
    """

    at: int
    cue: Range
    source: Range | None
    lemma: str
    kind: str
    denied: bool
    speech: bool


def cues_in(tokens: Sequence[Token]) -> list[Cue]:
    found: list[Cue] = []
    for at, token in enumerate(tokens):
        if token.kind == "p" and token.text == ":":
            cue = _colon(tokens, at, found)
        elif token.low == "according":
            cue = _according(tokens, at)
        elif token.kind == "q":
            cue = _unknown_verb(tokens, at, found)
        else:
            cue = _verb(tokens, at, found)
        if cue is not None:
            found.append(cue)
    return found


def _colon(tokens: Sequence[Token], at: int, found: Sequence[Cue]) -> Cue | None:
    """`Name: “...”` at the start of a unit or after a dash."""
    if at + 1 >= len(tokens) or tokens[at + 1].kind != "q":
        return None
    start = at
    while start > 0 and at - start < 8 and tokens[start - 1].kind == "w":
        start -= 1
    opens = start < at and (start == 0 or tokens[start - 1].text in {"-", "—", "–"})
    if found and found[-1].at >= start:
        return None
    source: Range | None = Range(start, at)
    if not opens or not tokens[start].capital or any(token.low in _NO_NAME for token in tokens[start:at]):
        source = opening_subject(tokens, at) if not found else None
    return Cue(at, Range(at, at + 1), source, "say", "before", False, True) if source else None


_NO_NAME = words.AUXILIARIES | words.CLAUSE_WORDS | words.PREPOSITIONS | frozenset("reads ends begins goes".split())


def _unknown_verb(tokens: Sequence[Token], at: int, found: Sequence[Cue]) -> Cue | None:
    """`Smith cracked, “...”` and `“...,” opined Smith`: by their place, whatever the verb."""
    if at >= 2 and tokens[at - 1].text in {",", ":"} and _may_be_verb(tokens[at - 2]):
        source = noun_phrase_before(tokens, _verb_group(tokens, at - 2))
        if source is not None and not any(cue.at >= source.start for cue in found):
            return Cue(at - 2, Range(at - 2, at - 1), source, "say", "before", False, True)
    if at >= 4 and tokens[at - 1].text == "," and tokens[at - 2].low == "it" and tokens[at - 3].low in {"put", "puts"}:
        source = noun_phrase_before(tokens, at - 3)
        return Cue(at - 3, Range(at - 3, at - 1), source, "say", "before", False, True) if source else None
    if tokens[at].low not in {",", "?", "!"} or at + 2 >= len(tokens):
        return None
    if _may_be_verb(tokens[at + 1]) and tokens[at + 2].capital:
        source = noun_phrase_after(tokens, at + 2)
        return Cue(at + 1, Range(at + 1, at + 2), source, "say", "after", False, True) if source else None
    subject = noun_phrase_after(tokens, at + 1)
    if subject is None or subject.end >= len(tokens) or not tokens[at + 1].capital and tokens[at + 1].low != "the":
        return None
    verb = subject.end - 1 if _may_be_verb(tokens[subject.end - 1]) else subject.end
    if verb > at + 1 and _may_be_verb(tokens[verb]):
        return Cue(verb, Range(verb, verb + 1), Range(at + 1, verb), "say", "before", False, True)
    return None


_IRREGULAR_PAST = frozenset("shot went began sang wept swore spat broke".split())


def _may_be_verb(token: Token) -> bool:
    low = token.low
    if token.kind != "w" or token.capital or low in words.SPEECH or low in words.STANCE:
        return False
    return (low.endswith("ed") and len(low) > 4) or low in _IRREGULAR_PAST


def _according(tokens: Sequence[Token], at: int) -> Cue | None:
    if at + 2 >= len(tokens) or tokens[at + 1].low != "to":
        return None
    source = noun_phrase_after(tokens, at + 2, long=True)
    if source is None:
        return None
    return Cue(at, Range(at, at + 2), source, "say", "with", False, True)


def _verb(tokens: Sequence[Token], at: int, found: Sequence[Cue]) -> Cue | None:
    low = tokens[at].low
    form = words.SPEECH.get(low) or words.STANCE.get(low)
    if form is None:
        return None
    lemma, inflection = form
    head = _verb_group(tokens, at)
    denied = lemma in words.DENIALS or _negated(tokens, head, at)
    cue = Range(head, at + 1)
    speech = low in words.SPEECH
    if _inverted(tokens, at, lemma, inflection):
        source = noun_phrase_after(tokens, at + 1)
        if source is not None:
            return Cue(at, Range(at, at + 1), source, lemma, "after", denied, speech)
    if not _is_verb(tokens, at, head, lemma, inflection):
        return None
    if inflection == "ing" and not _progressive(tokens, head, at):
        return _participle(tokens, at, lemma, denied, speech, found)
    source = noun_phrase_before(tokens, head)
    kind = "before"
    if source is None:
        if head == 0 or tokens[head - 1].low not in {"and", "but", "then", ","}:
            return None
        source = found[-1].source if found else opening_subject(tokens, head)
        kind = "joined"
    if source is None or (lemma in words.FINDINGS and not _is_finding(tokens, source)):
        return None
    return Cue(at, cue, source, lemma, kind, denied, speech)


def _is_finding(tokens: Sequence[Token], source: Range) -> bool:
    """Whether a poll, a report or the like "shows" or "finds"; a person who finds something says nothing."""
    return any(token.low in words.DOCUMENTS for token in tokens[source.start : source.end])


def _participle(
    tokens: Sequence[Token], at: int, lemma: str, denied: bool, speech: bool, found: Sequence[Cue]
) -> Cue | None:
    """ ", adding that ..." shares its subject; "a letter saying ..." names its own."""
    cue = Range(at, at + 1)
    before = tokens[at - 1] if at else None
    if before is None:
        comma = next((k for k, token in enumerate(tokens) if token.text == ","), None)
        source = noun_phrase_after(tokens, comma + 1) if comma is not None else None
        return Cue(at, cue, source, lemma, "joined", denied, speech) if source else None
    if before.kind in "pq" or before.low in {"and", "but", "while", "by", "in", "after", "before", "without", "then"}:
        source = found[-1].source if found else opening_subject(tokens, at)
        return Cue(at, cue, source, lemma, "joined", denied, speech) if source else None
    source = noun_phrase_before(tokens, at)
    return Cue(at, cue, source, lemma, "before", denied, speech) if source and before.low not in words.ADVERBS else None


def _verb_group(tokens: Sequence[Token], at: int) -> int:
    """Where "has also repeatedly said" begins."""
    head = at
    while head > 0:
        before = tokens[head - 1]
        if before.kind == "w" and (
            (before.low in words.AUXILIARIES and (before.low != "'s" or tokens[head - 2].low in words.PRONOUNS))
            or before.low in words.ADVERBS
            or (before.low.endswith("ly") and not before.capital)
            or (
                before.low == "to"
                and head >= 2
                and tokens[head - 2].low in {"on", "began", "went", "continued", "used"}
            )
            or (before.low in {"on", "went", "began", "goes", "going"} and tokens[head].low == "to")
            or (before.low in {"went", "goes"} and tokens[head].low == "on")
        ):
            head -= 1
        else:
            break
    return head


def _negated(tokens: Sequence[Token], head: int, at: int) -> bool:
    return any(token.low in words.NEGATIONS for token in tokens[head:at])


def _progressive(tokens: Sequence[Token], head: int, at: int) -> bool:
    return any(token.low in words.BE for token in tokens[head:at])


_MODALS = frozenset(
    "to will would can could should may might must shall do does did don't doesn't didn't won't wouldn't can't cannot"
    " couldn't".split()
)
_PLURAL_SUBJECTS = frozenset("i we they you who people officials critics".split())


def _is_verb(tokens: Sequence[Token], at: int, head: int, lemma: str, inflection: str) -> bool:
    """Whether the word is a finite verb (or participle) of an active clause here, and not a noun or an adjective."""
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is not None and after.low in {"by", "-"} and inflection == "past":
        return False
    group = [token.low for token in tokens[head:at]]
    if inflection == "past":
        if any(word in words.BE for word in group):
            return False
        return before is None or not (before.low in _ADJECTIVE_AFTER or before.low in words.PREPOSITIONS)
    if inflection == "ing":
        return before is None or not (before.low in words.DETERMINERS or before.low == "'s")
    if any(word in _MODALS for word in group):
        return inflection == "base"
    if before is None:
        return False
    noun_too = lemma in words.NOUN_TOO
    if _closes_quotation(tokens, head, after):
        return True
    if before.kind != "w":
        return before.text == "," and (not noun_too or _has_object(after, lemma))
    subject = tokens[head - 1] if head else before
    if subject.low in words.PRONOUNS or subject.low == "who":
        return True
    if before.low in _ADJECTIVE_AFTER or before.low in words.PREPOSITIONS or before.low == "'s":
        return False
    if subject.kind != "w":
        return not noun_too or _has_object(after, lemma)
    if inflection == "base":
        return _is_plural(tokens, head) and (not noun_too or _has_object(after, lemma))
    return not noun_too or (subject.capital and subject.low != "united" and _has_object(after, lemma))


def _is_plural(tokens: Sequence[Token], head: int) -> bool:
    """Whether the subject before a verb without an ending can be plural: "critics", "nine in 10", "those surveyed"."""
    source = noun_phrase_before(tokens, head)
    if source is None:
        return False
    end = next((k for k in range(source.start + 1, source.end) if tokens[k].low in words.PREPOSITIONS), source.end)
    for token in (tokens[end - 1], tokens[source.end - 1]):
        low = token.low
        if (
            low in _PLURAL_SUBJECTS
            or low in words.DETERMINERS - {"the", "a", "an"}
            or low[0].isdigit()
            or low == "percent"
        ):
            return True
        if low.endswith("s") and not low.endswith(("ss", "us")) and low not in words.BE and len(low) > 3:
            return True
    return tokens[source.start].low in {"those", "these", "most", "many", "some"}


def _closes_quotation(tokens: Sequence[Token], head: int, after: Token | None) -> bool:
    """`“...,” Smith notes.`: a noun could not stand there."""
    if after is not None and after.text not in {".", ",", ":"}:
        return False
    source = noun_phrase_before(tokens, head)
    return source is not None and source.start > 0 and tokens[source.start - 1].kind == "q"


_ADJECTIVE_AFTER = frozenset("the a an this that these those his her their its our my your every each no any".split())


def _has_object(after: Token | None, lemma: str) -> bool:
    """Whether what follows "Smith claims" makes it a verb: a clause, an object, a quotation, a fitting preposition."""
    if after is None:
        return False
    if lemma in _MOSTLY_NOUNS:
        return after.kind == "q" or after.low in {"that", "out", "to"}
    if after.low in words.PREPOSITIONS:
        return lemma in {"call", "talk", "ask", "offer"} and after.low in {"for", "on", "about"}
    return after.kind == "q" or after.capital or after.low in words.DETERMINERS or after.low in _CLAUSE_OPENERS


_MOSTLY_NOUNS = frozenset("state point issue need rule reason figure detail name post comment".split())


_CLAUSE_OPENERS = frozenset("that he she they it him her them what how why whether if there to :".split())


def _inverted(tokens: Sequence[Token], at: int, lemma: str, inflection: str) -> bool:
    """`“...,” said Smith`, `..., said the mayor`."""
    if lemma not in words.INVERTIBLE or inflection not in {"past", "s"} or at + 1 >= len(tokens):
        return False
    after = tokens[at + 1]
    if at == 0:
        return after.capital and after.kind == "w"
    before = tokens[at - 1]
    if before.kind != "q" and before.text not in {",", "—", "–", "-"}:
        return False
    if after.kind != "w" or after.low in words.CLAUSE_WORDS or after.low in {"it", "there", "they", "we", "i", "you"}:
        return False
    if before.kind == "p":
        subject = noun_phrase_before(tokens, at)
        if subject is not None and (subject.start <= 1 or not _ends_soon(tokens, at)):
            return False
    return after.capital or after.low in words.DETERMINERS or after.low in words.ROLE_NOUNS or before.kind == "q"


def _ends_soon(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name or noun phrase and little else follows: then it is the subject."""
    source = noun_phrase_after(tokens, at + 1)
    if source is None:
        return False
    rest = tokens[source.end] if source.end < len(tokens) else None
    return rest is None or rest.text in {",", "."} or rest.low in words.PREPOSITIONS or rest.low in words.TIME_WORDS
