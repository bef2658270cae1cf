"""Find the words that attribute ("Smith said", "according to the ministry") and what they attribute, in one unit.

Pure. Rules over words and punctuation, with a whole quotation as one word; no parser. Ranges are of tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rag import vocabulary as words
from rag.phrases import Range, clause_start, noun_phrase_after, noun_phrase_before, opening_subject, skip_adjuncts
from rag.tokens import Token, Unit


@dataclass(frozen=True, slots=True)
class Attribution:
    """One cue in a unit. `content` are token ranges in order; `source` None means that the unit does not name one."""

    cue: Range
    source: Range | None
    content: tuple[Range, ...]
    lemma: str
    denied: bool = False
    speech: bool = True


class _Cue(NamedTuple):
    at: int
    cue: Range
    source: Range | None
    lemma: str
    kind: str  # "before" the content, "after" it (inverted), "with" (according to), "joined" (subject of another verb)
    denied: bool
    speech: bool


def attributions(unit: Unit) -> list[Attribution]:
    """Every attribution of a unit in order of its cue; none nested in the content of another."""
    cues = _cues(unit.tokens)
    found: list[Attribution] = []
    for number, cue in enumerate(cues):
        earlier = found[-1] if found else None
        following = cues[number + 1] if number + 1 < len(cues) else None
        attribution = _attribution(unit, cue, earlier, following)
        if attribution is None:
            continue
        if earlier is not None and _nested(attribution, earlier):
            continue
        found.append(attribution)
    return found


def _cues(tokens: Sequence[Token]) -> list[_Cue]:
    found: list[_Cue] = []
    for at, token in enumerate(tokens):
        if token.kind == "p" and token.text == ":":
            cue = _colon(tokens, at, found)
        elif token.low == "according":
            cue = _according(tokens, at)
        else:
            cue = _verb(tokens, at, found)
        if cue is not None:
            found.append(cue)
    return found


def _colon(tokens: Sequence[Token], at: int, found: Sequence[_Cue]) -> _Cue | None:
    """`Name: “...”` at the start of a unit."""
    if found or not 0 < at <= 12 or at + 1 >= len(tokens) or tokens[at + 1].kind != "q":
        return None
    if any(token.kind == "q" for token in tokens[:at]) or not tokens[0].capital:
        return None
    return _Cue(at, Range(at, at + 1), Range(0, at), "say", "before", False, True)


def _according(tokens: Sequence[Token], at: int) -> _Cue | None:
    if at + 2 >= len(tokens) or tokens[at + 1].low != "to":
        return None
    source = noun_phrase_after(tokens, at + 2, long=True)
    if source is None:
        return None
    return _Cue(at, Range(at, at + 2), source, "say", "with", False, True)


def _verb(tokens: Sequence[Token], at: int, found: Sequence[_Cue]) -> _Cue | None:
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
            return _Cue(at, Range(at, at + 1), source, lemma, "after", denied, speech)
    if not _is_verb(tokens, at, head, low, inflection):
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
    if source is None:
        return None
    return _Cue(at, cue, source, lemma, kind, denied, speech)


def _participle(
    tokens: Sequence[Token], at: int, lemma: str, denied: bool, speech: bool, found: Sequence[_Cue]
) -> _Cue | None:
    """ ", adding that ..." shares its subject; "a letter saying ..." names its own."""
    cue = Range(at, at + 1)
    before = tokens[at - 1] if at else None
    if before is None:
        comma = next((k for k, token in enumerate(tokens) if token.text == ","), None)
        source = noun_phrase_after(tokens, comma + 1) if comma is not None else None
        return _Cue(at, cue, source, lemma, "joined", denied, speech) if source else None
    if before.kind in "pq" or before.low in {"and", "but", "while", "by", "in", "after", "before", "without", "then"}:
        source = found[-1].source if found else opening_subject(tokens, at)
        return _Cue(at, cue, source, lemma, "joined", denied, speech) if source else None
    source = noun_phrase_before(tokens, at)
    return (
        _Cue(at, cue, source, lemma, "before", denied, speech) if source and before.low not in words.ADVERBS else None
    )


def _verb_group(tokens: Sequence[Token], at: int) -> int:
    """Where "has also repeatedly said" begins."""
    head = at
    while head > 0:
        before = tokens[head - 1]
        if before.kind == "w" and (
            before.low in words.AUXILIARIES
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


def _is_verb(tokens: Sequence[Token], at: int, head: int, low: str, inflection: str) -> bool:
    """Whether the word is a finite verb (or participle) of an active clause here, and not a noun or an adjective."""
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is not None and after.low in {"by", "-"} and inflection == "past":
        return False
    group = [token.low for token in tokens[head:at]]
    if inflection == "past":
        if any(word in words.BE for word in group):
            return False
        return before is None or not (before.low in words.DETERMINERS or before.low in words.PREPOSITIONS)
    if inflection == "ing":
        return before is None or not (before.low in words.DETERMINERS or before.low == "'s")
    if any(word in _MODALS for word in group):
        return inflection == "base"
    if before is None or before.kind != "w":
        return inflection == "s" and low not in words.NOUN_TOO
    subject = tokens[head - 1] if head else before
    if inflection == "base":
        plural = subject.low in _PLURAL_SUBJECTS or (
            subject.low.endswith("s") and not subject.low.endswith(("ss", "'s", "us")) and subject.low not in words.BE
        )
        return plural and subject.kind == "w" and (low not in words.NOUN_TOO or subject.low not in words.DETERMINERS)
    if low not in words.NOUN_TOO:
        return True
    if before.low in words.DETERMINERS or before.low in words.PREPOSITIONS or before.low == "'s":
        return False
    return subject.capital or subject.low in words.PRONOUNS or subject.low in words.RELATIVES


def _inverted(tokens: Sequence[Token], at: int, lemma: str, inflection: str) -> bool:
    """`“...,” said Smith`, `..., said the mayor`."""
    if lemma not in words.INVERTIBLE or inflection not in {"past", "s"} or at + 1 >= len(tokens) or at == 0:
        return False
    before, after = tokens[at - 1], tokens[at + 1]
    if before.kind != "q" and before.text not in {",", "—", "–", "-"}:
        return False
    if after.kind != "w" or after.low in words.CLAUSE_WORDS or after.low in {"it", "there", "they", "we", "i", "you"}:
        return False
    if before.kind == "p" and noun_phrase_before(tokens, at) is not None and not _ends_soon(tokens, at):
        return False
    return after.capital or after.low in words.DETERMINERS or after.low in words.ROLE_NOUNS or before.kind == "q"


def _ends_soon(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name or noun phrase and little else follows: then it is the subject."""
    source = noun_phrase_after(tokens, at + 1)
    if source is None:
        return False
    rest = tokens[source.end] if source.end < len(tokens) else None
    return rest is None or rest.text in {",", "."} or rest.low in words.PREPOSITIONS or rest.low in words.TIME_WORDS


