"""The numbers, days and names of a claim that stand neither in what it cites nor in its context.

Pure. It says what is missing, not whether the rest is true: "Peskov resigned" has no missing fact where Peskov is named.
Names are met by their surname, by another form of the word ("Russian", "Russia"), or by their initials ("UN").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Literal

from rag.matching import same_name
from rag.nations import same_nation
from rag.quantities import MONTHS, WEEKDAYS, dates, day_words, meant_days, meant_spans, numbers, values
from rag.speech import vocabulary
from rag.speech.given_names import GIVEN_NAMES
from rag.support import Claimed
from rag.terms import fold, is_stopword, stem

Kind = Literal["number", "day", "name"]

_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+(?:[-'’&.][^\W_]+)*")
_OPENS = re.compile(r"(?:^|[.!?:]\s+|[“\"‘(\[]|^\W*\d+[.)]\s+|[-*•–—]\s+)\s*$")
_NOT_NAMES = (
    vocabulary.CLAUSE_WORDS
    | vocabulary.PREPOSITIONS
    | vocabulary.DETERMINERS
    | vocabulary.AUXILIARIES
    | frozenset(vocabulary.PRONOUNS)
    | vocabulary.TIME_WORDS
    | vocabulary.ADVERBS
    | vocabulary.TITLES
    | vocabulary.ROLE_NOUNS
    | frozenset(vocabulary.HONORIFICS)
    | vocabulary.SUFFIXES
    | frozenset("i i'm i've i'd i'll yes no ok ceo tv internet".split())
)
_SPEAKS = re.compile(r"\s+(\w+)|['’]s\b")
# Where most words begin with a capital it is a heading, and capitals say nothing.
_HEADING_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class MissingFact:
    """What the claim says and its sources do not, as the claim words it."""

    kind: Kind
    text: str

    def __str__(self) -> str:
        return f"the {self.kind} {self.text!r}"


@dataclass(frozen=True)
class Grounds:
    """What a claim may rest on: the cited sentences and the context, read once."""

    cited: tuple[str, ...]
    context: str = ""
    text: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "\n".join([*self.cited, self.context]))

    @cached_property
    def numbers(self) -> frozenset[float]:
        """Every number, and those that days have in the articles' own time."""
        calendar = {float(day.day) for day in self._days} | {float(day.year) for day in self._days}
        return values(self.text) | calendar | {float(year) for year in self._spans[0]}

    @cached_property
    def days(self) -> frozenset[str]:
        """Months, weekdays and relative days, as worded or as meant."""
        meant = {MONTHS[day.month - 1] for day in self._days} | {WEEKDAYS[day.weekday()] for day in self._days}
        return frozenset({word.key for word in day_words(self.text)} | meant | self._spans[1])

    @cached_property
    def _published(self) -> list[date]:
        return dates(self.context)

    @cached_property
    def _days(self) -> list[date]:
        return [day for published in self._published for day in meant_days(self.text, published)]

    @cached_property
    def _spans(self) -> tuple[set[int], set[str]]:
        years: set[int] = set()
        months: set[str] = set()
        for published in self._published:
            more_years, more_months = meant_spans(self.text, published)
            years |= more_years
            months |= more_months
        return years, months

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word, folded, hyphenated ones also in their parts."""
        found = {_plain(match.group()) for match in _WORD.finditer(self.text)}
        return frozenset(found | {part for word in found for part in re.split(r"[-&.]", word) if part})

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self.words)

    @cached_property
    def initials(self) -> frozenset[str]:
        """The initials of each run of capitalised words, small words left out or not: "United Nations" gives "un"."""
        return frozenset(_initials(self.text))

    @cached_property
    def before(self) -> dict[str, frozenset[str]]:
        """For each capitalised word, the capitalised words right before it; "" where it once stood alone."""
        found: dict[str, set[str]] = {}
        for run in _runs(self.text):
            for at, word in enumerate(run):
                found.setdefault(_plain(word), set()).add(_plain(run[at - 1]) if at else "")
        return {word: frozenset(words) for word, words in found.items()}

    def has_word(self, word: str) -> bool:
        """Whether the word stands there, in another form too."""
        plain = _plain(word)
        if plain in self.words or stem(plain) in self.stems:
            return True
        # "Karachi-based" is held to Karachi alone.
        parts = [part for part in re.split(r"[-&]", word) if part and part[0].isupper()]
        if "-" in word.replace("&", "-") and parts and all(self.has_word(part) for part in parts):
            return True
        own = stem(plain)
        return any(same_name(own, other) for other in self.stems) or any(
            same_nation(plain, other) for other in self.words
        )


def missing_facts(claim: Claimed) -> tuple[MissingFact, ...]:
    """What is missing, in the order number, day, name; none where everything stands in the grounds."""
    grounds = Grounds(claim.cited, claim.context)
    return (
        *_missing_numbers(claim.text, grounds),
        *_missing_days(claim.text, grounds),
        *_missing_names(claim.text, grounds),
    )


def _missing_numbers(text: str, grounds: Grounds) -> Iterator[MissingFact]:
    for number in numbers(text):
        if number.strict and not number.agrees(grounds.numbers):
            yield MissingFact("number", number.text)


def _missing_days(text: str, grounds: Grounds) -> Iterator[MissingFact]:
    for word in day_words(text):
        if word.key != "today" and word.key not in grounds.days:
            yield MissingFact("day", word.text)


def _missing_names(text: str, grounds: Grounds) -> Iterator[MissingFact]:
    written = _WORD.findall(text)
    if len(written) > 5 and sum(word[0].isupper() for word in written) > _HEADING_SHARE * len(written):
        return
    for name in names(text):
        if not _stands(name, grounds):
            yield MissingFact("name", " ".join(name.parts))


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words without titles; `opens`: the first stands where any word has a capital."""

    start: int
    parts: tuple[str, ...]
    opens: bool


