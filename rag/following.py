"""A question as it stands alone, by what was asked and answered before it. Pure; English.

A follow-up leaves unsaid what the question before had: "And in July?" the question, "And Varga?" what was asked of the
speaker before, "What did she say about fares?" whom "she" means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rag.asked import AUX, SAYING, Asked, asked_for
from rag.domain import Turn
from rag.known import KnownNames
from rag.mentions import people_in
from rag.periods import periods_in, without_periods
from rag.terms import WORD, is_stopword, words

_LEAD = re.compile(r"^(?:and|but|so|then|what about|how about)\b[\s,]*", re.IGNORECASE)
_TIME = (
    r"(?:year|month|week|weekend|morning|afternoon|evening|summer|winter|spring|autumn|fall|season|decade|century)s?\b"
)
# Words that mean something named before. "That" before a clause ("said that ...") and "this week" mean nothing of the kind.
_STANDS_FOR = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|their|its|then|there(?!\s+(?:is|are|was|were|be|been|a|an|any|no)\b))\b"
    rf"|\b(?:this|these|those)\b(?!\s+{_TIME})"
    r"|\bthat\b(?=\s*(?:[?.!,;]|$)|\s+(?:is|was|will|has|had|about|to|in|on|at|mean|happen|cost|take|work)\b)"
    r"|(?:^|\b(?:and|did|does|do|is|was|will|has|about|of|on|in|to|for|at|by|with|after|before|when|why|where)\s)that\b",
    re.IGNORECASE,
)
_IS_THERE = re.compile(r"\b(?:is|are|was|were|will|has|have|had)\s+there\b", re.IGNORECASE)
_PERSONAL = re.compile(r"^(?:he|she|him|her|his|they|them|their)$", re.IGNORECASE)
# "And in September?", "What about the euro?": it asks the same of another time or thing.
_ELLIPSIS = re.compile(
    r"^(?:and|but|so|then|what about|how about)\b"
    r"(?!\s+(?:who|whom|what|when|where|why|how|which|did|does|do|is|was|are|were|has|have|will|would|can)\b)",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^(?:about|on|of|regarding|concerning)\s+", re.IGNORECASE)
# "When did she say that?", "when was this said?"
_SAID_WHEN = re.compile(
    rf"^(?:(?:and|but|so)\s+)?(?:when|(?:on )?(?:what|which) (?:day|date))(?: exactly)?\s+{AUX}\s+"
    rf"(?:(?:\w[\w.’'-]*\s+){{1,5}}?(?:{SAYING})\s+(?:that|this|it|so|those words|these words)"
    rf"|(?:that|this|it)\s+(?:\w+ly\s+)?(?:{SAYING}))\s*[?.!]*$",
    re.IGNORECASE,
)
_ASKING = frozenset("what who whom whose when where why which how did does do much many long else exactly".split())
_FEWEST_WORDS = 2
_MOST_TURNS, _MOST_CHARS = 8, 600


@dataclass(frozen=True, slots=True)
class Alone:
    """A question as it stands alone.

    `earlier` is the question that it goes on from, where it cannot be written as one. `of_its_time`: it asks the same as
    before, of another time alone, so that nothing else would answer. `recalls` is the answer of whose words it asks when
    they were said.
    """

    question: str
    earlier: str = ""
    of_its_time: bool = False
    recalls: str = ""

    @property
    def text(self) -> str:
        return f"{self.earlier.rstrip('?!. ')} — {self.question}" if self.earlier else self.question


def standing_alone(
    question: str, conversation: Sequence[Turn], known: KnownNames, base: datetime, *, language: str | None
) -> Alone:
    """What is asked, with what it leaves unsaid; times are counted from `base`."""
    turns = [turn for turn in conversation if turn.content.strip()][-2 * _MOST_TURNS :]
    reader = _Reader(known, base, language)
    before, answered = "", ""
    for turn in turns:
        plain = " ".join(turn.content.split())
        if turn.role == "user":
            before, answered = reader.root(reader.alone(plain[:_MOST_CHARS], before, answered)), ""
        else:
            answered = plain
    return reader.alone(question, before, answered)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one conversation's questions in order."""

    known: KnownNames
    base: datetime
    language: str | None

    def alone(self, question: str, before: str, answered: str) -> Alone:
        """The question by the one before it, as that stood alone, and by its answer."""
        asked = asked_for(question, self.known) if self.language in (None, "en") else None
        if not before or not self._follows(question, asked):
            return Alone(question)
        if self.language not in (None, "en"):
            return self._beside(question, before)
        earlier = asked_for(before, self.known)
        if _SAID_WHEN.match(question):
            return Alone(before, recalls=answered or before)
        if asked is not None and asked.stands_for:
            who = _written(earlier, before) or self._named(before) or self._named(answered)
            if who:
                return Alone(_with(question, asked, who))
        if _ELLIPSIS.match(question):
            return self._elliptic(question, before, earlier)
        return self._beside(question, before)

    def root(self, alone: Alone) -> str:
        """What a later question goes on from: this one, or the one before it where it is no question by itself."""
        return (alone.earlier or alone.question)[:_MOST_CHARS]

    def _follows(self, question: str, asked: Asked | None) -> bool:
        if self.language not in (None, "en"):
            return len(words(question)) < 5
        if _LEAD.match(question) or _SAID_WHEN.match(question) or (asked is not None and asked.stands_for):
            return True
        named = asked is not None or bool(people_in(question, self.known))
        for match in _STANDS_FOR.finditer(_IS_THERE.sub(" ", question)):
            # "What did Orlova say about her budget?": it names whom it means.
            if not (named and _PERSONAL.match(match.group())):
                return True
        return asked is None and len(_content(question)) < _FEWEST_WORDS

    def _elliptic(self, question: str, before: str, earlier: Asked | None) -> Alone:
        rest = _LEAD.sub("", question).strip(" ?.!")
        timeless = without_periods(rest, self.base)
        if not _content(timeless) and periods_in(rest, self.base):
            return Alone(f"{without_periods(before, self.base).rstrip('?!. ')} {rest}?", of_its_time=True)
        if earlier is None:
            return self._beside(question, before)
        if not _ABOUT.match(rest) and self._is_somebody(rest):
            return Alone(_with(before, earlier, rest))
        at = before.find(earlier.about.strip(" ?.!")) if earlier.about.strip() else len(before.rstrip("?!. "))
        head = re.sub(r"\s+(?:about|on|of|regarding|concerning|to|that)\s*$", "", before[:at].rstrip("?!. "))
        return Alone(f"{head} about {_ABOUT.sub('', rest)}?")

    def _beside(self, question: str, before: str) -> Alone:
        if periods_in(question, self.base, language=self.language):
            before = without_periods(before, self.base, language=self.language)  # another time is asked for than before
        return Alone(question, before)

    def _is_somebody(self, words: str) -> bool:
        found = people_in(words, self.known)
        return len(found) == 1 and found[0].span.of(words).split()[-1] == words.rsplit(maxsplit=1)[-1].removesuffix(
            "’s"
        )

    def _named(self, text: str) -> str:
        """The person whom a question or an answer names first, as the library knows them; "" where it is nobody."""
        found = people_in(text, self.known)
        return found[0].names[0] if found else ""


def _written(earlier: Asked | None, text: str) -> str:
    return earlier.span.of(text) if earlier is not None and earlier.speakers else ""


def _with(question: str, asked: Asked, who: str) -> str:
    """The question with another speaker."""
    return f"{question[: asked.span.start]}{who}{question[asked.span.end :]}"


def _content(question: str) -> list[str]:
    """The words that tell what is asked about."""
    return [
        match.group()
        for match in WORD.finditer(question)
        if not is_stopword(match.group()) and match.group().casefold() not in _ASKING
    ]