def _attribution(unit: Unit, cue: _Cue, earlier: Attribution | None, following: _Cue | None) -> Attribution | None:
    tokens = unit.tokens
    stop = _right_limit(tokens, cue, following)
    left_end = min(cue.cue.start, cue.source.start) if cue.source and cue.kind != "joined" else cue.cue.start
    left_end = _without_connective(tokens, left_end)
    left_start = _left_limit(tokens, left_end, earlier)
    after = cue.cue.end if cue.kind in {"before", "joined"} else max(cue.cue.end, cue.source.end if cue.source else 0)
    content: list[Range] = []
    if cue.kind == "with":
        content = _around(tokens, left_start, left_end, after, stop)
    else:
        left = _left_content(tokens, cue, left_start, left_end)
        right = _right_content(tokens, cue, after, stop, bool(left))
        content = [part for part in (left, right) if part is not None]
    trimmed = [part for part in (_trimmed(tokens, part) for part in content) if part is not None]
    if not trimmed:
        # `He said:` may still belong to the next paragraph's quotation.
        return Attribution(cue.cue, cue.source, (), cue.lemma, cue.denied, cue.speech)
    return Attribution(cue.cue, cue.source, tuple(trimmed), cue.lemma, cue.denied, cue.speech)


def _right_limit(tokens: Sequence[Token], cue: _Cue, following: _Cue | None) -> int:
    """Where this cue's content must end: before the next cue of the same level, else with the unit."""
    end = len(tokens)
    if following is None or following.kind == "after":
        return end
    start = following.cue.start
    if following.kind in {"before", "with"} and following.source is not None:
        start = min(start, following.source.start)
    if start <= cue.cue.end:
        return end
    before = tokens[start - 1]
    if before.text in {",", ";"} or before.low in {"and", "but"} or following.kind == "joined":
        while start > cue.cue.end and (
            tokens[start - 1].text in {",", ";", "-", "—", "–"}
            or tokens[start - 1].low in {"and", "but", "while", "as", "though", "although", "then"}
        ):
            start -= 1
        return start if start > cue.cue.end else end
    if before.low in {"while", "as", "though", "although"} and start >= 2 and tokens[start - 2].text == ",":
        return start - 2
    return end


