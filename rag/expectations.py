"""What sort of words an answer to a question has: a name for "who", a number for "how many", a day for "when". Pure."""

from __future__ import annotations

import re

from rag.domain import Kind
from rag.terms import is_stopword, stem

_NUMBER_WORD = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    r"|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|trillion|dozen"
    r"|dozens|hundreds|thousands|millions|half|quarter|third|both|none|no one|nobody|twice|once|double"
)
_NUMBER = re.compile(rf"\d|\b(?:{_NUMBER_WORD})\b", re.IGNORECASE)
_SUM = re.compile(
    rf"[$€£¥]\s?\d|(?:\d[\d,.]*|\b(?:{_NUMBER_WORD}|a|an))[\s-]?(?:%|per ?cent|percent|[km]\b|bn\b|kg|km"
    r"|[km]ph|°|degrees?|euros?"
    r"|dollars?|pounds?|crowns?|roubles?|rubles?|yen|yuan|francs?|million|billion|trillion|thousand|hundred|met(?:re|er)s?|miles?"
    r"|feet|foot|inch(?:es)?|hectares?|acres?|square|tonnes?|tons?|years?|points?|kilomet\w+|lit(?:re|er)s?|cents?|pence|basis"
    r"|times|half|quarter|third)",
    re.IGNORECASE,
)
_ANY_AMOUNT = frozenset(map(stem, ("old", "age", "score", "fast", "rate", "temperature")))
_UNIT = r"(?:second|minute|hour|day|night|week|fortnight|month|year|decade|centur(?:y|ie)|season|quarter)s?"
_DURATION = re.compile(
    rf"(?:\d[\d,.]*|\b(?:{_NUMBER_WORD}|a|an|several|few))[\s-]+(?:and a half\s+)?(?:more\s+|full\s+|straight\s+)?{_UNIT}\b"
    rf"|\b(?:since|until|till|overnight|all (?:day|night|week))\b|\b\d+[hm]\b",
    re.IGNORECASE,
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_TIME = re.compile(
    rf"\b(?:{_MONTHS}|Jan\.|Feb\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
    r"|\b(?:1[5-9]|20)\d\d\b|\b\d{1,2}[.:]\d\d\b|\b\d{1,2}\s?[ap]\.?\s?m\b"
    r"|\b(?i:today|tomorrow|yesterday|tonight|midnight|noon|dawn|overnight|spring|summer|autumn|winter"
    r"|(?:last|next|this|later|earlier|end of|early|late|coming|previous|following)\s+(?:this\s+|the\s+|next\s+)?"
    r"(?:week|weekend|month|year|night|morning|evening|season|decade|century|summer|winter|spring|autumn|fall)"
    rf"|(?:\d+|{_NUMBER_WORD}|a|several|few)\s+{_UNIT}\s+(?:ago|later|earlier|after|before|from now)"
    rf"|(?:in|within|after|before|by|until)\s+"
    rf"(?:\d+|{_NUMBER_WORD}|a|the)\s+(?:\w+\s+)?{_UNIT})\b"
)
_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|thanks to|as a result|in order to|so that|since|caused|reason|led to|after|to avoid"
    r"|blamed?|triggered|sparked|prompted|amid|following|over)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|at|on|near|from|to|off|outside|inside|between|across|around|over|into|through|toward|towards|aboard|along|of)"
    r"\s+(?:the\s+|a\s+)?(?:\w+\s+){0,3}?(?P<name>[A-Z][\w’'-]+)"
)
_NAME = re.compile(
    r"(?<![.!?]\s)(?<![.!?][”\"’]\s)(?<!^)\b[A-Z][\w’'-]+|^[A-Z][\w’'-]+\s+[A-Z][\w’'-]+|^[A-Z][a-z]+(?=[, ])"
)
_AT_A_PLACE = re.compile(r"\b(?:in|at|near|from|to|off|between|into|across|outside|around) (?:the )?$")
_CALENDAR = re.compile(rf"^(?:{_MONTHS}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)")
_DECIDED = frozenset({Kind.WHO, Kind.WHEN, Kind.HOW_MANY, Kind.HOW_MUCH, Kind.HOW_LONG, Kind.WHERE})


def meets(kind: Kind, text: str, asked: frozenset[str]) -> bool | None:
    """Whether the text has words of the kind asked for, other than those of the question itself.

    `asked` are the stems of the question. None where the kind has no form to look for.
    """
    if kind is Kind.HOW_LONG:
        return bool(_DURATION.search(text))
    if kind is Kind.WHEN:
        return bool(_fresh(_TIME, text, asked))
    if kind is Kind.HOW_MANY:
        return bool(_fresh(_NUMBER, text, asked))
    if kind is Kind.HOW_MUCH:
        return bool(_fresh(_NUMBER if asked & _ANY_AMOUNT else _SUM, text, asked))
    if kind is Kind.WHERE:
        return any(stem(m["name"]) not in asked and not _CALENDAR.match(m["name"]) for m in _PLACE.finditer(text))
    if kind is Kind.WHO:
        names = (m for m in _NAME.finditer(text) if not _AT_A_PLACE.search(text[max(0, m.start() - 12) : m.start()]))
        return any(_is_other_name(match.group(), asked) for match in names)
    if kind is Kind.WHY:
        return bool(_CAUSE.search(text))
    return None


def is_decided(kind: Kind) -> bool:
    """Whether a text without words of that kind cannot be the answer."""
    return kind in _DECIDED


def names_other(text: str, asked: frozenset[str]) -> bool:
    """Whether a name stands in the text that the question, by its stems `asked`, does not have."""
    return any(_is_other_name(match.group(), asked) for match in _NAME.finditer(text))


def _fresh(pattern: re.Pattern[str], text: str, asked: frozenset[str]) -> bool:
    return any(not set(map(stem, re.findall(r"[\w.,]+", m.group()))) <= asked for m in pattern.finditer(text))


def _is_other_name(name: str, asked: frozenset[str]) -> bool:
    parts = name.split()
    return not all(stem(part) in asked or is_stopword(part) or _CALENDAR.match(part) for part in parts)
