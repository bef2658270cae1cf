"""Find what the cues of one unit attribute: the words that somebody said, before, after or on both sides of a cue.

Pure. Rules over words and punctuation, with a whole quotation as one word. Ranges are of tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.speech import vocabulary as words
from rag.speech.adjuncts import skip_adjuncts
from rag.speech.cues import Cue, cues_in
from rag.speech.phrases import Range
from rag.speech.tokens import Token, Unit


@dataclass(frozen=True, slots=True)
class Attribution:
    """One cue in a unit. `content` are token ranges in order; `source` None means that the unit does not name one."""

    cue: Range
    source: Range | None
    content: tuple[Range, ...]
    lemma: str
    denied: bool = False
    speech: bool = True


# More verbs of speech than this are not one sentence; the work grows with their square.
_MOST_CUES = 40


def attributions(unit: Unit) -> list[Attribution]:
    """Every attribution of a unit in order of its cue.

    What stands before a cue ("..., she said") is settled first, so that a verb inside it does not take it away.
    """
    cues = cues_in(unit.tokens)[:_MOST_CUES]
    settled: dict[int, Attribution] = {}
    reached = 0
    for number, cue in enumerate(cues):
        following = cues[number + 1] if number + 1 < len(cues) else None
        attribution = _trailing(unit, cue, reached, following)
        if attribution is not None:
            settled[number] = attribution
            reached = _end(attribution)
    for number, cue in enumerate(cues):
        if number in settled:
            continue
        following = cues[number + 1] if number + 1 < len(cues) else None
        around = [k for k, other in settled.items() if _within(cue, other)]
        if around and (cue.lemma not in words.CORE or any(k < number and settled[k].speech for k in around)):
            continue
        attribution = _leading(unit, cue, following)
        if attribution is not None and (attribution.content or number + 1 == len(cues)):
            settled[number] = attribution
    return [settled[number] for number in sorted(settled) if not _makes_a_work(unit.tokens, settled[number])]


def _makes_a_work(tokens: Sequence[Token], found: Attribution) -> bool:
    """Whether what was written is named and not told: "wrote a book on trees"."""
    if found.lemma != "write" or not found.content or tokens[found.content[0].start].low not in words.DETERMINERS:
        return False
    at = found.content[0].start
    following = [token.low for token in tokens[at + 1 : min(at + 4, found.content[0].end)] if token.kind == "w"]
    return any(low in words.WORKS for low in following)


def _within(cue: Cue, other: Attribution) -> bool:
    return any(part.start <= cue.cue.start < part.end for part in other.content)


def _end(attribution: Attribution) -> int:
    source_end = attribution.source.end if attribution.source else 0
    return max([attribution.cue.end, source_end, *(part.end for part in attribution.content)])


def _made(unit: Unit, cue: Cue, content: Sequence[Range | None]) -> Attribution:
    kept = (part for part in content if part is not None)
    trimmed = tuple(part for part in (_trimmed(unit.tokens, part) for part in kept) if part is not None)
    return Attribution(cue.cue, cue.source, trimmed, cue.lemma, cue.denied, cue.speech)


def _trailing(unit: Unit, cue: Cue, reached: int, following: Cue | None) -> Attribution | None:
    """The attribution of a cue that has what was said before it; None where it has not."""
    tokens = unit.tokens
    if cue.kind == "joined" or (cue.cue.start and tokens[cue.cue.start - 1].low == "who"):
        return None
    first = min(cue.cue.start, cue.source.start) if cue.source else cue.cue.start
    end = _without_connective(tokens, first)
    start = min(reached, end)
    if cue.kind == "with":
        if end <= start or not any(token.kind != "p" for token in tokens[start:end]):
            return None
        last = max(cue.cue.end, cue.source.end if cue.source else 0)
        more = _after_aside(tokens, last) if end - start <= 5 and tokens[start].low in words.PREPOSITIONS else None
        return _made(unit, cue, [Range(start, end), more])
    left = _left_content(tokens, cue, start, end)
    if left is None:
        return None
    after = max(cue.cue.end, cue.source.end) if cue.kind == "after" and cue.source else cue.cue.end
    return _made(unit, cue, [left, _more(tokens, cue, after, _right_limit(tokens, cue, following))])


def _after_aside(tokens: Sequence[Token], at: int) -> Range | None:
    """What follows ", according to X," where only an adverbial stands before it."""
    if at + 1 < len(tokens) and tokens[at].text == ",":
        return Range(at + 1, len(tokens))
    return None


def _leading(unit: Unit, cue: Cue, following: Cue | None) -> Attribution | None:
    """The attribution of a cue that has what was said after it. Without content it may wait for the next unit."""
    tokens = unit.tokens
    stop = _right_limit(tokens, cue, following)
    if cue.kind == "with":
        at = cue.source.end if cue.source else cue.cue.end
        if at < stop and tokens[at].text == ",":
            return _made(unit, cue, [Range(at, stop)])
        return _made(unit, cue, [Range(at, stop)] if at < stop else [])
    at = cue.cue.end if cue.kind != "after" or cue.source is None else max(cue.cue.end, cue.source.end)
    part = _right_content(tokens, cue, at, stop)
    made = _made(unit, cue, [part])
    if cue.lemma in words.QUOTED_ONLY and not _clause_or_quote(tokens, cue, made):
        return None
    return made


def _clause_or_quote(tokens: Sequence[Token], cue: Cue, made: Attribution) -> bool:
    following = tokens[cue.cue.end].low if cue.cue.end < len(tokens) else ""
    if following == "out" and cue.lemma == "rule":
        return True
    if following == "that":
        return cue.lemma not in {"support", "back", "offer", "issue"}
    return any(_has_quote(tokens, part.start, min(part.end, part.start + 12)) for part in made.content)


def _right_limit(tokens: Sequence[Token], cue: Cue, following: Cue | None) -> int:
    """Where this cue's content must end: before the next cue of the same level, else with the unit."""
    end = len(tokens)
    if following is None or following.kind == "after":
        return end
    start = following.cue.start
    if following.kind == "before" and following.source is not None and following.source.end <= cue.cue.start:
        # "Smith, who has ruled out a toll, said ...": both have one subject, before them.
        return start - 1 if start - 1 > cue.cue.end and tokens[start - 1].text == "," else end
    if following.kind in {"before", "with"} and following.source is not None:
        start = min(start, following.source.start)
    if start <= cue.cue.end:
        return end
    before = tokens[start - 1]
    again = following.lemma in words.CORE or (
        following.lemma in words.TURNS and tokens[following.at].low.endswith("ed")
    )
    if following.kind == "joined" and before.low in {"and", "but"} and not again:
        # "said the group is no charity and supports nobody": the second verb has its subject within what was said.
        return end
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


