"""Find the words that attribute and the words that name the speaker: "Smith said", "according to the ministry".

Pure. Tells verbs from nouns and active from passive by the words around them; no parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.speech import vocabulary as words
from rag.speech.phrases import Range, noun_phrase_after, noun_phrase_before
from rag.speech.subjects import opening_subject
from rag.speech.tokens import Token
from rag.speech.verbs import is_active_verb


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
        low = token.low
        cue = None
        if token.kind == "q":
            cue = _unknown_verb(tokens, at, found)
        elif (low in words.SPEECH or low in words.STANCE) and not _in_a_name(tokens, at):
            cue = _verb(tokens, at, found)
        elif low == ":":
            cue = _colon(tokens, at, found)
        elif low == "according":
            cue = _according(tokens, at)
        if cue is not None:
            found.append(cue)
    return found


def _in_a_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether a capital stands among capitals in a sentence that has small letters, too: "Students Demand Action"."""
    if (
        not tokens[at].capital
        or not 0 < at < len(tokens) - 1
        or not tokens[at - 1].capital
        or not tokens[at + 1].capital
    ):
        return False
    return 2 * sum([token.capital for token in tokens]) < len(tokens)


def _colon(tokens: Sequence[Token], at: int, found: Sequence[Cue]) -> Cue | None:
    """`Name: “...”` at the start of a unit or after a dash."""
    if at + 1 >= len(tokens) or tokens[at + 1].kind != "q" or tokens[at].end == tokens[at + 1].start:
        return None  # without a space it is the link to another story: "TRADITION:‘We all sang’"
    start = at
    if tokens[at - 1].text == ")":
        start = next((k for k in range(at - 2, max(-1, at - 8), -1) if tokens[k].text == "("), at)
    named_until = start
    while start > 0 and at - start < 10 and tokens[start - 1].kind == "w":
        start -= 1
    opens = start < at and (start == 0 or tokens[start - 1].text in {"-", "—", "–"})
    if (found and found[-1].at >= start) or tokens[start - 1].text == "(":
        return None
    source: Range | None = Range(start, named_until) if start < named_until else None
    if not opens or not tokens[start].capital or any(token.low in _NO_NAME for token in tokens[start:at]):
        source = opening_subject(tokens, at) if not found else None
    first = tokens[source.start] if source is not None else None
    if source is None or first is None or first.low in _LABELS or _orders(first):
        return None  # "Expect more of it: ..."
    return Cue(at, Range(at, at + 1), source, "say", "before", False, True)


def _orders(first: Token) -> bool:
    return any(table.get(first.low, ("", ""))[1] == "base" for table in (words.SPEECH, words.STANCE))


# What stands before a colon and a headline or a title: "READ MORE: ...", "Here's what it says: ...".
_LABELS = frozenset(
    "related more also watch see read winner update exclusive opinion analysis video photos source example here there"
    " listen next previous recap question answer caption headline title".split()
)
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
    if subject is None or subject.end >= len(tokens):
        return None
    if not tokens[at + 1].capital and tokens[at + 1].low != "the" and tokens[at + 1].low not in words.PRONOUNS:
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
    """The cue of a verb that the vocabulary has."""
    low = tokens[at].low
    if at == 0 and low in _LABELS and len(tokens) > 1 and tokens[1].low in _LABELS:
        return None  # "READ MORE"
    lemma, inflection = words.SPEECH.get(low) or words.STANCE[low]
    head = _verb_group(tokens, at)
    denied = lemma in words.DENIALS or _negated(tokens, head, at)
    cue = Range(head, at + 1)
    speech = low in words.SPEECH
    if _inverted(tokens, at, lemma, inflection):
        source = noun_phrase_after(tokens, at + 1)
        if source is not None and not _has_verb(tokens, at, source):
            return Cue(at, Range(at, at + 1), source, lemma, "after", denied, speech)
    if not is_active_verb(tokens, at, head, lemma, inflection):
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
    source = source and (_sent(tokens, source) or source)
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
    if source is None or before.low in words.ADVERBS:
        return None
    return Cue(at, cue, _sent(tokens, source) or source, lemma, "before", denied, speech)


_SENT = frozenset("letter email e-mail note text message memo statement post tweet".split())


def _sent(tokens: Sequence[Token], source: Range) -> Range | None:
    """Who or what says it in "Holm in a statement to the Post said", "a letter of March 7 to Holm saying": not who got it."""
    if not source.start or tokens[source.start - 1].low not in {"to", "from"}:
        return None
    letter = next((k for k in range(source.start - 2, max(-1, source.start - 9), -1) if tokens[k].low in _SENT), None)
    if letter is None:
        return None
    found = noun_phrase_before(tokens, letter + 1)
    in_it = letter - 2 if tokens[letter - 1].low in words.DETERMINERS else letter - 1
    if in_it > 0 and tokens[in_it].low == "in":
        return noun_phrase_before(tokens, in_it)
    return found


def _verb_group(tokens: Sequence[Token], at: int) -> int:
    """Where "has also repeatedly said" begins."""
    head = at
    while head > 0:
        before = tokens[head - 1]
        if before.kind == "w" and (
            (
                before.low in words.AUXILIARIES
                and before.text != "Will"
                and (before.low != "'s" or tokens[head - 2].low in words.PRONOUNS)
            )
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
    if after.kind != "w" or after.low in words.CLAUSE_WORDS or after.low in _NEVER_BEHIND:
        return False
    if before.kind == "p":
        subject = noun_phrase_before(tokens, at)
        if subject is not None and (subject.start <= 1 or not _ends_soon(tokens, at)):
            return False
    return after.capital or after.low in words.DETERMINERS or after.low in words.ROLE_NOUNS or before.kind == "q"


_NEVER_BEHIND = words.TIME_WORDS - {"may", "april", "june", "august"} | frozenset("it there they we i you".split())


def _has_verb(tokens: Sequence[Token], at: int, source: Range) -> bool:
    """Whether a name behind the verb has one of its own: "Holm, a cook, said Reed is late"."""
    following = tokens[source.end].low if source.end < len(tokens) else ""
    return tokens[at - 1].text == "," and following in words.AUXILIARIES and following != "'s"


def _ends_soon(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name or noun phrase and little else follows: then it is the subject."""
    source = noun_phrase_after(tokens, at + 1)
    if source is None:
        return False
    rest = tokens[source.end] if source.end < len(tokens) else None
    return rest is None or rest.text in {",", "."} or rest.low in words.PREPOSITIONS or rest.low in words.TIME_WORDS
