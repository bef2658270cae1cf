"""A question cut into the parts that need evidence of their own. Pure.

It is cut between the sources that it names ("the Verge article on X, while TechCrunch says Y"), else between its dates,
else where its words set two things side by side ("compared with", a second sentence). What names several sources at once
("as reported by A and B") is asked of each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.domain import Part, Period, Span
from rag.mentions import Mention
from rag.periods import Dated
from rag.sentences import sentence_spans
from rag.terms import stems

# More parts than a question is read for: each costs a search.
_MOST_PARTS = 4
# What has fewer words of a subject cannot be searched for by itself.
_FEWEST_WORDS = 2
_COMPARED = (
    r"(?:as )?(?:compared|opposed|in comparison|in contrast|contrary|similar(?:ly)?|relative)\s+(?:to|with)"
    # Between two names it is a match or a case, and one thing.
    r"|(?:versus|vs\.?)(?!\s+['\"‘“]?(?-i:[A-Z]))"
    r"|(?:rather )?than|(?:(?:dis)?agree(?:s|d|ment)?|align(?:s|ed|ing)?|(?:in)?consistent|contrast(?:s|ed)?) with"
    r"|differ(?:s|ed|ent)? from|the same (?:as|way)|in (?:the same|a similar) way|similar to|unlike|and how"
)
# Where one side ends and the other begins, the strongest first.
_TURNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r";\s+",
        r",?\s+(?:while|whereas|although|though|but|yet)\s+",
        r",\s*and\s+(?:did|does|do|was|were|is|are|has|have|had|can|could|would|will|should)\s+",
        rf",?\s+(?:{_COMPARED})\s+",
        r",\s*(?:did|does|do|was|were|is|are|has|have|had|can|could|would|will|should)\s+",
        r",?\s+(?:before|after|prior to|following|until)\s+(?!\d)",
        r",?\s+(?:and|or)\s+(?:then |also |later |finally |the subsequent )?",
        r",\s+",
    )
)
# Just before a source, which then begins what is told of it.
_BEGINS = re.compile(
    r"(?:[,;]\s*|\s)(?:and|while|whereas|although|though|but|yet)\s+(?:the\s+)?['\"‘“]?$", re.IGNORECASE
)
# Without sources or dates, only these mean that two things are asked.
_PLAIN_TURNS = (
    *_TURNS[:4],
    re.compile(
        r",?\s+and\s+(?=(?:what|who|whom|when|where|why|how|which|did|does|do|has|have|had|is|are|was|were|will)\b)",
        re.IGNORECASE,
    ),
)
_NAME = r"[A-Z][\w.’'-]*(?:\s+(?:of\s+(?:the\s+)?)?[A-Z][\w.’'-]*){0,4}"
# "both A and B", "between A and B", "compare A with B": what follows is asked of each.
_PAIR = re.compile(
    rf"\b(?i:both|between|compar(?:e|es|ed|ing))\s+(?:the\s+)?(?P<one>{_NAME})\s+(?:and|with|to)\s+(?:the\s+)?(?P<other>{_NAME})"
)
# "... according to Engadget, ...": the source stands behind what it said.
_SAID_BEFORE = re.compile(
    r"(?:\baccording to|\bas [\w\s]{0,30}?by|\b(?:reported|covered|noted|mentioned|described|published|stated|said|featured"
    r"|discussed)(?: \w+)? (?:by|in|on))\s*(?:both\s+)?(?:the\s+)?['\"‘“]?$",
    re.IGNORECASE,
)
# "the company that, according to Engadget, sold": here it is said behind it.
_GOES_ON = re.compile(
    r"(?:^|\b(?:that|which|what|who|whom|whose|where|when|why|how|if|whether|because|and|but))\s*,?\s*$", re.IGNORECASE
)
_ENDS = re.compile(r"^['\"’”]?\s*(?:[,;.?!]|$|and\b|while\b)")
_TOGETHER = re.compile(
    r"^['\"’”\s]*(?:,|and|or|as well as|&|both|the|in|by|from|articles?|two|\s)*['\"‘“\s]*$", re.IGNORECASE
)
_SAME = re.compile(
    r"\b(?:the|that) same (?:source|publication|newspaper|outlet|article|paper|website|site|magazine|publisher|author)(?:['’]s)?"
    r"|\b(?:the|an)?other (?:article|report|story)\b",
    re.IGNORECASE,
)

# What leads to a source and says nothing without it.
_LEADS_TO = re.compile(
    r",?\s*(?:\b(?:and|or)\s+)?\b(?:according to|as (?:\w+ )?(?:reported|covered|noted|mentioned|described|published|stated|said"
    r"|told|featured|discussed|seen)(?: \w+)? (?:by|in|on)|as per|per|(?:reported|covered|published|written|discussed)"
    r" (?:by|in|on)|from|by|in|on|via)\s+(?:both\s+)?(?:the\s+)?['\"‘“]?$",
    re.IGNORECASE,
)
# ("Published" before it stays: what is searched for without it is found less often, evals/LOG.md.)
_TO_TIME = re.compile(r"\s*\b(?:on|in|at|of|from|since|before|after|until|by|during)\s+(?:the\s+)?$")
_DOES = re.compile(
    r"^['\"’”]?\s+(?:\w+ly\s+)?(?:do|does|did|reports?|reported|say|says|said|writes?|wrote|written|stat(?:es?|ed)|claim(?:s|ed)?|suggest(?:s|ed)?"
    r"|mention(?:s|ed)?|describ(?:es?|ed)|discuss(?:es|ed)?|cover(?:s|ed)?|not(?:es?|ed)|tell|tells|told|argu(?:es?|ed)"
    r"|predict(?:s|ed)?|explain(?:s|ed)?|think|thinks|publish(?:es|ed)?|impl(?:y|ies|ied)|indicat(?:es?|ed)|portrays?|portrayed"
    r"|confirm(?:s|ed)?|attribut(?:es?|ed))\b",
    re.IGNORECASE,
)
_THE = re.compile(r"\b(?:both\s+)?(?:the\s+)?['\"‘“]?$", re.IGNORECASE)
_HAS_THE = re.compile(r"^the\s", re.IGNORECASE)
_OWN = re.compile(r"['’]s?(?=\s)")
_AND = re.compile(r"\b(?:and|or)\b|[,&]", re.IGNORECASE)
_JOINED = re.compile(r"^['\"’”]?\s*(?:,|,?\s*and|or|as well as|&)\s*(?:the\s+)?['\"‘“]?$", re.IGNORECASE)
_TWO_COMMAS = re.compile(r",(?:\s*,)+")
_EMPTY = re.compile(r"['\"‘“(]\s*['\"’”)]")
_MARKS = {"'": "'", '"': '"', "‘": "’", "“": "”"}
_LOOSE = re.compile(r"\s+(?=[,;.?!])")
_CONNECTIVE = re.compile(r"^(?:and|while|whereas|although|though|but|yet|then|or|than)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What one part is about: the sources or the date that stand at `span`."""

    span: Span
    outlets: tuple[tuple[str, ...], ...] = ()
    is_date: bool = False