def _left_content(tokens: Sequence[Token], cue: Cue, start: int, end: int) -> Range | None:
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


def _quote_leads(tokens: Sequence[Token], start: int, end: int, cue: Cue) -> bool:
    """Whether a quotation just before the source is what was said, and not part of an introduction."""
    if end - start == 1 or tokens[end - 1].low == ",":
        return True
    rest = skip_adjuncts(tokens, cue.cue.end, cue.lemma)
    return rest >= len(tokens) or tokens[rest].kind != "w"


def _more(tokens: Sequence[Token], cue: Cue, start: int, stop: int) -> Range | None:
    """What carries on after a cue that had its first words before it."""
    at = start
    while at < stop and tokens[at].kind != "q":
        at += 1
    # Only a quotation carries on what stood before the cue; between them stand place, time and listeners.
    if at < stop and not any(token.low in words.CLAUSE_WORDS for token in tokens[start:at]):
        return Range(at, stop)
    rest = skip_adjuncts(tokens, start, cue.lemma)
    if rest + 2 < stop and tokens[rest].text == "," and not _has_quote(tokens, 0, start):
        if cue.kind == "after" and tokens[rest + 1].low not in _CARRIES_ON:
            return None
        return Range(rest + 1, stop)
    return None


_CARRIES_ON = words.AUXILIARIES | frozenset("but and so because".split())


def _right_content(tokens: Sequence[Token], cue: Cue, start: int, stop: int) -> Range | None:
    if start < stop and tokens[start].low in words.PARTICLES and cue.lemma in {"point", "rule", "speak"}:
        start += 1
    at = skip_adjuncts(tokens, start, cue.lemma)
    if at >= stop:
        at = start
    stop = next((k for k in range(at + 1, stop) if tokens[k].text == ";"), stop)
    while at < stop and (tokens[at].text in {":", ","} or tokens[at].low == "that"):
        at += 1
    return Range(at, stop) if at < stop else None


def _has_quote(tokens: Sequence[Token], start: int, end: int) -> bool:
    return any(token.kind == "q" for token in tokens[start:end])


def _trimmed(tokens: Sequence[Token], part: Range) -> Range | None:
    start, end = part
    while start < end and tokens[start].kind == "p" and tokens[start].text not in "$£€#@([":
        start += 1
    while end > start and tokens[end - 1].kind == "p" and tokens[end - 1].text not in ")]%":
        end -= 1
    return Range(start, end) if end > start else None