def _without_connective(tokens: Sequence[Token], end: int) -> int:
    """The end of what stands before a source, without a comma or "and" between."""
    while end > 0 and (tokens[end - 1].text in {",", "—", "–", "-"} or tokens[end - 1].low in {"as"}):
        end -= 1
    return end


def _left_limit(tokens: Sequence[Token], left_end: int, earlier: Attribution | None) -> int:
    if earlier is None:
        return 0
    last = max([earlier.cue.end, earlier.source.end if earlier.source else 0, *(part.end for part in earlier.content)])
    return min(last, left_end)


def _left_content(tokens: Sequence[Token], cue: _Cue, start: int, end: int) -> Range | None:
    """What stands before source and cue, where that is what was said."""
    if cue.kind == "joined" or end <= start:
        return None
    while start < end and tokens[start].kind == "p":
        start += 1
    if end <= start:
        return None
    if cue.kind == "after":
        return Range(start, end)
    if tokens[end - 1].kind == "q":
        return Range(start, end) if _quote_leads(tokens, start, end, cue) else None
    after = cue.cue.end
    boundary = cue.source.start if cue.source else cue.cue.start
    if boundary == end or tokens[end].text not in {",", "—", "–"}:
        return None
    rest = skip_adjuncts(tokens, after, cue.lemma)
    if rest < len(tokens) and not (
        tokens[rest].kind == "p" and tokens[rest].text in {".", ",", ";", "?", "!", "—", "–"}
    ):
        return None
    return Range(start, end)


def _quote_leads(tokens: Sequence[Token], start: int, end: int, cue: _Cue) -> bool:
    """Whether a quotation just before the source is what was said, and not part of an introduction."""
    if end - start == 1:
        return True
    rest = skip_adjuncts(tokens, cue.cue.end, cue.lemma)
    return rest >= len(tokens) or tokens[rest].kind != "w"


def _right_content(tokens: Sequence[Token], cue: _Cue, start: int, stop: int, has_left: bool) -> Range | None:
    if has_left:
        at = start
        while at < stop and tokens[at].kind != "q":
            at += 1
        # Only a quotation carries on what stood before the cue; between them stand place, time and listeners.
        if at < stop and not any(token.low in words.CLAUSE_WORDS for token in tokens[start:at]):
            return Range(at, stop)
        rest = skip_adjuncts(tokens, start, cue.lemma)
        if rest + 1 < stop and tokens[rest].text == "," and cue.kind == "before" and not _has_quote(tokens, 0, start):
            return Range(rest + 1, stop)
        return None
    at = skip_adjuncts(tokens, start, cue.lemma)
    if at >= stop:
        at = start
    while at < stop and (tokens[at].text in {":", ","} or tokens[at].low == "that"):
        at += 1
    return Range(at, stop) if at < stop else None


def _has_quote(tokens: Sequence[Token], start: int, end: int) -> bool:
    return any(token.kind == "q" for token in tokens[start:end])


def _around(tokens: Sequence[Token], left_start: int, left_end: int, after: int, stop: int) -> list[Range]:
    """Content of "according to X": before it, unless it opens the clause."""
    if left_end > left_start:
        return [Range(left_start, left_end)]
    at = after
    while at < stop and tokens[at].kind == "p" and tokens[at].text not in {":"}:
        at += 1
    return [Range(at, stop)] if at < stop else []


def _trimmed(tokens: Sequence[Token], part: Range) -> Range | None:
    start, end = part
    while start < end and tokens[start].kind == "p" and tokens[start].text not in "$£€#@([":
        start += 1
    while end > start and tokens[end - 1].kind == "p" and tokens[end - 1].text not in ")]%":
        end -= 1
    return Range(start, end) if end > start else None


def _nested(attribution: Attribution, earlier: Attribution) -> bool:
    return any(part.start <= attribution.cue.start < part.end for part in earlier.content)


__all__ = ["Attribution", "attributions", "clause_start", "replace"]