def parts_of(
    text: str,
    outlets: Sequence[Mention],
    sections: Sequence[Mention],
    people: Sequence[Mention],
    dated: Sequence[Dated],
    *,
    whole: bool = False,
) -> tuple[Part, ...]:
    """At least one part; one alone, also where the `whole` is wanted as one, is all of the text."""
    anchors = _anchors(text, outlets, dated)
    cuts = _cuts_between(text, anchors) if len(anchors) > 1 else _plain_cuts(text)
    spans = [Span(start, end) for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    found: list[Part] = []
    # What one source alone is asked for, it is asked for in all of it.
    only = anchors[0].outlets if len(anchors) == 1 else ((),)
    for span in spans:
        for names in _sources(span, anchors) or only:
            part = Part(
                _searched(span, text, outlets, dated),
                outlets=names,
                sections=_within(span, sections),
                people=_within(span, people),
                period=_period(span, dated),
            )
            if len(stems(part.text)) >= _FEWEST_WORDS and part not in found:
                found.append(part)
    if len(found) == 1 and (pair := _PAIR.search(found[0].text)):
        # Of each name by itself, with all that is asked of both.
        left, right = found[0].text[: pair.start()], found[0].text[pair.end() :]
        found = [replace(found[0], text=f"{left}{pair[name]}{right}") for name in ("one", "other")]
    if whole or not 2 <= len(found) <= _MOST_PARTS:
        all_of_it = Span(0, len(text))
        every = (_within(all_of_it, outlets), _within(all_of_it, sections), _within(all_of_it, people))
        return (Part(_searched(all_of_it, text, outlets, dated) or text, *every, _period(all_of_it, dated)),)
    return tuple(found)


def _anchors(text: str, outlets: Sequence[Mention], dated: Sequence[Dated]) -> list[_Anchor]:
    """The sources, those named together as one; where they are fewer than two, the dates."""
    anchors: list[_Anchor] = []
    for mention in outlets:
        before = anchors[-1] if anchors else None
        if before is not None and _TOGETHER.match(text[before.span.end : mention.span.start]):
            anchors[-1] = _Anchor(Span(before.span.start, mention.span.end), (*before.outlets, mention.names))
        else:
            anchors.append(_Anchor(mention.span, (mention.names,)))
    for match in _SAME.finditer(text):
        earlier = [anchor for anchor in anchors if anchor.span.end <= match.start()]
        if earlier and not any(0 <= anchor.span.start - match.end() < 30 for anchor in anchors):
            anchors.append(_Anchor(Span(match.start(), match.end()), earlier[-1].outlets))
    anchors.sort(key=lambda anchor: anchor.span)
    if len(anchors) < 2 and len(dated) > 1:
        every = anchors[0].outlets if anchors else ()
        return [_Anchor(each.span, every, is_date=True) for each in dated]
    return anchors


def _cuts_between(text: str, anchors: Sequence[_Anchor]) -> list[int]:
    cuts: list[int] = []
    for left, right in pairwise(anchors):
        between = text[left.span.end : right.span.start]
        before = text[cuts[-1] if cuts else 0 : left.span.start]
        if not left.is_date and _stands_behind(before) and (end := _ENDS.match(between)):
            cuts.append(left.span.end + end.end())
            continue
        cuts.append(left.span.end + _turn(between))
    return cuts


def _stands_behind(before: str) -> bool:
    """Whether a source stands behind what it said, by the words before it."""
    led = _SAID_BEFORE.search(before)
    said = before[: led.start()] if led else ""
    return len(stems(said)) > _FEWEST_WORDS and not _GOES_ON.search(said)


def _turn(between: str) -> int:
    """Where in the text between two sources the second one's part begins."""
    if begins := _BEGINS.search(between):
        return begins.start()
    for cuts in (_sentence_ends(between), *(_cuts(turn, between) for turn in _TURNS)):
        if cuts:
            return cuts[-1]
    return len(between)


def _sentence_ends(text: str) -> list[int]:
    return [span.start for span in sentence_spans(text)[1:]]


def _questions(text: str) -> list[int]:
    """Where a second question begins; what is told before a question is its subject, and no part."""
    spans = sentence_spans(text)
    return [span.start for span in spans[1:]] if all(span.of(text).rstrip().endswith("?") for span in spans) else []


def _cuts(turn: re.Pattern[str], text: str) -> list[int]:
    return [match.start() for match in turn.finditer(text)]


def _plain_cuts(text: str) -> list[int]:
    """Where the words alone tell that another thing is asked; no side may be too short to be searched for."""
    for cuts in (_questions(text), *(_cuts(turn, text) for turn in _PLAIN_TURNS)):
        sides = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        if cuts and len(cuts) < _MOST_PARTS and all(len(stems(side)) > _FEWEST_WORDS for side in sides):
            return cuts
    return []


def _sources(span: Span, anchors: Sequence[_Anchor]) -> tuple[tuple[str, ...], ...]:
    return tuple(names for anchor in anchors if span.holds(anchor.span) for names in anchor.outlets)


def _within(span: Span, mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in mentions if span.holds(each.span) for name in each.names))