def names(text: str) -> list[Name]:
    """The names of a claim. A lone word that opens a sentence is one only where it owns or does something."""
    found: list[Name] = []
    matches = list(_WORD.finditer(text))
    calendar = {(word.start, word.end) for word in day_words(text)}
    at = 0
    while at < len(matches):
        end = at
        while end < len(matches) and _is_capital(matches[end].group()) and (end == at or _touch(text, matches, end)):
            end += 1
        run = matches[at:end]
        kept = [m for m in run if _nameable(m.group()) and (m.start(), m.end()) not in calendar]
        if kept:
            opens = kept[0] is matches[0] or bool(_OPENS.search(text[: kept[0].start()]))
            if len(kept) > 1 or not opens or _acts(text, kept[0]):
                found.append(Name(kept[0].start(), tuple(m.group() for m in kept), opens))
        at = max(end, at + 1)
    return found


def _touch(text: str, matches: list[re.Match[str]], at: int) -> bool:
    return text[matches[at - 1].end() : matches[at].start()] in {" ", "\u00a0"}


def _is_capital(word: str) -> bool:
    return word[0].isupper()


def _nameable(word: str) -> bool:
    low = word.casefold().replace("’", "'")
    return len(word) > 1 and low not in _NOT_NAMES and _plain(low) not in _NOT_NAMES and not is_stopword(_plain(word))


def _acts(text: str, match: re.Match[str]) -> bool:
    """Whether a lone capitalised word at the start of a sentence is a name by what follows: "Peskov said"."""
    word = match.group()
    if word.isupper() and len(word) > 1:
        return True
    if word.endswith(("'s", "’s")):
        return True
    follows = _SPEAKS.match(text, match.end())
    if follows is None or not follows[1] or word.endswith(("s", "ing", "ed", "ly", "one", "body", "thing")):
        return False
    return follows[1] in vocabulary.SAYING or follows[1] in {"is", "was", "has", "had", "will"}


def _stands(name: Name, grounds: Grounds) -> bool:
    there = [grounds.has_word(part) for part in name.parts]
    if all(there):
        return True
    whole = "".join(part[0] for part in name.parts).casefold()
    if len(name.parts) > 1 and whole in grounds.words:
        return True
    if there[-1]:
        return _same_person(name, there, grounds)
    *_, last = name.parts
    return all(ok or _is_initials(part, grounds) for part, ok in zip(name.parts, there, strict=True)) or (
        len(name.parts) == 1 and name.opens and not last[0].isupper()
    )


def _same_person(name: Name, there: list[bool], grounds: Grounds) -> bool:
    """The last word is met, another is not: right where the grounds give no other word in its place."""
    given = [n for n, ok in enumerate(there) if not ok]
    if name.opens and given == [0] and fold(name.parts[0]) not in _GIVEN:
        return True  # "Former Barcelona", "Singer Beyonce": the first word has its capital from its place
    before = grounds.before.get(_plain(name.parts[-1]), frozenset({""}))
    others = {word for word in before if word and _nameable(word)}
    return not others or "" in before


_GIVEN = frozenset(name for kind in GIVEN_NAMES.values() for name in kind)


def _is_initials(word: str, grounds: Grounds) -> bool:
    plain = word.replace(".", "")
    return plain.isupper() and 1 < len(plain) <= 6 and plain.casefold() in grounds.initials


def _runs(text: str) -> Iterator[list[str]]:
    """Runs of capitalised words, one space between them."""
    run: list[str] = []
    last = -2
    for match in _WORD.finditer(text):
        if not _is_capital(match.group()):
            continue
        if run and text[last : match.start()] not in {" ", "\u00a0"}:
            yield run
            run = []
        run.append(match.group())
        last = match.end()
    if run:
        yield run


_BRIDGES = re.compile(r"\s+(?:(?:of|and|for|the|in|on|to|de|la|du|des)\s+){0,2}$")


def _initials(text: str) -> Iterator[str]:
    letters: list[str] = []
    last = -2
    for match in _WORD.finditer(text):
        word = match.group()
        if not _is_capital(word):
            continue
        if letters and not _BRIDGES.match(text[last : match.start()]):
            yield from _within(letters)
            letters = []
        letters.extend(part[0] for part in re.split(r"[-&]", word) if part)
        last = match.end()
    yield from _within(letters)


def _within(letters: list[str]) -> Iterator[str]:
    whole = "".join(letters).casefold()
    for size in range(2, min(len(whole), 6) + 1):
        for at in range(len(whole) - size + 1):
            yield whole[at : at + size]


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    """Folded, "U.S." as "us"."""
    folded = fold(word)
    return folded.replace(".", "") if re.fullmatch(r"(?:\w\.)+\w?", folded) else folded.strip(".")