def _period(span: Span, dated: Sequence[Dated]) -> Period | None:
    """The period of the part; one that is said of a text before others, and none where two contend."""
    inside = [each for each in dated if span.holds(each.span)]
    inside = [each for each in inside if each.published] or inside
    return inside[0].period if len(inside) == 1 else None


def _searched(span: Span, text: str, outlets: Sequence[Mention], dated: Sequence[Dated]) -> str:
    """The words of a part that are searched for; its sources and when it was published are looked for otherwise.

    The date of an event is searched for: articles write it, too.
    """
    left_out = [Span(*each) for each in _groups(span, text, outlets)]
    times = [each.span for each in dated if (each.published or each.relative) and span.holds(each.span)]
    kept, at = "", span.start
    for each in sorted([*left_out, *times]):
        kept += text[at : max(at, each.start)]
        at = max(at, each.end)
        if each in times:
            kept = _TO_TIME.sub("", kept)
            continue
        if text[at : at + 1] and text[at : at + 1] == _MARKS.get(kept[-1:]):
            kept, at = kept[:-1], at + 1
        kept = _without_source(kept, text[at : span.end], each.of(text))
        at += len(own.group()) if (own := _OWN.match(text[at : span.end])) else 0
    plain = " ".join(f"{kept}{text[at : span.end]}".split())
    plain = _TWO_COMMAS.sub(",", _LOOSE.sub("", _EMPTY.sub(" ", plain)))
    return _CONNECTIVE.sub("", " ".join(plain.split()).strip(" ,;:"))


def _groups(span: Span, text: str, outlets: Sequence[Mention]) -> list[tuple[int, int]]:
    """Where the part names sources, those that it names together as one."""
    groups: list[tuple[int, int]] = []
    for mention in sorted((each for each in outlets if span.holds(each.span)), key=lambda each: each.span):
        if groups and _JOINED.match(text[groups[-1][1] : mention.span.start]):
            groups[-1] = (groups[-1][0], mention.span.end)
        else:
            groups.append((mention.span.start, mention.span.end))
    return groups


def _without_source(before: str, after: str, source: str) -> str:
    """What stands before a source, so that it reads on without it.

    The words that lead to it go, too ("according to"); where it is the subject, a pronoun stands for it.
    """
    if (led := _LEADS_TO.search(before)) is not None:
        return before[: led.start()]
    if not _DOES.match(after):
        return f"{before}the" if _HAS_THE.match(source) else before
    return f"{_THE.sub('', before)}{'they' if _AND.search(source) else 'it'}"
